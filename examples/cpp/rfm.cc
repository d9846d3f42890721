// RFM from raw orders: scores and segments, and cuts that are kept and applied to others.
#include <patron/rfm.h>

#include <iostream>

int main() {
  // Six orders of three customers; the refund of -20.00 names the order it takes back.
  patron::TableBuilder builder;
  builder.int64("customer", {7, 7, 8, 9, 9, 9})
      .dates("day", {20454, 20490, 20469, 20491, 20491, 20495})  // 2026-01-01 is 20454
      .doubles("amount", {20, 35.5, 12, 80, 40, -20})
      .int64("order_id", {1, 2, 3, 4, 4, 4});
  const patron::Table orders = *builder.finish();

  patron::RfmOptions options;
  options.customer = "customer";
  options.time = "day";
  options.amount = "amount";
  options.order = "order_id";
  options.table = *patron::SegmentTable::named("eleven");
  const patron::Result<patron::RfmResult> scored = patron::rfm(orders, options);
  if (!scored.ok()) {
    std::cerr << scored.status().message() << '\n';
    return 1;
  }
  const patron::Table& table = scored->table;
  const auto* money = static_cast<const double*>(table.chunks(table.find("monetary"))[0].values);
  const auto* days = static_cast<const int64_t*>(table.chunks(table.find("frequency"))[0].values);
  std::cout << table.rows() << " customers; the last has " << days[2] << " order day and "
            << money[2] << '\n';  // 3 customers; the last has 1 order day and 100

  // Cuts are a value: keep them, and score others by the same yardstick.
  const std::string kept = scored->cuts.to_json();
  options.cuts = *patron::RfmCuts::parse(kept);
  const patron::Result<patron::RfmResult> again = patron::rfm(orders, options);
  const patron::Scores one = patron::rfm_score(0, 1, 10000, *options.cuts);  // of customer 9
  std::cout << kept << '\n';

  const bool good = table.rows() == 3 && money[2] == 100 && days[2] == 1 && again.ok() &&
                    again->cuts == scored->cuts && one.r == 5;
  return good ? 0 : 1;
}
