// Classifications that are made up.
#include <string>
#include <vector>

#include "tests/engine/oracle/policy_maker.h"

namespace patron::oracle {

void PolicyMaker::timers(Tree& what) {
  if (dice_.one_in(4)) what.set("min_dwell", period());
  if (dice_.one_in(3)) what.set("grace", period());
  if (dice_.one_in(5)) what.set("cool_down", period());
}

void PolicyMaker::leave(Tree& what, const Texts& later) {
  const uint32_t kind = dice_.below(9);
  static const Texts kAt{"month_end", "year_end", "anniversary", "class_anniversary"};
  Tree out = Tree::object();
  if (kind == 0) {
    what.set("leave", "one_step");
  } else if (kind == 1 && !later.empty()) {
    what.set("leave", out.set("to", dice_.of(later)));
  } else if (kind < 4) {
    out.set("at", dice_.of(kAt));
    if (dice_.one_in(3)) out.set("step", "one");
    what.set("leave", out);
  }
}

void PolicyMaker::classification(Tree& all, size_t number) {
  Named made;
  made.name = "c" + std::to_string(number);
  Tree out = Tree::object();
  const uint32_t kind = kinds_[number];
  const size_t count = 1 + dice_.below(6);
  for (size_t c = 0; c < count; ++c) {
    made.values.push_back(std::string(1, static_cast<char>('A' + c)) + std::to_string(number));
  }
  const Texts numbers = numeric();
  if (kind == 7 && !numbers.empty()) {
    bands(out, made, dice_.of(numbers));
  } else if (kind > 7 && kind < 11 && !numbers.empty()) {
    rank(out, made, dice_.of(numbers));
  } else if (kind == 11 && rfm_) {
    out.set("name", made.name).set("kind", "grid");
    out.set("table", "rfm." + (dice_.one_in(3) ? dice_.of(kTables) : "eleven"));
    made.kind = Is::kText;
    made.values = {"prospect", "Champions"};
  } else {
    const bool flags = kind >= kFlags && kind < 8;
    out.set("name", made.name);
    out.set("kind", flags ? "flags" : kind < 3 || kind > 9 ? "ladder" : "first_match");
    if (!flags && dice_.one_in(3)) out.set("on_unknown", dice_.one_in(3) ? "skip" : "hold");
    if (!flags && kind < 3 && dice_.one_in(6)) {
      Tree cap = Tree::object();
      cap.set("moves", 1 + static_cast<int>(dice_.below(2))).set("per", period());
      out.set("cap", cap);
    }
    out.set("classes", classes(made, flags));
    made.kind = flags ? Is::kSet : Is::kText;
  }
  all.add(out);
  names_.push_back(made);
}

void PolicyMaker::bands(Tree& out, Named& made, const std::string& of) {
  out.set("name", made.name).set("kind", "bands").set("of", of);
  Tree cuts = Tree::list(), classes = Tree::list();
  int cut = static_cast<int>(dice_.below(3)) - 1;
  for (size_t c = 0; c < made.values.size(); ++c) {
    Tree band = Tree::object();
    classes.add(band.set("name", made.values[c]));
    if (c > 0) cuts.add(cut);
    cut += 1 + static_cast<int>(dice_.below(3)) * 50;
  }
  out.set("cuts", cuts);
  if (dice_.one_in(2)) out.set("hysteresis", dice_.one_in(2) ? 0.1 : 0.5);
  if (dice_.one_in(3)) out.set("grace", period());
  if (dice_.one_in(4)) out.set("min_dwell", period());
  if (dice_.one_in(4)) out.set("on_unknown", "hold");
  out.set("classes", classes);
  made.kind = Is::kText;
}

void PolicyMaker::rank(Tree& out, Named& made, const std::string& by) {
  out.set("name", made.name).set("kind", "rank").set("by", by);
  if (dice_.one_in(2)) out.set("where", condition(1));
  static const std::vector<double> kShares{0.3, 0.5, 0.8, 0.95, 1}, kPercents{10, 25, 50, 75, 100};
  size_t share = dice_.below(3), percent = dice_.below(3);
  Tree classes = Tree::list();
  Texts names;
  for (const std::string& name : made.values) {
    Tree one = Tree::object();
    one.set("name", name);
    const uint32_t kind = dice_.below(6);
    const bool last = name == made.values.back();
    const bool rest = last && dice_.percent(80);
    if (rest) {
      classes.add(one);
      names.push_back(name);
      break;
    }
    if (kind < 3) {
      one.set("top", 1 + static_cast<int>(dice_.below(2)));
      if (dice_.one_in(3)) one.set("min_dwell", period());
    } else if (kind < 5 && share < kShares.size()) {
      one.set("share", kShares[share]);
      share += 1 + dice_.below(2);
    } else if (percent < kPercents.size()) {
      one.set("top_percent", kPercents[percent]);
      percent += 1 + dice_.below(2);
    } else {
      one.set("top", 1);
    }
    classes.add(one);
    names.push_back(name);
  }
  made.values = names;
  out.set("classes", classes);
  made.kind = Is::kText;
}

Tree PolicyMaker::classes(const Named& made, bool flags) {
  Tree out = Tree::list();
  // Tiers of one number, the best first, or conditions of any kind.
  const Texts numbers = numeric();
  const std::string main = !numbers.empty() && dice_.one_in(2) ? dice_.of(numbers) : "";
  size_t left = made.values.size();
  const bool rest = !flags && dice_.percent(70);
  for (const std::string& name : made.values) {
    --left;
    Tree what = Tree::object();
    what.set("name", name);
    if (!(left == 0 && rest)) {
      const std::string step = std::to_string(left * (dice_.one_in(3) ? 100 : 1) + dice_.below(2));
      what.set("enter", main.empty() || flags ? condition(2) : main + " >= " + step);
      if (dice_.one_in(2)) {
        what.set("keep",
                 main.empty() || flags ? condition(1) : main + " >= " + std::to_string(left));
      }
    }
    const Texts later(made.values.end() - static_cast<long>(left), made.values.end());
    if (left > 0 || !rest) timers(what);
    if (!flags && left > 0) leave(what, later);
    out.add(what);
  }
  return out;
}

}  // namespace patron::oracle
