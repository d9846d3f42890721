// The engine through the C interface: facts in, time, transitions out, and who may not call it.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/capi/world.h"

namespace patron::test {
namespace {

using Texts = std::vector<std::string>;

Table transitions_of(const patron_engine* engine, int64_t after = 0) {
  return table_of([&](patron_table** out, patron_error* error) {
    return patron_engine_transitions(engine, after, std::numeric_limits<int64_t>::max(), out,
                                     error);
  });
}

patron_engine_info info_of(const patron_engine* engine) {
  patron_engine_info info = PATRON_ENGINE_INFO_INIT;
  EXPECT_EQ(patron_engine_describe(engine, &info, nullptr), PATRON_OK);
  return info;
}

std::string hash_of(const patron_engine* engine) {
  patron_buffer* out = nullptr;
  EXPECT_EQ(patron_engine_state_hash(engine, &out, nullptr), PATRON_OK);
  return text(patron_buffer_text(Buffer(out).get()));
}

Engine open_engine(const patron_engine_options* options = nullptr) {
  const Policy policy = make_policy(kLivePolicy);
  patron_engine* out = nullptr;
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(patron_engine_open(policy.get(), options, &out, &error), PATRON_OK) << error.message;
  return Engine(out);
}

// Customer 3 has 82.00 with her third order, on day 20490; customer 2 is a vip from day 20480 on;
// customer 1 never has 80.00.
TEST(EngineCapi, EveryChangeOfClassComesOutWithItsInstantAndCause) {
  const Engine engine = make_engine();
  const Table moves = transitions_of(engine.get());
  EXPECT_EQ(values_of<int64_t>(moves.get(), "number"), (std::vector<int64_t>{1, 2, 3, 4, 5}));
  EXPECT_EQ(values_of<int64_t>(moves.get(), "customer"), (std::vector<int64_t>{1, 3, 2, 2, 3}));
  EXPECT_EQ(texts_of(moves.get(), "from"), (Texts{"(null)", "(null)", "(null)", "guest", "guest"}));
  EXPECT_EQ(texts_of(moves.get(), "to"), (Texts{"guest", "guest", "guest", "gold", "gold"}));
  EXPECT_EQ(
      values_of<int64_t>(moves.get(), "at"),
      (std::vector<int64_t>{20454 * kDay, 20460 * kDay, 20470 * kDay, 20480 * kDay, 20490 * kDay}));
  EXPECT_EQ(texts_of(moves.get(), "cause"), Texts(5, "event"));
  EXPECT_EQ(texts_of(moves.get(), "classification"), Texts(5, "tier"));
  EXPECT_EQ(values_of<int64_t>(moves.get(), "sequence"), (std::vector<int64_t>{1, 1, 1, 2, 2}));
  EXPECT_EQ(view_of(moves.get(), "fact_time").null_count, 5);

  const Table rest = transitions_of(engine.get(), 3);
  EXPECT_EQ(values_of<int64_t>(rest.get(), "number"), (std::vector<int64_t>{4, 5}));
  EXPECT_EQ(patron_table_rows(transitions_of(engine.get(), 99).get()), 0);
  const Table hers = table_of([&](patron_table** out, patron_error* error) {
    return patron_engine_history(engine.get(), 3, nullptr, 0, out, error);
  });
  EXPECT_EQ(texts_of(hers.get(), "to"), (Texts{"guest", "gold"}));
  const Table nobodys = table_of([&](patron_table** out, patron_error* error) {
    return patron_engine_history(engine.get(), 77, nullptr, 0, out, error);
  });
  EXPECT_EQ(patron_table_rows(nobodys.get()), 0);
}

TEST(EngineCapi, ClassesProfilesAndDistributionSayWhereEverybodyStands) {
  const Engine engine = make_engine();
  const auto classes = [&](const patron_table* customers) {
    return table_of([&](patron_table** out, patron_error* error) {
      return patron_engine_classes(engine.get(), customers, out, error);
    });
  };
  const Table all = classes(nullptr);
  EXPECT_EQ(values_of<int64_t>(all.get(), "customer"), (std::vector<int64_t>{1, 2, 3}));
  EXPECT_EQ(texts_of(all.get(), "tier"), (Texts{"guest", "gold", "gold"}));
  EXPECT_EQ(values_of<int64_t>(all.get(), "tier_since"),
            (std::vector<int64_t>{20454 * kDay, 20480 * kDay, 20490 * kDay}));
  const std::vector<int64_t> some{3, 99, 1, 3};
  const Table asked = make_table({column("customer", PATRON_TYPE_INT64, some)});
  EXPECT_EQ(values_of<int64_t>(classes(asked.get()).get(), "customer"),
            (std::vector<int64_t>{1, 3}));
  const patron_str names[] = {patron_str_of("tier"), patron_str_of("spend")};
  patron_profiles_options options = PATRON_PROFILES_OPTIONS_INIT;
  options.tags = names, options.tag_count = 2, options.threads = 2;
  const auto profiles_of = [&] {
    return table_of([&](patron_table** out, patron_error* error) {
      return patron_engine_profiles(engine.get(), &options, out, error);
    });
  };
  const Table profiles = profiles_of();
  EXPECT_EQ(patron_table_columns(profiles.get()), 3);
  EXPECT_EQ(texts_of(profiles.get(), "tier"), (Texts{"guest", "gold", "gold"}));
  options.customers = asked.get();
  EXPECT_EQ(texts_of(profiles_of().get(), "tier"), (Texts{"guest", "gold"}));
  const Table counts = table_of([&](patron_table** out, patron_error* error) {
    return patron_engine_distribution(engine.get(), "tier", 4, out, error);
  });
  EXPECT_EQ(texts_of(counts.get(), "class"), (Texts{"gold", "guest"}));
  EXPECT_EQ(values_of<int64_t>(counts.get(), "customers"), (std::vector<int64_t>{2, 1}));
}

// Of 82.00 the 9.90 leave the 90 days on day 20550, and 72.10 are too few.
TEST(EngineCapi, AForecastIsWhatAdvanceThenDoes) {
  const Engine engine = make_engine();
  const int64_t until = 20600 * kDay;
  const Table forecast = table_of([&](patron_table** out, patron_error* error) {
    return patron_engine_forecast(engine.get(), until, "tier", 4, nullptr, out, error);
  });
  EXPECT_EQ(values_of<int64_t>(forecast.get(), "customer"), (std::vector<int64_t>{3}));
  EXPECT_EQ(values_of<int64_t>(forecast.get(), "at"), (std::vector<int64_t>{20550 * kDay}));
  EXPECT_EQ(texts_of(forecast.get(), "to"), (Texts{"guest"}));
  EXPECT_EQ(texts_of(forecast.get(), "cause"), (Texts{"time"}));
  EXPECT_EQ(patron_table_columns(forecast.get()), 7);
  EXPECT_EQ(texts_of(forecast.get(), "because")[0].substr(0, 31),
            R"([{"of": "gold", "part": "enter")");
  patron_advance_options options = PATRON_ADVANCE_OPTIONS_INIT;
  EXPECT_EQ(options.reasons, 1);
  options.reasons = 0;
  const Table plain = table_of([&](patron_table** out, patron_error* error) {
    return patron_engine_forecast(engine.get(), until, "tier", 4, &options, out, error);
  });
  EXPECT_EQ(patron_table_columns(plain.get()), 6);
  EXPECT_EQ(values_of<int64_t>(plain.get(), "at"), values_of<int64_t>(forecast.get(), "at"));
  EXPECT_EQ(info_of(engine.get()).transitions, 5);
  ASSERT_EQ(patron_engine_advance(engine.get(), until, nullptr, nullptr), PATRON_OK);
  const Table moves = transitions_of(engine.get(), 5);
  EXPECT_EQ(values_of<int64_t>(moves.get(), "at"), values_of<int64_t>(forecast.get(), "at"));
}

TEST(EngineCapi, EventsOneByOneGiveWhatABatchGives) {
  const Engine engine = open_engine();
  const int32_t orders = patron_engine_find_stream(engine.get(), "orders", 6);
  ASSERT_EQ(orders, 0);
  EXPECT_EQ(patron_engine_find_stream(engine.get(), "order", 5), -1);
  EXPECT_EQ(patron_engine_find_stream(nullptr, "orders", 6), -1);
  const LiveFacts facts;
  size_t key = 99, amount = 99;
  LiveEvent one;
  for (size_t i = 0; i < one.cells.size(); ++i) {
    if (one.cells[i].known == 0) continue;
    (one.cells[i].integer != 0 ? amount : key) = i;
  }
  ASSERT_TRUE(key < 99 && amount < 99);
  for (size_t i = 0; i < 6; ++i) {
    one.event.number = facts.orders.customer[i];
    one.event.time = facts.orders.day[i] * kDay;
    one.cells[amount].integer = static_cast<int64_t>(facts.orders.amount[i] * 100 + 0.5);
    one.cells[key].text = str(std::string_view(facts.letters).substr(i, 1));
    patron_ingest_report report = PATRON_INGEST_REPORT_INIT;
    patron_error error = PATRON_ERROR_INIT;
    ASSERT_EQ(
        patron_engine_add(engine.get(), orders, &one.event, 1, nullptr, &report, nullptr, &error),
        PATRON_OK)
        << error.message;
    EXPECT_EQ(report.accepted, 1);
    EXPECT_EQ(report.waiting, 1);
  }
  const Table values = facts.values();
  ASSERT_EQ(
      patron_engine_set_attributes(engine.get(), values.get(), nullptr, nullptr, nullptr, nullptr),
      PATRON_OK);
  ASSERT_EQ(patron_engine_advance(engine.get(), kLiveNow, nullptr, nullptr), PATRON_OK);
  EXPECT_EQ(hash_of(engine.get()), hash_of(make_engine().get()));
  const patron_engine_info info = info_of(engine.get());
  EXPECT_EQ(info.customers, 3);
  EXPECT_EQ(info.events, 6);
  EXPECT_EQ(info.values, 1);
  EXPECT_EQ(info.clock, kLiveNow);
  // 9.90 of customer 3 leave the 90 days, and 72.10 are not enough; what leaves before moves
  // nobody.
  EXPECT_EQ(info.next_due, 20550 * kDay);
}

TEST(EngineCapi, ANullSaysNothingOrThatThereIsNoValueAnyMore) {
  const Engine engine = make_engine();
  const int64_t customer = 2;
  const uint8_t none = 0;
  patron_column columns[2] = {PATRON_COLUMN_INIT, PATRON_COLUMN_INIT};
  columns[0].name = patron_str_of("customer"), columns[0].type = PATRON_TYPE_INT64;
  columns[0].length = 1, columns[0].values = &customer;
  columns[1].name = patron_str_of("vip"), columns[1].type = PATRON_TYPE_BOOL;
  columns[1].length = 1, columns[1].values = &none, columns[1].validity = &none;
  const Table values = table_of([&](patron_table** out, patron_error* error) {
    return patron_table_create(columns, 2, out, error);
  });
  for (const int32_t nulls : {PATRON_NULLS_IGNORE, PATRON_NULLS_CLEAR}) {
    patron_ingest_options options = PATRON_INGEST_OPTIONS_INIT;
    options.nulls = nulls;
    patron_ingest_report report = PATRON_INGEST_REPORT_INIT;
    ASSERT_EQ(patron_engine_set_attributes(engine.get(), values.get(), &options, &report, nullptr,
                                           nullptr),
              PATRON_OK);
    EXPECT_EQ(report.accepted, nulls == PATRON_NULLS_CLEAR ? 1 : 0);
    EXPECT_EQ(report.late, report.accepted);
  }
}

TEST(EngineCapi, EventsHaveTheirValuesInTheOrderOfTheColumns) {
  const Engine engine = open_engine();
  const Table columns = table_of([&](patron_table** out, patron_error* error) {
    return patron_engine_columns(engine.get(), 0, out, error);
  });
  const Texts names = texts_of(columns.get(), "name"), kinds = texts_of(columns.get(), "kind");
  ASSERT_EQ(names.size(), LiveEvent().event.value_count);
  EXPECT_EQ(
      kinds[static_cast<size_t>(std::find(names.begin(), names.end(), "amount") - names.begin())],
      "money");
  const patron_column key = view_of(columns.get(), "key");
  const auto* bits = static_cast<const uint8_t*>(key.values);
  for (size_t i = 0; i < names.size(); ++i) {
    const int64_t bit = key.offset + static_cast<int64_t>(i);
    EXPECT_EQ((bits[bit / 8] >> (bit % 8) & 1) != 0, names[i] == "order_id");
  }
  patron_table* out = nullptr;
  EXPECT_EQ(patron_engine_columns(engine.get(), 1, &out, nullptr), PATRON_E_ARGUMENT);
}

TEST(EngineCapi, BadEventsAreRefusedAndBadValuesFailTheCall) {
  const Engine engine = open_engine();
  LiveEvent bad;
  patron_ingest_report report = PATRON_INGEST_REPORT_INIT;
  patron_error error = PATRON_ERROR_INIT;
  const auto add = [&](uint64_t count = 1) {
    return patron_engine_add(engine.get(), 0, &bad.event, count, nullptr, &report, nullptr, &error);
  };
  bad.event.time = std::numeric_limits<int64_t>::max();
  const Table refused = table_of([&](patron_table** out, patron_error* failure) {
    return patron_engine_add(engine.get(), 0, &bad.event, 1, nullptr, &report, out, failure);
  });
  EXPECT_EQ(report.refused_rows, 1);
  EXPECT_EQ(texts_of(refused.get(), "column"), (Texts{"time"}));
  EXPECT_EQ(texts_of(refused.get(), "reason"), (Texts{"time out of range"}));
  bad.event.time = 0;
  bad.event.value_count = 1;
  EXPECT_EQ(add(), PATRON_E_LENGTH);
  EXPECT_EQ(error.row, 0);
  bad.event.value_count = bad.cells.size();
  bad.cells[0].known = 2;
  EXPECT_EQ(add(), PATRON_E_ARGUMENT);
  bad.cells[0].known = 0;
  bad.cells.back().known = 0;
  bad.event.values = nullptr;
  EXPECT_EQ(add(), PATRON_E_ARGUMENT);
  bad.event.values = bad.cells.data();
  bad.cells[0].struct_size = 5;
  EXPECT_EQ(add(), PATRON_E_UNSUPPORTED);
  EXPECT_EQ(patron_engine_add(engine.get(), 3, &bad.event, 1, nullptr, nullptr, nullptr, nullptr),
            PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_engine_add(engine.get(), 0, nullptr, 1, nullptr, nullptr, nullptr, nullptr),
            PATRON_E_ARGUMENT);
  EXPECT_EQ(add(0), PATRON_OK);
  EXPECT_EQ(report.rows, 0);
  EXPECT_EQ(info_of(engine.get()).events, 0);
}

// Orders of a few customers, one of which may have something wrong with it.
struct Batch {
  Batch(const LiveEvent& like, const Texts& names, std::mt19937_64& random) {
    const auto at = [&](const char* name) {
      return static_cast<size_t>(std::find(names.begin(), names.end(), name) - names.begin());
    };
    for (size_t i = 0; i < kSize; ++i) {
      cells.push_back(like.cells);
      events.push_back(like.event);
      events[i].number = static_cast<int64_t>(random() % 9);
      events[i].time = kLiveNow + static_cast<int64_t>(i) * 1'000'000;
      cells[i][at("amount")].integer = static_cast<int64_t>(random() % 9'000);
      cells[i][at("order_id")].text = kept("o" + std::to_string(random() % 5'000));
      patron_cell& category = cells[i][at("category")];
      category.known = random() % 4 == 0 ? 0 : 1;
      category.text = kept("word " + std::to_string(random() % 30));
    }
    spoilt = random() % kSize;
    spoil(random() % 20, events[spoilt], cells[spoilt][at("category")], cells[spoilt][0]);
    for (size_t i = 0; i < kSize; ++i) {
      if (events[i].values != nullptr) events[i].values = cells[i].data();
    }
  }

  static constexpr size_t kSize = 50;
  size_t spoilt;
  std::deque<std::string> texts;
  std::vector<std::vector<patron_cell>> cells;
  std::vector<patron_event> events;

 private:
  patron_str kept(std::string text) {
    const std::string& here = texts.emplace_back(std::move(text));
    return {here.data(), here.size()};
  }
  void spoil(size_t how, patron_event& event, patron_cell& word, patron_cell& first) {
    if (how < 4) word.known = 1;
    switch (how) {
      case 0:
        word.text = {nullptr, 3};
        break;
      case 1:
        word.text = kept("\xC0\x80");
        break;
      case 2:
        word.text = kept(std::string(65'536, 'x'));
        break;
      case 3:
        word.text = {nullptr, 0};
        break;
      case 4:
        word.known = 2;
        break;
      case 5:
        event.time = std::numeric_limits<int64_t>::max();
        break;
      case 6:
        event.number = std::numeric_limits<int64_t>::min();
        break;
      case 7:
        event.value_count -= 1;
        break;
      case 8:
        event.values = nullptr;
        break;
      case 9:
        event.reserved = 1;
        break;
      case 10:
        first.struct_size = 5;
        break;
      default:
        break;
    }
  }
};

TEST(EngineCapi, BatchesOfEventsAreReadAsEventsOneByOne) {
  const LiveEvent like;
  std::mt19937_64 random(51);
  int good = 0, failed = 0;
  for (int round = 0; round < 40; ++round) {
    const Engine engine = open_engine(), plain = open_engine();
    const Table columns = table_of([&](patron_table** out, patron_error* error) {
      return patron_engine_columns(engine.get(), 0, out, error);
    });
    const Texts names = texts_of(columns.get(), "name");
    for (int k = 0; k < 6; ++k) {
      const Batch batch(like, names, random);
      patron_ingest_report report = PATRON_INGEST_REPORT_INIT, sum = report, one = report;
      patron_error error = PATRON_ERROR_INIT, plain_error = error;
      patron_table* refused = nullptr;
      const patron_status status = patron_engine_add(
          engine.get(), 0, batch.events.data(), Batch::kSize, nullptr, &report, &refused, &error);
      const Table held(refused);
      if (status != PATRON_OK) {
        ++failed;
        const patron_event& event = batch.events[batch.spoilt];
        EXPECT_EQ(
            patron_engine_add(plain.get(), 0, &event, 1, nullptr, &one, nullptr, &plain_error),
            status);
        std::string message = plain_error.message;
        message.replace(0, 9, "events[" + std::to_string(batch.spoilt) + "]");
        EXPECT_EQ(error.message, message);
        continue;
      }
      ++good;
      Texts reasons;
      for (const patron_event& event : batch.events) {
        patron_table* few = nullptr;
        ASSERT_EQ(patron_engine_add(plain.get(), 0, &event, 1, nullptr, &one, &few, &plain_error),
                  PATRON_OK)
            << plain_error.message;
        const Table kept(few);
        if (one.refused_rows > 0) reasons.push_back(texts_of(few, "reason").at(0));
        sum.accepted += one.accepted, sum.duplicates += one.duplicates;
        sum.corrected += one.corrected, sum.refused_rows += one.refused_rows;
        sum.waiting += one.waiting;
      }
      EXPECT_EQ(report.rows, static_cast<int64_t>(Batch::kSize));
      EXPECT_EQ(report.accepted, sum.accepted);
      EXPECT_EQ(report.duplicates, sum.duplicates);
      EXPECT_EQ(report.corrected, sum.corrected);
      EXPECT_EQ(report.refused_rows, sum.refused_rows);
      EXPECT_EQ(report.waiting, sum.waiting);
      EXPECT_EQ(sum.refused_rows > 0 ? texts_of(refused, "reason") : Texts(), reasons);
    }
    EXPECT_EQ(hash_of(engine.get()), hash_of(plain.get()));
    EXPECT_EQ(info_of(engine.get()).events, info_of(plain.get()).events);
    const auto advance = [](const Engine& of) {
      return patron_engine_advance(of.get(), kLiveNow + kDay, nullptr, nullptr);
    };
    ASSERT_EQ(advance(engine), PATRON_OK);
    ASSERT_EQ(advance(plain), PATRON_OK);
    EXPECT_EQ(hash_of(engine.get()), hash_of(plain.get()));
  }
  EXPECT_GT(good, failed);
  EXPECT_GT(failed, 20);
}

TEST(EngineCapi, ReportsSayWhatBecameOfTheRows) {
  const Engine engine = make_engine();
  LiveFacts facts;
  facts.orders.amount[0] = 31;  // a correction
  const Table events = facts.events(), keys = facts.keys();
  patron_ingest_report report = PATRON_INGEST_REPORT_INIT;
  ASSERT_EQ(patron_engine_ingest(engine.get(), "orders", 6, events.get(), nullptr, &report, nullptr,
                                 nullptr),
            PATRON_OK);
  EXPECT_EQ(report.rows, 6);
  EXPECT_EQ(report.duplicates, 5);
  EXPECT_EQ(report.corrected, 1);
  EXPECT_EQ(report.late, 1);
  ASSERT_EQ(patron_engine_delete(engine.get(), "orders", 6, keys.get(), nullptr, &report, nullptr,
                                 nullptr),
            PATRON_OK);
  EXPECT_EQ(report.unknown, 1);
  facts.key_customer[0] = 3;
  const Table hers = facts.keys();
  ASSERT_EQ(patron_engine_delete(engine.get(), "orders", 6, hers.get(), nullptr, &report, nullptr,
                                 nullptr),
            PATRON_OK);
  EXPECT_EQ(report.deleted, 1);
  ASSERT_EQ(patron_engine_advance(engine.get(), kLiveNow, nullptr, nullptr), PATRON_OK);
  const Table moves = transitions_of(engine.get(), 5);
  EXPECT_EQ(texts_of(moves.get(), "to"), (Texts{"guest"}));
  EXPECT_EQ(texts_of(moves.get(), "cause"), (Texts{"correction"}));
  EXPECT_EQ(values_of<int64_t>(moves.get(), "fact_time"), (std::vector<int64_t>{20490 * kDay}));
  EXPECT_EQ(values_of<int64_t>(moves.get(), "at"), (std::vector<int64_t>{kLiveNow}));
}

TEST(EngineCapi, BadTablesAndOptionsChangeNothing) {
  const Engine engine = make_engine();
  const std::string before = hash_of(engine.get());
  const LiveFacts facts;
  const Table events = facts.events(), values = facts.values();
  patron_error error = PATRON_ERROR_INIT;
  const auto ingest = [&](std::string_view stream, const patron_table* table,
                          const patron_ingest_options* options = nullptr) {
    return patron_engine_ingest(engine.get(), stream.data(), stream.size(), table, options, nullptr,
                                nullptr, &error);
  };
  EXPECT_EQ(ingest("oders", events.get()), PATRON_E_COLUMN);
  EXPECT_NE(std::string(error.message).find("orders"), std::string::npos) << error.message;
  EXPECT_EQ(ingest("orders", values.get()), PATRON_E_COLUMN);
  EXPECT_EQ(ingest("\xff", events.get()), PATRON_E_UTF8);
  EXPECT_EQ(ingest("orders", nullptr), PATRON_E_HANDLE);
  patron_ingest_options options = PATRON_INGEST_OPTIONS_INIT;
  options.quiet = 2;
  EXPECT_EQ(ingest("orders", events.get(), &options), PATRON_E_ARGUMENT);
  options.quiet = 0, options.nulls = 2;
  EXPECT_EQ(ingest("orders", events.get(), &options), PATRON_E_ARGUMENT);
  EXPECT_NE(std::string(error.message).find("options.nulls"), std::string::npos) << error.message;
  EXPECT_EQ(patron_engine_advance(engine.get(), kLiveNow - 1, nullptr, &error), PATRON_E_ARGUMENT);
  patron_table* out = nullptr;
  EXPECT_EQ(patron_engine_transitions(engine.get(), -1, 5, &out, &error), PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_engine_transitions(engine.get(), 0, -5, &out, &error), PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_engine_distribution(engine.get(), "teir", 4, &out, &error), PATRON_E_COLUMN);
  EXPECT_EQ(patron_engine_forecast(engine.get(), kLiveNow + 1, "teir", 4, nullptr, &out, &error),
            PATRON_E_COLUMN);
  EXPECT_NE(std::string(error.message).find("\"tier\""), std::string::npos) << error.message;
  EXPECT_EQ(patron_engine_forecast(engine.get(), kLiveNow - 1, "", 0, nullptr, &out, &error),
            PATRON_E_ARGUMENT);
  const patron_str unknown[] = {patron_str_of("spned")};
  patron_profiles_options misspelt = PATRON_PROFILES_OPTIONS_INIT;
  misspelt.tags = unknown, misspelt.tag_count = 1;
  EXPECT_EQ(patron_engine_profiles(engine.get(), &misspelt, &out, &error), PATRON_E_COLUMN);
  EXPECT_NE(std::string(error.message).find("\"spend\""), std::string::npos) << error.message;
  EXPECT_EQ(patron_engine_profile(engine.get(), 77, nullptr, 0, &out, &error), PATRON_E_ARGUMENT);
  patron_calibration* found = nullptr;
  EXPECT_EQ(patron_engine_calibrate(engine.get(), &found, &error), PATRON_E_STATE);
  EXPECT_EQ(patron_engine_classes(engine.get(), Orders().table().get(), &out, nullptr), PATRON_OK);
  patron_table_close(out);
  const std::vector<double> halves{1.5};
  const Table wrong = make_table({column("customer", PATRON_TYPE_DOUBLE, halves)});
  EXPECT_EQ(patron_engine_classes(engine.get(), wrong.get(), &out, &error), PATRON_E_TYPE);
  EXPECT_EQ(hash_of(engine.get()), before);
}

TEST(EngineCapi, OptionsBoundMemoryAndClocks) {
  const LiveFacts facts;
  const Table events = facts.events();
  patron_engine_options options = PATRON_ENGINE_OPTIONS_INIT;
  const int64_t until = 20475 * kDay;
  options.refuse_after = &until;
  const Engine bounded = open_engine(&options);
  patron_ingest_report report = PATRON_INGEST_REPORT_INIT;
  ASSERT_EQ(patron_engine_ingest(bounded.get(), "orders", 6, events.get(), nullptr, &report,
                                 nullptr, nullptr),
            PATRON_OK);
  EXPECT_EQ(report.refused_rows, 2);
  EXPECT_EQ(report.accepted, 4);
  options = PATRON_ENGINE_OPTIONS_INIT;
  options.memory_limit = 1;
  const Engine small = open_engine(&options);
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(patron_engine_ingest(small.get(), "orders", 6, events.get(), nullptr, nullptr, nullptr,
                                 &error),
            PATRON_E_LIMIT);
  EXPECT_EQ(info_of(small.get()).events, 0);
  options.memory_limit = -1;
  const Policy policy = make_policy(kLivePolicy);
  patron_engine* out = nullptr;
  EXPECT_EQ(patron_engine_open(policy.get(), &options, &out, nullptr), PATRON_E_ARGUMENT);
  patron_engine_memory memory = PATRON_ENGINE_MEMORY_INIT;
  ASSERT_EQ(patron_engine_measure(bounded.get(), &memory, nullptr), PATRON_OK);
  EXPECT_GT(memory.events, 0);
  EXPECT_GT(memory.waiting, 0);
  EXPECT_EQ(memory.total, memory.customers + memory.events + memory.event_keys + memory.attributes +
                              memory.texts + memory.identities + memory.slack + memory.classes +
                              memory.waiting + memory.transitions);
}

TEST(EngineCapi, ANewEngineHasNoClockAndNobodyIsDue) {
  const Engine engine = open_engine();
  const patron_engine_info info = info_of(engine.get());
  EXPECT_EQ(info.clock, std::numeric_limits<int64_t>::min());
  EXPECT_EQ(info.next_due, std::numeric_limits<int64_t>::max());
  EXPECT_EQ(info.customer, PATRON_KIND_INT64);
  EXPECT_EQ(info.customers, 0);
}

// Of 147.50 customer 3 has 82.00, 55.6 %; who crosses 60 % is inside, 1 with 50.00; 2 has the rest.
TEST(EngineCapi, RanksLiveByConstantsThatAreLearnedReportedAndHandedOn) {
  const Engine engine = make_ranked_engine();
  const auto classes = [](const patron_engine* of) {
    return texts_of(table_of([&](patron_table** out, patron_error* error) {
                      return patron_engine_classes(of, nullptr, out, error);
                    }).get(),
                    "abc");
  };
  EXPECT_EQ(classes(engine.get()), (Texts{"C", "C", "C"}));
  const Calibration learned = calibrated(engine.get());
  const Texts ranked = classes(engine.get());
  EXPECT_EQ(ranked, (Texts{"A", "B", "A"}));
  patron_calibration_info info = PATRON_CALIBRATION_INFO_INIT;
  ASSERT_EQ(patron_calibration_describe(learned.get(), &info, nullptr), PATRON_OK);
  EXPECT_EQ(info.number, 1);
  EXPECT_EQ(info.complete, 1);
  EXPECT_EQ(info.at, kLiveNow);
  EXPECT_EQ(info.customers, 3);
  EXPECT_EQ(info_of(engine.get()).calibration, 1);
  patron_calibration* in_force = nullptr;
  ASSERT_EQ(patron_engine_calibration(engine.get(), &in_force, nullptr), PATRON_OK);
  ASSERT_EQ(patron_calibration_describe(in_force, &info, nullptr), PATRON_OK);
  EXPECT_EQ(info.number, 1);
  patron_calibration_close(in_force);
  EXPECT_EQ(info_of(engine.get()).calibration_due, std::numeric_limits<int64_t>::max());
  const Table report = table_of([&](patron_table** out, patron_error* error) {
    return patron_calibration_report(learned.get(), out, error);
  });
  EXPECT_EQ(texts_of(report.get(), "model"), (Texts{"abc"}));
  EXPECT_EQ(texts_of(report.get(), "verdict"), (Texts{"calibrated"}));
  const Table past = table_of([&](patron_table** out, patron_error* error) {
    return patron_engine_calibrations(engine.get(), out, error);
  });
  EXPECT_EQ(values_of<int64_t>(past.get(), "number"), std::vector<int64_t>{1});
  EXPECT_EQ(values_of<int64_t>(past.get(), "at"), std::vector<int64_t>{kLiveNow});
  EXPECT_EQ(values_of<int64_t>(past.get(), "customers"), std::vector<int64_t>{3});
  EXPECT_EQ(values_of<int64_t>(past.get(), "moved"), std::vector<int64_t>{3}) << "C to A, B, A";
  EXPECT_EQ(texts_of(past.get(), "model"), (Texts{"abc"}));
  EXPECT_EQ(texts_of(past.get(), "verdict"), (Texts{"calibrated"}));
  EXPECT_EQ(values_of<int64_t>(past.get(), "model_customers"), std::vector<int64_t>{3});

  // Through its document into another engine, and by the summaries of shards.
  patron_buffer* json = nullptr;
  ASSERT_EQ(patron_calibration_to_json(learned.get(), &json, nullptr), PATRON_OK);
  const Buffer document(json);
  const patron_str bytes = patron_buffer_text(json);
  patron_calibration* parsed = nullptr;
  ASSERT_EQ(patron_calibration_parse(bytes.data, bytes.size, &parsed, nullptr), PATRON_OK);
  const Calibration read(parsed);
  const Engine other = make_ranked_engine();
  ASSERT_EQ(patron_engine_set_calibration(other.get(), parsed, nullptr), PATRON_OK);
  EXPECT_EQ(hash_of(other.get()), hash_of(engine.get()));
  const Engine third = make_ranked_engine();
  patron_buffer* summary = nullptr;
  ASSERT_EQ(patron_engine_summary_for_merge(third.get(), &summary, nullptr), PATRON_OK);
  const Buffer part(summary);
  const patron_str parts[] = {patron_buffer_text(summary)};
  patron_buffer* merged = nullptr;
  ASSERT_EQ(patron_summaries_merge(parts, 1, &merged, nullptr), PATRON_OK);
  const Buffer whole(merged);
  const patron_str all = patron_buffer_text(merged);
  patron_calibration* found = nullptr;
  ASSERT_EQ(patron_engine_learn(third.get(), all.data, all.size, &found, nullptr), PATRON_OK);
  const Calibration constants(found);
  ASSERT_EQ(patron_engine_set_calibration(third.get(), found, nullptr), PATRON_OK);
  EXPECT_EQ(hash_of(third.get()), hash_of(engine.get()));

  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(patron_calibration_parse("{", 1, &found, &error), PATRON_E_SYNTAX);
  EXPECT_EQ(patron_engine_learn(third.get(), "x", 1, &found, &error), PATRON_E_SYNTAX);
  EXPECT_EQ(patron_summaries_merge(nullptr, 0, &merged, &error), PATRON_E_EMPTY);
  const patron_str bad[] = {{nullptr, 3}};
  EXPECT_EQ(patron_summaries_merge(bad, 1, &merged, &error), PATRON_E_ARGUMENT);
}

TEST(EngineCapi, AProfileSaysWhatEachValueComesFrom) {
  const Engine engine = make_engine();
  const Table profile = table_of([&](patron_table** out, patron_error* error) {
    return patron_engine_profile(engine.get(), 3, nullptr, 0, out, error);
  });
  // The values of the policy, then the history tags that it does not read.
  const auto first = [&](const char* name) {
    Texts all = texts_of(profile.get(), name);
    EXPECT_EQ(all.size(), 8u);
    all.resize(4);
    return all;
  };
  EXPECT_EQ(first("name"), (Texts{"vip", "spend", "tier", "tier.previous"}));
  EXPECT_EQ(first("kind"), (Texts{"bool", "money", "enum", "enum"}));
  EXPECT_EQ(first("source"), (Texts{"attribute", "metric", "classification", "history"}));
  EXPECT_EQ(first("from"), (Texts{"vip", "orders", "spend vip", "tier"}));
  EXPECT_EQ(first("text"), (Texts{"(null)", "(null)", "gold", "guest"}));
  EXPECT_EQ(first("currency"), (Texts{"(null)", "EUR", "(null)", "(null)"}));
  EXPECT_EQ(values_of<int64_t>(profile.get(), "integer")[1], 8200);
  EXPECT_EQ(values_of<int64_t>(profile.get(), "scale")[1], 2);
  EXPECT_EQ(values_of<int64_t>(profile.get(), "as_of")[1], 20490 * kDay);
}

struct Caller {
  patron_engine* engine;
  int calls = 0;
  double last = -1;
  patron_status answer = PATRON_OK;

  // Twice, and then asks.
  void close() {
    patron_engine_close(engine);
    patron_engine_close(engine);
    patron_engine_info info = PATRON_ENGINE_INFO_INIT;
    answer = patron_engine_describe(engine, &info, nullptr);
    ++calls;
  }
};

// Three customers are few, but every call asks at least once.
TEST(EngineCapi, ACallbackMayStopTheClockButNotUseTheEngine) {
  const Engine engine = open_engine();
  const LiveFacts facts;
  const Table events = facts.events();
  ASSERT_EQ(patron_engine_ingest(engine.get(), "orders", 6, events.get(), nullptr, nullptr, nullptr,
                                 nullptr),
            PATRON_OK);
  Caller caller{engine.get()};
  patron_advance_options options = PATRON_ADVANCE_OPTIONS_INIT;
  options.progress_context = &caller;
  options.progress = [](void* context, double share) -> int32_t {
    auto* self = static_cast<Caller*>(context);
    patron_engine_info info = PATRON_ENGINE_INFO_INIT;
    self->answer = patron_engine_describe(self->engine, &info, nullptr);
    self->last = share;
    return ++self->calls == 1 ? 7 : 0;
  };
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(patron_engine_advance(engine.get(), kLiveNow, &options, &error), PATRON_E_CALLBACK);
  EXPECT_EQ(error.detail, 7);
  EXPECT_EQ(caller.answer, PATRON_E_STATE);
  EXPECT_EQ(info_of(engine.get()).transitions, 0);
  EXPECT_EQ(patron_engine_advance(engine.get(), kLiveNow, &options, &error), PATRON_OK);
  EXPECT_EQ(info_of(engine.get()).transitions, 4);

  patron_cancel* token = nullptr;
  ASSERT_EQ(patron_cancel_create(&token, nullptr), PATRON_OK);
  const Cancel kept(token);
  patron_cancel_request(token);
  options = PATRON_ADVANCE_OPTIONS_INIT;
  options.cancel = token;
  EXPECT_EQ(patron_engine_advance(engine.get(), kLiveNow + 1, &options, &error),
            PATRON_E_CANCELLED);
  patron_table* out = nullptr;
  EXPECT_EQ(patron_engine_forecast(engine.get(), kLiveNow + 1, "", 0, &options, &out, &error),
            PATRON_E_CANCELLED);
}

TEST(EngineCapi, AForecastTakesAsManyThreadsAsItIsTold) {
  const Engine engine = open_engine();
  patron_advance_options options = PATRON_ADVANCE_OPTIONS_INIT;
  EXPECT_EQ(options.threads, 1);
  patron_error error = PATRON_ERROR_INIT;
  for (const int32_t threads : {0, 2}) {
    options.threads = threads;
    patron_table* out = nullptr;
    EXPECT_EQ(patron_engine_forecast(engine.get(), kLiveNow, "", 0, &options, &out, &error),
              PATRON_OK)
        << error.message;
    patron_table_close(out);
  }
  options.threads = -1;
  patron_table* out = nullptr;
  EXPECT_EQ(patron_engine_forecast(engine.get(), kLiveNow, "", 0, &options, &out, &error),
            PATRON_E_ARGUMENT);
  EXPECT_NE(std::string_view(error.message).find("options.threads is -1"), std::string_view::npos)
      << error.message;
  EXPECT_EQ(patron_engine_advance(engine.get(), kLiveNow, &options, &error), PATRON_E_ARGUMENT);
}

// More rows than one thread writes at a time: those of half of the customers wait, who come from no
// class. They are what the transitions then are.
TEST(EngineCapi, AForecastOfManyIsTheSameForAnyNumberOfThreads) {
  const Engine engine = open_engine();
  LiveEvent one;
  for (patron_cell& cell : one.cells) cell.integer = cell.known != 0 ? 10'000 : 0;
  const int64_t customers = 9000;
  std::string key;
  for (int64_t i = 0; i < customers; ++i) {
    key = std::to_string(i);
    for (patron_cell& cell : one.cells) cell.text = cell.known != 0 ? str(key) : cell.text;
    one.event.number = i * 7919 % 10'007 - 5000;
    one.event.time = kLiveNow + (i * 31 % 60 - 30) * kDay + kDay / 2 + i / 4000;
    ASSERT_EQ(patron_engine_add(engine.get(), 0, &one.event, 1, nullptr, nullptr, nullptr, nullptr),
              PATRON_OK);
  }
  ASSERT_EQ(patron_engine_advance(engine.get(), kLiveNow, nullptr, nullptr), PATRON_OK);
  const int64_t before = info_of(engine.get()).transitions;
  EXPECT_EQ(before, customers / 2);
  const int64_t until = kLiveNow + 200 * kDay;
  using Said = std::vector<std::vector<std::string>>;
  const auto said_of = [](const patron_table* table, const std::vector<const char*>& texts) {
    Said out(2);
    for (const int64_t id : values_of<int64_t>(table, "customer")) {
      out[0].push_back(std::to_string(id));
    }
    for (const int64_t at : values_of<int64_t>(table, "at")) out[1].push_back(std::to_string(at));
    for (const char* name : texts) out.push_back(texts_of(table, name));
    return out;
  };
  const std::vector<const char*> names = {"classification", "from", "to", "cause"};
  const std::vector<const char*> all = {"classification", "from", "to", "cause", "because"};
  std::vector<Said> plain, whole;
  for (const int32_t threads : {1, 3}) {
    for (const int32_t reasons : {0, 1}) {
      patron_advance_options options = PATRON_ADVANCE_OPTIONS_INIT;
      options.threads = threads, options.reasons = reasons;
      const Table table = table_of([&](patron_table** out, patron_error* error) {
        return patron_engine_forecast(engine.get(), until, "", 0, &options, out, error);
      });
      plain.push_back(said_of(table.get(), names));
      if (reasons == 1) whole.push_back(said_of(table.get(), all));
      EXPECT_EQ(view_of(table.get(), "from").null_count, customers / 2);
      EXPECT_EQ(view_of(table.get(), "to").null_count, 0);
    }
  }
  ASSERT_EQ(patron_engine_advance(engine.get(), until, nullptr, nullptr), PATRON_OK);
  const Table moves = transitions_of(engine.get(), before);
  EXPECT_EQ(plain[0][0].size(), static_cast<size_t>(customers * 3 / 2));
  for (const Said& said : plain) EXPECT_TRUE(said == said_of(moves.get(), names));
  for (const Said& said : whole) EXPECT_TRUE(said == said_of(moves.get(), all));
}

// It is freed by the call that uses it, at its end; AddressSanitizer would see it otherwise.
TEST(EngineCapi, ACallbackThatClosesTheEngineHarmsNobody) {
  for (const bool telling : {false, true}) {
    Engine owner = open_engine();
    patron_engine* engine = owner.release();
    const LiveFacts facts;
    const Table events = facts.events();
    ASSERT_EQ(
        patron_engine_ingest(engine, "orders", 6, events.get(), nullptr, nullptr, nullptr, nullptr),
        PATRON_OK);
    Caller caller{engine};
    patron_advance_options options = PATRON_ADVANCE_OPTIONS_INIT;
    options.progress_context = options.transitions_context = &caller;
    if (telling) {
      options.on_transitions = [](void* context, const patron_table*) -> int32_t {
        static_cast<Caller*>(context)->close();
        return 0;
      };
    } else {
      options.progress = [](void* context, double) -> int32_t {
        static_cast<Caller*>(context)->close();
        return 0;
      };
    }
    patron_error error = PATRON_ERROR_INIT;
    const patron_status status = patron_engine_advance(engine, kLiveNow, &options, &error);
    EXPECT_EQ(status, telling ? PATRON_E_STATE : PATRON_OK) << error.message;
    EXPECT_GT(caller.calls, 0);
    EXPECT_EQ(caller.answer, PATRON_E_STATE) << "closed: there is nothing to ask any more";
  }
}

TEST(EngineCapi, AnEngineOutlivesItsPolicyAndNeedsARealOne) {
  patron_engine* out = nullptr;
  EXPECT_EQ(patron_engine_open(nullptr, nullptr, &out, nullptr), PATRON_E_HANDLE);
  EXPECT_EQ(out, nullptr);
  patron_engine_close(nullptr);
  const Engine engine = open_engine();  // whose policy was closed
  EXPECT_EQ(patron_engine_advance(engine.get(), 0, nullptr, nullptr), PATRON_OK);
}

}  // namespace
}  // namespace patron::test
