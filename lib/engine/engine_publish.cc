// Publishing another policy into an engine that lives (docs/engine.md).
#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "lib/base/prefetch.h"
#include "lib/base/utf8.h"
#include "lib/engine/book_spec.h"
#include "lib/engine/engine_data.h"
#include "lib/engine/publish.h"

namespace patron::internal {
namespace {

// How many customers would lose each class, and one override of the kind that says what is wrong.
class Losses {
 public:
  void add(const StateCarrier::Loss& loss) {
    if (loss.classification < 0) return;
    if (first_.classification < 0 || before(loss, first_)) first_ = loss, count_ = 0;
    if (!before(first_, loss)) ++count_;
  }
  Status status(const PolicyData& policy, const PolicyData& next,
                const MatchedClasses& matched) const {
    if (first_.classification < 0) return {};
    const auto& what = policy.classifications[static_cast<size_t>(first_.classification)];
    const std::string name = quoted(what.seen.name);
    const std::string one = quoted(what.classes[static_cast<size_t>(first_.c)].name);
    const std::string many = std::to_string(count_) + (count_ == 1 ? " customer" : " customers");
    const std::string has = count_ == 1 ? " has " : " have ";
    if (first_.order) {
      return {Code::kState, many + has + "a floor or a ceiling at class " + one + " of " + name +
                                ", which has no order under the new policy: clear them first"};
    }
    const std::string who = first_.by_override
                                ? many + has + "an override with class " + one
                                : many + (count_ == 1 ? " is" : " are") + " in class " + one;
    const std::string remedy =
        remedy_of(what, next, matched) + (first_.by_override ? "; or clear them first" : "");
    const int to = matched.carried[static_cast<size_t>(first_.classification)].to;
    if (to >= 0) {
      return {Code::kState,
              who + " of " + name + ", which the new policy does not have: " + remedy};
    }
    const bool there = std::any_of(
        next.classifications.begin(), next.classifications.end(),
        [&](const PolicyClassificationData& each) { return each.seen.name == what.seen.name; });
    return {Code::kState, (there ? "in the new policy " + name + " is another kind of thing, "
                                 : "the new policy has no classification " + name + ", ") +
                              "and " + who + " of it: " + remedy};
  }

 private:
  // The shape of a mapping: {"tier": {"classes": {"gold": "silver"}}}.
  std::string remedy_of(const PolicyClassificationData& what, const PolicyData& next,
                        const MatchedClasses& matched) const {
    const auto member = [](const std::string& key, const std::string& value) {
      return "{" + quoted(key) + ": " + value + "}";
    };
    const std::string& name = what.seen.name;
    const std::string& one = what.classes[static_cast<size_t>(first_.c)].name;
    const auto in_classes = [&](const std::string& becomes) {
      return member(name, member("classes", member(one, becomes)));
    };
    const int to = matched.carried[static_cast<size_t>(first_.classification)].to;
    if (to >= 0) {
      const auto& classes = next.classifications[static_cast<size_t>(to)].classes;
      const auto place = std::min(static_cast<size_t>(first_.c), classes.size() - 1);
      return "say in the mapping what it becomes, such as " +
             in_classes(quoted(classes[place].name)) + ", or that it ends, " + in_classes("null");
    }
    const bool flags = what.seen.kind == ClassificationKind::kFlags;
    for (size_t c = 0; c < next.classifications.size(); ++c) {
      const bool taken = std::any_of(matched.carried.begin(), matched.carried.end(),
                                     [&](const auto& of) { return of.to == static_cast<int>(c); });
      const PolicyClassification& seen = next.classifications[c].seen;
      if (taken || (seen.kind == ClassificationKind::kFlags) != flags || seen.name == name)
        continue;
      return "say in the mapping what it becomes, such as " + member(name, quoted(seen.name)) +
             ", or that it ends, " + member(name, "null");
    }
    return "say in the mapping that it ends, " + member(name, "null");
  }
  static bool before(const StateCarrier::Loss& a, const StateCarrier::Loss& b) {
    const auto key = [](const StateCarrier::Loss& of) {
      return std::tuple(of.order, of.by_override, of.classification, of.c);
    };
    return key(a) < key(b);
  }
  StateCarrier::Loss first_;
  int64_t count_ = 0;
};

// Brings what of the customers that come next lies elsewhere into the cache.
void fetch_states(const StableVector<EngineMember>& members, size_t row) {
  constexpr size_t kAhead = 8;
  if (row + kAhead >= members.size()) return;
  fetch_line_to_write(members[row + kAhead].state.machines.data());
  fetch_line_to_write(members[row + kAhead].state.shown.data());
}

}  // namespace

// Another policy, made ready beside the one in force: everything that changes places with it.
struct EngineData::Publication {
  Publication(const Policy& of, const EngineData& data)
      : version{of, data.clock, {}}, policy(of), everyone_at(data.clock), epoch(data.epoch_ + 1) {}

  // Both ways where everybody's state is made; does not fail.
  void exchange(EngineData& data) noexcept {
    auto made = states.begin();
    for (uint32_t row = 0; moves && row < data.members.size(); ++row) {
      CustomerState& state = data.members[row].state;
      if (made != states.end() && made->first == row) {
        std::swap(state, (made++)->second);
      } else {
        fetch_states(data.members, row);
        carry->renumber(state);
      }
    }
    std::swap(data.policy, policy);
    data.undecided_ = is_undecided(data.policy.data());
    if (in_force) {
      std::swap(version, data.versions.back());
      data.versions.pop_back();
    } else {
      data.versions.push_back(std::move(version));
    }
    in_force = !in_force;
    if (book) std::swap(data.book, *book);
    data.book.keep_long_tails(data.undecided_);
    std::swap(data.settler, *settler);
    size_t side = 0;
    data.frozen_.for_each([&](FrozenSide& frozen) {
      if (side < frozen_states.size()) std::swap(frozen.state, frozen_states[side++]);
    });
    std::swap(data.draft, draft);
    std::swap(data.calibration_due_, calibration_due);
    std::swap(data.everyone_at_, everyone_at);
    std::swap(data.epoch_, epoch);
    std::swap(data.published_, published);
  }

  PolicyVersion version;
  Policy policy;
  std::optional<Book> book;  // where it has to be another
  std::optional<Settler> settler;
  std::optional<MatchedClasses> matched;
  std::optional<StateCarrier> carry;
  bool moves = false;  // whether states do not stay as they are
  // Of each row whose state is no plain one, or of all.
  std::vector<std::pair<uint32_t, CustomerState>> states;
  std::vector<CustomerState> frozen_states;  // of each side of each link
  std::shared_ptr<const CalibrationData> draft;
  Micros calibration_due = kEndTime, everyone_at;
  uint64_t epoch;
  bool published = true, in_force = false;
  PublishReport report;
};

Result<std::unique_ptr<EngineData::Publication>> EngineData::prepare(const Policy& next,
                                                                     const PublishMapping& mapping,
                                                                     bool both_ways) {
  drain();
  leave_idle();
  measured_.reset();
  const PolicyData& before = policy.data();
  const PolicyData& after = next.data();
  auto out = std::make_unique<Publication>(next, *this);
  Result<MatchedClasses> matched = match_classes(before, after, mapping);
  if (!matched.ok()) return std::move(matched).status();
  out->matched.emplace(*std::move(matched));
  Result<BookLayout> layout = BookLayout::make(book_spec(after));
  if (!layout.ok()) return std::move(layout).status();
  if (!book.has_layout(*layout)) {
    Result<Book> relaid = book.relaid(*std::move(layout));
    if (!relaid.ok()) return std::move(relaid).status();
    out->book.emplace(*std::move(relaid));
  }
  out->settler.emplace(after, out->book ? out->book->state() : book.state());
  const StateCarrier& carry = out->carry.emplace(before, settler.machines(), after,
                                                 out->settler->machines(), *out->matched);
  Losses losses;
  bool anybody = false;
  std::vector<bool> plain(members.size(), !both_ways);
  for (uint32_t row = 0; row < members.size(); ++row) {
    fetch_states(members, row);
    const CustomerState& state = members[row].state;
    plain[row] = plain[row] && carry.is_plain(state);
    out->report.customers += state.seen ? 1 : 0;
    anybody = anybody || state.seen;
    if (!carry.is_identity() && book.survivor(row) == row) losses.add(carry.lost(state));
  }
  if (Status status = losses.status(before, after, *out->matched); !status.ok()) return status;
  auto constants = carried_constants(before, after, settler.constants());
  for (const auto& [name, model] : settler.constants()->models) {
    if (constants->models.count(name) == 0) out->report.uncalibrated.push_back(name);
  }
  out->settler->use(std::move(constants));
  const auto unseated = [&](uint32_t row, const CustomerState& state) {
    return std::any_of(state.overrides.begin(), state.overrides.end(), [&](const auto& one) {
      return is_unseated(after, *out->settler, book.id(row), one);
    });
  };
  out->moves = !carry.is_identity();
  for (uint32_t row = 0; row < members.size() && !out->moves; ++row) {
    out->moves = unseated(row, members[row].state);
  }
  if (out->moves) {
    if (both_ways) out->states.reserve(members.size());
    for (uint32_t row = 0; row < members.size(); ++row) {
      if (plain[row]) continue;
      CustomerState& state = out->states.emplace_back(row, carry(members[row].state)).second;
      erase_if(state.overrides, [&](const StandingOverride& one) {
        return is_unseated(after, *out->settler, book.id(row), one);
      });
    }
    for (const auto& [token, link] : frozen_.links()) {
      for (const FrozenSide& side : link.sides) out->frozen_states.push_back(carry(side.state));
    }
  }
  out->version.carried = out->matched->carried;
  versions.reserve(versions.size() + 1);
  out->report.number = version() + 1;
  if (!anybody) out->everyone_at = kEndTime, out->published = false;
  if (anybody) out->calibration_due = calibration_after(after, clock);
  return out;
}

Result<PublishReport> EngineData::publish(const Policy& next, const PublishMapping& mapping) {
  if (under_way) {
    return Status(Code::kState, "another call is under way, of whose callback this was called");
  }
  if (next.hash() == policy.hash()) {
    const Result<MatchedClasses> matched = match_classes(policy.data(), next.data(), mapping);
    if (!matched.ok()) return matched.status();
    PublishReport same;
    same.number = version();
    same.same = true;
    return same;
  }
  Result<std::unique_ptr<Publication>> ready = prepare(next, mapping, false);
  if (!ready.ok()) return std::move(ready).status();
  (*ready)->exchange(*this);
  return (*ready)->report;
}

Result<ComingMoves> EngineData::compare(const Policy& next, const PublishMapping& mapping,
                                        Watch& watch, int threads) {
  if (under_way) {
    return Status(Code::kState, "another call is under way, of whose callback this was called");
  }
  if (next.hash() == policy.hash()) {
    const Result<MatchedClasses> matched = match_classes(policy.data(), next.data(), mapping);
    return matched.ok() ? foresee(clock, watch, threads) : matched.status();
  }
  Result<std::unique_ptr<Publication>> ready = prepare(next, mapping, true);
  if (!ready.ok()) return std::move(ready).status();
  struct InPlace {
    InPlace(EngineData& of, Publication& by) : data(of), publication(by) {
      publication.exchange(data);
    }
    ~InPlace() { publication.exchange(data); }
    InPlace(const InPlace&) = delete;
    InPlace& operator=(const InPlace&) = delete;
    EngineData& data;
    Publication& publication;
  };
  const InPlace in_place(*this, **ready);
  return foresee(clock, watch, threads);
}

// Claims of identity keys join customers at the clock, which only an engine of its own can do.
Result<ComingMoves> EngineData::compare_on_copy(const Policy& next, const PublishMapping& mapping,
                                                const Control& control) {
  if (under_way) {
    return Status(Code::kState, "another call is under way, of whose callback this was called");
  }
  const UnderWay here(under_way);
  Result<std::unique_ptr<EngineData>> other = copy();
  if (!other.ok()) return std::move(other).status();
  if (Result<PublishReport> done = (*other)->publish(next, mapping); !done.ok()) {
    return std::move(done).status();
  }
  (*other)->freeze();
  if (Status status = (*other)->pass(clock, control); !status.ok()) return status;
  return ComingMoves((*other)->moves, moves.size(), [this](uint32_t row) { return id_rank(row); });
}

}  // namespace patron::internal

namespace patron {
inline namespace v0 {

Result<PublishReport> Engine::publish(const Policy& policy, const PublishMapping& mapping) {
  return data_->publish(policy, mapping);
}

Result<Forecasts> Engine::compare(const Policy& policy, const PublishMapping& mapping,
                                  const Control& control, int threads) const {
  data_->drain();
  internal::Watch watch(control);
  Result<internal::ComingMoves> moves = data_->claims_wait(data_->clock)
                                            ? data_->compare_on_copy(policy, mapping, control)
                                            : data_->compare(policy, mapping, watch, threads);
  if (!moves.ok()) return std::move(moves).status();
  return data_->forecasts(*std::move(moves), policy);
}

std::vector<PublishedPolicy> Engine::policies() const {
  std::vector<PublishedPolicy> out;
  for (const internal::PolicyVersion& version : data_->versions) {
    const auto number = static_cast<int32_t>(out.size()) + 1;
    out.push_back({number, version.at, version.policy.name(), version.policy.version(),
                   version.policy.hash()});
  }
  return out;
}

}  // namespace v0
}  // namespace patron
