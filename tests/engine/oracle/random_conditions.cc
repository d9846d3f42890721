// Conditions over what a made-up policy has so far.
#include <string>

#include "tests/engine/oracle/policy_maker.h"

namespace patron::oracle {

Texts PolicyMaker::of_kind(Is kind) const {
  Texts out;
  for (const Named& named : names_) {
    if (named.kind == kind) out.push_back(named.name);
  }
  return out;
}

Texts PolicyMaker::numeric() const {
  Texts out = of_kind(Is::kInt);
  for (const Is kind : {Is::kMoney, Is::kReal}) {
    for (const std::string& name : of_kind(kind)) out.push_back(name);
  }
  return out;
}

std::string PolicyMaker::days() {
  return "days(" + dice_.of(Texts{"1", "7", "30", "60", "90", "365"}) + ")";
}

std::string PolicyMaker::relation() {
  return dice_.of(Texts{" >= ", " > ", " <= ", " < ", " == ", " != "});
}

std::string PolicyMaker::atom() {
  if (!scores_.empty() && dice_.one_in(5)) {
    return dice_.of(scores_) + dice_.of(Texts{" >= 0.3137", " < 0.6171", " > 0.0913"});
  }
  if (names_.empty()) return "now >= timestamp('2025-01-01T00:00:00Z')";
  const Named& x = dice_.of(names_);
  if (dice_.one_in(12)) {
    return dice_.one_in(2) ? "has(" + x.name + ")" : x.name + " != null";
  }
  const auto less = [&] { return dice_.of(Texts{" >= ", " > ", " <= ", " < "}); };
  switch (x.kind) {
    case Is::kBool:
      return dice_.one_in(4) ? "or_else(" + x.name + ", true)" : x.name;
    case Is::kInt:
      return (dice_.one_in(6) ? "or_else(" + x.name + ", 1)" : x.name) + relation() +
             std::to_string(dice_.below(4));
    case Is::kReal:
      return x.name + less() + dice_.of(Texts{"0.5", "1", "1.25", "2", "0"});
    case Is::kMoney:
      return x.name + relation() + dice_.of(Texts{"0", "50", "100.5", "150", "300", "600"});
    case Is::kTime:
      if (dice_.one_in(3))
        return x.name + " + months(" + dice_.of(Texts{"1", "6"}) + ")" + less() + "now";
      return "age(" + x.name + ")" + less() + days();
    case Is::kDay:
      if (dice_.one_in(2)) return x.name + " + years(2) <= now";
      return "age(" + x.name + ")" + less() + days();
    case Is::kSpan: {
      const Texts times = of_kind(Is::kTime);
      if (!times.empty() && dice_.one_in(3))
        return "age(" + dice_.of(times) + ")" + less() + x.name;
      return x.name + less() + days();
    }
    case Is::kScore:
      return x.name + dice_.of(Texts{" >= 0.3137", " < 0.6171", " > 0.0913", " < -0.0711",
                                     " > 2.713", " >= 7.3137"});
    case Is::kSet:
      return "'" + dice_.of(x.values) + "' in " + x.name;
    default:
      break;
  }
  const Texts values = x.values.empty() ? Texts{"a", "b", "c"} : x.values;
  if (dice_.one_in(3)) return x.name + " in ['" + dice_.of(values) + "', '" + values[0] + "']";
  return x.name + dice_.of(Texts{" == '", " != '"}) + dice_.of(values) + "'";
}

std::string PolicyMaker::condition(int depth) {
  if (depth == 0 || dice_.one_in(2)) return atom();
  const std::string left = condition(depth - 1), right = condition(depth - 1);
  switch (dice_.below(6)) {
    case 0:
    case 1:
      return "(" + left + " && " + right + ")";
    case 2:
    case 3:
      return "(" + left + " || " + right + ")";
    case 4:
      return "!(" + left + ")";
    default:
      return "(" + left + " ? " + right + " : " + atom() + ")";
  }
}

}  // namespace patron::oracle
