// An engine as bytes: Engine::save and Engine::load.
//
// Sections as those of a saved book (lib/book/saved/sections.h) under the magic "patronEN", each
// written by state_bytes.h, then the saved book:
//
//   policies   one section each, oldest first: the document as it was given, its hash, when it was
//              published, how the classes of the one before went on
//   state      clock, and what is due for everybody; the calibrations
//   members    of each row of the book in turn
//   moves      the transitions, in the order in which they came; of a forgotten customer an empty
//   notes      of what has not taken effect
//   links      (token, both sides as they stood)
//   meetings   of identity keys
//
// Transitions stand in columns (saved_moves.h).
// What follows from the rest is made anew: who is due when, and each customer's own list of moves.
#include <algorithm>
#include <tuple>
#include <utility>

#include "lib/base/prefetch.h"
#include "lib/book/saved/sections.h"
#include "lib/engine/book_spec.h"
#include "lib/engine/calibration/calibration_plan.h"
#include "lib/engine/engine_data.h"
#include "lib/engine/saved/known_policy.h"
#include "lib/engine/saved/saved_moves.h"
#include "lib/engine/saved/state_check.h"
#include "lib/engine/saved/state_fields.h"
#include "patron/engine.h"

namespace patron {
namespace internal {
namespace {

enum class EngineTag : uint32_t {
  kPolicies = 1,
  kState = 2,
  kMembers = 3,
  kMoves = 4,
  kNotes = 5,
  kLinks = 6,
  kMeetings = 7,
  kEnd = 8,
};
constexpr SavedFormat kSavedEngine{"patronEN", 1, "engine", static_cast<uint32_t>(EngineTag::kEnd),
                                   true};

using SharedCalibration = std::shared_ptr<const CalibrationData>;

std::string to_text(const SharedCalibration& calibration) {
  return calibration == nullptr ? std::string() : Calibration(calibration).to_json();
}

}  // namespace

class EngineSaver {
 public:
  EngineSaver(const EngineData& data, const BookSink& sink)
      : data_(data), sections_(sink, kSavedEngine) {}

  Status save(const BookSink& sink) {
    if (Status status = sections_.begin(); !status.ok()) return status;
    for (const PolicyVersion& version : data_.versions) {
      const PolicyData& policy = version.policy.data();
      out_(policy.document, policy.hash, version.at, version.carried);
      if (Status status = end(EngineTag::kPolicies); !status.ok()) return status;
    }
    out_(data_.clock, data_.calibration_due_, data_.everyone_at_, data_.epoch_, data_.published_,
         data_.next_token_, to_text(data_.settler.constants()), to_text(data_.draft), data_.notes);
    if (Status status = end(EngineTag::kState); !status.ok()) return status;
    Status status = all(EngineTag::kMembers, data_.members);
    for (size_t first = 0; first < data_.moves.size() && status.ok();) {
      first = put_moves(data_.moves, first, sections_.body());
      status = sections_.end_section(EngineTag::kMoves);
    }
    if (status.ok()) status = all(EngineTag::kNotes, sorted_notes());
    for (const auto& [token, link] : data_.frozen_.links()) {
      out_(token, link);
      if (status.ok()) status = end_if_full(EngineTag::kLinks);
    }
    if (status.ok()) status = end_rest(EngineTag::kLinks);
    if (status.ok()) status = all(EngineTag::kMeetings, data_.meetings_);
    if (status.ok()) status = sections_.end();
    return status.ok() ? data_.book.save(sink) : status;
  }

 private:
  template <typename List>
  Status all(EngineTag tag, const List& list) {
    for (const auto& one : list) {
      out_(one);
      if (Status status = end_if_full(tag); !status.ok()) return status;
    }
    return end_rest(tag);
  }
  // The queue has them in an order that depends on what was asked of it.
  std::vector<EngineNote> sorted_notes() const {
    std::vector<EngineNote> notes;
    notes.reserve(data_.notes_.size());
    data_.notes_.for_each([&](const EngineNote& note) { notes.push_back(note); });
    const auto order = [](const EngineNote& note) {
      return std::tuple(note.at, note.row, note.fact_time, bool{note.fact}, bool{note.late},
                        bool{note.corrected}, bool{note.quiet}, bool{note.merge});
    };
    std::sort(notes.begin(), notes.end(),
              [&](const EngineNote& a, const EngineNote& b) { return order(a) < order(b); });
    return notes;
  }
  Status end(EngineTag tag) {
    sections_.body().bytes = out_.take();
    out_ = StateWriter();
    return sections_.end_section(tag);
  }
  Status end_if_full(EngineTag tag) { return out_.size() < kSectionBytes ? Status() : end(tag); }
  Status end_rest(EngineTag tag) { return out_.size() == 0 ? Status() : end(tag); }

  const EngineData& data_;
  SectionWriter sections_;
  StateWriter out_;
};

// The sections are whole; what they say is checked before it is used.
class EngineLoader {
 public:
  EngineLoader(const EngineOptions& options, const Policy* known)
      : options_(options), known_(known) {}

  Result<std::unique_ptr<EngineData>> load(std::string_view bytes) {
    Result<SectionReader> opened = SectionReader::open(bytes, kSavedEngine);
    if (!opened.ok()) return std::move(opened).status();
    SectionReader reader = *std::move(opened);
    std::vector<Section> sections;
    for (;;) {
      Result<Section> section = reader.next();
      if (!section.ok()) return std::move(section).status();
      if (tag_of(*section) == EngineTag::kEnd) break;
      sections.push_back(*section);
      if (tag_of(*section) == EngineTag::kMoves) move_bytes_ += section->payload.size();
    }
    auto at = sections.begin();
    for (; at != sections.end() && tag_of(*at) == EngineTag::kPolicies; ++at) {
      if (Status status = take_policy(*at); !status.ok()) return status;
    }
    if (versions_.empty()) return wrong(0, "it has no policy");
    if (known_ != nullptr) {
      Status status = check_known_policy(versions_.back().policy, *known_);
      if (!status.ok()) return status;
    }
    const auto offset = static_cast<int64_t>(bytes.size() - reader.rest().size());
    if (Status status = open_book(reader.rest(), offset); !status.ok()) return status;
    for (; at != sections.end(); ++at) {
      const char* mistake =
          !stated_ && tag_of(*at) != EngineTag::kState ? "it has no state" : take(*at);
      if (mistake != nullptr) return wrong(at->offset, mistake);
    }
    if (const char* mistake = finish(); mistake != nullptr) return wrong(offset, mistake);
    return std::move(data_);
  }

 private:
  static EngineTag tag_of(const Section& section) { return static_cast<EngineTag>(section.tag); }
  static Status wrong(int64_t offset, std::string_view what) {
    return damaged(offset, what, kSavedEngine.noun);
  }

  Status take_policy(const Section& section) {
    StateReader in(section.payload);
    std::string document, hash;
    Micros at = kMinTime;
    std::vector<CarriedClassification> carried;
    in(document, hash, at, carried);
    if (!in.done()) return wrong(section.offset, "a policy that is none");
    const bool shared = known_ != nullptr && same_document(document, known_->data().document);
    Result<Policy> policy = shared ? Result<Policy>(*known_) : Policy::parse(document);
    if (!policy.ok()) {
      return wrong(section.offset, "a policy that is none: " + policy.status().message());
    }
    if (policy->hash() != hash) {
      return wrong(section.offset, "a policy that is not as it was");
    }
    const Micros before = versions_.empty() ? kMinTime : versions_.back().at;
    if (at < before || at >= kEndTime) {
      return wrong(section.offset, "a policy that was published at no time");
    }
    const char* mistake = nullptr;
    if (versions_.empty()) {
      if (!carried.empty()) mistake = "a first policy that came after another";
    } else {
      mistake = check_carried(versions_.back().policy.data(), policy->data(), carried);
    }
    if (mistake != nullptr) return wrong(section.offset, mistake);
    versions_.push_back({*std::move(policy), at, std::move(carried)});
    return {};
  }

  Status open_book(std::string_view bytes, int64_t offset) {
    const Policy& policy = versions_.back().policy;
    Result<BookLayout> layout = BookLayout::make(book_spec(policy.data()));
    if (!layout.ok()) return std::move(layout).status();
    Result<Book> book = Book::load(*std::move(layout), bytes, book_options(options_));
    if (!book.ok()) {
      const Status& status = book.status();
      return {status.code(),
              "in the saved engine, counted from byte " + std::to_string(offset) + ": " +
                  status.message(),
              -1, std::max<int64_t>(status.byte_offset(), 0) + offset};
    }
    data_ = std::make_unique<EngineData>(policy, *std::move(book), options_);
    data_->versions = std::move(versions_);
    data_->members.resize(data_->book.customers());
    check_.emplace(data_->versions, data_->settler, data_->book);
    return {};
  }

  const char* take(const Section& section) {
    StateReader in(section.payload);
    const char* mistake = nullptr;
    if (tag_of(section) == EngineTag::kMoves) return take_moves(section.payload);
    do {
      mistake = take_one(tag_of(section), in);
      if (!in.sound()) return "a section that does not say what it should";
    } while (mistake == nullptr && !in.at_end());
    return mistake;
  }

  const char* take_one(EngineTag tag, StateReader& in) {
    switch (tag) {
      case EngineTag::kState:
        return take_state(in);
      case EngineTag::kMembers:
        return take_member(in);
      case EngineTag::kNotes:
        return take_note(in);
      case EngineTag::kLinks:
        return take_link(in);
      case EngineTag::kMeetings:
        return take_meeting(in);
      case EngineTag::kPolicies:
      case EngineTag::kMoves:
      case EngineTag::kEnd:
        break;
    }
    return "a section that does not belong here";
  }

  const char* take_state(StateReader& in) {
    EngineData& data = *data_;
    if (stated_) return "a second state";
    stated_ = true;
    std::string constants, draft;
    in(data.clock, data.calibration_due_, data.everyone_at_, data.epoch_, data.published_,
       data.next_token_, constants, draft, data.notes);
    if (!in.sound()) return nullptr;
    if (data.clock < kMinTime || data.clock >= kEndTime || data.clock < data.versions.back().at) {
      return "a clock that is none";
    }
    const Micros due = data.calibration_due_;
    if (due != kEndTime &&
        (due <= data.clock || due > kEndTime || data.calibration_after(due - 1) != due)) {
      return "a calibration that is due at no time";
    }
    if (data.everyone_at_ < data.clock || data.everyone_at_ > kEndTime) {
      return "an instant that is none";
    }
    SharedCalibration in_force;
    if (!take_calibration(constants, in_force) || in_force == nullptr ||
        in_force->stage != in_force->stages || !take_calibration(draft, data.draft)) {
      return "a calibration that is none of the policy";
    }
    if (data.draft != nullptr &&
        (data.draft->stage >= data.draft->stages ||
         data.draft->stages != calibration_stages(calibration_plan(data.policy.data())))) {
      return "a draft of a calibration that is none";
    }
    data.settler.use(std::move(in_force));
    return nullptr;
  }

  bool take_calibration(const std::string& text, SharedCalibration& out) const {
    if (text.empty()) return true;
    Result<Calibration> read = Calibration::parse(text);
    if (!read.ok() || !check_constants(data_->policy.data(), read->data()).ok()) return false;
    out = read->shared();
    return true;
  }

  const char* take_member(StateReader& in) {
    if (members_ == data_->members.size()) return "more customers than the book has";
    EngineMember& member = data_->members[members_];
    in(member);
    if (!in.sound()) return nullptr;
    if (member.epoch > data_->epoch_) return "a customer of the future";
    return check_->member(static_cast<uint32_t>(members_++), member);
  }

  // Those of a section, each of its customer's own list.
  const char* take_moves(std::string_view payload) {
    MoveColumns& columns = move_columns_;
    if (!columns.read(payload)) return "a section that does not say what it should";
    // Room for those that are left, by the bytes of those that were read.
    const size_t left = move_bytes_ - moves_read_;
    const auto scaled = [&](size_t of_this) {
      const double each = static_cast<double>(of_this) / static_cast<double>(payload.size());
      return static_cast<size_t>(each * 1.02 * static_cast<double>(left)) + of_this;
    };
    EngineData& data = *data_;
    if (moves_read_ == 0) {
      data.moves.reserve(scaled(columns.size()), scaled(columns.texts().size()));
    }
    moves_read_ += payload.size();
    constexpr size_t kAhead = 24;
    for (size_t i = 0; i < columns.size(); ++i) {
      if (i + kAhead < columns.size() && columns.customer(i + kAhead) < data.members.size()) {
        fetch_line_to_write(&data.members[columns.customer(i + kAhead)].last_move);
      }
      EngineMove move = columns.move(i);
      if (const char* mistake = check_->move(move); mistake != nullptr) return mistake;
      if (move.customer == kNoCustomer) {
        data.moves.ready(1, 0);
        data.moves.push(EngineMove());
        continue;
      }
      EngineMember& member = data.members[move.customer];
      move.sequence = ++member.moves;
      move.before = std::exchange(member.last_move, data.moves.size());
      data.moves.ready(1, columns.bytes(i));
      data.moves.push(move, columns.texts().substr(columns.begin(i), columns.bytes(i)));
    }
    return nullptr;
  }

  const char* take_note(StateReader& in) {
    EngineNote note;
    in(note);
    if (!in.sound()) return nullptr;
    if (const char* mistake = check_->note(note); mistake != nullptr) return mistake;
    data_->notes_.ready(note.at);
    data_->notes_.push(note);
    data_->corrections_ = data_->corrections_ || note.corrected;
    return nullptr;
  }

  const char* take_link(StateReader& in) {
    uint64_t token = 0;
    FrozenLink link;
    in(token, link);
    if (!in.sound()) return nullptr;
    const auto& all = data_->frozen_.links();
    if ((!all.empty() && token <= all.rbegin()->first) || token >= data_->next_token_) {
      return "links in no order";
    }
    if (const char* mistake = check_->link(link); mistake != nullptr) return mistake;
    FrozenLinks::Prepared prepared = FrozenLinks::prepare(token, std::move(link));
    data_->frozen_.add(prepared);
    return nullptr;
  }

  const char* take_meeting(StateReader& in) {
    EngineMeeting meeting;
    in(meeting);
    if (!in.sound()) return nullptr;
    if (const char* mistake = check_->meeting(meeting); mistake != nullptr) return mistake;
    data_->meetings_.push_back(meeting);
    return nullptr;
  }

  // Every link of the book stands here with both sides, and no other.
  bool links_agree() const {
    const BookState& book = data_->book.state();
    const auto& frozen = data_->frozen_.links();
    size_t count = 0;
    bool agree = true;
    if (book.links != nullptr) {
      book.links->for_each_link([&](uint32_t first, uint32_t second, uint64_t token) {
        ++count;
        const auto found = frozen.find(token);
        if (found == frozen.end()) {
          agree = false;
          return;
        }
        const auto& sides = found->second.sides;
        agree = agree && ((sides[0].end == first && sides[1].end == second) ||
                          (sides[0].end == second && sides[1].end == first));
      });
    }
    return agree && count == frozen.size();
  }

  // What follows from what was read.
  const char* finish() {
    EngineData& data = *data_;
    if (!stated_) return "it has no state";
    if (members_ != data.members.size()) return "customers are missing";
    if (!links_agree()) return "links that the book does not have";
    const BookState& book = data.book.state();
    for (uint32_t row = 0; row < data.members.size(); ++row) {
      if (const Micros due = data.members[row].due; due < kEndTime) {
        data.due_.ready(due);
        data.due_.push({due, row});
      }
      if (book.ids->erased(row)) {
        ++data.gone_;
      } else if (data.book.survivor(row) != row) {
        ++data.hidden_;
      }
    }
    data.claim_due_ = data.book.next_claim();
    data.look_for_idle();
    return nullptr;
  }

  EngineOptions options_;
  const Policy* known_;  // to be shared; null: none
  std::vector<PolicyVersion> versions_;
  std::unique_ptr<EngineData> data_;
  std::optional<StateCheck> check_;
  bool stated_ = false;
  size_t members_ = 0;
  MoveColumns move_columns_;
  size_t move_bytes_ = 0, moves_read_ = 0;  // of all moves; of those before
};

Status EngineData::save(const BookSink& sink) {
  drain();
  catch_up();
  return EngineSaver(*this, sink).save(sink);
}

Result<std::unique_ptr<EngineData>> EngineData::load(std::string_view bytes,
                                                     const EngineOptions& options,
                                                     const Policy* policy) {
  return EngineLoader(options, policy).load(bytes);
}

}  // namespace internal

inline namespace v0 {

Status Engine::save(const BookSink& sink) const { return data_->save(sink); }

std::string Engine::save() const {
  internal::WipedString bytes;  // only what is handed out stays
  // A sink that never refuses: there is nothing to report.
  (void)data_->save([&](std::string_view piece) {
    bytes.append(piece);
    return Status();
  });
  return std::string(bytes);
}

Result<Engine> Engine::load(std::string_view bytes, const EngineOptions& options) {
  Result<std::unique_ptr<internal::EngineData>> data = internal::EngineData::load(bytes, options);
  if (!data.ok()) return std::move(data).status();
  return Engine(*std::move(data));
}

Result<Engine> Engine::load(std::string_view bytes, const Policy& policy,
                            const EngineOptions& options) {
  Result<std::unique_ptr<internal::EngineData>> data =
      internal::EngineData::load(bytes, options, &policy);
  if (!data.ok()) return std::move(data).status();
  return Engine(*std::move(data));
}

}  // namespace v0
}  // namespace patron
