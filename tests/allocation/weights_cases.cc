// Weights of criteria: by hand, by comparison, by entropy.
#include <cmath>
#include <memory>

#include "tests/allocation/attempt.h"
#include "tests/allocation/inputs.h"

namespace patron::test {
namespace {

std::string numbers(const std::vector<double>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(double)};
}

Case manual(const char* name, std::vector<double> given, patron_status expected = PATRON_OK) {
  return {"patron_weights_manual", name,
          [given](Attempt& attempt) {
            std::vector<double> weights(given.size() + 1, -7);
            attempt.call(
                [&](patron_error* error) {
                  return patron_weights_manual(given.data(), given.size(), weights.data(), error);
                },
                [&] { return numbers(weights); });
          },
          expected};
}

Case ahp(const char* name, std::vector<double> comparisons, uint64_t size,
         patron_status expected = PATRON_OK) {
  return {"patron_weights_ahp", name,
          [comparisons, size](Attempt& attempt) {
            const patron_str names[3] = {patron_str_of("recency of the last order"),
                                         patron_str_of("frequency"), patron_str_of("money")};
            patron_ahp_options options = PATRON_AHP_OPTIONS_INIT;
            options.names = names;
            options.name_count = size;
            std::vector<double> weights(size, -7);
            patron_ahp_consistency consistency = PATRON_AHP_CONSISTENCY_INIT;
            attempt.call(
                [&](patron_error* error) {
                  return patron_weights_ahp(comparisons.data(), size, &options, weights.data(),
                                            &consistency, error);
                },
                [&] { return numbers(weights) + numbers({consistency.lambda_max}); });
          },
          expected};
}

Case entropy(const char* name, std::vector<std::string> columns, int32_t scaling,
             patron_status expected = PATRON_OK, int32_t null_rows = PATRON_NULL_ROWS_REFUSE) {
  const auto inputs = std::make_shared<Inputs>();
  inputs->add("money", PATRON_TYPE_DOUBLE, std::vector<double>{30, 20, 15.5});
  inputs->add("orders", PATRON_TYPE_INT64, std::vector<int64_t>{3, 2, 1});
  inputs->add("equal", PATRON_TYPE_INT64, std::vector<int64_t>{3, 3, 3});
  inputs->add("absent", PATRON_TYPE_DOUBLE, std::vector<double>{30, 20, 15.5});
  inputs->nulls("101");
  return {"patron_weights_entropy", name,
          [inputs, columns, scaling, null_rows](Attempt& attempt) {
            std::vector<patron_str> wanted;
            for (const std::string& column : columns) wanted.push_back(str(column));
            patron_entropy_options options = PATRON_ENTROPY_OPTIONS_INIT;
            options.scaling = scaling;
            options.null_rows = null_rows;
            options.columns = wanted.data();
            options.column_count = wanted.size();
            std::vector<double> weights(columns.size(), -7), entropies(columns.size(), -7);
            const patron_table* table = inputs->table();
            attempt.call(
                [&](patron_error* error) {
                  return patron_weights_entropy(table, &options, weights.data(), entropies.data(),
                                                error);
                },
                [&] { return numbers(weights) + numbers(entropies); });
          },
          expected};
}

}  // namespace

std::vector<Case> weights_cases() {
  return {
      manual("three weights", {5, 3, 2}),
      manual("a negative weight", {5, -3, 2}, PATRON_E_ARGUMENT),
      manual("none", {}, PATRON_E_EMPTY),
      ahp("two criteria", {1, 3, 1.0 / 3, 1}, 2),
      ahp("three criteria", {1, 3, 5, 1.0 / 3, 1, 2, 0.2, 0.5, 1}, 3),
      ahp("comparisons that contradict", {1, 9, 1.0 / 9, 1.0 / 9, 1, 9, 9, 1.0 / 9, 1}, 3,
          PATRON_E_ARGUMENT),
      ahp("a comparison that is none", {1, std::nan(""), 1, 1}, 2, PATRON_E_NUMBER),
      entropy("two columns", {"money", "orders"}, PATRON_SCALING_MIN_MAX),
      entropy("two columns as shares", {"money", "orders"}, PATRON_SCALING_SHARE),
      entropy("a column of equal values", {"money", "equal"}, PATRON_SCALING_MIN_MAX,
              PATRON_E_ARGUMENT),
      entropy("a null", {"money", "absent"}, PATRON_SCALING_MIN_MAX, PATRON_E_NULL),
      entropy("a null left out", {"money", "absent"}, PATRON_SCALING_MIN_MAX, PATRON_OK,
              PATRON_NULL_ROWS_LEAVE_OUT),
      entropy("no such column", {"money", "ordres"}, PATRON_SCALING_MIN_MAX, PATRON_E_COLUMN),
  };
}

}  // namespace patron::test
