#include <algorithm>
#include <set>
#include <tuple>

#include "tests/engine/oracle/case.h"
#include "tests/engine/oracle/rules.h"

namespace patron::oracle {
namespace {

constexpr Micros kBegin = 1'704'067'200'000'000;  // 2024-01-01
constexpr Micros kYears = 2 * 365 * kMicrosPerDay;
constexpr Micros kCrowdTime = 70 * kMicrosPerDay;

void collect_periods(const Tree& tree, std::vector<Period>& out) {
  static const std::set<std::string> kKeys{"window", "offset",    "within",
                                           "grace",  "min_dwell", "cool_down"};
  for (const auto& [name, value] : tree.members) {
    if (value.is == Tree::Is::kText && kKeys.contains(name)) out.push_back(period_of(value.text));
    collect_periods(value, out);
  }
}

class CallMaker {
 public:
  CallMaker(Dice& dice, const Tree& policy) : dice_(dice), policy_(policy) {
    crowd_ = dice.one_in(400);
    publishes_ = dice.one_in(6);
    if (policy.has("timezone")) zone_ = *TimeZone::load(policy.text_of("timezone"));
    periods_.push_back({0, kMicrosPerDay});
    collect_periods(policy, periods_);
    numbers_ =
        policy.find("customer") != nullptr && policy.find("customer")->text_of("id") == "int64";
    customers_ = 1 + dice.below(4);
    const Rules rules(policy);
    calibrates_ = rules.calibrates();
    // So that there is somebody to compare with.
    if (calibrates_) customers_ = std::max(customers_, 1 + dice.below(4));
    if (crowd_) customers_ = 250 + dice.below(400);
    // Chains of so many events are too many to be tried.
    heavy_ = crowd_ && dice.one_in(3) && policy.write().find("funnel") == std::string::npos;
    if (heavy_) customers_ = 20;
  }

  std::vector<Call> make() {
    size_t facts = heavy_ ? 1200 : crowd_ ? customers_ * (1 + dice_.below(3)) : 1 + dice_.below(20);
    const bool replay = dice_.one_in(3);  // everything first
    while (facts > 0) {
      if (replay || dice_.percent(60)) {
        const size_t most = crowd_ ? 50 + dice_.below(300) : 1 + dice_.below(5);
        facts -= std::min(facts, filed(std::min(facts, most)));
      } else if (dice_.one_in(3)) {
        command();
      } else {
        pass();
      }
    }
    while (!dice_.one_in(3)) {
      dice_.one_in(3) ? command() : pass();
    }
    Call last;
    last.is = Call::Is::kAdvance;
    const Micros far = static_cast<Micros>(dice_.below(400)) * kMicrosPerDay;
    last.to = std::max(clock_, crowd_ ? kBegin + kCrowdTime + far / 8 : kBegin + kYears + far);
    out_.push_back(last);
    last.is = Call::Is::kLook;
    out_.push_back(last);
    return std::move(out_);
  }

 private:
  Micros somewhen() {
    const Micros span = crowd_ ? kCrowdTime : kYears;
    Micros t = kBegin + static_cast<Micros>(dice_.below(span / kMicrosPerDay)) * kMicrosPerDay;
    const uint32_t kind = dice_.below(8);
    if ((kind < 3 || (crowd_ && kind < 7)) && !times_.empty()) {
      t = dice_.of(times_);
      if (kind > 0) t = zone_.add(t, dice_.of(periods_));
      if (dice_.one_in(3)) t += dice_.one_in(2) ? 1 : -1;
    } else if (kind == 3) {
      t = zone_.start_of_day(zone_.local_day(t));
      if (dice_.one_in(3)) t -= 1;
    } else {
      t += static_cast<Micros>(dice_.below(24)) * kMicrosPerHour;
      if (dice_.one_in(2)) t += static_cast<Micros>(dice_.below(3'600'000)) * 1000;
    }
    return std::clamp(t, kBegin - span, kBegin + span);
  }

  std::string somebody() {
    const uint32_t who = heavy_ && dice_.percent(85) ? 0 : dice_.below(customers_);
    if (crowd_ && numbers_) return std::to_string(static_cast<int64_t>(who) * 7 - 1000);
    if (crowd_) return std::to_string(who) + (who % 5 == 0 ? " with a long name" : "");
    static const std::vector<std::string> kNumbers{"7", "10", "-3", "2"};
    static const std::vector<std::string> kTexts{"b", "ab", "", "Zoe the long-named customer"};
    return numbers_ ? kNumbers[who] : who == 2 ? "ü" : kTexts[who];
  }

  std::string key_column(const std::string& stream) const {
    return std::string(policy_.find("streams")->find(stream)->text_of("key"));
  }

  size_t filed(size_t most) {
    const uint32_t kind = dice_.below(10);
    Call call;
    if (policy_.has("identities") && dice_.one_in(3)) {
      call.is = Call::Is::kClaim;
      Row row;
      row.id = somebody();
      row.time = somewhen();
      static const std::vector<std::string> kKeys{"member", "card"}, kValues{"x", "y", "z"};
      row.cells.emplace_back(dice_.of(kKeys), Value::text(dice_.of(kValues)));
      call.rows.push_back(row);
      out_.push_back(call);
      return 1;
    }
    call.quiet = dice_.one_in(8);
    if (kind < 2 && policy_.has("attributes") && !policy_.find("attributes")->members.empty()) {
      call.is = Call::Is::kSet;
      for (size_t k = crowd_ ? most / 4 + 1 : 1; k > 0; --k) call.rows.push_back(attribute());
      out_.push_back(call);
      return call.rows.size();
    }
    std::vector<std::string> streams;
    for (const auto& [name, what] : policy_.find("streams")->members) {
      // The publication that brought it may have been refused.
      if (name != "spare") streams.push_back(name);
    }
    call.stream = heavy_ && dice_.percent(75) ? streams[0] : dice_.of(streams);
    if (kind == 2 && !key_column(call.stream).empty() && !keys_.empty()) {
      call.is = Call::Is::kRemove;
      Row row;
      row.id = somebody();
      row.key = dice_.of(keys_);
      call.rows.push_back(row);
      out_.push_back(call);
      return 1;
    }
    call.is = Call::Is::kAdd;
    for (size_t k = 0; k < most; ++k) {
      call.rows.push_back(!filed_.empty() && dice_.one_in(10) ? again(call.stream)
                                                              : event(call.stream));
      filed_.emplace_back(call.stream, call.rows.back());
    }
    out_.push_back(call);
    return most;
  }

  // An event as it was, or a little otherwise.
  Row again(const std::string& stream) {
    for (const auto& [of, row] : filed_) {
      if (of != stream || row.key.empty()) continue;
      Row out = row;
      if (dice_.one_in(3)) return out;
      if (dice_.one_in(2)) out.time = somewhen();
      out.cells = event(stream).cells;
      return out;
    }
    return event(stream);
  }

  Row event(const std::string& stream) {
    Row out;
    out.id = somebody();
    out.time = somewhen();
    times_.push_back(out.time);
    if (!key_column(stream).empty()) {
      out.key = "k" + std::to_string(dice_.below(30));
      keys_.push_back(out.key);
    }
    const auto add = [&](const char* name, Value value, uint32_t null_of_ten) {
      if (dice_.below(10) >= null_of_ten) out.cells.emplace_back(name, std::move(value));
    };
    static const std::vector<std::string> kWords{"a", "b", "c"};
    static const std::vector<std::string> kKinds{"view", "cart", "c"};
    static const std::vector<int64_t> kAmounts{0, 5001, 10000, 10050, 15000, 30000, -5000, 60000};
    const auto number = [&](Is is, uint32_t n, int64_t unit) {
      return Value::of(is, (static_cast<int64_t>(dice_.below(n)) - 1) * unit);
    };
    if (stream == "orders") {
      add("amount", Value::of(Is::kMoney, dice_.of(kAmounts)), 0);
      add("margin", number(Is::kMoney, 6, 2500), 4);
      add("quantity", Value::real(static_cast<double>(dice_.below(8)) / 4), 3);
      add("category", Value::text(dice_.of(kWords)), 3);
      if (policy_.find("streams")->find(stream)->has("refund_of")) {
        const bool known = !keys_.empty() && dice_.percent(80);
        add("original",
            Value::text(known ? dice_.of(keys_) : "k" + std::to_string(dice_.below(30))), 4);
      }
    } else if (stream == "referrals") {
      out.cells.emplace_back("referrer", Value::text(somebody()));
    } else if (stream == "interactions") {
      add("kind", Value::text(dice_.of(kKinds)), 2);
      add("duration", number(Is::kSpan, 6, 12 * kMicrosPerHour), 3);
    } else if (stream == "surveys") {
      add("kind", Value::text(dice_.one_in(5) ? "csat" : "nps"), 1);
      add("score", Value::of(Is::kInt, static_cast<int64_t>(dice_.below(13)) - 1), 1);
    } else {
      add("n", number(Is::kInt, 5, 1), 2);
      add("x", Value::real(static_cast<double>(dice_.below(9)) / 4 - 0.5), 3);
      add("word", Value::text(dice_.of(kWords)), 3);
      add("yes", Value::of(dice_.one_in(2)), 3);
    }
    return out;
  }

  Row attribute() {
    Row out;
    out.id = somebody();
    out.time = somewhen();
    times_.push_back(out.time);
    const auto& [name, what] = dice_.of(policy_.find("attributes")->members);
    const std::string_view type = what.text_of("type");
    Value value = Value::of(dice_.one_in(2));
    if (type == "int64") value = Value::of(Is::kInt, dice_.below(4));
    if (type == "date") value = Value::of(Is::kDay, 19'000 + dice_.below(1100));
    if (type == "timestamp") value = Value::of(Is::kTime, somewhen());
    if (dice_.one_in(8)) value = Value();  // withdrawn
    out.cells.emplace_back(name, value);
    return out;
  }

  // Of several links, overrides and forgettings some do not go; then both refuse them.
  void command() {
    Call call;
    const uint32_t kind = dice_.below(10);
    if (const Tree* models = policy_.find("models"); models != nullptr && models->has("ltv")) {
      if (dice_.one_in(2)) return learn(*models->find("ltv"));
    } else if (calibrates_ && dice_.one_in(4)) {
      call.is = Call::Is::kCalibrate;
      out_.push_back(call);
      return;
    }
    if (publishes_ && dice_.one_in(3)) {
      for (int k = 0; k < 3; ++k) {
        Call change;
        change.is = Call::Is::kPublish;
        if (!random_change(dice_, policy_, change)) continue;
        policy_ = change.policy;
        out_.push_back(change);
        break;
      }
      return;
    }
    call.first = somebody();
    call.second = somebody();
    if (kind < 3) {
      call.is = Call::Is::kLink;
      links_.emplace_back(call.first, call.second);
    } else if (kind < 5 && policy_.has("identities") && dice_.one_in(2)) {
      call.is = Call::Is::kUnlink;  // perhaps of a link that a key made
    } else if (kind < 5 && !links_.empty()) {
      call.is = Call::Is::kUnlink;
      std::tie(call.first, call.second) = dice_.of(links_);
    } else if (kind == 9) {
      if (!dice_.one_in(3)) return;
      call.is = Call::Is::kForget;
    } else {
      override_class(call);
    }
    out_.push_back(call);
  }

  // Parameters of lifetime value.
  void learn(const Tree& model) {
    if (clock_ == kMinTime) return;
    const auto document = [&](std::string_view name, const Tree& parameters) {
      Tree out = Tree::object();
      out.set("patron_ltv_model", 1).set("model", std::string(name));
      return out.set("unit", std::string(model.text_of("unit"))).set("parameters", parameters);
    };
    const auto one = [&](double a, double b, double c) { return dice_.of(std::vector{a, b, c}); };
    Tree purchases = Tree::object(), spend = Tree::object();
    purchases.set("r", one(0.3, 0.9, 2.5)).set("alpha", one(3, 20, 60));
    if (model.text_of("model") != "nbd") {
      purchases.set("a", one(0.4, 0.9, 1.8)).set("b", one(0.8, 2.2, 5));
    }
    spend.set("p", one(1.5, 3, 6)).set("q", one(2, 3.5, 8)).set("v", one(15, 60, 200));
    Call call;
    call.is = Call::Is::kLearn;
    call.policy = Tree::object();
    call.policy.set("purchases", document(model.text_of("model"), purchases));
    if (model.has("spend")) call.policy.set("spend", document("gamma_gamma", spend));
    out_.push_back(call);
  }

  std::vector<std::string> class_names(const std::string& classification) const {
    std::vector<std::string> out;
    for (const Rules::Classification& one : Rules(policy_).classifications) {
      if (one.name != classification) continue;
      for (const MachineRules& machine : one.machines) {
        for (const ClassRules& of : machine.classes) {
          if (!of.name.empty()) out.push_back(of.name);
        }
      }
    }
    return out;
  }

  void override_class(Call& call) {
    const Tree& of = dice_.of(policy_.find("classifications")->members).value;
    const std::string_view kind = of.text_of("kind");
    const bool ordered = kind == "ladder" || kind == "bands";
    static const std::vector<std::string> kKinds{"pin", "hold", "ceiling", "floor"};
    call.is = dice_.one_in(4) ? Call::Is::kClear : Call::Is::kOverride;
    call.kind = kKinds[dice_.below(ordered ? 4 : 2)];
    call.classification = of.text_of("name");
    if (call.is == Call::Is::kClear) return;
    if (call.kind != "hold") {
      call.to_class = dice_.of(class_names(call.classification));
    }
    if (dice_.one_in(2)) call.at = somewhen();
    if (dice_.one_in(2)) call.until = zone_.add(std::max(call.at, kBegin), dice_.of(periods_));
  }

  void pass() {
    Call call;
    const uint32_t kind = dice_.below(10);
    call.is = kind < 7 ? Call::Is::kAdvance : kind < 8 ? Call::Is::kLook : Call::Is::kForecast;
    const Micros far = kBegin + static_cast<Micros>(dice_.below(crowd_ ? 80 : 800)) * kMicrosPerDay;
    call.to = std::max(clock_, dice_.one_in(4)   ? clock_
                               : dice_.one_in(2) ? somewhen()
                                                 : std::max(clock_, kBegin) / 2 + far / 2);
    if (call.is == Call::Is::kAdvance) clock_ = call.to;
    if (call.to > kMinTime || call.is == Call::Is::kLook) out_.push_back(call);
  }

  Dice& dice_;
  Tree policy_;
  TimeZone zone_;
  std::vector<Period> periods_;
  bool numbers_ = false;
  uint32_t customers_ = 1;
  Micros clock_ = kMinTime;
  std::vector<Micros> times_;
  std::vector<std::string> keys_;
  std::vector<std::pair<std::string, Row>> filed_;
  std::vector<std::pair<std::string, std::string>> links_;
  std::vector<Call> out_;
  bool calibrates_ = false, publishes_ = false;
  bool crowd_ = false;  ///< some hundreds of customers in some months
  bool heavy_ = false;  ///< or few, and hundreds of facts of one of them
};

}  // namespace

std::vector<Call> random_calls(Dice& dice, const Tree& policy) {
  return CallMaker(dice, policy).make();
}

}  // namespace patron::oracle
