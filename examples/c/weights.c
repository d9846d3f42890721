/* Weights of a score: given by hand, judged in pairs, or found in the data. */
#include "check.h"

static void print(const char* how, const double* weights) {
  printf("%s: recency %.3f, frequency %.3f, monetary %.3f\n", how, weights[0], weights[1],
         weights[2]);
}

static patron_column doubles(const char* name, const double* values) {
  patron_column column = PATRON_COLUMN_INIT;
  column.name = patron_str_of(name);
  column.type = PATRON_TYPE_DOUBLE;
  column.length = 4;
  column.values = values;
  return column;
}

int main(void) {
  patron_error error = PATRON_ERROR_INIT;
  double weights[3];

  static const double points[3] = {50, 30, 20};
  check(patron_weights_manual(points, 3, weights, &error), &error);
  print("manual", weights);
  expect(weights[0] == 0.5 && weights[1] == 0.3 && weights[2] == 0.2, "points of a hundred");

  /* [ahp] */
  /* Recency is 2 times as important as frequency, which is 3 times as important as money. So
     recency should be 6 times as important as money; a judgement of 8 is a small contradiction, 1/8
     is not. */
  double pairs[9] = {1, 2, 8, 1 / 2.0, 1, 3, 1 / 8.0, 1 / 3.0, 1};
  patron_ahp_options options = PATRON_AHP_OPTIONS_INIT;
  patron_ahp_consistency consistency = PATRON_AHP_CONSISTENCY_INIT;
  check(patron_weights_ahp(pairs, 3, &options, weights, &consistency, &error), &error);
  print("ahp", weights);
  printf("consistency ratio %.3f\n", consistency.consistency_ratio);

  pairs[2] = 1 / 8.0, pairs[6] = 8;
  if (patron_weights_ahp(pairs, 3, &options, weights, &consistency, &error) != PATRON_OK) {
    printf("refused: %s\n", error.message);
  }
  /* [/ahp] */
  /* lambda_max of three criteria is 1 + t + 1/t with t^3 = 8 / 6. */
  expect(consistency.lambda_max > 3.0091 && consistency.lambda_max < 3.0093, "lambda_max");
  expect(error.code == PATRON_E_ARGUMENT, "a contradiction is refused");

  /* [entropy] */
  static const double days[4] = {5, 40, 200, 90};
  static const double orders[4] = {9, 3, 1, 2};
  static const double spent[4] = {800, 90, 20, 60};
  static const int32_t directions[3] = {PATRON_DIRECTION_COST, PATRON_DIRECTION_BENEFIT,
                                        PATRON_DIRECTION_BENEFIT};
  patron_column columns[3];
  patron_str names[3];
  patron_table* table;
  columns[0] = doubles("days", days);
  columns[1] = doubles("orders", orders);
  columns[2] = doubles("spent", spent);
  for (int i = 0; i < 3; ++i) names[i] = columns[i].name;
  check(patron_table_create(columns, 3, &table, &error), &error);

  patron_entropy_options criteria = PATRON_ENTROPY_OPTIONS_INIT;
  criteria.columns = names;
  criteria.directions = directions;
  criteria.column_count = 3;
  check(patron_weights_entropy(table, &criteria, weights, NULL, &error), &error);
  print("entropy", weights);
  /* [/entropy] */
  expect(weights[2] > weights[1] && weights[1] > weights[0], "spending is spread most unevenly");
  patron_table_close(table);
  return 0;
}
