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
  conditions_.push_back({.expression = &condition,
                         .frame = Frame(*condition.compiled().program),
                         .at_least = at_least(condition, columns_.layout())});
  Condition& made = conditions_.back();
  if (const std::optional<IsWord> is = is_word(condition, columns_.layout())) {
    made.word_column = is->column;
    // No row has the code behind all others.
    const uint32_t codes = columns_.code_count(is->column);
    while (made.word < codes && columns_.code_text(is->column, made.word) != is->word) ++made.word;
  }
  return static_cast<int>(conditions_.size()) - 1;
}

int PageStream::add_selection(bool sales, int condition, ReferralSide side) {
  sales = sales && rules_->refunds;
  const auto of_side = columns_.referrer() < 0 ? std::nullopt : std::optional(side);
  for (size_t i = 0; i < selections_.size(); ++i) {
    const Selection& one = selections_[i];
    if (one.sales == sales && one.condition == condition && one.side == of_side)
      return static_cast<int>(i);
  }
  Selection& made = selections_.emplace_back();
  made.sales = sales;
  made.condition = condition;
  made.side = of_side;
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
  for (Selection& one : selections_) one.ready = false;
  const Micros* times = columns_.times();
  const size_t n = columns_.rows();
  Micros least = kEndTime, most = kMinTime;
  run_with_best_simd([&]() __attribute__((always_inline)) {
    Micros low = least, high = most;
    for (size_t i = 0; i < n; ++i) {
      low = times[i] < low ? times[i] : low;
      high = times[i] > high ? times[i] : high;
    }
    least = low, most = high;
    return 0;
  });
  least_ = least, most_ = most;
  std::copy_n(page_->offsets.data() + 1, customers(), seen_.data());
  for (uint32_t i = 0; most > now && i < customers(); ++i) {
    uint32_t& end = seen_[i];
    while (end > page_->offsets[i] && times[end - 1] > now) --end;
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

// Of a condition of one comparison; false where it is another.
bool PageStream::read_off(Condition& one) {
  if (one.at_least) {
    const auto [column, least] = *one.at_least;
    one.bits.pack_not_less(columns_.ints(column), columns_.rows(), least);
  } else if (one.word_column >= 0) {
    one.bits.pack_equal(columns_.codes(one.word_column), columns_.rows(), one.word);
  } else {
    return false;
  }
  return true;
}

const RowBits& PageStream::condition(int index) {
  Condition& one = conditions_[static_cast<size_t>(index)];
  if (std::exchange(one.ready, true) || read_off(one)) return one.bits;
  one.mask.resize(columns_.rows());
  if (one.expression->uses_now()) {  // an event has no clock of its own: unknown of all
    std::fill(one.mask.begin(), one.mask.end(), 0);
  } else {
    run(one.frame, *one.expression, [&](const Lane& lane, size_t begin, size_t n) {
      std::memcpy(one.mask.data() + begin, lane.as<uint8_t>(), n);
    });
  }
  one.bits.pack(one.mask.data(), one.mask.size());
  return one.bits;
}

const RowBits& PageStream::sales() {
  if (std::exchange(has_sales_, true)) return sales_;
  const int64_t least = rules_->count_zero_amounts ? 0 : 1;
  sales_.pack_not_less(columns_.ints(amount_), columns_.rows(), least);
  return sales_;
}

bool PageStream::selects_all(int selection) const {
  const Selection& one = selections_[static_cast<size_t>(selection)];
  return !one.sales && one.condition < 0 && !one.side;
}

// Leaves out the rows on whose side the customer is not. Who is linked is not of the page, so that
// nobody else is her.
void PageStream::keep_side(ReferralSide side, RowBits& bits) {
  const uint32_t* const referrers = columns_.customers(columns_.referrer());
  const uint32_t* const referred = columns_.customers(columns_.referred());
  on_side_.resize(columns_.rows());
  for (uint32_t i = 0; i < customers(); ++i) {
    const uint32_t she = page_->first + i;
    for (uint32_t row = page_->offsets[i]; row < page_->offsets[i + 1]; ++row) {
      const bool refers = referrers[row] == she, is_referred = referred[row] == she;
      on_side_[row] = refers != is_referred && refers == (side == ReferralSide::kReferrer) ? 1 : 0;
    }
  }
  sided_.pack(on_side_.data(), on_side_.size());
  bits.keep(sided_);
}

const RowBits& PageStream::selected(int selection) {
  Selection& one = selections_[static_cast<size_t>(selection)];
  if (one.sales && one.condition < 0 && !one.side) return sales();
  if (!one.sales && one.condition >= 0 && !one.side) return condition(one.condition);
  if (std::exchange(one.ready, true)) return one.bits;
  if (one.sales) {
    one.bits = sales();
    if (one.condition >= 0) one.bits.keep(condition(one.condition));
  } else if (one.condition >= 0) {
    one.bits = condition(one.condition);
  } else {
    one.bits.fill(columns_.rows());
  }
  if (one.side) keep_side(*one.side, one.bits);
  return one.bits;
}

// Where each customer's rows from an instant on begin, and those up to one end: of many short logs
// by one comparison for each row, of long ones by a search.
void PageStream::places_of(const TimeRange& inside, Place& out) {
  constexpr size_t kShort = 24;
  const Micros* times = columns_.times();
  const size_t n = columns_.rows();
  const auto find = [&](Micros t, const uint32_t* begin, uint32_t* to) {
    if (n > kShort * customers()) {
      for (uint32_t i = 0; i < customers(); ++i) to[i] = first_from(times, begin[i], seen_[i], t);
      return;
    }
    later_.pack_not_less(times, n, t);
    run_with_best_simd([&]() __attribute__((always_inline)) {
      const RowBitsView later = later_.view();
      const uint32_t* const ends = seen_.data();
      const uint32_t count = customers();
      const uint32_t* const from = begin;
      uint32_t* const out_of = to;
      for (uint32_t i = 0; i < count; ++i) out_of[i] = ends[i] - later.count(from[i], ends[i]);
      return 0;
    });
  };
  const uint32_t* first = page_->offsets.data();
  if (inside.begin <= kMinTime) {
    std::copy_n(first, customers(), out.begin.begin());
  } else {
    find(inside.begin, first, out.begin.data());
  }
  // What is inside ends with now, unless the window lies in the past.
  if (inside.empty()) {
    out.end = out.begin;
  } else if (inside.end > now_) {
    std::copy_n(seen_.data(), customers(), out.end.data());
  } else {
    find(inside.end, out.begin.data(), out.end.data());
  }
}

PageRows PageStream::rows(int window) {
  Place& one = windows_[static_cast<size_t>(window)];
  const PageRows out{one.begin.data(), one.end.data()};
  if (std::exchange(one.ready, true)) return out;
  if (!one.anchored) {
    places_of(range(one.window, *zone_, now_, {}), one);
    return out;
  }
  const Micros* times = columns_.times();
  for (uint32_t i = 0; i < customers(); ++i) {
    const TimeRange inside =
        range(one.window, *zone_, now_, anchors_->of(one.window, page_->first + i));
    const uint32_t first = page_->offsets[i], last = seen_[i];
    one.begin[i] = inside.begin <= kMinTime ? first : first_from(times, first, last, inside.begin);
    one.end[i] = inside.end > now_ ? last : first_from(times, one.begin[i], last, inside.end);
    if (inside.empty()) one.end[i] = one.begin[i];
  }
  return out;
}

const Day* PageStream::days() {
  if (std::exchange(has_days_, true)) return days_.data();
  days_.resize(columns_.rows());
  if (days_.empty()) return days_.data();
  if (!clock_ || least_ < clock_min_ || most_ > clock_max_) {
    constexpr Micros kRoom = 400 * kMicrosPerDay;  // so that the next pages fit in
    clock_min_ = std::max(kMinTime, std::min(clock_ ? clock_min_ : least_, least_ - kRoom));
    clock_max_ = std::min(kEndTime - 1, std::max(clock_ ? clock_max_ : most_, most_ + kRoom));
    clock_.emplace(*zone_, clock_min_, clock_max_);
  }
  clock_->days_of({columns_.times(), days_.size()}, days_.data());
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
