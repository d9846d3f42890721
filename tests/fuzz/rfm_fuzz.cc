// RFM in every way there is, on order logs that the input describes.
//
// Each log goes through rfm() and through the oracle, which shares nothing with it; through the
// fast path and the plain one, in segments of any size; backwards and in other chunks; with one
// thread and with four; and one customer goes through alone, by the cuts of all. Some go through
// ltv_summary() and its oracle too, by the fast path and the plain one. All must agree to the last
// bit.
#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "lib/models/ltv/summary/ltv_summary.h"
#include "lib/models/rfm/measure.h"
#include "patron/rfm.h"
#include "tests/fuzz/fuzz.h"
#include "tests/models/ltv/summary/summary_oracle.h"
#include "tests/models/rfm/oracle.h"

namespace {

using patron::kMicrosPerDay;
using patron::kMicrosPerHour;
using patron::test::Id;
using patron::test::Lines;
using patron::test::OrderLine;
using patron::test::OrderLog;

/// Reads an order log from choices.
class LogReader {
 public:
  explicit LogReader(Choices* choices) : choices_(*choices) {}

  OrderLog read() {
    read_options();
    read_columns();
    for (int left = 120; left > 0 && !choices_.empty(); left--) log_.lines.push_back(line());
    if (choices_.below(2) == 0 && !log_.lines.empty()) {
      log_.options.as_of = log_.lines[log_.lines.size() / 2].time + shift_;
    }
    return log_;
  }

 private:
  void read_axis(patron::RfmAxis* axis, size_t at, bool five) {
    axis->bins = five ? 5 : 2 + static_cast<int>(choices_.below(9));
    axis->method = static_cast<patron::RfmMethod>(choices_.below(3));
    if (axis->method != patron::RfmMethod::kFixed) return;
    int64_t cut = -8;
    for (int i = 1; i < axis->bins; i++) {
      cut += static_cast<int64_t>(choices_.byte() % 32) * (at == 1 ? 1 : 4);
      log_.cut_quarters[at].push_back(cut);
      axis->cuts.push_back(static_cast<double>(cut) / 4);
    }
  }

  void read_options() {
    static constexpr const char* kZones[] = {
        "UTC",          "Asia/Shanghai",    "America/St_Johns",
        "Pacific/Apia", "America/New_York", "Pacific/Kwajalein"};
    patron::RfmOptions& o = log_.options;
    o.customer = "customer", o.time = "time", o.amount = "amount";
    const uint8_t how = choices_.byte();
    o.timezone = choices_.one_of(kZones);
    o.refunds = static_cast<patron::Refunds>(how % 3);
    o.zero = static_cast<patron::ZeroAmounts>(how / 4 % 2);
    o.scale = how / 8 % 4;
    const bool five = how / 32 % 2 == 0;
    read_axis(&o.recency, 0, five);
    read_axis(&o.frequency, 1, five);
    read_axis(&o.monetary, 2, five);
    for (size_t a = 0; a < 3; a++) {
      o.octant_split[a].kind = static_cast<patron::OctantSplit::Kind>(choices_.below(3));
      log_.split_quarters[a] = choices_.byte();
      o.octant_split[a].value = static_cast<double>(log_.split_quarters[a]) / 4;
    }
    if (five && how >= 192) {
      o.table = *patron::SegmentTable::named("eleven");
      o.on_gap = patron::OnGap::kNull, o.on_overlap = patron::OnOverlap::kFirst;
    }
  }

  void read_columns() {
    const uint8_t how = choices_.byte();
    log_.text_ids = how % 2 == 1;
    log_.text_orders = how / 2 % 2 == 1;
    if (how / 4 % 2 == 1) log_.options.order = "order";
    log_.time = static_cast<patron::test::TimeColumn>(how / 8 % 3);
    log_.amount = static_cast<patron::test::AmountColumn>(how / 32 % 2);
    wide_ = how >= 192;
    for (size_t left = choices_.below(3); left > 0; left--) {
      log_.chunk_rows.push_back(1 + static_cast<int64_t>(choices_.below(9)));
    }
    zone_ = *patron::TimeZone::load(log_.options.timezone);
    // Days that zones repeat or skip are among them: Apia 2011-12-30, St. John's 1993-10-31.
    static constexpr int64_t kBegins[] = {15'335, 8'704, -94, 20'454, -50'000, 19'000};
    static constexpr int64_t kGrains[] = {1, kMicrosPerHour / 120, kMicrosPerHour, kMicrosPerDay,
                                          40 * kMicrosPerDay};
    begin_ = choices_.one_of(kBegins) * kMicrosPerDay;
    grain_ = choices_.one_of(kGrains);
    const uint8_t window = choices_.byte();
    if (window % 4 == 1) log_.options.window = patron::Period{0, 1 + grain_ * (window / 4)};
    if (window % 4 == 2) log_.options.window = patron::Period{1 + window / 4, 0};
    shift_ = static_cast<int64_t>(choices_.byte()) * grain_;
  }

  Id id(bool text) {
    static const std::string kTexts[] = {"",
                                         "a",
                                         "b",
                                         "ab",
                                         "客户",
                                         std::string(1, '\0'),
                                         "an-id-of-more-than-sixteen-bytes",
                                         "an-id-of-more-than-sixteen-bytes!"};
    const uint8_t choice = choices_.byte();
    if (text) return choice < 128 ? kTexts[choice % 8] : std::to_string(choice);
    if (choice < 192) return static_cast<int64_t>(choice % 16);
    static constexpr int64_t kEdges[] = {INT64_MIN, INT64_MAX, -1, int64_t{1} << 32};
    return choice < 224 ? kEdges[choice % 4] : choices_.int64();
  }

  OrderLine line() {
    OrderLine line;
    line.customer = id(log_.text_ids);
    if (log_.options.order) line.order = id(log_.text_orders);
    line.time = begin_ + static_cast<int64_t>(choices_.byte()) * grain_;
    line.time += choices_.byte() % 3 - 1;
    if (log_.time == patron::test::TimeColumn::kWalls) {
      line.time = zone_.from_wall(zone_.to_wall(line.time));
    }
    const uint8_t amount = choices_.byte();
    line.minor = amount < 160 ? amount : -static_cast<int64_t>(amount - 150) * 3;
    if (wide_ && amount % 8 == 1 && log_.amount == patron::test::AmountColumn::kDecimals) {
      line.minor = choices_.int64();
    }
    line.rounded = amount % 16 == 9 && line.minor < INT64_MAX;
    if (choices_.byte() == 255) line.defect = defect();
    return line;
  }

  patron::Refusal defect() {
    switch (choices_.below(4)) {
      case 0:
        return patron::Refusal::kNullCustomer;
      case 1:
        return patron::Refusal::kNullTime;
      case 2:
        return patron::Refusal::kAmountOverflow;
      default:
        return patron::Refusal::kNullAmount;
    }
  }

  Choices& choices_;
  OrderLog log_;
  patron::TimeZone zone_;
  bool wide_ = false;
  patron::Micros begin_ = 0, grain_ = 1, shift_ = 0;
};

void same(const char* what, const Lines& expected, const Lines& found) {
  const std::string why = patron::test::difference(expected, found);
  if (why.empty()) return;
  std::fprintf(stderr, "%s: %s\n", what, why.c_str());
  std::abort();
}

/// Everything a call gives, as text.
Lines everything(const OrderLog& log, int threads) {
  patron::RfmOptions options = log.options;
  options.threads = threads;
  const auto result = patron::rfm(to_table(log), options);
  if (!result.ok()) return {patron::code_name(result.status().code()), result.status().message()};
  Lines all = patron::test::lines(result->table);
  for (const std::string& line : patron::test::lines(result->refused)) all.push_back(line);
  all.push_back(result->cuts.to_json());
  for (const int64_t count :
       {result->rows, result->refused_rows, result->rounded_rows, result->waiting_rows,
        result->zero_rows, result->refund_rows, result->as_of}) {
    all.push_back(std::to_string(count));
  }
  return all;
}

void check_oracle(const OrderLog& log) {
  const patron::test::OracleResult expected = patron::test::oracle(log);
  const auto found = patron::rfm(to_table(log), log.options);
  if (found.status().code() != expected.error) {
    std::fprintf(stderr, "expected %s, found %s\n", patron::code_name(expected.error),
                 found.status().message().c_str());
    std::abort();
  }
  if (!found.ok()) return;
  same("oracle", expected.rows, patron::test::lines(found->table));
  same("refused", expected.refused, patron::test::lines(found->refused, {"row", "reason"}));
  FUZZ_CHECK(found->rows == static_cast<int64_t>(log.lines.size()));
  FUZZ_CHECK(found->rounded_rows == expected.rounded && found->waiting_rows == expected.waiting);
  FUZZ_CHECK(found->zero_rows == expected.zero && found->refund_rows == expected.refund);
  FUZZ_CHECK(found->as_of == expected.as_of);
}

/// The measures of every customer as bytes, or the failure.
std::string measured(const OrderLog& log, const patron::internal::MeasureTuning& tuning) {
  const patron::Control control;
  patron::internal::Watch watch(control);
  patron::internal::MeasureReport report;
  const patron::Table table = to_table(log);
  const patron::TimeZone zone = *patron::TimeZone::load(log.options.timezone);
  const auto found = patron::internal::measure(table, log.options, zone, tuning, &watch, &report);
  if (!found.ok()) return found.status().message();
  std::string out = std::to_string(found->customers) + ' ' + std::to_string(found->prospects) +
                    ' ' + std::to_string(found->without_frequency) + ' ';
  const auto append = [&](const patron::internal::Buffer& buffer, size_t bytes) {
    out.append(buffer.as<char>(), std::min(bytes, buffer.size()));
  };
  const auto n = static_cast<size_t>(found->customers);
  for (const auto* column :
       {&found->first_order, &found->last_order, &found->recency_days, &found->orders,
        &found->order_days, &found->frequency, &found->monetary_minor}) {
    append(*column, n * sizeof(int64_t));
  }
  append(found->ids, found->text ? (n + 1) * sizeof(int32_t) : n * sizeof(int64_t));
  if (found->text) append(found->id_bytes, found->id_bytes.size());
  for (const int64_t count :
       {report.as_of, report.rows, report.rounded, report.waiting, report.zero, report.refund}) {
    out += std::to_string(count) + ' ';
  }
  return out;
}

/// One customer by the cuts of all gets what she gets among all.
void check_alone(const OrderLog& log, size_t which) {
  const auto all = patron::rfm(to_table(log), log.options);
  if (!all.ok()) return;
  const Lines rows = patron::test::lines(all->table);
  const Lines names = patron::test::lines(all->table, {"customer"});
  const size_t i = which % names.size();
  OrderLog alone = log;
  alone.options.as_of = all->as_of;
  alone.options.cuts = all->cuts;
  std::erase_if(alone.lines, [&](const OrderLine& line) {
    return line.defect.has_value() || patron::test::id_text(line.customer) != names[i];
  });
  const auto one = patron::rfm(to_table(alone), alone.options);
  FUZZ_CHECK(one.ok());
  same("alone", {rows[i]}, patron::test::lines(one->table));
}

/// Neither the order of the rows nor their chunks reach the result.
void check_order(OrderLog log, int64_t chunk) {
  std::erase_if(log.lines, [](const OrderLine& line) { return line.defect.has_value(); });
  const Lines expected = everything(log, 1);
  std::reverse(log.lines.begin(), log.lines.end());
  log.chunk_rows = {chunk};
  same("backwards", expected, everything(log, 1));
  std::stable_sort(log.lines.begin(), log.lines.end(),
                   [](const OrderLine& a, const OrderLine& b) { return a.time < b.time; });
  same("by time", expected, everything(log, 1));
}

/// Summaries for lifetime value, with options that follow from the seed.
void check_summary(OrderLog log, uint64_t seed) {
  log.seed = seed;
  const patron::LtvSummaryOptions options = patron::test::summary_options(log);
  const patron::test::SummaryExpected expected = patron::test::SummaryOracle(log, options).run();
  for (const patron::internal::SummaryTuning& tuning :
       {patron::internal::SummaryTuning{}, patron::internal::SummaryTuning{7, false}}) {
    const auto found = patron::internal::summarise(to_table(log), options, tuning);
    FUZZ_CHECK(found.status().code() == expected.error);
    if (!found.ok()) continue;
    same("summary", expected.rows, patron::test::lines(found->table));
    FUZZ_CHECK(found->later_customers == expected.later);
    FUZZ_CHECK(found->without_orders == expected.without);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 1024 || size < 2) return 0;
  const uint8_t first = data[0];
  Choices choices(data + 1, size - 1);
  const OrderLog log = LogReader(&choices).read();
  check_oracle(log);
  const std::string plain = measured(log, {0, false});
  FUZZ_CHECK(measured(log, {0, true}) == plain);
  FUZZ_CHECK(measured(log, {1 + first % 16, true}) == plain);
  FUZZ_CHECK(measured(log, {1 + first % 5, false}) == plain);
  if (first % 4 == 1) check_alone(log, first / 4);
  if (first % 4 == 0) check_summary(log, first);
  if (first % 4 == 2) check_order(log, 1 + first / 32);
  // Threads take longer to start than all this.
  if (first % 32 == 3) same("threads", everything(log, 1), everything(log, 4));
  return 0;
}
