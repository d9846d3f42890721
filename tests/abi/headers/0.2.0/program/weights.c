/* Weights: manual, AHP, entropy. */
#include "expect.h"

static int near(double value, double expected) {
  return value > expected - 1e-12 && value < expected + 1e-12;
}

void use_weights(void) {
  static const double given[] = {2, 1, 1}, comparisons[] = {1, 3, 1 / 3.0, 1};
  patron_error error = PATRON_ERROR_INIT;
  patron_ahp_options options = PATRON_AHP_OPTIONS_INIT;
  patron_ahp_consistency consistency = PATRON_AHP_CONSISTENCY_INIT;
  patron_entropy_options spread = PATRON_ENTROPY_OPTIONS_INIT;
  patron_table* orders = make_orders();
  patron_str columns[1];
  double weights[3] = {0, 0, 0}, entropies[1] = {-1};
  EXPECT(patron_weights_manual(given, 3, weights, &error) == PATRON_OK);
  EXPECT(weights[0] == 0.5 && weights[1] == 0.25 && weights[2] == 0.25);
  /* Two criteria cannot contradict each other: 3 to 1. */
  EXPECT(patron_weights_ahp(comparisons, 2, &options, weights, &consistency, &error) == PATRON_OK);
  EXPECT(near(weights[0], 0.75) && near(weights[1], 0.25) && consistency.consistency_ratio == 0);
  columns[0] = patron_str_of("amount");
  spread.columns = columns, spread.column_count = 1;
  EXPECT(patron_weights_entropy(orders, &spread, weights, entropies, &error) == PATRON_OK);
  EXPECT(weights[0] == 1 && entropies[0] > 0 && entropies[0] < 1);
  patron_table_close(orders);
}
