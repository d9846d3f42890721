// Events with nothing wrong in them, as nearly all are, read a column at a time.
#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "lib/book/batch_filler.h"
#include "lib/book/event_probe.h"
#include "lib/book/word_cache.h"

namespace patron::internal {
namespace {

// The first event that has a value in the column.
size_t first_given(std::span<const BookEvent> events, size_t c) {
  size_t i = 0;
  while (i < events.size() && events[i].values[c].index() == 0) ++i;
  return i;
}

// The cells of a column from the first that is given on; `take` makes one of a value and says
// whether it could. Whether all could, and nulls may be.
template <typename Cell, typename Take>
bool take_cells(std::span<const BookEvent> events, size_t c, size_t first, bool nullable,
                BatchVector<Cell>& cells, Cell null, const Take& take) {
  bool any_null = first > 0;
  cells.resize(events.size());
  Cell* out = cells.data();
  std::fill_n(out, first, null);
  for (size_t i = first; i < events.size(); ++i) {
    const BookValue& value = events[i].values[c];
    if (value.index() == 0) {
      any_null = true;
      out[i] = null;
    } else if (!take(value, out[i])) {
      return false;
    }
  }
  return nullable || !any_null;
}

}  // namespace

bool BatchFiller::take_clean_column(std::span<const BookEvent> events, size_t c) {
  const CellColumn& column = stream_->columns[c];
  BatchColumn& to = batch_->columns[c];
  const bool nullable = column.nullable && static_cast<int>(c) != stream_->key;
  const size_t first = first_given(events, c);
  if (first == events.size()) return nullable;
  to.given = true;
  // The cells lie as bytes; they are lent out as what they are.
  const auto cells = [&](auto null, const auto& take) {
    BatchVector<decltype(null)> typed;
    typed.take_memory(to.cells);
    const bool good = take_cells(events, c, first, nullable, typed, null, take);
    to.cells.take_memory(typed);
    if (good) to.cells.resize(events.size() * sizeof null);
    return good;
  };
  const auto whole = [&](auto null, const auto& made_of) {
    return cells(null, [&](const BookValue& value, auto& out) {
      const auto* number = std::get_if<int64_t>(&value);
      if (number == nullptr || !is_int_cell(column, *number)) return false;
      out = made_of(*number);
      return true;
    });
  };
  switch (column.cell) {
    case CellType::kInt:
      return whole(kNullInt, [](int64_t number) { return number; });
    case CellType::kDay:
      return whole(kNullDay, [](int64_t number) { return static_cast<int32_t>(number); });
    case CellType::kBits:
      return whole(kNullBits, [](int64_t number) { return static_cast<uint64_t>(number); });
    case CellType::kDouble:
      return cells(std::numeric_limits<double>::quiet_NaN(),
                   [](const BookValue& value, double& out) {
                     const auto* number = std::get_if<double>(&value);
                     if (number == nullptr || !std::isfinite(*number)) return false;
                     out = *number;
                     return true;
                   });
    case CellType::kByte:
      return cells(kNullByte, [](const BookValue& value, uint8_t& out) {
        const bool* flag = std::get_if<bool>(&value);
        if (flag != nullptr) out = *flag ? 1 : 0;
        return flag != nullptr;
      });
    case CellType::kCode:
    case CellType::kText:
      return take_cells(events, c, first, nullable, to.texts, std::string_view(),
                        [&](const BookValue& value, std::string_view& out) {
                          if (!std::holds_alternative<std::string_view>(value)) return false;
                          out = text_of(value);
                          if (out.size() > kMaxTextBytes || !is_utf8_word(out)) return false;
                          const std::vector<std::string>& known = column.values;
                          return column.cell == CellType::kText || known.empty() ||
                                 std::find(known.begin(), known.end(), out) != known.end();
                        });
    case CellType::kCustomer:
      break;
  }
  return false;
}

bool BatchFiller::take_clean(std::span<const BookEvent> events) {
  const size_t count = events.size();
  if (stream_->referrer >= 0) return false;
  batch_->times.resize(count);
  bool good = true;
  for (size_t i = 0; i < count; ++i) {
    const BookEvent& event = events[i];
    batch_->times[i] = event.time;
    good &= event.values.size() == stream_->columns.size() && event.time >= kMinTime &&
            event.time <= until_;
  }
  if (layout_->text_customers) {
    batch_->text_ids.resize(count);
    for (size_t i = 0; good && i < count; ++i) {
      const std::string_view id = events[i].customer.text;
      batch_->text_ids[i] = id;
      good = id.data() != nullptr && id.size() <= kMaxTextBytes && is_utf8_word(id);
    }
  } else {
    batch_->int_ids.resize(count);
    for (size_t i = 0; i < count; ++i) {
      batch_->int_ids[i] = events[i].customer.number;
      good &= events[i].customer.number != kNullInt;
    }
  }
  for (size_t c = 0; good && c < stream_->columns.size(); ++c) good = take_clean_column(events, c);
  if (good) {
    marked_.assign(count, 0);
  } else {
    batch_->clear(*stream_);
  }
  return good;
}

}  // namespace patron::internal
