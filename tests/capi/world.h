// One valid handle of every kind, and every function that returns a status as a call that succeeds
// with them: what tests of a rule that holds for all functions go through.
//
//   World world;
//   for (const Call& call : calls()) EXPECT_EQ(call.run(world.handle(call.kind), nullptr),
//   PATRON_OK);
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "patron/patron.h"
#include "tests/capi/live_engine.h"
#include "tests/capi/owned.h"

namespace patron::test {

inline constexpr int64_t kDay = 86'400'000'000;  // microseconds

/// Options that name the columns of Orders.
patron_rfm_options orders_options();

/// Options that take the customers of Orders, who are called 1, 2 and 3, for scores of 0 to 10.
patron_nps_options scores_options();

/// Options that name the columns of Orders.
patron_ltv_summary_options summary_options();
patron_ltv_historic_options historic_options();
/// Columns that take the customers of Orders for frequencies of 1 to 3 and the amounts for ages.
patron_ltv_columns ages_columns();
/// Options of a fit to those columns; they are read until the fit has ended.
patron_ltv_fit_options nbd_options(const patron_ltv_columns* columns);
/// A model by its numbers, in weeks.
inline Ltv make_ltv(int32_t model, const std::vector<double>& parameters) {
  patron_error error = PATRON_ERROR_INIT;
  patron_ltv* made = nullptr;
  EXPECT_EQ(patron_ltv_create(model, parameters.data(), parameters.size(), PATRON_LTV_UNIT_WEEK,
                              &made, &error),
            PATRON_OK)
      << error.message;
  return Ltv(made);
}

/// A tier by a tag over a metric.
inline constexpr const char* kShopPolicy =
    R"({"patron": 1, "name": "shop", "version": "3", "timezone": "Europe/Berlin",
        "streams": {"orders": {}}, "attributes": {"amount": {"type": "double"}},
        "tags": [{"name": "spend", "metric": {"sum": "orders.amount", "window": "12mo"}},
                 {"name": "rich", "expression": "spend > 1000"}],
        "classifications": [{"name": "tier", "kind": "ladder", "classes": [
          {"name": "gold", "label": "Gold", "enter": "rich"}, {"name": "guest"}]},
          {"name": "size", "kind": "first_match", "classes": [
          {"name": "large", "enter": "amount >= 20"}, {"name": "small", "enter": "amount < 12"}]}]})";
/// A schema and an expression by their texts; a failure is a failure of the test.
inline Schema make_schema(std::string_view json) {
  patron_error error = PATRON_ERROR_INIT;
  patron_schema* made = nullptr;
  EXPECT_EQ(patron_schema_parse(json.data(), json.size(), &made, &error), PATRON_OK)
      << error.message;
  return Schema(made);
}

inline Expression make_expression(const patron_schema* schema, std::string_view text) {
  patron_error error = PATRON_ERROR_INIT;
  patron_expression* made = nullptr;
  EXPECT_EQ(patron_expression_parse(schema, text.data(), text.size(), &made, &error), PATRON_OK)
      << error.message;
  return Expression(made);
}
/// A row of one cell, the day of Orders: 2026-01-05.
inline patron_cell day_cell() {
  patron_cell cell = PATRON_CELL_INIT;
  cell.known = 1;
  cell.integer = 20458;
  return cell;
}
/// 2026-02-01T00:00:00Z.
inline constexpr int64_t kExpressionNow = 1769904000000000;

/// One chunk of a result column.
patron_column view_of(const patron_table* table, const char* name);

/// The values of a fixed-width result column.
template <typename T>
std::vector<T> values_of(const patron_table* table, const char* name) {
  const patron_column view = view_of(table, name);
  const T* first = static_cast<const T*>(view.values) + view.offset;
  return {first, first + view.length};
}

/// The texts of a utf8 column or of a dictionary of utf8; "(null)" where there is none.
std::vector<std::string> texts_of(const patron_table* table, const char* name);

enum class Kind {
  kNone,
  kBuffer,
  kTable,
  kCancel,
  kWorkspace,
  kSegments,
  kCuts,
  kRfm,
  kRank,
  kNps,
  kLtvSummary,
  kLtvHistoric,
  kLtv,
  kPolicy,
  kEngine,
  kCalibration,
  kSnapshot,
  kSchema,
  kExpression
};

class World {
 public:
  World();
  void* handle(Kind kind) const;

  Orders orders;
  Buffer buffer;
  Table table;
  Cancel cancel;
  Workspace workspace;
  Segments segments;
  Cuts cuts;
  Rfm rfm;
  Rank rank;
  Nps nps;
  LtvSummary ltv_summary;
  LtvHistoric ltv_historic;
  Policy policy;
  Engine engine;
  Policy live_policy;  ///< of engine
  Engine ranking;
  Engine untaught;          ///< the same, never calibrated
  Calibration calibration;  ///< of ranking
  Snapshot snapshot;        ///< of engine
  Engine keyed;             ///< with identity keys; who is who changes
  LivePeople people;
  Table people_pairs, people_keys;
  LiveFacts live;
  Table live_events, live_values, live_keys;
  LiveEvent live_event;
  Ltv ltv;                ///< NBD, fitted with a penalty
  Ltv spend;              ///< Gamma-Gamma by its numbers
  Schema schema;          ///< day, a date, and tier
  Expression expression;  ///< day >= date('2026-01-15'), of day alone
};

/// A function that returns a status, called with a handle of its first parameter's kind. Whatever
/// it hands out is closed again.
struct Call {
  const char* name;
  Kind kind;
  patron_status (*run)(void* handle, patron_error* error);
};
const std::vector<Call>& calls();

}  // namespace patron::test
