#include "lib/engine/tables/id_order.h"

#include <algorithm>
#include <bit>
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

void IdOrder::grow(const CustomerIds& ids, uint32_t customers) {
  const auto before = [&ids](uint32_t a, uint32_t b) { return ids.compare_own(a, b) < 0; };
  const bool forgotten = ids.any_erased();
  if (plain_ && !forgotten) {
    uint32_t row = std::max(size_, uint32_t{1});
    while (row < customers && before(row - 1, row)) ++row;
    if (row >= customers) {
      size_ = customers;
      return;
    }
  }
  std::vector<uint32_t> all(plain_ ? size_ : 0), more(customers - size_);
  if (plain_) {
    std::iota(all.begin(), all.end(), 0U);
  } else {
    all = sorted_;
  }
  std::iota(more.begin(), more.end(), size_);
  if (forgotten) {
    std::erase_if(all, [&ids](uint32_t row) { return ids.erased(row); });
    std::erase_if(more, [&ids](uint32_t row) { return ids.erased(row); });
  }
  sort_by_id(ids, more);
  std::vector<uint32_t> merged;
  if (all.empty()) {
    merged = std::move(more);
  } else {
    merged.resize(all.size() + more.size());
    std::merge(all.begin(), all.end(), more.begin(), more.end(), merged.begin(), before);
  }
  sorted_ = std::move(merged);
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
