#include <cstdio>

#include "patron/rank.h"
#include "patron/rfm.h"
#include "patron/table.h"

namespace {

int fail(const patron::Status& status) {
  std::printf("%s\n", status.message().c_str());
  return 1;
}

}  // namespace

int main() {
  // One customer with two orders on different days, one with one: hand arithmetic below.
  patron::Result<patron::Table> orders = patron::TableBuilder()
                                             .int64("customer", {7, 7, 8})
                                             .dates("date", {20000, 20001, 20001})
                                             .doubles("amount", {10.0, 2.5, 4.0})
                                             .finish();
  if (!orders.ok()) return fail(orders.status());

  patron::RfmOptions options;
  options.customer = "customer";
  options.time = "date";
  options.amount = "amount";
  patron::Result<patron::RfmResult> rfm = patron::rfm(*orders, options);
  if (!rfm.ok()) return fail(rfm.status());
  if (rfm->table.rows() != 2) return 1;
  const int column = rfm->table.find("monetary_minor");
  const patron::Chunk& chunk = rfm->table.chunks(column)[0];
  const int64_t* minor = static_cast<const int64_t*>(chunk.values) + chunk.offset;
  if (minor[0] != 1250 || minor[1] != 400) return 1;

  // An error arrives as a value, not as an exception.
  options.amount = "amuont";
  if (patron::rfm(*orders, options).status().code() != patron::Code::kColumn) return 1;
  std::printf("patron::patron works\n");
  return 0;
}
