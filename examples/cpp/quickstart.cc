// Orders in, customers with scores and names out.
#include <patron/rfm.h>

#include <iostream>

int main() {
  const std::vector<std::string> dates = {"2026-01-01", "2026-01-31", "2026-01-17", "2026-01-07"};
  const patron::Table orders = *patron::TableBuilder()
                                    .int64("customer", {1, 1, 2, 3})
                                    .strings("date", dates)
                                    .doubles("amount", {30.00, 20.00, 15.50, 99.00})
                                    .finish();
  patron::RfmOptions options;
  options.customer = "customer", options.time = "date", options.amount = "amount";
  const patron::Result<patron::RfmResult> scored = patron::rfm(orders, options);
  if (!scored.ok()) {
    std::cerr << scored.status().message() << '\n';
    return 1;
  }
  const patron::SegmentTable eleven = *patron::SegmentTable::named("eleven");
  const patron::Chunk& codes = scored->table.chunks(scored->table.find("code"))[0];
  for (int64_t i = 0; i < codes.length; ++i) {
    const int code = static_cast<const int32_t*>(codes.values)[codes.offset + i];
    const int row = eleven.segment_of({code / 100, code / 10 % 10, code % 10});
    std::cout << "customer " << i + 1 << " scores " << code << ": " << eleven.rows()[row].name
              << '\n';
  }
  return 0;
}
