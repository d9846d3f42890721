// Lifetime value from orders: summaries, historic value, the plain formula.
#include <memory>

#include "tests/allocation/attempt.h"
#include "tests/allocation/inputs.h"

namespace patron::test {
namespace {

using Shared = std::shared_ptr<Inputs>;

Shared orders() {
  static const Shared made = [] {
    auto out = std::make_shared<Inputs>();
    out->add("customer", PATRON_TYPE_INT64, std::vector<int64_t>{1, 1, 2, 3, 3, 2});
    out->text("name", {"a name of more than sixteen bytes", "b", "b", "c", "c", "b"});
    out->add("day", PATRON_TYPE_DATE32,
             std::vector<int32_t>{20454, 20484, 20470, 20460, 20475, 20490});
    out->add("amount", PATRON_TYPE_DOUBLE, std::vector<double>{30, 20, 15.5, 9.9, 12, 60.1});
    out->nulls("111110");
    out->add("margin", PATRON_TYPE_DOUBLE, std::vector<double>{3, 2, 1.5, .9, 1, 6});
    out->add("basket", PATRON_TYPE_INT64, std::vector<int64_t>{1, 2, 3, 4, 4, 5});
    out->text("receipt", {"r1", "r2", "a receipt of more than sixteen bytes", "r4", "r4", "r5"});
    return out;
  }();
  return made;
}

struct Asked {
  const char* customer = "customer";
  const char* order = "";
  const char* margin = "";
  int32_t collapse = PATRON_LTV_COLLAPSE_DAY;
  int32_t on_bad_row = PATRON_BAD_ROW_REFUSE;
  const char* timezone = "";
  double rate = 0;
};

template <typename Options>
void fill(const Asked& asked, Options* options) {
  options->customer = patron_str_of(asked.customer);
  options->time = patron_str_of("day");
  options->amount = patron_str_of("amount");
  options->order = patron_str_of(asked.order);
  options->timezone = patron_str_of(asked.timezone);
  options->on_bad_row = asked.on_bad_row;
}

patron_status summarise(const Asked& asked, patron_ltv_summary** out, patron_error* error) {
  static const int64_t end = 20475 * int64_t{86'400'000'000};
  patron_ltv_summary_options options = PATRON_LTV_SUMMARY_OPTIONS_INIT;
  fill(asked, &options);
  options.collapse = asked.collapse;
  options.unit = PATRON_LTV_UNIT_MONTH;
  options.calibration_end = &end;
  return patron_ltv_summary_compute(orders()->table(), &options, out, error);
}

patron_status look_back(const Asked& asked, patron_ltv_historic** out, patron_error* error) {
  patron_ltv_historic_options options = PATRON_LTV_HISTORIC_OPTIONS_INIT;
  fill(asked, &options);
  options.margin = patron_str_of(asked.margin);
  options.rate_per_year = asked.rate;
  return patron_ltv_historic_compute(orders()->table(), &options, out, error);
}

template <typename Handle, typename Function>
Case compute(const char* function, const char* name, Function run, const Asked& asked,
             patron_status expected = PATRON_OK) {
  return {function, name,
          [run, asked](Attempt& attempt) {
            (void)orders()->table();
            attempt.hand_out<Handle>(
                [&](Handle** out, patron_error* error) { return run(asked, out, error); });
          },
          expected};
}

LtvSummary summary() {
  patron_ltv_summary* out = nullptr;
  EXPECT_EQ(summarise({}, &out, nullptr), PATRON_OK);
  return LtvSummary(out);
}

LtvHistoric historic() {
  patron_ltv_historic* out = nullptr;
  EXPECT_EQ(look_back({}, &out, nullptr), PATRON_OK);
  return LtvHistoric(out);
}

template <typename Make, typename Function>
Case table_of(const char* name, Make make, Function function) {
  return {name, "a result", [make, function](Attempt& attempt) {
            const auto result = make();
            attempt.hand_out<patron_table>([&](patron_table** out, patron_error* error) {
              return function(result.get(), out, error);
            });
          }};
}

template <typename Make, typename Function>
Case counts_of(const char* name, Make make, Function function) {
  return {name, "a result", [make, function](Attempt& attempt) {
            const auto result = make();
            patron_ltv_counts counts = PATRON_LTV_COUNTS_INIT;
            attempt.call(
                [&](patron_error* error) { return function(result.get(), &counts, error); },
                [&] { return std::to_string(counts.rows); });
          }};
}

Case plain(const char* name, double years, patron_status expected = PATRON_OK) {
  return {"patron_ltv_plain_values", name,
          [years](Attempt& attempt) {
            const double spend = 240;
            double value = 0;
            attempt.call(
                [&](patron_error* error) {
                  return patron_ltv_plain_values(&spend, &years, 1, 0.3, 0.08, &value, error);
                },
                [&] { return std::to_string(value); });
          },
          expected};
}

}  // namespace

std::vector<Case> ltv_summary_cases() {
  Asked texts, by_order, stamps, zone, fails, absent, margins, margins_by_order;
  texts.customer = "name", texts.order = "receipt";
  by_order.order = "basket";
  stamps.collapse = PATRON_LTV_COLLAPSE_NONE;
  zone.timezone = "America/New_York", zone.collapse = PATRON_LTV_COLLAPSE_UNIT;
  fails.on_bad_row = PATRON_BAD_ROW_FAIL;
  absent.customer = "custmer";
  margins.margin = "margin", margins.rate = 0.08;
  margins_by_order.customer = "name", margins_by_order.margin = "margin";
  margins_by_order.order = "basket";
  using Summary = patron_ltv_summary;
  using Historic = patron_ltv_historic;
  const char* const summaries = "patron_ltv_summary_compute";
  const char* const historics = "patron_ltv_historic_compute";
  return {
      compute<Summary>(summaries, "days", summarise, {}),
      compute<Summary>(summaries, "text ids, text orders", summarise, texts),
      compute<Summary>(summaries, "orders of several lines", summarise, by_order),
      compute<Summary>(summaries, "instants", summarise, stamps),
      compute<Summary>(summaries, "months of a zone", summarise, zone),
      compute<Summary>(summaries, "a bad row that fails the call", summarise, fails, PATRON_E_NULL),
      compute<Summary>(summaries, "no such column", summarise, absent, PATRON_E_COLUMN),
      compute<Historic>(historics, "revenue", look_back, {}),
      compute<Historic>(historics, "margins with interest", look_back, margins),
      compute<Historic>(historics, "margins of orders of several lines", look_back,
                        margins_by_order),
      compute<Historic>(historics, "a bad row that fails the call", look_back, fails,
                        PATRON_E_NULL),
      table_of("patron_ltv_summary_table", summary, patron_ltv_summary_table),
      table_of("patron_ltv_summary_refused", summary, patron_ltv_summary_refused),
      counts_of("patron_ltv_summary_counts", summary, patron_ltv_summary_counts),
      table_of("patron_ltv_historic_table", historic, patron_ltv_historic_table),
      table_of("patron_ltv_historic_refused", historic, patron_ltv_historic_refused),
      counts_of("patron_ltv_historic_counts", historic, patron_ltv_historic_counts),
      plain("five years", 5),
      plain("years below 0", -5, PATRON_E_ARGUMENT),
      {"patron_ltv_summary_close", "a result",
       [](Attempt& attempt) {
         patron_ltv_summary* result = summary().release();
         attempt.nothing([&] { patron_ltv_summary_close(result); });
       }},
      {"patron_ltv_historic_close", "a result",
       [](Attempt& attempt) {
         patron_ltv_historic* result = historic().release();
         attempt.nothing([&] { patron_ltv_historic_close(result); });
       }},
  };
}

}  // namespace patron::test
