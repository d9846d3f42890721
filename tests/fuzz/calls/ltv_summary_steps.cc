// Lifetime value from orders: summaries, historic value, the plain formula.
#include <cmath>

#include "tests/fuzz/calls/play.h"
#include "tests/fuzz/calls/result_checks.h"

namespace patron::fuzz {
namespace {

/// What both kinds of options share.
template <typename Options>
void choose(Play& play, Options* options) {
  options->customer = patron_str_of("customer");
  options->time = patron_str_of("time");
  options->amount = patron_str_of("amount");
  const uint8_t how = play.choices.byte();
  if (how % 4 == 1) options->order = patron_str_of("order");
  if (how > 240) options->amount = play.text({"customer", "", "amont"});
  if (how < 64) return;
  options->refunds = static_cast<int32_t>(play.choices.below(how > 250 ? 4 : 3));
  options->zero = static_cast<int32_t>(play.choices.below(2));
  options->scale = static_cast<int32_t>(play.choices.below(how > 250 ? 11 : 10));
  options->on_bad_row = static_cast<int32_t>(play.choices.one_in(6));
  options->timezone = play.text({"", "Asia/Shanghai", "Pacific/Apia", "America/St_Johns"});
  if (play.choices.one_in(32)) options->threads = 2;
  if (play.choices.one_in(4)) options->cancel = play.pick_optional(play.cancels);
  if (play.choices.one_in(4)) options->workspace = play.pick_optional(play.workspaces);
}

const int64_t* instant(Play& play) {
  if (!play.choices.one_in(3)) return nullptr;
  auto* at = play.memory<int64_t>(1);
  *at = wrapping_product(wrapping_sum(20'000, play.choices.number()), 21'600'000'000);
  return at;
}

std::vector<double> doubles(const patron_table* table, const char* name) {
  std::vector<double> out;
  int32_t place = -1;
  if (patron_table_find(table, name, std::string_view(name).size(), &place, nullptr) != PATRON_OK)
    return out;
  patron_column view = PATRON_COLUMN_INIT;
  FUZZ_CHECK(patron_table_column(table, place, 0, &view, nullptr) == PATRON_OK);
  const auto* values = static_cast<const double*>(view.values) + view.offset;
  out.assign(values, values + view.length);
  return out;
}

void check_summary(const patron_ltv_summary* summary, int64_t rows) {
  patron_ltv_counts counts = PATRON_LTV_COUNTS_INIT;
  patron_table *table = nullptr, *refused = nullptr;
  FUZZ_CHECK(patron_ltv_summary_counts(summary, &counts, nullptr) == PATRON_OK);
  FUZZ_CHECK(patron_ltv_summary_table(summary, &table, nullptr) == PATRON_OK);
  FUZZ_CHECK(patron_ltv_summary_refused(summary, &refused, nullptr) == PATRON_OK);
  check_table(table);
  check_table(refused);
  FUZZ_CHECK(counts.rows == rows && counts.customers == patron_table_rows(table));
  FUZZ_CHECK(counts.refused_rows == patron_table_rows(refused) && counts.customers > 0);
  FUZZ_CHECK(counts.refused_rows + counts.waiting_rows + counts.customers <= rows);
  const auto frequency = numbers(table, "frequency");
  const auto recency = doubles(table, "recency"), T = doubles(table, "T");
  int64_t periods = 0;
  for (size_t i = 0; i < frequency.size(); i++) {
    FUZZ_CHECK(*frequency[i] >= 0 && recency[i] >= 0 && recency[i] <= T[i]);
    FUZZ_CHECK((*frequency[i] == 0) == (recency[i] == 0));
    periods += *frequency[i] + 1;
  }
  FUZZ_CHECK(periods <= rows);
  for (const double monetary : doubles(table, "monetary")) FUZZ_CHECK(std::isfinite(monetary));
  patron_table_close(table);
  patron_table_close(refused);
}

void summarise(Play& play) {
  const patron_table* table = play.pick(play.tables);
  patron_ltv_summary_options value = PATRON_LTV_SUMMARY_OPTIONS_INIT;
  choose(play, &value);
  const uint8_t how = play.choices.byte();
  value.unit = static_cast<int32_t>(play.choices.below(how > 250 ? 7 : 6));
  value.collapse = static_cast<int32_t>(play.choices.below(how > 250 ? 4 : 3));
  value.first_order = how % 2;
  value.money = how / 2 % 2;
  if (how % 16 == 7) value.amount = patron_str_of("");
  value.calibration_end = instant(play);
  value.observation_end = instant(play);
  const patron_ltv_summary_options* options = play.sized(value);
  patron_ltv_summary* summary = nullptr;
  const bool ok = PLAY(play, patron_ltv_summary_compute, table, options, &summary);
  if (play.keep(ok, summary, &play.ltv_summaries)) check_summary(summary, patron_table_rows(table));
}

void look_back(Play& play) {
  const patron_table* table = play.pick(play.tables);
  patron_ltv_historic_options value = PATRON_LTV_HISTORIC_OPTIONS_INIT;
  choose(play, &value);
  if (play.choices.one_in(3)) value.margin = play.text({"amount", "customer", "margn"});
  if (play.choices.one_in(3)) value.rate_per_year = play.choices.byte() / 100.0 - 1.05;
  value.as_of = instant(play);
  const patron_ltv_historic_options* options = play.sized(value);
  patron_ltv_historic* historic = nullptr;
  const bool ok = PLAY(play, patron_ltv_historic_compute, table, options, &historic);
  if (!play.keep(ok, historic, &play.ltv_historics)) return;
  patron_ltv_counts counts = PATRON_LTV_COUNTS_INIT;
  patron_table *out = nullptr, *refused = nullptr;
  FUZZ_CHECK(patron_ltv_historic_counts(historic, &counts, nullptr) == PATRON_OK);
  FUZZ_CHECK(patron_ltv_historic_table(historic, &out, nullptr) == PATRON_OK);
  FUZZ_CHECK(patron_ltv_historic_refused(historic, &refused, nullptr) == PATRON_OK);
  check_table(out);
  check_table(refused);
  FUZZ_CHECK(counts.customers == patron_table_rows(out));
  FUZZ_CHECK(counts.refused_rows == patron_table_rows(refused));
  for (const double at : doubles(out, "revenue_at_as_of")) FUZZ_CHECK(std::isfinite(at));
  patron_table_close(out);
  patron_table_close(refused);
}

void plain(Play& play) {
  const uint64_t count = play.choices.below(5);
  auto* spend = play.memory<double>(count);
  auto* years = play.memory<double>(count);
  auto* values = play.memory<double>(count);
  for (uint64_t i = 0; i < count; i++) {
    spend[i] = static_cast<double>(play.choices.number());
    years[i] = std::fabs(static_cast<double>(play.choices.number()));
    if (play.choices.one_in(16)) years[i] = std::nan("");
  }
  const double rate = play.choices.byte() / 100.0 - 1.05;
  const bool ok = PLAY(play, patron_ltv_plain_values, spend, years, count, 0.5, rate, values);
  for (uint64_t i = 0; ok && i < count; i++) {
    // Between the money of one moment and, for a rate of 0 or above, that of all years.
    if (std::isnan(years[i]))
      FUZZ_CHECK(std::isnan(values[i]));
    else if (rate >= 0)
      FUZZ_CHECK(std::fabs(values[i]) <= std::fabs(spend[i]) * years[i]);
  }
}

void look(Play& play) {
  const uint8_t which = play.choices.byte() % 6;
  patron_table* table = nullptr;
  if (which < 3) {
    const patron_ltv_summary* summary = play.pick(play.ltv_summaries);
    if (which == 2) {
      auto* counts = play.output<patron_ltv_counts>(PATRON_LTV_COUNTS_INIT);
      PLAY(play, patron_ltv_summary_counts, summary, counts);
      return;
    }
    const bool ok = which == 0 ? PLAY(play, patron_ltv_summary_table, summary, &table)
                               : PLAY(play, patron_ltv_summary_refused, summary, &table);
    play.keep(ok, table, &play.tables);
    return;
  }
  const patron_ltv_historic* historic = play.pick(play.ltv_historics);
  if (which == 5) {
    auto* counts = play.output<patron_ltv_counts>(PATRON_LTV_COUNTS_INIT);
    PLAY(play, patron_ltv_historic_counts, historic, counts);
    return;
  }
  const bool ok = which == 3 ? PLAY(play, patron_ltv_historic_table, historic, &table)
                             : PLAY(play, patron_ltv_historic_refused, historic, &table);
  play.keep(ok, table, &play.tables);
}

void close(Play& play) {
  if (play.choices.one_in(2)) {
    if (play.ltv_summaries.size() == 0) return;
    play.reached("patron_ltv_summary_close");
    play.ltv_summaries.take(play.choices.below(play.ltv_summaries.size()));
    return;
  }
  if (play.ltv_historics.size() == 0) return;
  play.reached("patron_ltv_historic_close");
  play.ltv_historics.take(play.choices.below(play.ltv_historics.size()));
}

}  // namespace

std::vector<Step> ltv_summary_steps() {
  return {{"ltv summary", summarise},
          {"ltv historic", look_back},
          {"ltv plain", plain},
          {"ltv look", look},
          {"ltv close", close}};
}

}  // namespace patron::fuzz
