// Laws of calibrations: shards are one engine (L3, L8), batches, arrival and steps of the clock do
// not matter (L1, L2), and the shipped policies live with their models.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "lib/engine/calibration/calibration_data.h"
#include "lib/policy/policy_data.h"
#include "patron/engine.h"
#include "patron/ltv.h"
#include "patron/ltv_summary.h"
#include "patron/rfm.h"
#include "patron/time.h"
#include "tests/engine/population.h"

namespace patron {
namespace {

using population::Answer;
using population::at;
using population::Cells;
using population::expect_ok;
using population::random_sales;
using population::said;
using population::Sale;
using population::shop;
using population::table_of;

// Everything that is calibrated, in three stages, with seats, shares and percents.
Policy everything() {
  return shop(R"json("tags": [
      {"name": "spend", "metric": {"sum": "orders.amount", "window": "180d"}},
      {"name": "orders", "metric": {"count": "orders"}},
      {"name": "answer", "metric": {"last": "surveys.score"}}],
    "models": {"rfm": {"window": "180d"}, "nps": {"window": "120d"},
      "ltv": {"model": "mbg_nbd", "spend": "gamma_gamma", "unit": "week", "horizon": "180d"},
      "score": {"weights": "entropy", "of": ["spend", "orders", "ltv.p_alive", "answer"]}},
    "calibrate": {"every": "month", "min_customers": 20},
    "classifications": [
      {"name": "segment", "kind": "grid", "table": "rfm.eleven"},
      {"name": "tier", "kind": "ladder", "on_unknown": "hold", "classes": [
        {"name": "A", "enter": "rfm.f >= 4 && rfm.m >= 4 && rfm.r >= 3", "keep": "rfm.f >= 3",
         "min_dwell": "40d", "grace": "10d"},
        {"name": "B", "enter": "rfm.m >= 3"}, {"name": "C"}]},
      {"name": "abc", "kind": "rank", "by": "spend", "where": "spend > 0", "classes": [
        {"name": "A", "share": 0.8}, {"name": "B", "share": 0.95}, {"name": "C"}]},
      {"name": "care", "kind": "rank", "by": "score", "where": "tier != 'C'", "classes": [
        {"name": "manager", "top": 7, "min_dwell": "45d"}, {"name": "phone", "top_percent": 40},
        {"name": "mail"}]},
      {"name": "alive", "kind": "bands", "of": "ltv.p_alive", "cuts": [0.3, 0.7],
       "classes": ["lost", "unsure", "alive"], "hysteresis": 0.05},
      {"name": "audience", "kind": "flags", "classes": [
        {"name": "promoters", "enter": "nps.class == 'promoter' && segment != 'prospect'"}]}])json");
}

std::vector<Answer> answers_to(const std::vector<Sale>& sales) {
  std::vector<Answer> out;
  for (size_t i = 0; i < sales.size(); i += 3) {
    out.push_back(
        {sales[i].customer, sales[i].time + kMicrosPerDay, static_cast<int64_t>(i * 7 % 11)});
  }
  return out;
}

Engine open_with(const Policy& policy, const std::vector<Sale>& sales,
                 const EngineOptions& options = {}) {
  Engine engine = *Engine::open(policy, options);
  expect_ok(engine.ingest("orders", table_of(sales)));
  expect_ok(engine.ingest("surveys", table_of(answers_to(sales))));
  return engine;
}

std::string rows_of(const Table& table) {
  std::ostringstream out;
  const Cells cells(table);
  for (const auto& [customer, row] : cells.rows()) {
    out << customer;
    for (int c = 1; c < table.columns(); ++c) {
      const std::string& name = table.field(c).name;
      if (table.field(c).type.type == Type::kLargeString) {
        out << " " << cells.text(customer, name);
      } else {
        const std::optional<double> number = cells.number(customer, name);
        number ? out << " " << std::hexfloat << *number : out << " null";
      }
    }
    out << "\n";
  }
  return out.str();
}

std::string sorted_lines(std::string text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  std::sort(lines.begin(), lines.end());
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

// One calibration of all shards, stage by stage, merged in an order of its own.
Calibration calibrate_all(std::vector<Engine>& shards, std::mt19937_64& random) {
  for (;;) {
    std::vector<std::string> parts;
    for (Engine& shard : shards) {
      Result<std::string> part = shard.summary_for_merge();
      expect_ok(part.status());
      parts.push_back(*std::move(part));
    }
    const std::string once = *Engine::merge_summaries(parts);
    std::shuffle(parts.begin(), parts.end(), random);
    const std::string again = *Engine::merge_summaries(parts);
    EXPECT_EQ(once, again) << "the order of the parts reaches the bytes";
    const Calibration found = *shards[random() % shards.size()].learn(once);
    const Calibration shipped = *Calibration::parse(found.to_json());
    for (Engine& shard : shards) expect_ok(shard.set_calibration(shipped));
    if (shipped.complete()) return shipped;
  }
}

void advance_all(std::vector<Engine>& shards, Micros t, std::mt19937_64& random) {
  for (;;) {
    size_t waiting = 0;
    for (Engine& shard : shards) {
      const Status status = shard.advance(t);
      if (status.code() == Code::kState) ++waiting;
      if (status.code() != Code::kState) expect_ok(status);
    }
    if (waiting == 0) return;
    ASSERT_EQ(waiting, shards.size()) << "some shards wait, others do not";
    calibrate_all(shards, random);
  }
}

TEST(CalibrationLaws, ShardsThatMergeTheirSummariesAreOneEngine) {
  const Policy policy = everything();
  for (uint64_t seed = 0; seed < 3; ++seed) {
    std::mt19937_64 random(seed);
    const std::vector<Sale> sales = random_sales(100 + seed, 160, at("2026-01-01"), 240);
    Engine whole = open_with(policy, sales);
    expect_ok(whole.advance(at("2026-08-20")));
    ASSERT_GE(whole.calibrations().size(), 7u);
    const size_t parts = 2 + seed;
    EngineOptions options;
    options.shard = true;
    std::vector<Engine> shards;
    for (size_t p = 0; p < parts; ++p) {
      std::vector<Sale> own;
      for (const Sale& sale : sales) {
        if (static_cast<size_t>(sale.customer) % parts == p) own.push_back(sale);
      }
      Engine shard = *Engine::open(policy, options);
      expect_ok(shard.ingest("orders", table_of(own)));
      std::vector<Answer> answers = answers_to(sales);
      std::erase_if(answers, [&](const Answer& answer) {
        return static_cast<size_t>(answer.customer) % parts != p;
      });
      expect_ok(shard.ingest("surveys", table_of(answers)));
      shards.push_back(std::move(shard));
    }
    advance_all(shards, at("2026-08-20"), random);
    // And one more on command, in the middle of a month.
    ASSERT_TRUE(whole.calibrate().ok());
    EXPECT_EQ(shards[0].calibrate().status().code(), Code::kState) << "a shard alone";
    calibrate_all(shards, random);
    std::string profiles, classes;
    std::vector<std::string> moves;
    for (const Engine& shard : shards) {
      EXPECT_EQ(shard.calibration().to_json(), whole.calibration().to_json()) << "seed " << seed;
      profiles += rows_of(*shard.profiles());
      classes += rows_of(*shard.classes());
      for (const std::string& line : said(shard.transitions())) moves.push_back(line);
    }
    EXPECT_EQ(sorted_lines(profiles), sorted_lines(rows_of(*whole.profiles()))) << "seed " << seed;
    EXPECT_EQ(sorted_lines(classes), sorted_lines(rows_of(*whole.classes()))) << "seed " << seed;
    std::vector<std::string> expected = said(whole.transitions());
    std::sort(moves.begin(), moves.end());
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(moves, expected) << "seed " << seed;
    EXPECT_GT(expected.size(), 500u);
  }
}

TEST(CalibrationLaws, BatchesArrivalAndStepsOfTheClockDoNotMatter) {
  const Policy policy = everything();
  for (uint64_t seed = 0; seed < 3; ++seed) {
    std::mt19937_64 random(seed);
    std::vector<Sale> sales = random_sales(200 + seed, 60, at("2026-01-01"), 200);
    const std::vector<Answer> answers = answers_to(sales);
    Engine whole = open_with(policy, sales), pieces = *Engine::open(policy);
    expect_ok(whole.advance(at("2026-07-20")));
    std::shuffle(sales.begin(), sales.end(), random);
    expect_ok(pieces.ingest("surveys", table_of(answers)));
    for (size_t i = 0; i < sales.size(); i += 50) {
      const auto end = static_cast<long>(std::min(i + 50, sales.size()));
      expect_ok(pieces.ingest(
          "orders",
          table_of(std::vector<Sale>(sales.begin() + static_cast<long>(i), sales.begin() + end))));
    }
    for (Micros t = at("2026-01-05"); t < at("2026-07-20");
         t += static_cast<Micros>(1 + random() % 90) * kMicrosPerDay / 3) {
      expect_ok(pieces.advance(t));
    }
    expect_ok(pieces.advance(at("2026-07-20")));
    ASSERT_EQ(said(pieces.transitions()), said(whole.transitions())) << "seed " << seed;
    ASSERT_EQ(pieces.state_hash(), whole.state_hash()) << "seed " << seed;
    ASSERT_EQ(pieces.calibration().to_json(), whole.calibration().to_json());
    for (const Transition& t : whole.transitions()) {
      if (t.cause != Cause::kCalibration) continue;
      ASSERT_GT(t.calibration, 0);
      ASSERT_EQ(t.at, whole.calibrations()[static_cast<size_t>(t.calibration) - 1].at);
    }
  }
}

// A journal of calibrations gives what computing them gave: replay never recomputes.
TEST(CalibrationLaws, AReplayTakesTheJournalledConstants) {
  const Policy policy = everything();
  const std::vector<Sale> sales = random_sales(300, 80, at("2026-01-01"), 200);
  Engine first = open_with(policy, sales);
  EngineOptions options;
  options.shard = true;
  Engine replay = open_with(policy, sales, options);
  std::vector<std::string> journal;
  for (const char* day : {"2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01", "2026-06-02"}) {
    expect_ok(first.advance(at(day)));
    journal.push_back(first.calibration().to_json());
  }
  size_t entry = 0;
  while (!replay.advance(at("2026-06-02")).ok()) {
    ASSERT_LT(entry, journal.size());
    expect_ok(replay.set_calibration(*Calibration::parse(journal[entry++])));
  }
  EXPECT_EQ(replay.state_hash(), first.state_hash());
  EXPECT_EQ(said(replay.transitions()), said(first.transitions()));
}

TEST(CalibrationLaws, SeatsAreNeverMoreThanThereAre) {
  const Policy policy = everything();
  const std::vector<Sale> sales = random_sales(400, 120, at("2026-01-01"), 220);
  Engine engine = open_with(policy, sales);
  bool any = false;
  for (Micros t = at("2026-01-10"); t < at("2026-08-01"); t += 5 * kMicrosPerDay + kMicrosPerHour) {
    expect_ok(engine.advance(t));
    const std::vector<ClassCount> counts = *engine.distribution("care");
    EXPECT_LE(counts[0].customers, 7) << format_time(t);
    any = any || counts[0].customers > 0;
  }
  EXPECT_TRUE(any);
}

TEST(CalibrationLaws, AForecastIsUnderFrozenConstantsAndChangesNothing) {
  const Policy policy = everything();
  const std::vector<Sale> sales = random_sales(500, 60, at("2026-01-01"), 150);
  Engine engine = open_with(policy, sales);
  expect_ok(engine.advance(at("2026-06-10")));
  const std::string before = engine.state_hash();
  const std::vector<Forecast> forecast = *engine.forecast(at("2026-06-30T21:59"));
  EXPECT_EQ(engine.state_hash(), before);
  const int64_t known = engine.transition_count();
  // Up to the next calibration it is what happens.
  expect_ok(engine.advance(at("2026-06-30T21:59")));
  const std::vector<Transition> moves = engine.transitions(known);
  ASSERT_EQ(moves.size(), forecast.size());
  EXPECT_GT(moves.size(), 0u);
  for (size_t i = 0; i < moves.size(); ++i) {
    EXPECT_EQ(forecast[i].at, moves[i].at);
    EXPECT_EQ(forecast[i].to, moves[i].to);
    EXPECT_EQ(forecast[i].customer.number, moves[i].customer.number);
  }
}

Policy shipped(const std::string& name) {
  std::ifstream file("examples/policies/" + name + ".json");
  std::stringstream text;
  text << file.rdbuf();
  return population::policy(text.str());
}

Table text_orders(const std::vector<Sale>& sales, const std::string& key) {
  std::vector<std::string> customers, keys;
  std::vector<int64_t> times;
  std::vector<double> amounts;
  for (const Sale& sale : sales) {
    customers.push_back("c" + std::to_string(sale.customer));
    keys.push_back("k" + std::to_string(keys.size()));
    times.push_back(sale.time), amounts.push_back(sale.amount);
  }
  TableBuilder builder;
  builder.strings("customer", customers).timestamps("time", times, "UTC");
  builder.doubles("amount", amounts);
  if (!key.empty()) builder.strings(key, keys);
  return *builder.finish();
}

// The retail policy over a year of random customers: its tiers are what the scores of the batch
// model say on the day of each calibration for everybody who has no timer to wait for.
TEST(CalibrationLaws, TheRetailPolicyLivesInFull) {
  const Policy policy = shipped("retail");
  const std::vector<Sale> sales = random_sales(600, 250, at("2025-01-01"), 420);
  Engine engine = *Engine::open(policy);
  expect_ok(engine.ingest("orders", text_orders(sales, "order_id")));
  expect_ok(engine.advance(at("2026-02-10")));
  const Calibration found = engine.calibration();
  EXPECT_EQ(found.number(), 13);
  for (const ModelReport& report : found.report()) {
    // Nobody was asked, so that there is no answer to count.
    EXPECT_EQ(report.verdict == ModelVerdict::kCalibrated, report.model != "nps")
        << report.model << ": " << report.message;
    if (report.model == "rfm") {
      ASSERT_EQ(report.drift.size(), 3u);
      EXPECT_GT(report.drift[0].stability_index, 0);
    }
  }
  const Table profiles = *engine.profiles();
  EXPECT_EQ(profiles.rows(), 250);
  for (const char* column : {"rfm.segment", "segment", "ltv.value", "score", "score.coverage"}) {
    const Chunk& chunk = profiles.chunks(profiles.find(column))[0];
    EXPECT_LT(chunk.null_count, 10) << column;
  }
  const std::vector<ClassCount> tiers = *engine.distribution("tier");
  EXPECT_GT(tiers[0].customers, 0);
  EXPECT_GT(tiers[1].customers, 0);
  bool by_calibration = false;
  for (const Transition& t : engine.transitions()) {
    by_calibration = by_calibration || t.cause == Cause::kCalibration;
  }
  EXPECT_TRUE(by_calibration);
}

// Customers as Pareto/NBD has them, with the parameters of CDNOW (Fader and Hardie 2005), who come
// in the first quarter and buy for some 20 on the average, each for amounts of her own.
std::vector<Sale> simulated_sales(int64_t customers, Micros from) {
  const Ltv model = *Ltv::from_parameters(
      LtvModel::kParetoNbd, std::vector<double>{0.5533, 10.578, 0.6061, 11.6656}, LtvUnit::kWeek);
  LtvSimulation how;
  how.customers = customers, how.T = 52, how.seed = 3, how.events = true;
  const LtvSimulated simulated = *ltv_simulate(model, how);
  const Chunk& who = simulated.events.chunks(simulated.events.find("customer"))[0];
  const Chunk& when = simulated.events.chunks(simulated.events.find("time"))[0];
  std::mt19937_64 random(5);
  const auto uniform = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
  std::vector<double> size, first;
  std::vector<Sale> out;
  const auto sell = [&](int64_t c, double weeks) {
    const auto i = static_cast<size_t>(c);
    const auto minutes = static_cast<int64_t>((first[i] + 7 * weeks) * 1440);
    const double amount = std::floor(size[i] * (0.4 + 1.2 * uniform()) * 100) / 100;
    out.push_back({c, from + minutes * 60 * kMicrosPerSecond, amount});
  };
  for (int64_t c = 0; c < customers; ++c) {
    size.push_back(8 - 12 * std::log(1 - uniform())), first.push_back(90 * uniform());
    sell(c, 0);
  }
  for (int64_t i = 0; i < who.length; ++i) {
    sell(static_cast<const int64_t*>(who.values)[i], static_cast<const double*>(when.values)[i]);
  }
  return out;
}

TEST(CalibrationLaws, EcommerceB2bAndBankLiveInFull) {
  const std::vector<Sale> sales = random_sales(700, 300, at("2025-01-01"), 420);
  Engine shop = *Engine::open(shipped("ecommerce"));
  expect_ok(shop.advance(at("2025-12-30")));  // the history is loaded at once
  expect_ok(shop.ingest("orders", table_of(simulated_sales(1000, at("2025-01-01")))));
  expect_ok(shop.advance(at("2026-01-06")));
  ASSERT_EQ(shop.calibrations().size(), 1u);
  EXPECT_EQ(shop.calibration().report()[0].verdict, ModelVerdict::kCalibrated)
      << shop.calibration().report()[0].message;
  const std::vector<ClassCount> values = *shop.distribution("value");
  EXPECT_GT(values[0].customers, 0);
  EXPECT_GT(values[1].customers, 0);

  std::vector<Sale> large = sales;
  for (Sale& sale : large) sale.amount *= 1000;
  Engine b2b = *Engine::open(shipped("b2b"));
  expect_ok(b2b.ingest("orders", text_orders(large, "contract_no")));
  expect_ok(b2b.advance(at("2026-02-10")));
  for (const ModelReport& report : b2b.calibration().report()) {
    if (report.model == "importance") {
      EXPECT_EQ(report.verdict, ModelVerdict::kCalibrated);
      EXPECT_EQ(report.message.find("purchases_12m 1, "), 9u) << report.message;
    }
  }

  Engine bank = *Engine::open(shipped("bank"));
  expect_ok(bank.ingest("orders", text_orders(sales, "")));
  std::vector<std::string> customers;
  for (int c = 0; c < 300; ++c) customers.push_back("c" + std::to_string(c));
  expect_ok(bank.advance(at("2026-02-10")));
  EXPECT_EQ((*bank.distribution("service"))[2].customers, 300)
      << "without consent nobody is ranked";
}

// The published one-in-ten sample of CDNOW: 2,357 customers who came in the first quarter of 1997.
std::vector<std::pair<std::string, Sale>> cdnow_sample() {
  std::vector<std::pair<std::string, Sale>> out;
  std::ifstream ids("../shared/data/cdnow/sample_customers.csv"),
      orders("../shared/data/cdnow/orders.csv");
  std::set<std::string> sample;
  std::string line;
  std::getline(ids, line);
  while (std::getline(ids, line)) sample.insert(line.substr(0, line.find(',')));
  const TimeZone zone = *TimeZone::load("Asia/Shanghai");
  std::getline(orders, line);
  while (std::getline(orders, line)) {
    std::istringstream cells(line);
    std::string id, date, quantity, amount;
    std::getline(cells, id, ','), std::getline(cells, date, ',');
    std::getline(cells, quantity, ','), std::getline(cells, amount, ',');
    if (!sample.contains(id)) continue;
    const auto number = static_cast<int64_t>(std::stoll(id));
    out.push_back({id, {number, *parse_time(date, zone), std::stod(amount)}});
  }
  return out;
}

// retail.json on real orders: what the engine finds is what the models find in the whole table.
TEST(CalibrationLaws, TheRetailPolicyOnCdnow) {
  const auto sales = cdnow_sample();
  if (sales.empty()) GTEST_SKIP() << "../shared/data/cdnow is not there";
  const Policy policy = shipped("retail");
  std::vector<std::string> customers, keys;
  std::vector<int64_t> times;
  std::vector<double> amounts;
  for (const auto& [id, sale] : sales) {
    customers.push_back(id), keys.push_back(std::to_string(keys.size()));
    times.push_back(sale.time), amounts.push_back(sale.amount);
  }
  TableBuilder builder;
  builder.strings("customer", customers).timestamps("time", times, "UTC");
  builder.doubles("amount", amounts).strings("order_id", keys);
  const Table table = *builder.finish();
  Engine engine = *Engine::open(policy);
  const Micros now = *parse_time("1997-09-30T12:00", policy.zone());
  expect_ok(engine.advance(now - kMicrosPerDay));
  expect_ok(engine.ingest("orders", table));
  expect_ok(engine.advance(now));
  const Calibration found = *engine.calibrate();
  EXPECT_EQ(found.customers(), 2357);
  std::map<std::string, ModelReport> reports;
  for (const ModelReport& report : found.report()) reports[report.model] = report;
  EXPECT_EQ(reports["rfm"].verdict, ModelVerdict::kCalibrated);
  EXPECT_EQ(reports["score"].verdict, ModelVerdict::kCalibrated) << reports["score"].message;
  ASSERT_EQ(reports["ltv"].verdict, ModelVerdict::kCalibrated) << reports["ltv"].message;

  // An order of nothing is none in the engine, unless the stream says so; so it is here.
  LtvSummaryOptions summary;
  summary.customer = "customer", summary.time = "time", summary.amount = "amount";
  summary.timezone = "Asia/Shanghai", summary.observation_end = now;
  summary.zero = ZeroAmounts::kIgnore;
  const LtvSummaryResult histories = *ltv_summary(table, summary);
  LtvFitOptions fit;
  fit.columns.frequency = "frequency", fit.columns.recency = "recency", fit.columns.T = "T";
  const Ltv expected = *Ltv::fit(histories.table, LtvModel::kMbgNbd, fit);
  const auto* ltv = found.data().find<internal::LtvConstants>("ltv");
  ASSERT_NE(ltv, nullptr);
  EXPECT_EQ(ltv->purchases.parameters(), expected.parameters());
  // Without those few orders of nothing: r 0.525, alpha 6.183, a 0.891, b 1.614 with them
  // (Batislam, Denizel and Filiztekin 2007).
  EXPECT_NEAR(ltv->purchases.parameters()[0], 0.525, 0.05);
  EXPECT_NEAR(ltv->purchases.parameters()[1], 6.183, 0.5);

  RfmOptions options;
  options.customer = "customer", options.time = "time", options.amount = "amount";
  options.as_of = now, options.timezone = "Asia/Shanghai",
  options.window = Period{0, 730 * kMicrosPerDay};
  const RfmResult batch = *rfm(table, options);
  const auto* constants = found.data().find<internal::RfmConstants>("rfm");
  ASSERT_NE(constants, nullptr);
  EXPECT_EQ(constants->cuts.recency, batch.cuts.recency);
  EXPECT_EQ(constants->cuts.frequency, batch.cuts.frequency);
  EXPECT_EQ(constants->cuts.monetary, batch.cuts.monetary);
}

}  // namespace
}  // namespace patron
