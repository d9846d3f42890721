// Snapshots of engines through the C interface, profiles under a condition, and handlers that are
// told of transitions.
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "tests/capi/world.h"

namespace patron::test {
namespace {

using Texts = std::vector<std::string>;

std::vector<int64_t> customers_where(const patron_snapshot* snapshot, const char* condition) {
  patron_profiles_options options = PATRON_PROFILES_OPTIONS_INIT;
  options.where = patron_str_of(condition);
  const Table found = table_of([&](patron_table** out, patron_error* error) {
    return patron_snapshot_profiles(snapshot, &options, out, error);
  });
  return values_of<int64_t>(found.get(), "customer");
}

TEST(SnapshotCapi, AnEngineAsItStoodOutlivesIt) {
  Engine engine = make_engine();
  const Snapshot seen = snapshot_of(engine.get());
  ASSERT_EQ(patron_engine_advance(engine.get(), kLiveNow + 100 * kDay, nullptr, nullptr),
            PATRON_OK);
  int32_t found = 0;
  ASSERT_EQ(patron_engine_forget(engine.get(), 3, nullptr, 0, &found, nullptr), PATRON_OK);
  engine.reset();
  patron_snapshot* none = nullptr;
  EXPECT_EQ(patron_engine_snapshot(nullptr, &none, nullptr), PATRON_E_HANDLE);
  patron_snapshot_close(none);
  patron_snapshot_info info = PATRON_SNAPSHOT_INFO_INIT;
  ASSERT_EQ(patron_snapshot_describe(seen.get(), &info, nullptr), PATRON_OK);
  EXPECT_EQ(info.customer, PATRON_KIND_INT64);
  EXPECT_EQ(info.clock, kLiveNow);
  EXPECT_EQ(info.customers, 3);
  EXPECT_EQ(info.calibration, 0);
  const Table classes = table_of([&](patron_table** out, patron_error* error) {
    return patron_snapshot_classes(seen.get(), nullptr, out, error);
  });
  EXPECT_EQ(texts_of(classes.get(), "tier"), (Texts{"guest", "gold", "gold"}));
  const Table some = table_of([&](patron_table** out, patron_error* error) {
    return patron_snapshot_classes(seen.get(), LiveFacts().keys().get(), out, error);
  });
  EXPECT_EQ(texts_of(some.get(), "tier"), (Texts{"guest"}));
  const Table profile = table_of([&](patron_table** out, patron_error* error) {
    return patron_snapshot_profile(seen.get(), 3, nullptr, 0, out, error);
  });
  EXPECT_EQ(values_of<int64_t>(profile.get(), "integer")[1], 8200);
  const Table counts = table_of([&](patron_table** out, patron_error* error) {
    return patron_snapshot_distribution(seen.get(), "tier", 4, out, error);
  });
  EXPECT_EQ(values_of<int64_t>(counts.get(), "customers"), (std::vector<int64_t>{2, 1}));
}

TEST(SnapshotCapi, ProfilesAreOfThoseForWhomAConditionHolds) {
  const Engine engine = make_engine();
  const Snapshot seen = snapshot_of(engine.get());
  EXPECT_EQ(customers_where(seen.get(), "spend >= 50"), (std::vector<int64_t>{1, 3}));
  EXPECT_EQ(customers_where(seen.get(), "vip"), (std::vector<int64_t>{2}));
  EXPECT_EQ(customers_where(seen.get(), "tier == 'gold' && !has(vip)"), (std::vector<int64_t>{3}));
  EXPECT_EQ(customers_where(seen.get(), ""), (std::vector<int64_t>{1, 2, 3}));
  patron_profiles_options options = PATRON_PROFILES_OPTIONS_INIT;
  patron_error error = PATRON_ERROR_INIT;
  patron_table* out = nullptr;
  options.where = patron_str_of("vip && spned > 5");
  EXPECT_EQ(patron_engine_profiles(engine.get(), &options, &out, &error), PATRON_E_DOCUMENT);
  EXPECT_EQ(error.byte_offset, 7);
  EXPECT_NE(std::string(error.message).find("spend"), std::string::npos) << error.message;
  options.where = patron_str_of("spend >");
  EXPECT_EQ(patron_snapshot_profiles(seen.get(), &options, &out, &error), PATRON_E_SYNTAX);
  options.where = {"\xff", 1};
  EXPECT_EQ(patron_snapshot_profiles(seen.get(), &options, &out, &error), PATRON_E_UTF8);
  EXPECT_EQ(patron_snapshot_profile(seen.get(), 77, nullptr, 0, &out, &error), PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_snapshot_profile(seen.get(), 1, nullptr, 2, &out, &error), PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_snapshot_distribution(seen.get(), "teir", 4, &out, &error), PATRON_E_COLUMN);
  EXPECT_EQ(patron_snapshot_distribution(seen.get(), "\xff", 1, &out, &error), PATRON_E_UTF8);
  const std::vector<double> halves{1.5};
  const Table wrong = make_table({column("customer", PATRON_TYPE_DOUBLE, halves)});
  EXPECT_EQ(patron_snapshot_classes(seen.get(), wrong.get(), &out, &error), PATRON_E_TYPE);
}

// Customer 3 was a guest from her first order on, and became gold on day 20490.
TEST(EngineCapi, TheHistoryTableSaysWhereEverybodyWasBefore) {
  const Engine engine = make_engine();
  const Table history = table_of([&](patron_table** out, patron_error* error) {
    return patron_engine_history_table(engine.get(), out, error);
  });
  EXPECT_EQ(texts_of(history.get(), "tier.previous"), (Texts{"(null)", "guest", "guest"}));
  EXPECT_EQ(values_of<int64_t>(history.get(), "tier.moves")[2], 2);
  EXPECT_EQ(values_of<int64_t>(history.get(), "tier.since")[2], 20490 * kDay);
}

// One engine, written by one thread; the snapshot of before is read by three.
TEST(SnapshotCapi, ThreadsMayReadItWhileTheEngineGoesOn) {
  const Engine engine = make_engine();
  const Snapshot seen = snapshot_of(engine.get());
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        EXPECT_EQ(customers_where(seen.get(), "spend >= 50"), (std::vector<int64_t>{1, 3}));
      }
    });
  }
  for (int day = 1; day <= 50; ++day) {
    LiveFacts facts;
    facts.letters = std::string(6, static_cast<char>('A' + day));
    facts.orders.amount[0] = day;
    const Table events = facts.events();
    EXPECT_EQ(patron_engine_ingest(engine.get(), "orders", 6, events.get(), nullptr, nullptr,
                                   nullptr, nullptr),
              PATRON_OK);
    EXPECT_EQ(patron_engine_advance(engine.get(), kLiveNow + day * kDay, nullptr, nullptr),
              PATRON_OK);
  }
  for (std::thread& reader : readers) reader.join();
}

struct Handler {
  explicit Handler(patron_engine* of) : engine(of) {}
  patron_engine* engine;
  int32_t answer = 0;
  int64_t rows = 0;
  int calls = 0;
  patron_status asked = PATRON_E_INTERNAL, changed = PATRON_OK, elsewhere = PATRON_OK;
  std::string message;

  static int32_t told(void* context, const patron_table* transitions) {
    auto* self = static_cast<Handler*>(context);
    ++self->calls;
    self->rows += patron_table_rows(transitions);
    patron_engine_info info = PATRON_ENGINE_INFO_INIT;
    self->asked = patron_engine_describe(self->engine, &info, nullptr);
    patron_error error = PATRON_ERROR_INIT;
    self->changed = patron_engine_advance(self->engine, kLiveNow * 2, nullptr, &error);
    self->message = error.message;
    std::thread([self] {
      patron_engine_info seen = PATRON_ENGINE_INFO_INIT;
      self->elsewhere = patron_engine_describe(self->engine, &seen, nullptr);
    }).join();
    return self->answer;
  }
};

TEST(EngineCapi, AHandlerIsToldOfTransitionsAndMayAskButNotChange) {
  const Engine engine = make_engine();
  Handler handler(engine.get());
  patron_advance_options options = PATRON_ADVANCE_OPTIONS_INIT;
  options.on_transitions = Handler::told;
  options.transitions_context = &handler;
  patron_error error = PATRON_ERROR_INIT;
  ASSERT_EQ(patron_engine_advance(engine.get(), kLiveNow + 100 * kDay, &options, &error), PATRON_OK)
      << error.message;
  EXPECT_EQ(handler.calls, 1);
  EXPECT_EQ(handler.rows, 1) << "customer 3 drops; 2 is a vip";
  EXPECT_EQ(handler.asked, PATRON_OK);
  EXPECT_EQ(handler.changed, PATRON_E_STATE);
  EXPECT_NE(handler.message.find("changed when that call has ended"), std::string::npos)
      << handler.message;
  EXPECT_EQ(handler.elsewhere, PATRON_E_STATE) << "another thread is another call";
  ASSERT_EQ(patron_engine_advance(engine.get(), kLiveNow + 101 * kDay, &options, &error),
            PATRON_OK);
  EXPECT_EQ(handler.calls, 1) << "nothing changed";
  patron_table* out = nullptr;
  EXPECT_EQ(patron_engine_forecast(engine.get(), kLiveNow * 2, "", 0, &options, &out, &error),
            PATRON_E_ARGUMENT);
}

TEST(EngineCapi, AHandlerThatStopsIsToldNoMoreAndEverybodyIsSettled) {
  const Engine engine = make_engine();
  Handler handler(engine.get());
  handler.answer = 9;
  patron_advance_options options = PATRON_ADVANCE_OPTIONS_INIT;
  options.on_transitions = Handler::told;
  options.transitions_context = &handler;
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(patron_engine_advance(engine.get(), kLiveNow + 100 * kDay, &options, &error),
            PATRON_E_CALLBACK);
  EXPECT_EQ(error.detail, 9);
  patron_engine_info info = PATRON_ENGINE_INFO_INIT;
  ASSERT_EQ(patron_engine_describe(engine.get(), &info, nullptr), PATRON_OK);
  EXPECT_EQ(info.clock, kLiveNow + 100 * kDay);
  EXPECT_EQ(patron_engine_advance(engine.get(), kLiveNow + 101 * kDay, nullptr, &error), PATRON_OK);
}

}  // namespace
}  // namespace patron::test
