#include <algorithm>

#include "tests/engine/oracle/case.h"

namespace patron::oracle {
namespace {

using Texts = std::vector<std::string>;

struct Named {
  std::string name;
  Is kind = Is::kUnknown;
  Texts values;  ///< classes of a classification, values of a closed enum
};

class PolicyMaker {
 public:
  explicit PolicyMaker(Dice& dice) : dice_(dice) {
    static const Texts kPeriods{"1h",  "1d",  "36h", "7d", "30d",  "1mo",
                                "90d", "3mo", "6mo", "1y", "365d", "12mo"};
    for (int k = 0; k < 3; ++k) periods_.push_back(dice.of(kPeriods));
  }

  Tree make() {
    models_ = dice_.one_in(5);
    static const Texts kZones{"UTC",          "Europe/Berlin",      "America/New_York",
                              "Asia/Beirut",  "Asia/Shanghai",      "America/Santiago",
                              "Africa/Cairo", "Australia/Lord_Howe"};
    Tree out = Tree::object();
    out.set("patron", 1).set("name", "made up").set("timezone", dice_.of(kZones));
    Tree money = Tree::object();
    money.set("currency", "EUR").set("scale", dice_.one_in(4) ? 0 : 2);
    out.set("money", money);
    Tree customer = Tree::object();
    customer.set("id", dice_.one_in(2) ? "int64" : "string");
    const bool joined = dice_.one_in(4);
    if (joined) customer.set("joined", "member_since");
    if (dice_.one_in(6)) {
      Tree identities = Tree::object(), keys = Tree::list();
      keys.add("member").add("card");
      out.set("identities", identities.set("keys", keys));
    }
    out.set("customer", customer).set("streams", streams()).set("attributes", attributes(joined));
    Tree classifications = Tree::list(), tags = Tree::list();
    const size_t count = 1 + dice_.below(3);
    for (size_t k = 0; k < count; ++k) {
      kinds_.push_back(dice_.below(models_ ? 12 : 8));
      if (kinds_[k] < kFlags) single_.push_back("c" + std::to_string(k));
    }
    for (size_t k = 2 + dice_.below(4); k > 0; --k) metric(tags);
    if (models_) models(out);
    for (size_t k = dice_.below(3); k > 0; --k) expression(tags);
    if (dice_.one_in(10)) scorecard(tags);
    for (size_t k = 0; k < count; ++k) classification(classifications, k);
    out.set("tags", tags).set("classifications", classifications);
    return out;
  }

 private:
  std::string period() { return dice_.of(periods_); }

  Tree streams() {
    Tree orders = Tree::object(), visits = Tree::object(), log = Tree::object();
    if (dice_.percent(75)) orders.set("key", "order_id");
    if (dice_.one_in(4)) orders.set("zero_amounts", "count");
    if (dice_.one_in(4)) visits.set("key", "visit_id");
    Tree columns = Tree::object(), word = Tree::object(), words = Tree::list();
    words.add("a").add("b").add("c");
    word.set("type", "enum").set("values", words);
    columns.set("n", "int64").set("x", "double").set("word", word).set("yes", "bool");
    if (dice_.one_in(3)) log.set("key", "log_id");
    log.set("columns", columns);
    Tree out = Tree::object();
    out.set("orders", orders).set("interactions", visits).set("log", log);
    if (models_) out.set("surveys", Tree::object());
    return out;
  }

  void rfm(Tree& models) {
    Tree model = Tree::object();
    if (dice_.percent(70)) model.set("window", period());
    if (dice_.one_in(3)) model.set("method", "nearest_rank");
    if (dice_.one_in(3)) model.set("octant", "mean");
    if (dice_.one_in(4)) model.set("table", dice_.of(kTables));
    if (dice_.one_in(4)) model.set("min_customers", 2);
    models.set("rfm", model);
    rfm_ = true;
    for (const char* part : {"rfm.r", "rfm.f", "rfm.m"}) names_.push_back({part, Is::kInt, {}});
    names_.push_back({"rfm.frequency", Is::kInt, {}});
    names_.push_back({"rfm.monetary", Is::kMoney, {}});
    names_.push_back({"rfm.octant", Is::kText, {"General value", "Important value"}});
    names_.push_back({"rfm.segment", Is::kText, {"prospect"}});
    if (dice_.one_in(6)) names_.push_back({"rfm.recency_days", Is::kInt, {}});
  }

  void models(Tree& out) {
    Tree models = Tree::object();
    if (dice_.percent(60)) rfm(models);
    if (dice_.one_in(3)) {
      Tree model = Tree::object();
      if (dice_.one_in(2)) model.set("window", period());
      models.set("nps", model);
      names_.push_back({"nps.class", Is::kText, {"detractor", "passive", "promoter"}});
      names_.push_back({"nps.score", Is::kInt, {}});
    }
    const Texts numbers = numeric();
    if (dice_.one_in(3) && !numbers.empty()) score(models, numbers);
    if (!models.members.empty()) out.set("models", models);
    Tree calibrate = Tree::object();
    static const Texts kEvery{"month", "month", "quarter", "quarter", "quarter",
                              "year",  "year",  "year",    "week"};
    if (dice_.percent(70)) calibrate.set("every", dice_.of(kEvery));
    if (dice_.one_in(4)) calibrate.set("min_customers", 2);
    if (!calibrate.members.empty()) out.set("calibrate", calibrate);
  }

  void score(Tree& models, const Texts& numbers) {
    Tree model = Tree::object(), of = Tree::list(), given = Tree::list();
    Texts all;
    for (size_t k = 1 + dice_.below(3); k > 0; --k) {
      const std::string one = dice_.of(numbers);
      if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
    }
    for (const std::string& one : all) of.add(one), given.add(1 << dice_.below(3));
    model.set("of", of);
    const bool entropy = dice_.one_in(3);
    entropy ? model.set("weights", "entropy") : model.set("weights", given);
    models.set("score", model);
    // Thresholds that no such score meets exactly.
    scores_ = {"score", "score.coverage"};
  }

  Tree attributes(bool joined) {
    Tree out = Tree::object();
    const auto add = [&](const char* name, const char* type, Is kind) {
      Tree what = Tree::object();
      what.set("type", type);
      if (kind != Is::kDay && kind != Is::kTime && dice_.one_in(5)) {
        what.set("on_null", "default");
        kind == Is::kBool ? what.set("default", true) : what.set("default", 2);
      }
      if (!what.has("on_null") && dice_.one_in(10)) what.set("on_null", "keep");
      out.set(name, what);
      names_.push_back({name, kind, {}});
    };
    if (dice_.one_in(2)) add("vip", "bool", Is::kBool);
    if (dice_.one_in(2)) add("level", "int64", Is::kInt);
    if (dice_.one_in(2)) add("birth", "date", Is::kDay);
    if (joined) {
      const bool date = dice_.one_in(2);
      add("member_since", date ? "date" : "timestamp", date ? Is::kDay : Is::kTime);
    }
    return out;
  }

  void window(Tree& metric) {
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

  void where(Tree& metric, const std::string& stream) {
    if (!dice_.one_in(3)) return;
    static const Texts kOrders{"amount > 0", "amount >= 100", "category == 'a'", "has(category)",
                               "amount < 50.5 || category != 'b'"};
    static const Texts kVisits{"kind == 'view'", "kind != 'cart'", "kind in ['view', 'cart']",
                               "kind == null"};
    static const Texts kLog{"yes",     "!yes",     "n >= 2", "word == 'a' || n < 1",
                            "x > 0.5", "n == null"};
    metric.set("where", dice_.of(stream == "orders" ? kOrders : stream == "log" ? kLog : kVisits));
  }

  void follower(Tree& metric) {
    if (!dice_.one_in(8)) return;
    Tree out = Tree::object();
    const std::string stream = dice_.of(Texts{"orders", "interactions", "log"});
    out.set("stream", stream).set("within", period());
    where(out, stream);
    metric.set(dice_.one_in(2) ? "followed_by" : "not_followed_by", out);
  }

  void metric(Tree& tags) {
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

  void scorecard(Tree& tags) {
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

  // Verbs that look at the order of events, or need more than a column.
  void sequence(Tree& tags, Named made) {
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

  void points(Tree& metric) {
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

  void expression(Tree& tags) {
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

  Texts of_kind(Is kind) const {
    Texts out;
    for (const Named& named : names_) {
      if (named.kind == kind) out.push_back(named.name);
    }
    return out;
  }

  std::string days() { return "days(" + dice_.of(Texts{"1", "7", "30", "60", "90", "365"}) + ")"; }
  std::string relation() { return dice_.of(Texts{" >= ", " > ", " <= ", " < ", " == ", " != "}); }

  std::string atom() {
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

  std::string condition(int depth) {
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

  void timers(Tree& what) {
    if (dice_.one_in(4)) what.set("min_dwell", period());
    if (dice_.one_in(3)) what.set("grace", period());
    if (dice_.one_in(5)) what.set("cool_down", period());
  }

  void leave(Tree& what, const Texts& later) {
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

  void classification(Tree& all, size_t number) {
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

  Texts numeric() const {
    Texts out = of_kind(Is::kInt);
    for (const Is kind : {Is::kMoney, Is::kReal}) {
      for (const std::string& name : of_kind(kind)) out.push_back(name);
    }
    return out;
  }

  void bands(Tree& out, Named& made, const std::string& of) {
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

  void rank(Tree& out, Named& made, const std::string& by) {
    out.set("name", made.name).set("kind", "rank").set("by", by);
    if (dice_.one_in(2)) out.set("where", condition(1));
    static const std::vector<double> kShares{0.3, 0.5, 0.8, 0.95, 1},
        kPercents{10, 25, 50, 75, 100};
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

  Tree classes(const Named& made, bool flags) {
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
        const std::string step =
            std::to_string(left * (dice_.one_in(3) ? 100 : 1) + dice_.below(2));
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

  Dice& dice_;
  static constexpr uint32_t kFlags = 5;
  Texts periods_;
  std::vector<uint32_t> kinds_;  ///< of each classification
  Texts single_;                 ///< classifications that are one class at a time
  std::vector<Named> names_;
  int tags_ = 0;
  bool models_ = false;  ///< calibrations too
  bool rfm_ = false;
  Texts scores_;
  const Texts kTables{"eleven", "putler", "rfm_r_0_2", "rfm_r_0_3", "regex"};
};

}  // namespace

Tree random_policy(Dice& dice) { return PolicyMaker(dice).make(); }

}  // namespace patron::oracle
