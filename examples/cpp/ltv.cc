// Lifetime value: how often customers come back, whether a fit is to be trusted, and a model that
// is kept as a document.
#include <patron/ltv.h>

#include <cmath>
#include <iostream>
#include <string>
#include <vector>

int main() {
  // One row for each customer: repeat purchases, time of the last since the first, age; in weeks.
  std::vector<int64_t> frequency;
  std::vector<double> recency, age;
  for (int i = 0; i < 80; ++i) {
    age.push_back(30 + i % 10);
    const bool regular = i % 4 == 0, once_more = i % 4 == 1;
    frequency.push_back(regular ? 2 + i % 9 : once_more ? 1 + i % 3 / 2 : 0);
    recency.push_back(regular ? age.back() * (80 + i % 20) / 100 : once_more ? 1 + i % 13 : 0);
  }
  const patron::Table customers = *patron::TableBuilder()
                                       .int64("orders", frequency)
                                       .doubles("last", recency)
                                       .doubles("age", age)
                                       .finish();

  patron::LtvFitOptions options;
  options.columns = {.frequency = "orders", .recency = "last", .T = "age"};
  options.unit = patron::LtvUnit::kWeek;
  const patron::Result<patron::Ltv> model =
      patron::Ltv::fit(customers, patron::LtvModel::kBgNbd, options);
  if (!model.ok()) {
    std::cerr << model.status().message() << '\n';  // nothing to fit, a column that is not there
    return 1;
  }
  const patron::LtvFit& fit = *model->fit();
  std::cout << fit.message << '\n';
  if (!fit.converged()) return 1;  // the message says what to do
  const auto names = patron::ltv_parameter_names(model->model());
  for (size_t i = 0; i < names.size(); ++i) {
    std::cout << names[i] << ' ' << model->parameters()[i] << " +- " << fit.standard_errors[i]
              << '\n';
  }

  // A model is a value: a small document now, the same model later.
  const std::string document = model->to_json();
  const patron::Result<patron::Ltv> again = patron::Ltv::parse(document);
  return again.ok() && again->parameters() == model->parameters() ? 0 : 1;
}
