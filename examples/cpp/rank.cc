// A/B/C by share of revenue: who is inside at the boundary.
#include <patron/rank.h>

#include <cstdint>
#include <iostream>

int main() {
  const patron::Table customers = *patron::TableBuilder()
                                       .int64("customer", {1, 2, 3, 4, 5, 6})
                                       .int64("revenue", {50, 5, 30, 10, 5, 0})
                                       .finish();
  patron::RankOptions options;
  options.shares = {0.8, 0.95};
  const patron::Result<patron::RankResult> abc = patron::rank(customers, "revenue", options);
  if (!abc.ok()) {
    std::cerr << abc.status().message() << '\n';
    return 1;
  }
  std::cout << "A from " << abc->cuts[0] << ", B from " << abc->cuts[1]
            << '\n';  // A from 30, B from 5
  std::cout << abc->members[0] << " A, " << abc->members[1] << " B, " << abc->members[2]
            << " C\n";  // 2 A, 3 B, 1 C

  options = {};
  options.top = 4;  // seats: the two fives do not both fit, so neither comes in
  const patron::Result<patron::RankResult> seats = patron::rank(customers, "revenue", options);
  std::cout << seats->members[0] << " of 4 seats taken\n";  // 3 of 4 seats taken

  const bool good = abc->cuts[0] == 30 && abc->cuts[1] == 5 && seats->members[0] == 3;
  return good ? 0 : 1;
}
