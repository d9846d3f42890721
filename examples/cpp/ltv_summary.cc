// From an order log to what lifetime value models read, and what customers brought so far.
#include <patron/ltv_historic.h>
#include <patron/ltv_summary.h>

#include <iostream>
#include <string>
#include <vector>

int main() {
  const std::vector<std::string> days = {"2026-01-01", "2026-01-15", "2026-01-29",
                                         "2026-01-08", "2026-03-01", "2026-03-08"};
  const patron::Table orders = *patron::TableBuilder()
                                    .int64("customer", {1, 1, 1, 2, 2, 1})
                                    .strings("day", days)
                                    .doubles("amount", {20, 30, 10, 15, 25, 40})
                                    .finish();

  patron::LtvSummaryOptions options;
  options.customer = "customer", options.time = "day", options.amount = "amount";
  options.unit = patron::LtvUnit::kWeek;
  options.calibration_end = *patron::parse_time("2026-02-05", patron::TimeZone());
  const patron::Result<patron::LtvSummaryResult> summary = patron::ltv_summary(orders, options);
  if (!summary.ok()) {
    std::cerr << summary.status().message() << '\n';
    return 1;
  }
  const patron::Table& table = summary->table;
  const auto value = [&table](const char* name, int row) {
    return static_cast<const double*>(table.chunks(table.find(name))[0].values)[row];
  };
  std::cout << "customer 1 came for " << value("recency", 0) << " of " << value("T", 0)
            << " weeks, for " << value("monetary", 0) << " a time\n";  // 4 of 5 weeks, for 20

  patron::LtvHistoricOptions past;
  past.customer = "customer", past.time = "day", past.amount = "amount";
  past.rate_per_year = 0.08;
  const patron::Result<patron::LtvHistoricResult> historic = patron::ltv_historic(orders, past);
  if (!historic.ok()) {
    std::cerr << historic.status().message() << '\n';
    return 1;
  }

  const double worth = *patron::ltv_plain_value(240, 5, 0.3, 0.08);
  std::cout << "240 a year for 5 years, 30 % of it kept, is worth " << worth << '\n';  // 298.827
  const bool good = value("recency", 0) == 4 && value("T", 0) == 5 && value("monetary", 0) == 20;
  return good && historic->table.rows() == 2 && worth > 298.8 && worth < 298.9 ? 0 : 1;
}
