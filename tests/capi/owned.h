// Handles that close themselves, and tables over memory of the test's: for all tests of the C
// interface.
//
//   const Orders orders;
//   const Table table = orders.table();      // closed at the end of the scope
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "patron/patron.h"

namespace patron::test {

template <auto close>
struct Closer {
  template <typename Handle>
  void operator()(Handle* handle) const {
    close(handle);
  }
};
using Buffer = std::unique_ptr<patron_buffer, Closer<patron_buffer_close>>;
using Table = std::unique_ptr<patron_table, Closer<patron_table_close>>;
using Cancel = std::unique_ptr<patron_cancel, Closer<patron_cancel_close>>;
using Workspace = std::unique_ptr<patron_workspace, Closer<patron_workspace_close>>;
using Segments = std::unique_ptr<patron_segments, Closer<patron_segments_close>>;
using Cuts = std::unique_ptr<patron_cuts, Closer<patron_cuts_close>>;
using Rfm = std::unique_ptr<patron_rfm, Closer<patron_rfm_close>>;
using Rank = std::unique_ptr<patron_rank, Closer<patron_rank_close>>;
using Nps = std::unique_ptr<patron_nps, Closer<patron_nps_close>>;
using LtvSummary = std::unique_ptr<patron_ltv_summary, Closer<patron_ltv_summary_close>>;
using LtvHistoric = std::unique_ptr<patron_ltv_historic, Closer<patron_ltv_historic_close>>;
using Schema = std::unique_ptr<patron_schema, Closer<patron_schema_close>>;
using Expression = std::unique_ptr<patron_expression, Closer<patron_expression_close>>;
using Ltv = std::unique_ptr<patron_ltv, Closer<patron_ltv_close>>;
using Engine = std::unique_ptr<patron_engine, Closer<patron_engine_close>>;
using Calibration = std::unique_ptr<patron_calibration, Closer<patron_calibration_close>>;
using Snapshot = std::unique_ptr<patron_snapshot, Closer<patron_snapshot_close>>;
using Policy = std::unique_ptr<patron_policy, Closer<patron_policy_close>>;

/// The text of a borrowed view.
inline std::string text(patron_str view) {
  return view.data == nullptr ? std::string() : std::string(view.data, view.size);
}

inline patron_str str(std::string_view view) { return {view.data(), view.size()}; }

/// A column over memory that the test keeps.
template <typename T>
patron_column column(const char* name, int32_t type, const std::vector<T>& values) {
  patron_column out = PATRON_COLUMN_INIT;
  out.name = patron_str_of(name);
  out.type = type;
  out.length = static_cast<int64_t>(values.size());
  out.values = values.data();
  return out;
}

/// The table over such columns; a failure is a failure of the test.
inline Table make_table(const std::vector<patron_column>& columns) {
  patron_error error = PATRON_ERROR_INIT;
  patron_table* table = nullptr;
  EXPECT_EQ(patron_table_create(columns.data(), columns.size(), &table, &error), PATRON_OK)
      << error.message;
  return Table(table);
}

/// Orders by hand: customers 1, 1, 2, 3, 3, 3 on days 20454, 20484, 20470, 20460, 20475, 20490
/// (2026-01-01 is 20454) for 30, 20, 15.50, 9.90, 12 and 60.10.
struct Orders {
  std::vector<int64_t> customer{1, 1, 2, 3, 3, 3};
  std::vector<int32_t> day{20454, 20484, 20470, 20460, 20475, 20490};
  std::vector<double> amount{30.00, 20.00, 15.50, 9.90, 12.00, 60.10};
  Table table() const {
    return make_table({column("customer", PATRON_TYPE_INT64, customer),
                       column("day", PATRON_TYPE_DATE32, day),
                       column("amount", PATRON_TYPE_DOUBLE, amount)});
  }
};

}  // namespace patron::test
