#include <algorithm>

#include "tests/engine/oracle/policy_maker.h"

namespace patron::oracle {

PolicyMaker::PolicyMaker(Dice& dice) : dice_(dice) {
  static const Texts kPeriods{"1h",  "1d",  "36h", "7d", "30d",  "1mo",
                              "90d", "3mo", "6mo", "1y", "365d", "12mo"};
  for (int k = 0; k < 3; ++k) periods_.push_back(dice.of(kPeriods));
}

Tree PolicyMaker::make() {
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

std::string PolicyMaker::period() { return dice_.of(periods_); }

Tree PolicyMaker::streams() {
  Tree orders = Tree::object(), visits = Tree::object(), log = Tree::object();
  if (dice_.percent(75)) {
    orders.set("key", "order_id");
    if (dice_.one_in(models_ ? 2 : 5)) orders.set("refund_of", "original");
  }
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
  referrals_ = dice_.one_in(models_ ? 3 : 12);
  if (referrals_) out.set("referrals", Tree::object());
  return out;
}

void PolicyMaker::rfm(Tree& models) {
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

void PolicyMaker::models(Tree& out) {
  Tree models = Tree::object();
  if (dice_.percent(60)) rfm(models);
  if (dice_.one_in(3)) {
    Tree model = Tree::object();
    if (dice_.one_in(2)) model.set("window", period());
    models.set("nps", model);
    names_.push_back({"nps.class", Is::kText, {"detractor", "passive", "promoter"}});
    names_.push_back({"nps.score", Is::kInt, {}});
  }
  if (referrals_ && dice_.percent(80)) referral(models);
  ltv_ = dice_.one_in(15);
  if (ltv_) ltv(models);
  const Texts numbers = numeric();
  if (dice_.one_in(3) && !numbers.empty()) score(models, numbers);
  if (!models.members.empty()) out.set("models", models);
  Tree calibrate = Tree::object();
  static const Texts kEvery{"month", "quarter", "quarter", "quarter", "year",
                            "year",  "year",    "year",    "year"};
  // Each is a pass over everybody, and weeks are many.
  if (!ltv_ && dice_.percent(70))
    calibrate.set("every", dice_.one_in(40) ? "week" : dice_.of(kEvery));
  if (dice_.one_in(4)) calibrate.set("min_customers", 2);
  if (!calibrate.members.empty()) out.set("calibrate", calibrate);
}

void PolicyMaker::referral(Tree& models) {
  Tree model = Tree::object();
  if (dice_.one_in(2)) model.set("window", period());
  if (dice_.one_in(2)) model.set("depth", 1 + static_cast<int>(dice_.below(3)));
  if (dice_.one_in(3)) model.set("decay", dice_.one_in(2) ? 0.25 : 1.0);
  const Texts money = of_kind(Is::kMoney);
  if (dice_.one_in(3) && !money.empty()) model.set("value", dice_.of(money));
  models.set("referral", model);
  for (const char* part : {".referred", ".converted", ".repeated", ".retained", ".generations"}) {
    names_.push_back({std::string("referral") + part, Is::kInt, {}});
  }
  names_.push_back({"referral.value", Is::kMoney, {}});
  names_.push_back({"referral.chain_value", Is::kMoney, {}});
  names_.push_back({"referral.conversion", Is::kReal, {}});
}

void PolicyMaker::ltv(Tree& models) {
  Tree model = Tree::object();
  model.set("model", dice_.of(Texts{"nbd", "bg_nbd", "mbg_nbd", "mbg_nbd"}));
  model.set("unit", dice_.of(Texts{"day", "week"}));
  model.set("horizon", dice_.of(Texts{"30d", "6mo", "52w"}));
  if (dice_.one_in(2)) model.set("spend", "gamma_gamma").set("discount_per_year", 0.1);
  if (dice_.one_in(4)) model.set("penalty", 0.01);
  if (model.has("spend")) names_.push_back({"ltv.expected_spend", Is::kMoney, {}});
  models.set("ltv", model);
  names_.push_back({"ltv.p_alive", Is::kScore, {}});
  names_.push_back({"ltv.expected_purchases", Is::kScore, {}});
}

void PolicyMaker::score(Tree& models, const Texts& numbers) {
  Tree model = Tree::object(), of = Tree::list(), given = Tree::list();
  Texts all;
  for (size_t k = 1 + dice_.below(3); k > 0; --k) {
    const std::string one = dice_.of(numbers);
    if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
  }
  for (const std::string& one : all) of.add(one), given.add(1 << dice_.below(3));
  model.set("of", of);
  switch (dice_.below(4)) {
    case 0:
      model.set("weights", "entropy");
      break;
    case 1:
      model.set("weights", comparisons(all.size()));
      break;
    default:
      model.set("weights", given);
  }
  models.set("score", model);
  // Thresholds that no such score meets exactly.
  scores_ = {"score", "score.coverage"};
}

// Powers of two that agree with one another, but perhaps one of them.
Tree PolicyMaker::comparisons(size_t size) {
  std::vector<double> worth;
  for (size_t i = 0; i < size; ++i) worth.push_back(1 << dice_.below(4));
  const double off = dice_.one_in(2) ? 1.25 : 1;
  Tree rows = Tree::list();
  for (size_t i = 0; i < size; ++i) {
    Tree row = Tree::list();
    for (size_t j = 0; j < size; ++j) {
      const bool one = i == 0 && j == 2, other = i == 2 && j == 0;
      row.add(worth[i] / worth[j] * (one ? off : other ? 1 / off : 1));
    }
    rows.add(row);
  }
  Tree out = Tree::object();
  return out.set("ahp", rows);
}

Tree PolicyMaker::attributes(bool joined) {
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

Tree random_policy(Dice& dice) { return PolicyMaker(dice).make(); }

}  // namespace patron::oracle
