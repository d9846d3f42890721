#include "lib/engine/calibration/multiset.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <numeric>
#include <utility>

namespace patron::internal {
namespace {

// Sorts rows of one width in place.
template <size_t W>
void sort_rows(std::vector<int64_t>& rows) {
  using Row = std::array<int64_t, W>;
  std::vector<Row> all(rows.size() / W);
  std::memcpy(all.data(), rows.data(), rows.size() * sizeof(int64_t));
  std::sort(all.begin(), all.end());
  std::memcpy(rows.data(), all.data(), rows.size() * sizeof(int64_t));
}

// Sorts numbers by their bytes, the least significant first; those in which all agree cost nothing,
// and most columns of whole numbers have few that differ.
void sort_numbers(std::vector<int64_t>& numbers) {
  constexpr size_t kMany = 256;  // else the histograms cost more
  const size_t count = numbers.size();
  if (count < kMany) return std::sort(numbers.begin(), numbers.end());
  constexpr uint64_t kSign = uint64_t{1} << 63;
  const auto byte_of = [](int64_t number, size_t byte) {
    return (static_cast<uint64_t>(number) ^ kSign) >> (8 * byte) & 255;
  };
  std::array<std::array<size_t, 256>, 8> starts{};
  for (const int64_t number : numbers) {
    for (size_t byte = 0; byte < 8; ++byte) ++starts[byte][byte_of(number, byte)];
  }
  std::vector<int64_t> spare(count);
  for (size_t byte = 0; byte < 8; ++byte) {
    std::array<size_t, 256>& next = starts[byte];
    if (next[byte_of(numbers[0], byte)] == count) continue;
    size_t sum = 0;
    for (size_t& start : next) sum += std::exchange(start, sum);
    for (const int64_t number : numbers) spare[next[byte_of(number, byte)]++] = number;
    numbers.swap(spare);
  }
}

}  // namespace

void Multiset::add(std::initializer_list<int64_t> row) {
  rows_.insert(rows_.end(), row.begin(), row.end());
}

void Multiset::seal() {
  if (rows_.empty()) return;
  Multiset fresh(width_);
  const auto sealed = static_cast<std::ptrdiff_t>(counts_.size() * width_);
  std::vector<int64_t> added(rows_.begin() + sealed, rows_.end());
  rows_.resize(static_cast<size_t>(sealed));
  switch (width_) {
    case 1:
      sort_numbers(added);
      for (size_t i = 0; i < added.size();) {
        const size_t begin = i;
        while (i < added.size() && added[i] == added[begin]) ++i;
        fresh.rows_.push_back(added[begin]);
        fresh.counts_.push_back(static_cast<int64_t>(i - begin));
      }
      break;
    case 2:
      sort_rows<2>(added);
      break;
    case 3:
      sort_rows<3>(added);
      break;
    default:
      sort_rows<4>(added);
  }
  for (size_t i = 0; width_ > 1 && i < added.size(); i += width_) {
    fresh.append(std::span(added).subspan(i, width_), 1);
  }
  counts_.empty() ? std::swap(*this, fresh) : merge(fresh);
}

void Multiset::merge(const Multiset& other) {
  Multiset out(width_);
  out.rows_.reserve(rows_.size() + other.rows_.size());
  out.counts_.reserve(counts_.size() + other.counts_.size());
  size_t a = 0, b = 0;
  while (a < size() || b < other.size()) {
    const bool mine = b == other.size() ||
                      (a < size() && std::ranges::lexicographical_compare(row(a), other.row(b))) ||
                      (a < size() && std::ranges::equal(row(a), other.row(b)));
    mine ? out.append(row(a), count(a)) : out.append(other.row(b), other.count(b));
    (mine ? a : b) += 1;
  }
  *this = std::move(out);
}

int64_t Multiset::total() const {
  return std::accumulate(counts_.begin(), counts_.end(), int64_t{0});
}

std::vector<int64_t> Multiset::values() const {
  std::vector<int64_t> out;
  out.reserve(static_cast<size_t>(total()));
  for (size_t i = 0; i < size(); ++i)
    out.insert(out.end(), static_cast<size_t>(count(i)), rows_[i]);
  return out;
}

bool Multiset::append(std::span<const int64_t> row, int64_t count) {
  if (count < 1) return false;
  if (!counts_.empty()) {
    const std::span<const int64_t> last = this->row(size() - 1);
    if (std::ranges::lexicographical_compare(row, last)) return false;
    if (std::ranges::equal(row, last)) {
      if (counts_.back() > std::numeric_limits<int64_t>::max() - count) return false;
      counts_.back() += count;
      return true;
    }
  }
  rows_.insert(rows_.end(), row.begin(), row.end());
  counts_.push_back(count);
  return true;
}

}  // namespace patron::internal
