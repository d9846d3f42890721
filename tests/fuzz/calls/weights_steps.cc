// Weights: given by hand, by comparisons, by entropy.
#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/fuzz/calls/play.h"

namespace patron::fuzz {
namespace {

void check_weights(const double* weights, uint64_t count) {
  double sum = 0;
  for (uint64_t i = 0; i < count; i++) {
    FUZZ_CHECK(weights[i] >= 0 && weights[i] <= 1);
    sum += weights[i];
  }
  FUZZ_CHECK(std::fabs(sum - 1) < 1e-12);
}

/// Mostly a small number; sometimes one that is none, or at the edge of what a double holds.
double number(Play& play) {
  static constexpr double kEdges[] = {-0.5, std::numeric_limits<double>::infinity(), NAN, 1e308,
                                      5e-324};
  const uint8_t choice = play.choices.byte();
  return choice < 240 ? choice / 8.0 : kEdges[choice % 5];
}

void manual(Play& play) {
  const uint64_t count = play.choices.below(8);
  auto* given = play.memory<double>(count);
  for (uint64_t i = 0; i < count; i++) given[i] = number(play);
  double* weights = play.choices.one_in(4) ? given : play.memory<double>(count);
  if (PLAY(play, patron_weights_manual, given, count, weights)) check_weights(weights, count);
}

void ahp(Play& play) {
  const uint64_t size = play.choices.below(18);
  auto* matrix = play.memory<double>(size * size);
  // Consistent but for a byte of noise now and then; a pair multiplies to 1 but for rare lies.
  for (uint64_t i = 0; i < size; i++) {
    matrix[i * size + i] = play.choices.byte() == 255 ? number(play) : 1;
    for (uint64_t k = 0; k < i; k++) {
      const double noise = play.choices.one_in(3) ? 1 + play.choices.byte() / 64.0 : 1;
      const double ratio = static_cast<double>(i + 1) / static_cast<double>(k + 1) * noise;
      matrix[i * size + k] = ratio;
      matrix[k * size + i] = play.choices.byte() == 255 ? number(play) : 1 / ratio;
    }
  }
  patron_ahp_options value = PATRON_AHP_OPTIONS_INIT;
  if (play.choices.one_in(2)) value.max_consistency_ratio = number(play);
  if (play.choices.one_in(3)) {
    value.name_count = play.choices.one_in(8) ? size + 1 : size;
    auto* names = play.memory<patron_str>(value.name_count);
    for (uint64_t i = 0; i < value.name_count; i++) names[i] = play.text({"price", "pace", ""});
    value.names = names;
  }
  const patron_ahp_options* options = play.sized(value);
  auto* weights = play.memory<double>(size);
  patron_ahp_consistency* found = play.output<patron_ahp_consistency>(PATRON_AHP_CONSISTENCY_INIT);
  if (!PLAY(play, patron_weights_ahp, matrix, size, options, weights, found)) return;
  check_weights(weights, size);
  const auto last = static_cast<int32_t>(size);
  FUZZ_CHECK(found->consistency_ratio <= value.max_consistency_ratio);
  FUZZ_CHECK(found->lambda_max >= static_cast<double>(size) * (1 - 1e-9));
  FUZZ_CHECK(found->worst_row >= -1 && found->worst_row < last && found->worst_column < last);
  FUZZ_CHECK((found->worst_row == -1) == (size < 3));
}

void entropy(Play& play) {
  const patron_table* table = play.pick(play.tables);
  patron_entropy_options value = PATRON_ENTROPY_OPTIONS_INIT;
  value.scaling = static_cast<int32_t>(play.choices.below(3));
  value.column_count = play.choices.below(4);
  auto* columns = play.memory<patron_str>(value.column_count);
  auto* directions = play.memory<int32_t>(value.column_count);
  for (uint64_t i = 0; i < value.column_count; i++) {
    columns[i] = play.text({"amount", "order", "monetary", "frequency", "recency_days", "time"});
    directions[i] = static_cast<int32_t>(play.choices.byte() % 9 / 4);
  }
  value.columns = columns;
  value.null_rows = static_cast<int32_t>(play.choices.byte() % 9 / 4);
  if (play.choices.one_in(2)) value.directions = directions;
  const patron_entropy_options* options = play.sized(value);
  auto* weights = play.memory<double>(value.column_count);
  double* entropies = play.choices.one_in(2) ? nullptr : play.memory<double>(value.column_count);
  if (!PLAY(play, patron_weights_entropy, table, options, weights, entropies)) return;
  check_weights(weights, value.column_count);
  if (entropies == nullptr) return;
  for (uint64_t i = 0; i < value.column_count; i++) {
    FUZZ_CHECK(entropies[i] >= 0 && entropies[i] <= 1 + 1e-12);
  }
}

}  // namespace

std::vector<Step> weights_steps() {
  return {{"weights manual", manual}, {"weights ahp", ahp}, {"weights entropy", entropy}};
}

}  // namespace patron::fuzz
