#include "lib/engine/tables/id_order.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>
#include <numeric>
#include <string_view>
#include <utility>

namespace patron::internal {

void sort_by_id(const CustomerIds& ids, std::vector<uint32_t>& rows) {
  if (!ids.text()) {
    std::vector<std::pair<int64_t, uint32_t>> keyed;
    keyed.reserve(rows.size());
    for (const uint32_t row : rows) keyed.emplace_back(ids.id_own(row).number, row);
    std::sort(keyed.begin(), keyed.end());
    for (size_t i = 0; i < rows.size(); ++i) rows[i] = keyed[i].second;
    return;
  }
  // By the first sixteen bytes where they differ: most ids are told apart without a look at the
  // text.
  struct Keyed {
    uint64_t head, next;
    uint32_t row;
  };
  const auto word = [](std::string_view text, size_t begin) {
    uint64_t out = 0;
    if (text.size() >= begin + 8) {
      std::memcpy(&out, text.data() + begin, sizeof out);
    } else if (text.size() > begin) {
      std::memcpy(&out, text.data() + begin, text.size() - begin);
    }
    return std::endian::native == std::endian::little ? __builtin_bswap64(out) : out;
  };
  std::vector<Keyed> keyed;
  keyed.reserve(rows.size());
  for (const uint32_t row : rows) {
    const std::string_view text = ids.id_own(row).text;
    keyed.push_back({word(text, 0), word(text, 8), row});
  }
  std::sort(keyed.begin(), keyed.end(), [&](const Keyed& a, const Keyed& b) {
    if (a.head != b.head) return a.head < b.head;
    if (a.next != b.next) return a.next < b.next;
    return ids.id_own(a.row).text < ids.id_own(b.row).text;
  });
  for (size_t i = 0; i < rows.size(); ++i) rows[i] = keyed[i].row;
}

namespace {

// Both in order, and nobody in both. What of `all` lies between two rows of `more`, which is much
// shorter as a rule, is found by steps of twice the length (galloping) and copied in one piece.
template <typename Before>
std::vector<uint32_t> merge_runs(const std::vector<uint32_t>& all,
                                 const std::vector<uint32_t>& more, const Before& before) {
  std::vector<uint32_t> merged;
  merged.reserve(all.size() + more.size());
  auto next = all.begin();
  for (const uint32_t row : more) {
    auto low = next;  // those before it come before the row
    std::ptrdiff_t step = 1;
    for (; step < all.end() - low && before(low[step], row); step *= 2) low += step;
    const auto high = low + std::min(step, all.end() - low);
    const auto end = std::upper_bound(low, high, row, before);
    merged.insert(merged.end(), next, end);
    merged.push_back(row);
    next = end;
  }
  merged.insert(merged.end(), next, all.end());
  return merged;
}

}  // namespace

void IdOrder::grow(const CustomerIds& ids, uint32_t customers) {
  const auto before = [&ids](uint32_t a, uint32_t b) { return ids.compare_own(a, b) < 0; };
  const bool forgotten = ids.any_erased();
  uint32_t first = size_;  // of those that are not in order yet
  if (plain_ && !forgotten) {
    first = std::max(first, uint32_t{1});
    while (first < customers && before(first - 1, first)) ++first;
    if (first >= customers) {
      size_ = customers;
      return;
    }
  }
  std::vector<uint32_t> all(plain_ ? first : 0), more(customers - first);
  if (plain_) {
    std::iota(all.begin(), all.end(), 0U);
  } else {
    all = sorted_;
  }
  std::iota(more.begin(), more.end(), first);
  if (forgotten) {
    std::erase_if(all, [&ids](uint32_t row) { return ids.erased(row); });
    std::erase_if(more, [&ids](uint32_t row) { return ids.erased(row); });
  }
  sort_by_id(ids, more);
  sorted_ = all.empty() ? std::move(more) : merge_runs(all, more, before);
  plain_ = false;
  size_ = customers;
}

std::vector<uint32_t> IdOrder::standing(const BookState& book, uint32_t customers) {
  const CustomerIds& ids = *book.ids;
  if (customers > size_) grow(ids, customers);
  std::vector<uint32_t> rows;
  if (plain_) {
    rows.resize(size_);
    std::iota(rows.begin(), rows.end(), 0U);
  } else {
    rows = sorted_;
  }
  if (book.links != nullptr || ids.any_erased()) {
    std::erase_if(rows, [&](uint32_t row) { return book.survivor(row) != row || ids.erased(row); });
  }
  return rows;
}

}  // namespace patron::internal
