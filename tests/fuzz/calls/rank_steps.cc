// Rankings.
#include "tests/fuzz/calls/play.h"
#include "tests/fuzz/calls/result_checks.h"

namespace patron::fuzz {
namespace {

/// Increasing, but for now and then.
const double* levels(Play& play, uint64_t count, double unit) {
  auto* out = play.memory<double>(count);
  double at = 0;
  for (uint64_t i = 0; i < count; i++) {
    at += static_cast<double>(play.choices.below(6)) * unit;
    out[i] = at;
  }
  return out;
}

void compute(Play& play) {
  const patron_table* table = play.pick(play.tables);
  const patron_str column =
      play.text({"amount", "monetary_minor", "monetary", "customer", "order", "r", "amont"});
  patron_rank_options value = PATRON_RANK_OPTIONS_INIT;
  const uint8_t kind = play.choices.byte();
  if (kind % 3 == 0) {
    value.share_count = 1 + play.choices.below(3);
    value.shares = levels(play, value.share_count, 0.1);
  } else if (kind % 3 == 1) {
    value.top_percent_count = 1 + play.choices.below(3);
    value.top_percents = levels(play, value.top_percent_count, 7.5);
  }
  if (kind % 3 == 2 || kind > 250) {
    auto* seats = play.memory<int64_t>(1);
    *seats = play.choices.number();
    value.top = seats;
  }
  const patron_rank_options* options = play.sized(value);
  patron_rank* rank = nullptr;
  const bool ok = PLAY(play, patron_rank_compute, table, column.data, column.size, options, &rank);
  if (play.keep(ok, rank, &play.ranks)) check_rank(rank, patron_table_rows(table));
}

void table(Play& play) {
  const patron_rank* rank = play.pick(play.ranks);
  patron_table* out = nullptr;
  const bool ok = PLAY(play, patron_rank_table, rank, &out);
  play.keep(ok, out, &play.tables);
}

void describe(Play& play) {
  const patron_rank* rank = play.pick(play.ranks);
  patron_rank_summary* summary = play.output<patron_rank_summary>(PATRON_RANK_SUMMARY_INIT);
  if (PLAY(play, patron_rank_describe, rank, summary)) {
    FUZZ_CHECK(summary->class_count == summary->cut_count + 1 && summary->ranked > 0);
  }
}

void close(Play& play) {
  if (play.ranks.size() == 0) return;
  play.reached("patron_rank_close");
  play.ranks.take(play.choices.below(play.ranks.size()));
}

}  // namespace

std::vector<Step> rank_steps() {
  return {{"rank compute", compute},
          {"rank table", table},
          {"rank describe", describe},
          {"rank close", close}};
}

}  // namespace patron::fuzz
