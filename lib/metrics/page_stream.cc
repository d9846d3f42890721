#include "lib/metrics/page_stream.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "lib/expr/compiled.h"

namespace patron::internal {
namespace {

// The first row from `begin` on that is not before t: most logs are a few rows, and what a window
// has are the last of them.
uint32_t first_from(const Micros* times, uint32_t begin, uint32_t end, Micros t) {
  constexpr uint32_t kShort = 24;
  if (end - begin > kShort) {
    return static_cast<uint32_t>(std::lower_bound(times + begin, times + end, t) - times);
  }
  while (end > begin && times[end - 1] >= t) --end;
  return end;
}

// All bits that a value has at some row, as a bound of its size.
PATRON_SIMD_INLINE uint64_t any_bits(const int64_t* values, size_t n) {
  uint64_t bits = 0;
  for (size_t i = 0; i < n; ++i) {
    const int64_t value = values[i] == kNullInt ? 0 : values[i];
    bits |= static_cast<uint64_t>(value ^ (value >> 63));
  }
  return bits;
}

PATRON_SIMD_INLINE void both(const uint8_t* a, const uint8_t* b, size_t n, uint8_t* out) {
  for (size_t i = 0; i < n; ++i) out[i] = a[i] & b[i];
}

PATRON_SIMD_INLINE void sales_of(const int64_t* amounts, size_t n, int64_t least, uint8_t* out) {
  for (size_t i = 0; i < n; ++i) out[i] = amounts[i] >= least ? 1 : 0;
}

}  // namespace

Anchors PageAnchors::of(const Window& window, uint32_t customer) const {
  Anchors out;
  if (window.kind == Window::Kind::kSinceJoin && joined) out.joined = joined(customer);
  if (window.kind == Window::Kind::kSinceClass && entered) {
    out.entered = entered(customer, window.class_name);
  }
  return out;
}

PageStream::PageStream(const BookState& state, LogName log, const Schema& schema,
                       const StreamRules& rules, const TimeZone& zone)
    : columns_(state, log), schema_(&schema), rules_(&rules), zone_(&zone) {
  for (const FieldSpec& field : schema.fields()) places_.push_back(columns_.find(field.name));
  if (rules.refunds) amount_ = columns_.find("amount");
}

int PageStream::add_condition(const Expression& condition) {
  for (size_t i = 0; i < conditions_.size(); ++i) {
    if (conditions_[i].expression->text() == condition.text()) return static_cast<int>(i);
  }
  conditions_.push_back({&condition, Frame(*condition.compiled().program), {}, false});
  return static_cast<int>(conditions_.size()) - 1;
}

int PageStream::add_selection(bool sales, int condition) {
  sales = sales && rules_->refunds;
  for (size_t i = 0; i < selections_.size(); ++i) {
    if (selections_[i].sales == sales && selections_[i].condition == condition)
      return static_cast<int>(i);
  }
  Selection& made = selections_.emplace_back();
  made.sales = sales;
  made.condition = condition;
  return static_cast<int>(selections_.size()) - 1;
}

int PageStream::add_window(const Window& window) {
  for (size_t i = 0; i < windows_.size(); ++i) {
    if (windows_[i].window == window) return static_cast<int>(i);
  }
  Place& made = windows_.emplace_back();
  made.window = window;
  made.anchored =
      window.kind == Window::Kind::kSinceJoin || window.kind == Window::Kind::kSinceClass;
  return static_cast<int>(windows_.size()) - 1;
}

void PageStream::read(uint32_t page, Micros now, const PageAnchors* anchors) {
  page_ = &columns_.read(page);
  now_ = now;
  anchors_ = anchors;
  has_sales_ = has_days_ = false;
  for (Condition& one : conditions_) one.ready = false;
  for (Place& one : windows_) one.ready = false;
  for (Selection& one : selections_) {
    one.has_mask = one.has_counts = false;
    for (Totals& totals : one.totals) totals.ready = false;
  }
  const Micros* times = columns_.times();
  for (uint32_t i = 0; i < customers(); ++i) {
    uint32_t end = page_->offsets[i + 1];
    while (end > page_->offsets[i] && times[end - 1] > now) --end;
    seen_[i] = end;
  }
}

template <typename Take>
void PageStream::run(Frame& frame, const Expression& expression, Take take) {
  const Program& program = *expression.compiled().program;
  const SimdLevel level = best_simd();
  const auto chunk = static_cast<size_t>(kChunkRows);
  for (size_t begin = 0; begin < columns_.rows(); begin += chunk) {
    const size_t n = std::min(chunk, columns_.rows() - begin);
    columns_.fill(program.fields(), places_, begin, blocks_);
    frame.run(blocks_, static_cast<int64_t>(n), level);
    take(frame.result(0), begin, n);
  }
}

const uint8_t* PageStream::condition(int index) {
  Condition& one = conditions_[static_cast<size_t>(index)];
  if (std::exchange(one.ready, true)) return one.mask.data();
  one.mask.resize(columns_.rows());
  if (one.expression->uses_now()) {  // an event has no clock of its own: unknown of all
    std::fill(one.mask.begin(), one.mask.end(), 0);
    return one.mask.data();
  }
  run(one.frame, *one.expression, [&](const Lane& lane, size_t begin, size_t n) {
    std::memcpy(one.mask.data() + begin, lane.as<uint8_t>(), n);
  });
  return one.mask.data();
}

const uint8_t* PageStream::sales() {
  if (std::exchange(has_sales_, true)) return sales_.data();
  sales_.resize(columns_.rows());
  const int64_t* amounts = columns_.ints(amount_);
  const int64_t least = rules_->count_zero_amounts ? 0 : 1;
  run_with_best_simd([&]() __attribute__((always_inline)) {
    sales_of(amounts, sales_.size(), least, sales_.data());
    return 0;
  });
  return sales_.data();
}

const uint8_t* PageStream::mask(int selection) {
  Selection& one = selections_[static_cast<size_t>(selection)];
  if (one.sales && one.condition < 0) return sales();
  if (!one.sales && one.condition >= 0) return condition(one.condition);
  if (std::exchange(one.has_mask, true)) return one.mask.data();
  one.mask.resize(columns_.rows());
  if (!one.sales) {
    std::fill(one.mask.begin(), one.mask.end(), 1);
    return one.mask.data();
  }
  const uint8_t* a = sales();
  const uint8_t* b = condition(one.condition);
  run_with_best_simd([&]() __attribute__((always_inline)) {
    both(a, b, one.mask.size(), one.mask.data());
    return 0;
  });
  return one.mask.data();
}

const uint32_t* PageStream::counts(int selection) {
  Selection& one = selections_[static_cast<size_t>(selection)];
  if (std::exchange(one.has_counts, true)) return one.counts.data();
  const uint8_t* selected = mask(selection);
  const size_t n = columns_.rows();
  one.counts.resize(n + 1);
  uint32_t count = 0;
  for (size_t i = 0; i < n; ++i) {
    one.counts[i] = count;
    count += selected[i];
  }
  one.counts[n] = count;
  return one.counts.data();
}

void PageStream::fill_totals(int selection, Totals& totals) {
  const uint8_t* selected = mask(selection);
  const int64_t* values = columns_.ints(totals.column);
  const size_t n = columns_.rows();
  const uint64_t bits =
      run_with_best_simd([&]() __attribute__((always_inline)) { return any_bits(values, n); });
  totals.safe = std::bit_width(bits) + std::bit_width(n) < 63;
  totals.cells.resize(n + 1);
  totals.whole.resize(n + 1);
  uint32_t cells = 0;
  uint64_t sum = 0;
  for (size_t i = 0; i < n; ++i) {
    totals.cells[i] = cells;
    totals.whole[i] = static_cast<int64_t>(sum);
    const bool counts = selected[i] != 0 && values[i] != kNullInt;
    cells += counts ? 1 : 0;
    sum += counts ? static_cast<uint64_t>(values[i]) : 0;
  }
  totals.cells[n] = cells;
  totals.whole[n] = static_cast<int64_t>(sum);
}

PageSums PageStream::sums(int selection, int column) {
  Selection& one = selections_[static_cast<size_t>(selection)];
  Totals* found = nullptr;
  for (Totals& totals : one.totals) {
    if (totals.column == column) found = &totals;
  }
  if (found == nullptr) {
    found = &one.totals.emplace_back();
    found->column = column;
  }
  if (!std::exchange(found->ready, true)) fill_totals(selection, *found);
  return {found->safe ? found->whole.data() : nullptr, found->cells.data()};
}

PageRows PageStream::rows(int window) {
  Place& one = windows_[static_cast<size_t>(window)];
  const PageRows out{one.begin.data(), one.end.data()};
  if (std::exchange(one.ready, true)) return out;
  TimeRange inside;
  if (!one.anchored) inside = range(one.window, *zone_, now_, {});
  const Micros* times = columns_.times();
  for (uint32_t i = 0; i < customers(); ++i) {
    if (one.anchored) {
      inside = range(one.window, *zone_, now_, anchors_->of(one.window, page_->first + i));
    }
    const uint32_t first = page_->offsets[i], last = seen_[i];
    one.begin[i] = inside.begin <= kMinTime ? first : first_from(times, first, last, inside.begin);
    // What is inside ends with now, unless the window lies in the past.
    one.end[i] = inside.end > now_ ? last : first_from(times, one.begin[i], last, inside.end);
    if (inside.empty()) one.end[i] = one.begin[i];
  }
  return out;
}

const Day* PageStream::days() {
  if (std::exchange(has_days_, true)) return days_.data();
  days_.resize(columns_.rows());
  if (days_.empty()) return days_.data();
  const Micros* times = columns_.times();
  Micros least = kEndTime, most = kMinTime;
  for (uint32_t i = 0; i < customers(); ++i) {
    if (page_->offsets[i] == page_->offsets[i + 1]) continue;
    least = std::min(least, times[page_->offsets[i]]);
    most = std::max(most, times[page_->offsets[i + 1] - 1]);
  }
  if (!clock_ || least < clock_min_ || most > clock_max_) {
    constexpr Micros kRoom = 400 * kMicrosPerDay;  // so that the next pages fit in
    clock_min_ = std::max(kMinTime, std::min(clock_ ? clock_min_ : least, least - kRoom));
    clock_max_ = std::min(kEndTime - 1, std::max(clock_ ? clock_max_ : most, most + kRoom));
    clock_.emplace(*zone_, clock_min_, clock_max_);
  }
  for (size_t i = 0; i < days_.size(); ++i) days_[i] = clock_->day_of(times[i]);
  return days_.data();
}

CodeWeights& PageStream::weights(int column) {
  const auto found = weights_.find(column);
  if (found != weights_.end()) return found->second;
  std::vector<std::string_view> texts;
  const std::vector<std::string>& values = columns_.layout(column).values;
  if (columns_.layout(column).cell == CellType::kBits) {
    texts.assign(values.begin(), values.end());
  } else {
    texts = columns_.dictionary(column)->texts;
  }
  return weights_.emplace(column, CodeWeights(std::move(texts))).first->second;
}

bool PageStream::days_ascend() { return !clock_ || clock_->ascending(); }

void PageStream::evaluate(const Expression& expression, std::vector<double>& out) {
  out.assign(columns_.rows(), 0);
  if (expression.uses_now()) return;
  Frame frame(*expression.compiled().program);
  const bool doubles = expression.kind() == Kind::kDouble;
  run(frame, expression, [&](const Lane& lane, size_t begin, size_t n) {
    for (size_t i = 0; i < n; ++i) {
      if (lane.known != nullptr && lane.known[i] == 0) continue;
      out[begin + i] = doubles ? lane.as<double>()[i] : static_cast<double>(lane.as<int64_t>()[i]);
    }
  });
}

}  // namespace patron::internal
