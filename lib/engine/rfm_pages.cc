#include "lib/engine/rfm_pages.h"

#include <algorithm>

#include "lib/base/int128.h"
#include "lib/base/simd.h"

namespace patron::internal {
namespace {

Window rolling(const std::optional<Period>& window) {
  Window out;
  if (!window) return out;
  out.kind = Window::Kind::kRolling;
  out.length = *window;
  return out;
}

}  // namespace

RfmPages::RfmPages(const PolicyData& policy, const PolicyModel& model, int stream,
                   const Schema& schema, const StreamRules& rules, const BookState& book)
    : zone_(policy.zone),
      nets_(!rules.refund_of.empty()),
      stream_(book, LogName{stream, false}, schema, rules, policy.zone),
      amount_(stream_.columns().find("amount")),
      all_(stream_.add_selection(false, -1)),
      sales_(stream_.add_selection(true, -1)),
      window_(stream_.add_window(rolling(model.window))),
      ever_(stream_.add_window({})) {}

void RfmPages::read(uint32_t page, Micros now) {
  scored_ = nullptr;
  stream_.read(page, now, &nobody_);
  customers_ = stream_.customers();
  today_ = zone_.local_day(now);
  const Day* const days = stream_.days();
  const bool able = !nets_ && amount_ >= 0 && stream_.days_ascend();
  std::fill_n(has_.data(), customers_, able ? 1 : 0);
  if (!able) return;
  for (const uint16_t k : stream_.page().apart) has_[k] = 0;
  Columns in;
  in.inside = stream_.rows(window_);
  in.ever = stream_.rows(ever_);
  in.days = days;
  in.amounts = stream_.columns().ints(amount_);
  in.kept = stream_.columns().prefix_of_known(amount_);
  measure(in, stream_.selected(sales_).view());
}

void RfmPages::measure(const Columns& columns, RowBitsView sales) {
  run_with_best_simd([&]() __attribute__((always_inline)) {
    // Copies, which what is written is known not to change.
    const Columns in = columns;
    const RowBitsView sold = sales;
    const Day today = today_;
    uint8_t* const bought = bought_.data();
    uint8_t* const has_money = has_money_.data();
    int64_t* const recency = recency_.data();
    int64_t* const frequencies = frequency_.data();
    int64_t* const monetary = monetary_.data();
    const uint32_t count = customers_;
    for (uint32_t k = 0; k < count; ++k) {
      const uint32_t begin = in.inside.begin[k], end = in.inside.end[k];
      Int128 money = 0;
      if (in.kept != nullptr) {
        if (begin < end) money = Int128{in.kept[end - 1]} - in.kept[begin] + in.amounts[begin];
      } else {
        for (uint32_t row = begin; row < end; ++row) {
          money += in.amounts[row] == kNullInt ? 0 : in.amounts[row];
        }
      }
      int64_t frequency = 0;
      Day before = INT64_MIN;
      sold.each(
          begin, end, [&](uint32_t row) __attribute__((always_inline)) {
            frequency += in.days[row] != before ? 1 : 0;
            before = in.days[row];
          });
      const uint32_t last =
          sold.last(in.ever.begin[k], in.ever.end[k], [](uint32_t) { return true; });
      const bool any = last != in.ever.end[k];
      bought[k] = any ? 1 : 0;
      recency[k] = any ? today - in.days[last] : 0;
      frequencies[k] = frequency;
      monetary[k] = static_cast<int64_t>(money);
      has_money[k] = static_cast<int64_t>(money) == money ? 1 : 0;
    }
    return 0;
  });
}

RfmMeasured RfmPages::measured(uint32_t k) const {
  RfmMeasured out;
  if (bought(k)) out.last_day = today_ - recency_[k];
  out.frequency = frequency_[k];
  if (has_money(k)) out.monetary = monetary_[k];
  return out;
}

void RfmPages::score(const RfmCuts& cuts) {
  if (scored_ == &cuts) return;
  scored_ = &cuts;
  for (uint32_t k = 0; k < customers_; ++k) {
    scores_[k] = bought(k) && has_money(k)
                     ? rfm_score(recency_[k], frequency_[k], monetary_[k], cuts)
                     : Scores();
  }
}

std::unique_ptr<RfmPages> make_rfm_pages(const PolicyData& policy,
                                         std::span<const MetricStream> streams,
                                         const BookState& book) {
  const auto model =
      std::find_if(policy.models.begin(), policy.models.end(),
                   [](const PolicyModel& one) { return one.kind == PolicyModel::Kind::kRfm; });
  const auto orders = std::find_if(streams.begin(), streams.end(),
                                   [](const MetricStream& one) { return one.name == "orders"; });
  if (model == policy.models.end() || orders == streams.end()) return nullptr;
  return std::make_unique<RfmPages>(policy, *model, static_cast<int>(orders - streams.begin()),
                                    orders->schema, orders->rules, book);
}

}  // namespace patron::internal
