#include "lib/book/referral_pages.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

#include "lib/book/cell_reader.h"

namespace patron::internal {
namespace {

constexpr auto kRowsAtOnce = static_cast<size_t>(CellBlock::kMost);

// Who is referred in each row, and behind them who refers.
BatchVector<uint32_t> both_customers(const EventBatch& batch) {
  const size_t rows = batch.size();
  BatchVector<uint32_t> both(2 * rows);
  std::copy_n(batch.customers.begin(), rows, both.begin());
  for (size_t i = 0; i < rows; ++i) both[rows + i] = batch.customer_cell(batch.layout->referrer, i);
  return both;
}

bool has_long_log(std::span<const uint32_t> customers) {
  std::vector<uint32_t> rows(*std::max_element(customers.begin(), customers.end()) + size_t{1});
  bool is_long = false;
  for (const uint32_t customer : customers) is_long |= ++rows[customer] >= kLongLogRows;
  return is_long;
}

// Marks the columns, if the cells of all of them can come to fresh pages.
bool can_fill(const EventBatch& batch, std::vector<uint8_t>& wanted) {
  const StreamLayout& stream = *batch.layout;
  wanted.assign(stream.columns.size(), 0);
  for (size_t c = 0; c < stream.columns.size(); ++c) {
    if (!batch.columns[c].given) continue;
    const bool pair =
        static_cast<int>(c) == stream.referrer || static_cast<int>(c) == stream.referred;
    const CellType cell = stream.columns[c].cell;
    if (cell == CellType::kText || (cell == CellType::kCustomer && !pair)) return false;
    wanted[c] = 1;
  }
  return true;
}

// The cells of the rows begin .. begin + count - 1.
void set_cells(const EventBatch& batch, LogWriter& writer, size_t begin, size_t count,
               FreshPages::Range& to) {
  to.set(kTimesOfRows, reinterpret_cast<const uint8_t*>(batch.times.data() + begin), count);
  for (size_t c = 0; c < batch.columns.size(); ++c) {
    if (!batch.columns[c].given) continue;
    const CellColumn& column = batch.layout->columns[c];
    const int number = static_cast<int>(c);
    if (column.cell == CellType::kCustomer) {
      std::array<uint32_t, kRowsAtOnce> rows;
      for (size_t i = 0; i < count; ++i) rows[i] = batch.customer_cell(number, begin + i);
      to.set(number, reinterpret_cast<const uint8_t*>(rows.data()), count);
    } else if (column.cell == CellType::kCode) {
      to.set(number, reinterpret_cast<const uint8_t*>(writer.codes(c).data() + begin), count);
    } else {
      to.set(number, batch.columns[c].cells.data() + begin * column.width, count);
    }
  }
}

}  // namespace

std::unique_ptr<FreshPages> referral_pages(const EventBatch& batch, LogWriter& writer,
                                           const LogState& log, uint64_t epoch) {
  std::vector<uint8_t> wanted;
  if (batch.layout->referrer < 0 || batch.size() == 0 || !can_fill(batch, wanted)) return nullptr;
  const BatchVector<uint32_t> both = both_customers(batch);
  const std::span<const uint32_t> customers(both.data(), both.size());
  if (has_long_log(customers)) return nullptr;
  std::unique_ptr<FreshPages> fresh = writer.fresh_pages(std::move(wanted), epoch);
  const size_t end = customers.size();
  if (!fresh->open(customers, {&end, 1}, 1, log)) return nullptr;
  FreshPages::Range range(*fresh, 0);
  for (const size_t first : {size_t{0}, batch.size()}) {
    for (size_t begin = 0; begin < batch.size(); begin += kRowsAtOnce) {
      const size_t count = std::min(kRowsAtOnce, batch.size() - begin);
      set_cells(batch, writer, begin, count, range);
      range.move(customers.subspan(first + begin, count), false);
    }
  }
  return fresh;
}

}  // namespace patron::internal
