// Feedback scores: NPS, CSAT and CES.
#include <cmath>

#include "tests/fuzz/calls/play.h"
#include "tests/fuzz/calls/result_checks.h"

namespace patron::fuzz {
namespace {

patron_column small_numbers(Play& play, const char* name, int64_t rows, size_t below) {
  patron_column column = PATRON_COLUMN_INIT;
  column.name = patron_str_of(name);
  column.type = PATRON_TYPE_INT64;
  column.length = rows;
  auto* values = play.memory<int64_t>(static_cast<size_t>(rows));
  for (int64_t i = 0; i < rows; i++) values[i] = static_cast<int64_t>(play.choices.byte() % below);
  column.values = values;
  return column;
}

/// A table of responses: mostly good scores, one 11 now and then; groups, kinds and topics are few.
void responses(Play& play) {
  const auto rows = static_cast<int64_t>(play.choices.below(30));
  auto* columns = play.memory<patron_column>(6);
  columns[0] = small_numbers(play, "score", rows, play.choices.one_in(4) ? 12 : 11);
  columns[1] = small_numbers(play, "group", rows, 3);
  columns[2] = small_numbers(play, "kind", rows, 2);
  columns[3] = small_numbers(play, "customer", rows, 9);
  columns[4] = small_numbers(play, "time", rows, 200);
  columns[4].type = PATRON_TYPE_TIMESTAMP;
  columns[4].unit = PATRON_UNIT_SECOND;
  columns[4].zone = patron_str_of("UTC");
  columns[5] = small_numbers(play, "topic", rows, 4);
  if (play.choices.one_in(3)) {
    auto* bits = play.memory<uint8_t>(4);
    for (int i = 0; i < 4; i++) bits[i] = play.choices.byte();
    columns[play.choices.below(6)].validity = bits;
  }
  patron_table* table = nullptr;
  const bool ok = PLAY(play, patron_table_create, columns, 6, &table);
  play.keep(ok, table, &play.tables);
}

patron_nps_method* method(Play& play) {
  patron_nps_method value = PATRON_NPS_METHOD_INIT;
  value.question = static_cast<int32_t>(play.choices.byte() % 13 / 4);
  value.interval = static_cast<int32_t>(play.choices.byte() % 16 / 3);
  if (play.choices.one_in(4)) value.lowest = static_cast<int32_t>(play.choices.number());
  if (play.choices.one_in(2)) value.highest = static_cast<int32_t>(play.choices.below(14));
  if (play.choices.one_in(4)) value.top_boxes = static_cast<int32_t>(play.choices.below(7));
  if (play.choices.one_in(4)) value.confidence = static_cast<double>(play.choices.byte()) / 250;
  return play.sized(value);
}

void check_score(const patron_nps_score& score, int32_t question) {
  FUZZ_CHECK(score.count > 0);
  if (question != PATRON_QUESTION_CES) {
    FUZZ_CHECK(score.promoters >= 0 && score.passives >= 0 && score.detractors >= 0);
    FUZZ_CHECK(score.promoters + score.passives + score.detractors == score.count);
    const auto count = static_cast<double>(score.count);
    const double expected =
        question == PATRON_QUESTION_NPS
            ? 100 * static_cast<double>(score.promoters - score.detractors) / count
            : 100 * static_cast<double>(score.promoters) / count;
    FUZZ_CHECK(std::fabs(score.score - expected) < 1e-9);
    FUZZ_CHECK(score.standard_error >= 0);
  }
  FUZZ_CHECK(std::isfinite(score.score));
  // A CES of one response has no interval.
  FUZZ_CHECK(std::isnan(score.low) == std::isnan(score.high));
  if (!std::isnan(score.low)) FUZZ_CHECK(score.low <= score.high);
}

void estimate(Play& play) {
  const uint64_t size = play.choices.below(13);
  auto* counts = play.memory<int64_t>(size);
  for (uint64_t i = 0; i < size; i++) counts[i] = play.choices.number();
  auto* population = play.memory<int64_t>(1);
  *population = play.choices.number();
  const patron_nps_method* how = method(play);
  patron_nps_score* score = play.output<patron_nps_score>(PATRON_NPS_SCORE_INIT);
  const int64_t* of = play.choices.one_in(3) ? population : nullptr;
  if (PLAY(play, patron_nps_estimate, counts, size, of, how, score)) {
    check_score(*score, how->question);
  }
}

void check_nps(const patron_nps* nps, int64_t rows, int32_t question) {
  patron_nps_summary counts = PATRON_NPS_SUMMARY_INIT;
  FUZZ_CHECK(patron_nps_counts(nps, &counts, nullptr) == PATRON_OK);
  patron_table *table = nullptr, *drivers = nullptr, *refused = nullptr;
  FUZZ_CHECK(patron_nps_table(nps, &table, nullptr) == PATRON_OK);
  FUZZ_CHECK(patron_nps_drivers(nps, &drivers, nullptr) == PATRON_OK);
  FUZZ_CHECK(patron_nps_refused(nps, &refused, nullptr) == PATRON_OK);
  for (const patron_table* each : {table, drivers, refused}) check_table(each);
  FUZZ_CHECK(counts.rows == rows && patron_table_rows(refused) == counts.refused_rows);
  // Every row that was read is refused, left out, or in the score of its kind.
  int64_t used = 0, grouped = 0;
  for (int32_t kind = 0; kind < counts.kinds; kind++) {
    patron_nps_score score = PATRON_NPS_SCORE_INIT;
    FUZZ_CHECK(patron_nps_overall(nps, kind, &score, nullptr) == PATRON_OK);
    check_score(score, question);
    used += score.count;
  }
  FUZZ_CHECK(used + counts.refused_rows + counts.waiting_rows + counts.old_rows +
                 counts.superseded_rows + counts.other_rows ==
             rows);
  for (const auto& count : numbers(table, "count")) grouped += *count;
  FUZZ_CHECK(grouped == used);
  patron_table_close(table);
  patron_table_close(drivers);
  patron_table_close(refused);
}

void compute(Play& play) {
  const patron_table* table = play.pick(play.tables);
  patron_nps_options value = PATRON_NPS_OPTIONS_INIT;
  value.score = patron_str_of("score");
  const uint8_t which = play.choices.byte();
  if (which % 2 == 1) value.group = patron_str_of(which >= 200 ? "customer" : "group");
  if (which % 4 >= 2) value.kind = patron_str_of("kind");
  if (which % 8 >= 4) value.customer = patron_str_of("customer");
  if (which % 16 >= 6) value.time = patron_str_of("time");
  if (which % 32 >= 24) value.only = play.text({"1", "0", "2"});
  if (which % 64 >= 48) {
    patron_period window = PATRON_PERIOD_INIT;
    window.micros = 1 + play.choices.byte() * int64_t{1'000'000};
    value.window = play.sized(window);
    auto* as_of = play.memory<int64_t>(1);
    *as_of = play.choices.byte() * int64_t{1'000'000};
    if (play.choices.one_in(2)) value.as_of = as_of;
  }
  if (play.choices.one_in(2)) {
    value.topic_count = 1;
    auto* topics = play.memory<patron_str>(1);
    topics[0] = play.text({"topic", "group", "topik"});
    value.topics = topics;
  }
  value.on_bad_row = play.choices.one_in(8);
  if (play.choices.one_in(2)) value.method = method(play);
  if (play.choices.one_in(4)) value.cancel = play.pick_optional(play.cancels);
  if (play.choices.one_in(32)) value.threads = 2;
  const int32_t question =
      value.method == nullptr ? int32_t{PATRON_QUESTION_NPS} : value.method->question;
  const patron_nps_options* options = play.sized(value);
  patron_nps* nps = nullptr;
  const bool ok = PLAY(play, patron_nps_compute, table, options, &nps);
  if (play.keep(ok, nps, &play.nps)) check_nps(nps, patron_table_rows(table), question);
}

void look(Play& play) {
  const patron_nps* nps = play.pick(play.nps);
  if (play.choices.one_in(2)) {
    patron_nps_summary* counts = play.output<patron_nps_summary>(PATRON_NPS_SUMMARY_INIT);
    PLAY(play, patron_nps_counts, nps, counts);
    return;
  }
  const auto kind = static_cast<int32_t>(play.choices.number());
  patron_nps_score* score = play.output<patron_nps_score>(PATRON_NPS_SCORE_INIT);
  PLAY(play, patron_nps_overall, nps, kind, score);
}

void tables(Play& play) {
  const uint8_t which = play.choices.byte() % 3;
  const patron_nps* nps = play.pick(play.nps);
  patron_table* table = nullptr;
  const bool ok = which == 0   ? PLAY(play, patron_nps_table, nps, &table)
                  : which == 1 ? PLAY(play, patron_nps_drivers, nps, &table)
                               : PLAY(play, patron_nps_refused, nps, &table);
  play.keep(ok, table, &play.tables);
}

void difference(Play& play) {
  const patron_nps* a = play.pick(play.nps);
  const patron_nps* b = play.pick(play.nps);
  const auto interval = static_cast<int32_t>(play.choices.byte() % 16 / 3);
  const double confidence = play.choices.one_in(4) ? play.choices.byte() / 200.0 : 0.95;
  patron_nps_change* change = play.output<patron_nps_change>(PATRON_NPS_CHANGE_INIT);
  if (!PLAY(play, patron_nps_difference, a, b, interval, confidence, change)) return;
  if (!std::isnan(change->p)) FUZZ_CHECK(change->p >= 0 && change->p <= 1);
  if (!std::isnan(change->low)) FUZZ_CHECK(change->low <= change->high);
  if (a == b) FUZZ_CHECK(change->difference == 0);
}

void close(Play& play) {
  if (play.nps.size() == 0) return;
  play.reached("patron_nps_close");
  play.nps.take(play.choices.below(play.nps.size()));
}

}  // namespace

std::vector<Step> nps_steps() {
  return {{"nps responses", responses}, {"nps estimate", estimate}, {"nps compute", compute},
          {"nps look", look},           {"nps tables", tables},     {"nps difference", difference},
          {"nps close", close}};
}

}  // namespace patron::fuzz
