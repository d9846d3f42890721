// Weights of a score: given by hand, judged in pairs, or found in the data.
#include <patron/weights.h>

#include <iostream>
#include <vector>

int main() {
  const std::vector<double> points = {50, 30, 20};
  const std::vector<double> given = *patron::manual_weights(points);
  std::cout << given[0] << ' ' << given[1] << ' ' << given[2] << '\n';  // 0.5 0.3 0.2

  // Of three criteria: twice as important, eight times, three times.
  const std::vector<double> pairs = {1, 2, 8, 1 / 2.0, 1, 3, 1 / 8.0, 1 / 3.0, 1};
  const patron::Result<patron::AhpWeights> judged = patron::ahp_weights(pairs);
  if (!judged.ok()) {
    std::cerr << judged.status().message() << '\n';
    return 1;
  }
  std::cout << "consistency ratio " << judged->consistency_ratio << ", the first weighs "
            << judged->weights[0] << '\n';

  const patron::Table customers = *patron::TableBuilder()
                                       .int64("days", {5, 40, 200, 90})
                                       .int64("orders", {9, 3, 1, 2})
                                       .doubles("spent", {800, 90, 20, 60})
                                       .finish();
  const std::vector<patron::Criterion> criteria = {
      {"days", patron::Direction::kCost}, {"orders"}, {"spent"}};
  const patron::Result<patron::EntropyWeights> found = patron::entropy_weights(customers, criteria);
  std::cout << "by entropy the last weighs " << found->weights[2] << '\n';

  const bool good = given == std::vector<double>{0.5, 0.3, 0.2} &&
                    judged->consistency_ratio < 0.01 && found->weights[2] > found->weights[0];
  return good ? 0 : 1;
}
