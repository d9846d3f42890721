// Tags that are made up: metrics, scorecards and expressions.
#include <string>

#include "tests/engine/oracle/policy_maker.h"

namespace patron::oracle {

void PolicyMaker::window(Tree& metric) {
  const uint32_t kind = dice_.below(12);
  Tree out = Tree::object();
  if (kind < 6) {
    metric.set("window", period());
    static const Texts kOffsets{"1h", "1d", "7d", "30d", "36h"};
    if (dice_.one_in(5)) metric.set("offset", dice_.of(kOffsets));
  } else if (kind < 8) {
    out.set("calendar", dice_.of(Texts{"month", "quarter", "year"}));
    if (dice_.one_in(3)) out.set("previous", 1 + static_cast<int>(dice_.below(2)));
    metric.set("window", out);
  } else if (kind == 8) {
    out.set("since", "join");
    metric.set("window", out);
  } else if (kind == 9 && !single_.empty()) {
    Tree of = Tree::object();
    of.set("class", dice_.of(single_));
    metric.set("window", out.set("since", of));
  } else if (kind == 10) {
    out.set("from", "2024-03-01");
    if (dice_.one_in(2)) out.set("to", "2025-02-01");
    metric.set("window", out);
  }
}

void PolicyMaker::where(Tree& metric, const std::string& stream) {
  if (!dice_.one_in(3)) return;
  static const Texts kOrders{"amount > 0", "amount >= 100", "category == 'a'", "has(category)",
                             "amount < 50.5 || category != 'b'"};
  static const Texts kVisits{"kind == 'view'", "kind != 'cart'", "kind in ['view', 'cart']",
                             "kind == null"};
  static const Texts kLog{"yes", "!yes", "n >= 2", "word == 'a' || n < 1", "x > 0.5", "n == null"};
  metric.set("where", dice_.of(stream == "orders" ? kOrders : stream == "log" ? kLog : kVisits));
}

void PolicyMaker::follower(Tree& metric) {
  if (!dice_.one_in(8)) return;
  Tree out = Tree::object();
  const std::string stream = dice_.of(Texts{"orders", "interactions", "log"});
  out.set("stream", stream).set("within", period());
  where(out, stream);
  metric.set(dice_.one_in(2) ? "followed_by" : "not_followed_by", out);
}

void PolicyMaker::metric(Tree& tags) {
  struct Column {
    const char* stream;
    const char* column;
    Is kind;
  };
  static const std::vector<Column> kColumns{{"orders", "amount", Is::kMoney},
                                            {"orders", "amount", Is::kMoney},
                                            {"orders", "margin", Is::kMoney},
                                            {"orders", "quantity", Is::kReal},
                                            {"log", "n", Is::kInt},
                                            {"log", "x", Is::kReal},
                                            {"interactions", "duration", Is::kSpan}};
  static const std::vector<Column> kWords{{"orders", "category", Is::kText},
                                          {"interactions", "kind", Is::kText},
                                          {"log", "word", Is::kText}};
  static const Texts kStreams{"orders", "orders", "interactions", "log"};
  Tree metric = Tree::object();
  Named made;
  made.name = "t" + std::to_string(tags_++);
  if (referrals_ && dice_.one_in(4)) return referral_metric(tags, made);
  std::string stream = dice_.of(kStreams);
  const uint32_t verb = dice_.below(20);
  const auto column = [&](const std::vector<Column>& from, const char* name) {
    const Column& of = dice_.of(from);
    stream = of.stream;
    metric.set(name, stream + "." + of.column);
    made.kind = of.kind;
  };
  if (verb < 4) {
    metric.set("count", stream);
    made.kind = Is::kInt;
  } else if (verb < 8) {
    column(kColumns, "sum");
  } else if (verb == 8) {
    column(kColumns, dice_.one_in(2) ? "min" : "max");
  } else if (verb == 9) {
    column(kColumns, "mean");
    if (made.kind == Is::kInt) made.kind = Is::kReal;
  } else if (verb == 10) {
    if (dice_.one_in(2)) {
      column(kWords, dice_.one_in(2) ? "first" : "last");
    } else {
      column(kColumns, dice_.one_in(2) ? "first" : "last");
    }
  } else if (verb == 11) {
    metric.set(dice_.one_in(3) ? "first" : "last", stream + ".time");
    made.kind = Is::kTime;
  } else if (verb == 12) {
    column(kWords, dice_.one_in(2) ? "distinct" : "top");
    if (metric.has("distinct")) made.kind = Is::kInt;
  } else if (verb == 13) {
    static const Texts kGaps{"gap_last", "gap_mean", "gap_median", "gap_cv"};
    const std::string gap = dice_.of(kGaps);
    metric.set(gap, stream);
    made.kind = gap == "gap_cv" ? Is::kReal : Is::kSpan;
  } else if (verb == 14) {
    metric.set("streak", stream).set("every", dice_.of(Texts{"1d", "7d", "1mo", "3mo"}));
    made.kind = Is::kInt;
  } else if (verb == 15) {
    metric.set("days_active", stream);
    made.kind = Is::kInt;
  } else {
    return sequence(tags, made);
  }
  window(metric);
  where(metric, stream);
  if (metric.has("count") || metric.has("sum") || metric.has("days_active")) follower(metric);
  Tree tag = Tree::object();
  tag.set("name", made.name).set("metric", metric);
  if (dice_.one_in(8)) tag.set("on_null", "keep");
  tags.add(tag);
  names_.push_back(made);
}

// Verbs that look at the order of events, or need more than a column.
void PolicyMaker::sequence(Tree& tags, Named made) {
  Tree metric = Tree::object();
  made.kind = Is::kScore;
  switch (dice_.below(8)) {
    case 0: {
      metric.set("trend", dice_.of(Texts{"orders", "orders.amount", "log.n", "log.x", "log"}));
      metric.set("every", dice_.of(Texts{"1mo", "7d", "3mo"}));
      metric.set("n", 2 + static_cast<int>(dice_.below(3)));
      break;
    }
    case 1:
      made.kind = Is::kText;
      made.values = {"a", "b>a", "c>a>b"};
      metric.set("path", dice_.of(Texts{"orders.category", "interactions.kind", "log.word"}));
      if (dice_.one_in(2)) metric.set("n", 1 + static_cast<int>(dice_.below(3)));
      window(metric);
      break;
    case 2: {
      Tree steps = Tree::list();
      for (const char* name : {"one", "two", "three"}) {
        Tree step = Tree::object();
        const std::string of = dice_.of(Texts{"orders", "interactions", "log"});
        step.set("name", name).set("stream", of);
        where(step, of);
        steps.add(step);
        made.values.emplace_back(name);
      }
      made.kind = Is::kText;
      metric.set("funnel", steps);
      if (dice_.one_in(2)) metric.set("within", period());
      window(metric);
      break;
    }
    case 3:
      metric.set("share", dice_.of(Texts{"orders.amount", "orders.quantity"}));
      metric.set("where", dice_.of(Texts{"category == 'a'", "amount > 100", "has(category)"}));
      window(metric);
      break;
    case 4:
      made.kind = Is::kInt;
      metric.set("open", "log").set("where", "yes").set("key", "word");
      metric.set("closed_by", dice_.of(Texts{"!yes", "n > 1"}));
      window(metric);
      break;
    case 5: {
      const Texts numbers = numeric();
      if (numbers.empty()) return;
      Tree both = Tree::list();
      metric.set("ratio", both.add(dice_.of(numbers)).add(dice_.of(numbers)));
      break;
    }
    case 6:
      made.kind = Is::kSet;
      made.values = {"a", "b", "c"};
      metric.set("top", "log.word").set("n", 2 + static_cast<int>(dice_.below(2)));
      window(metric);
      break;
    default:
      points(metric);
  }
  Tree tag = Tree::object();
  tags.add(tag.set("name", made.name).set("metric", metric));
  names_.push_back(made);
}

void PolicyMaker::points(Tree& metric) {
  if (dice_.one_in(2)) {
    metric.set("points", "orders");
    metric.set("each", dice_.of(Texts{"double(amount) * 0.125", "quantity", "4"}));
  } else {
    metric.set("points", "log").set("each", dice_.of(Texts{"n", "x", "n * 2 - 1"}));
  }
  if (dice_.one_in(3)) {
    Tree cap = Tree::object();
    cap.set("points", dice_.of(Texts{"x", "y"}) == "x" ? 3 : 20);
    metric.set("cap", cap.set("per", dice_.of(Texts{"1mo", "1d", "7d"})));
  }
  if (dice_.one_in(2)) metric.set("expires", period());
  if (dice_.one_in(3)) {
    Tree idle = Tree::object();
    idle.set("after", dice_.of(Texts{"30d", "90d", "36h"}));
    metric.set("inactivity", idle.set("lose", dice_.one_in(4) ? 1.0 : 0.25));
  }
  window(metric);
  where(metric, metric.text_of("points") == "orders" ? "orders" : "log");
}

void PolicyMaker::referral_metric(Tree& tags, Named made) {
  Tree metric = Tree::object();
  const std::string verb = dice_.of(Texts{"count", "count", "days_active", "first", "last"});
  const bool time = verb == "first" || verb == "last";
  metric.set(verb, time ? "referrals.time" : "referrals");
  made.kind = time ? Is::kTime : Is::kInt;
  if (dice_.one_in(2)) metric.set("side", "referred");
  window(metric);
  Tree tag = Tree::object();
  tags.add(tag.set("name", made.name).set("metric", metric));
  names_.push_back(made);
}

void PolicyMaker::scorecard(Tree& tags) {
  Named made;
  made.name = "s" + std::to_string(tags_++);
  made.kind = Is::kScore;
  Tree rows = Tree::list();
  for (size_t k = 1 + dice_.below(3); k > 0; --k) {
    Tree row = Tree::object();
    const bool minus = dice_.one_in(4);
    row.set("points", minus ? -2 : 5);
    if (dice_.one_in(2)) {
      row.set("when", condition(1));
    } else {
      const std::string stream = dice_.of(Texts{"orders", "interactions", "log"});
      row.set("stream", stream);
      where(row, stream);
      if (dice_.one_in(2)) row.set("cap", minus ? -3 : 12);
      if (dice_.one_in(6)) row.set("half_life", dice_.of(Texts{"30d", "6mo"}));
    }
    rows.add(row);
  }
  Tree tag = Tree::object();
  tags.add(tag.set("name", made.name).set("scorecard", rows));
  names_.push_back(made);
}

void PolicyMaker::expression(Tree& tags) {
  Named made;
  made.name = "e" + std::to_string(tags_++);
  made.kind = Is::kBool;
  std::string text = condition(2);
  const auto all = of_kind(Is::kInt);
  if (all.size() >= 2 && dice_.one_in(2)) {
    made.kind = Is::kInt;
    text = all[0] + dice_.of(Texts{" + ", " - ", " * ", " / "}) + dice_.of(all);
  }
  Tree tag = Tree::object();
  tags.add(tag.set("name", made.name).set("expression", text));
  names_.push_back(made);
}

}  // namespace patron::oracle
