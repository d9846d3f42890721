// An engine with facts for tests of the C interface: who spent what, and where everybody stands.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/capi/owned.h"

namespace patron::test {

/// A failure is a failure of the test.
inline Policy make_policy(std::string_view json) {
  patron_policy* out = nullptr;
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(patron_policy_parse(json.data(), json.size(), &out, &error), PATRON_OK)
      << error.message;
  return Policy(out);
}

/// What a call hands out as a table, where it succeeds.
template <typename Function>
Table table_of(const Function& function) {
  patron_table* out = nullptr;
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(function(&out, &error), PATRON_OK) << error.message;
  return Table(out);
}

/// A tier by the spending of 90 days, and an attribute.
inline constexpr const char* kLivePolicy =
    R"json({"patron": 1, "name": "live", "customer": {"id": "int64"}, "money": {"currency": "EUR", "scale": 2},
        "streams": {"orders": {"key": "order_id"}}, "attributes": {"vip": {"type": "bool"}},
        "tags": [{"name": "spend", "metric": {"sum": "orders.amount", "window": "90d"}}],
        "classifications": [{"name": "tier", "kind": "ladder", "classes": [
          {"name": "gold", "enter": "spend >= 80 || or_else(vip, false)"}, {"name": "guest"}]}]})json";
/// Ranks by all that was spent, calibrated on command.
inline constexpr const char* kRankedPolicy =
    R"json({"patron": 1, "name": "ranked", "customer": {"id": "int64"}, "money": {"currency": "EUR", "scale": 2},
        "streams": {"orders": {"key": "order_id"}},
        "tags": [{"name": "spend", "metric": {"sum": "orders.amount"}}],
        "classifications": [{"name": "abc", "kind": "rank", "by": "spend", "classes": [
          {"name": "A", "share": 0.6}, {"name": "B", "share": 0.9}, {"name": "C"}]}],
        "calibrate": {"min_customers": 1}})json";
/// The tier of kLivePolicy, and two identity keys.
inline constexpr const char* kKeyedPolicy =
    R"json({"patron": 1, "name": "keyed", "customer": {"id": "int64"}, "money": {"currency": "EUR", "scale": 2},
        "identities": {"keys": ["member", "phone"]},
        "streams": {"orders": {"key": "order_id"}},
        "tags": [{"name": "spend", "metric": {"sum": "orders.amount", "window": "90d"}}],
        "classifications": [{"name": "tier", "kind": "ladder", "classes": [
          {"name": "gold", "enter": "spend >= 80"}, {"name": "guest"}]}]})json";
/// 2026-02-20T00:00:00Z, day 20504: after the last order of Orders, before any leaves the 90 days.
inline constexpr int64_t kLiveNow = int64_t{20504} * 86'400'000'000;

/// What the engine of the world knows: the orders of Orders, with keys, and that customer 2 is a
/// vip since day 20480. Customer 3 spent 82.00 and is gold from day 20490 on.
struct LiveFacts {
  Orders orders;
  std::vector<int32_t> offsets{0, 1, 2, 3, 4, 5, 6};
  std::string letters = "abcdef";
  std::vector<int64_t> vip_customer{2};
  std::vector<int32_t> vip_day{20480};
  uint8_t vip = 1;
  /// An order that nobody has.
  std::vector<int64_t> key_customer{1};

  patron_column key_column(int64_t rows, const int32_t* ends) const {
    patron_column out = PATRON_COLUMN_INIT;
    out.name = patron_str_of("order_id");
    out.type = PATRON_TYPE_STRING;
    out.length = rows;
    out.offsets = ends;
    out.bytes = reinterpret_cast<const uint8_t*>(letters.data());
    return out;
  }
  Table events() const {
    return make_table({column("customer", PATRON_TYPE_INT64, orders.customer),
                       column("time", PATRON_TYPE_DATE32, orders.day),
                       column("amount", PATRON_TYPE_DOUBLE, orders.amount),
                       key_column(6, offsets.data())});
  }
  Table values() const {
    patron_column flag = PATRON_COLUMN_INIT;
    flag.name = patron_str_of("vip");
    flag.type = PATRON_TYPE_BOOL;
    flag.length = 1;
    flag.values = &vip;
    return make_table({column("customer", PATRON_TYPE_INT64, vip_customer),
                       column("time", PATRON_TYPE_DATE32, vip_day), flag});
  }
  /// Key "f" of customer 1: it is customer 3's.
  Table keys() const {
    return make_table(
        {column("customer", PATRON_TYPE_INT64, key_customer), key_column(1, &offsets[5])});
  }
};

/// The first of these orders, one by one. The columns of orders in the order of the stream.
struct LiveEvent {
  LiveEvent();
  LiveEvent(const LiveEvent&) = delete;
  LiveEvent& operator=(const LiveEvent&) = delete;
  std::vector<patron_cell> cells;
  patron_event event = PATRON_EVENT_INIT;
};

inline LiveEvent::LiveEvent() {
  const Policy policy = make_policy(kLivePolicy);
  patron_engine* engine = nullptr;
  EXPECT_EQ(patron_engine_open(policy.get(), nullptr, &engine, nullptr), PATRON_OK);
  const Engine kept(engine);
  patron_table* columns = nullptr;
  EXPECT_EQ(patron_engine_columns(engine, 0, &columns, nullptr), PATRON_OK);
  const Table held(columns);
  patron_column names = PATRON_COLUMN_INIT;
  EXPECT_EQ(patron_table_column(columns, 0, 0, &names, nullptr), PATRON_OK);
  const auto* ends = static_cast<const int64_t*>(names.offsets) + names.offset;
  for (int64_t i = 0; i < names.length; ++i) {
    const std::string name(names.bytes + ends[i], names.bytes + ends[i + 1]);
    patron_cell cell = PATRON_CELL_INIT;
    cell.known = name == "amount" || name == "order_id" ? 1 : 0;
    if (name == "amount") cell.integer = 3000;
    if (name == "order_id") cell.text = patron_str_of("a");
    cells.push_back(cell);
  }
  event.number = 1;
  event.time = int64_t{20454} * 86'400'000'000;
  event.values = cells.data();
  event.value_count = cells.size();
}

/// Two ids that are one customer, and a phone that customers 1 and 3 share.
struct LivePeople {
  std::vector<int64_t> first{1}, second{2}, claimant{1, 3};
  std::vector<int32_t> ends{0, 12, 24};
  std::string phones = "+49301234567+49301234567";

  Table pairs() const {
    return make_table(
        {column("first", PATRON_TYPE_INT64, first), column("second", PATRON_TYPE_INT64, second)});
  }
  Table keys() const {
    patron_column phone = PATRON_COLUMN_INIT;
    phone.name = patron_str_of("phone");
    phone.type = PATRON_TYPE_STRING;
    phone.length = 2;
    phone.offsets = ends.data();
    phone.bytes = reinterpret_cast<const uint8_t*>(phones.data());
    return make_table({column("customer", PATRON_TYPE_INT64, claimant), phone});
  }
};

/// That customer of the tier is gold whatever she spends, from the clock on.
inline patron_override gold_pin() {
  patron_override out = PATRON_OVERRIDE_INIT;
  out.kind = PATRON_OVERRIDE_PIN;
  out.classification = patron_str_of("tier");
  out.to = patron_str_of("gold");
  out.reason = patron_str_of("lighthouse case");
  out.author = patron_str_of("kim");
  return out;
}

/// An engine over a policy that knows the orders of LiveFacts, at kLiveNow.
inline Engine make_engine_of_orders(std::string_view json) {
  const Policy policy = make_policy(json);
  const LiveFacts facts;
  const Table events = facts.events();
  patron_error error = PATRON_ERROR_INIT;
  patron_engine* engine = nullptr;
  EXPECT_EQ(patron_engine_open(policy.get(), nullptr, &engine, &error), PATRON_OK) << error.message;
  EXPECT_EQ(
      patron_engine_ingest(engine, "orders", 6, events.get(), nullptr, nullptr, nullptr, &error),
      PATRON_OK)
      << error.message;
  EXPECT_EQ(patron_engine_advance(engine, kLiveNow, nullptr, &error), PATRON_OK) << error.message;
  return Engine(engine);
}

/// An engine over kRankedPolicy that knows the orders of LiveFacts, at kLiveNow: of 147.50 customer
/// 3 has 82.00, 1 has 50.00, and 2 has 15.50.
inline Engine make_ranked_engine() { return make_engine_of_orders(kRankedPolicy); }

/// kLivePolicy, whose tier is called level there, and gold first; and the mapping that says so.
inline Policy renamed_policy() {
  std::string json = kLivePolicy;
  const auto replace = [&](std::string_view from, std::string_view to) {
    json.replace(json.find(from), from.size(), to);
  };
  replace(R"("name": "tier")", R"("name": "level")");
  replace(R"("name": "gold")", R"("name": "first")");
  return make_policy(json);
}
inline constexpr const char* kRenaming =
    R"({"tier": {"to": "level", "classes": {"gold": "first"}}})";

/// An engine as it stands.
inline Snapshot snapshot_of(const patron_engine* engine) {
  patron_snapshot* made = nullptr;
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(patron_engine_snapshot(engine, &made, &error), PATRON_OK) << error.message;
  return Snapshot(made);
}

/// The first calibration of it.
inline Calibration calibrated(patron_engine* engine) {
  patron_calibration* made = nullptr;
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(patron_engine_calibrate(engine, &made, &error), PATRON_OK) << error.message;
  return Calibration(made);
}

/// An engine over kLivePolicy that knows LiveFacts, at kLiveNow.
inline Engine make_engine() {
  const Policy policy = make_policy(kLivePolicy);
  const LiveFacts facts;
  const Table events = facts.events(), values = facts.values();
  patron_error error = PATRON_ERROR_INIT;
  patron_engine* engine = nullptr;
  EXPECT_EQ(patron_engine_open(policy.get(), nullptr, &engine, &error), PATRON_OK) << error.message;
  EXPECT_EQ(
      patron_engine_ingest(engine, "orders", 6, events.get(), nullptr, nullptr, nullptr, &error),
      PATRON_OK)
      << error.message;
  EXPECT_EQ(patron_engine_set_attributes(engine, values.get(), nullptr, nullptr, nullptr, &error),
            PATRON_OK)
      << error.message;
  EXPECT_EQ(patron_engine_advance(engine, kLiveNow, nullptr, &error), PATRON_OK) << error.message;
  return Engine(engine);
}

}  // namespace patron::test
