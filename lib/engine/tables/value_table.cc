#include "lib/engine/tables/value_table.h"

#include <algorithm>
#include <cstring>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/bitmap.h"
#include "lib/base/int128.h"
#include "lib/base/parallel.h"
#include "lib/base/table_data.h"
#include "lib/engine/tables/cell_table.h"
#include "lib/engine/tables/id_order.h"
#include "lib/metrics/row_bits.h"

namespace patron::internal {
namespace {

constexpr uint32_t kNoPlace = UINT32_MAX;
constexpr int64_t kPagesPerTask = 16;

/// Bytes that stay where they are.
class TextStore {
 public:
  std::string_view keep(std::string_view text) {
    if (text.empty()) return "";  // not null, which is what nothing known has
    char* const at = room(text.size());
    std::memcpy(at, text.data(), text.size());
    return {at, text.size()};
  }
  /// What joined_members() of a set gives, without a string of its own.
  std::string_view keep_joined(std::span<const std::string> set) {
    size_t most = set.size();
    for (const std::string& member : set) most += member.size();
    char* const begin = room(most);
    char* at = begin;
    for (const std::string& member : set) {
      if (at != begin) *at++ = ',';
      std::memcpy(at, member.data(), member.size());
      at += member.size();
    }
    return {begin, static_cast<size_t>(at - begin)};
  }

 private:
  char* room(size_t bytes) {
    if (bytes > left_) {
      left_ = std::max(bytes, size_t{1} << 16);
      blocks_.push_back(std::make_unique<char[]>(left_));
      next_ = blocks_.back().get();
    }
    char* const at = next_;
    next_ += bytes;
    left_ -= bytes;
    return at;
  }
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  size_t left_ = 0;
};

enum class Cells : uint8_t { kBool, kInt64, kInt32, kDouble, kText, kInt128 };

/// A column as it grows, each worker at places of its own.
struct GrowingColumn {
  size_t value = 0;  ///< of the policy
  Kind kind = Kind::kInt64;
  Cells cells = Cells::kInt64;
  Buffer values;  ///< bools as bytes
  Buffer known;   ///< bytes
};

Cells cells_of(Kind kind) {
  switch (kind) {
    case Kind::kBool:
      return Cells::kBool;
    case Kind::kDouble:
      return Cells::kDouble;
    case Kind::kString:
    case Kind::kEnum:
    case Kind::kEnumSet:
      return Cells::kText;
    case Kind::kDate:
      return Cells::kInt32;
    case Kind::kMoney:
      return Cells::kInt128;
    default:
      return Cells::kInt64;
  }
}

size_t width_of(Cells cells) {
  switch (cells) {
    case Cells::kBool:
      return 1;
    case Cells::kInt32:
      return 4;
    case Cells::kText:
    case Cells::kInt128:
      return 16;
    default:
      return 8;
  }
}

/// Where the rows of a page go.
struct Places {
  Places(const uint32_t* of, uint32_t count) : places(of), n(count) {
    bool next = n > 0 && places[0] != kNoPlace;
    for (uint32_t k = 1; next && k < n; ++k) next = places[k] == places[0] + k;
    if (next) first = places[0];
  }
  const uint32_t* places;  ///< of each; kNoPlace: nowhere
  uint32_t n;
  uint32_t first = kNoPlace;  ///< the place of the first, where the others follow it
};

// Whole numbers, doubles and times of a block to their places. What is unknown is zero.
template <typename T, typename From>
void scatter(const From* from, const Places& places, T* to) {
  if (places.first != kNoPlace) {
    T* const begin = to + places.first;
    for (uint32_t k = 0; k < places.n; ++k) begin[k] = static_cast<T>(from[k]);
    return;
  }
  for (uint32_t k = 0; k < places.n; ++k) {
    if (places.places[k] != kNoPlace) to[places.places[k]] = static_cast<T>(from[k]);
  }
}

// Short texts, which nearly all are, without a call.
void copy_text(std::string_view text, uint8_t* to) {
  const size_t n = text.size();
  if (n - 8 > 8) {
    if (n > 0) std::memcpy(to, text.data(), n);
    return;
  }
  uint64_t head = 0, tail = 0;
  std::memcpy(&head, text.data(), 8);
  std::memcpy(&tail, text.data() + n - 8, 8);
  std::memcpy(to, &head, 8);
  std::memcpy(to + n - 8, &tail, 8);
}

// The store is null where texts stay where they are.
void scatter_texts(const ValueBlock& block, const Places& places, TextStore* store,
                   std::string_view* to) {
  if (store == nullptr) return scatter(block.texts(), places, to);
  for (uint32_t k = 0; k < places.n; ++k) {
    if (places.places[k] == kNoPlace) continue;
    std::string_view text;
    if (block.known()[k] != 0) {
      text = block.shape() == Shape::kSet    ? store->keep_joined(block.set_at(k))
             : block.shape() == Shape::kText ? store->keep(block.texts()[k])
                                             : std::string_view();
    }
    to[places.places[k]] = text;
  }
}

// Whether something is unknown.
bool put(const ValueBlock& block, const Places& places, TextStore* store, GrowingColumn& out) {
  // Nearly everything is known; what is not is marked.
  const bool unknown = std::memchr(block.known(), 0, places.n) != nullptr;
  if (unknown) scatter(block.known(), places, out.known.data());
  switch (out.cells) {
    case Cells::kBool:
      scatter(block.integers(), places, out.values.data());
      break;
    case Cells::kInt64:
      scatter(block.integers(), places, out.values.as<int64_t>());
      break;
    case Cells::kInt32:
      scatter(block.integers(), places, out.values.as<int32_t>());
      break;
    case Cells::kDouble:
      scatter(block.numbers(), places, out.values.as<double>());
      break;
    case Cells::kInt128:
      scatter(block.integers(), places, out.values.as<Int128>());
      break;
    case Cells::kText:
      scatter_texts(block, places, store, out.values.as<std::string_view>());
  }
  return unknown;
}

// Bytes 0 and 1 as bits.
Buffer packed(const uint8_t* bytes, size_t n) {
  Buffer out((n + 7) / 8);
  std::memset(out.data(), 0, out.size());
  size_t i = 0;
  for (; i + 8 <= n; i += 8) out.data()[i / 8] = static_cast<uint8_t>(eight_bits(bytes + i));
  for (; i < n; ++i) out.data()[i / 8] |= static_cast<uint8_t>(bytes[i] << i % 8);
  return out;
}

void set_texts(const std::string_view* texts, size_t n, OwnedColumn& out) {
  out.offsets = Buffer((n + 1) * sizeof(int64_t));
  auto* offsets = out.offsets.as<int64_t>();
  size_t bytes = 0;
  for (size_t i = 0; i < n; ++i) {
    offsets[i] = static_cast<int64_t>(bytes);
    bytes += texts[i].size();
  }
  offsets[n] = static_cast<int64_t>(bytes);
  out.values = Buffer(bytes);
  for (size_t i = 0; i < n; ++i) {
    copy_text(texts[i], out.values.data() + offsets[i]);
  }
}

OwnedColumn finish(const PolicyValue& value, GrowingColumn& from, bool unknown, size_t n) {
  OwnedColumn out;
  out.field = {value.tag.name, value.tag.kind == Kind::kEnumSet
                                   ? column_type(Kind::kString, {})
                                   : column_type(value.tag.kind, value.unit)};
  out.length = static_cast<int64_t>(n);
  if (unknown) {
    out.validity = packed(from.known.data(), n);
    out.null_count = out.length - count_bits(out.validity.data(), 0, out.length);
    if (out.null_count == 0) out.validity = {};
  }
  if (from.cells == Cells::kBool) {
    out.values = packed(from.values.data(), n);
  } else if (from.cells == Cells::kText) {
    set_texts(from.values.as<std::string_view>(), n, out);
  } else {
    out.values = std::move(from.values);
  }
  return out;
}

OwnedColumn id_column(const BookState& book, std::span<const uint32_t> rows) {
  OwnedColumn out;
  out.field.name = "customer";
  out.length = static_cast<int64_t>(rows.size());
  if (!book.ids->text()) {
    out.field.type.type = Type::kInt64;
    out.values = Buffer(rows.size() * sizeof(int64_t));
    for (size_t i = 0; i < rows.size(); ++i) {
      out.values.as<int64_t>()[i] = book.ids->id_own(rows[i]).number;
    }
    return out;
  }
  out.field.type.type = Type::kLargeString;
  std::vector<std::string_view> texts;
  texts.reserve(rows.size());
  for (const uint32_t row : rows) texts.push_back(book.ids->id_own(row).text);
  set_texts(texts.data(), rows.size(), out);
  return out;
}

std::vector<GrowingColumn> columns_of(const PolicyData& policy, std::span<const size_t> wanted,
                                      size_t n) {
  std::vector<GrowingColumn> out;
  for (size_t i = 0; i < policy.values.size(); ++i) {
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), i) == wanted.end()) continue;
    GrowingColumn& made = out.emplace_back();
    made.value = i;
    made.kind = policy.values[i].tag.kind;
    made.cells = cells_of(made.kind);
    made.values = Buffer(n * width_of(made.cells));
    made.known = Buffer(n);
    std::memset(made.known.data(), 1, n);
  }
  return out;
}

/// The memory of one thread.
struct Worker {
  Worker(const ValueTableInput& input, std::span<const size_t> wanted)
      : pages(input.policy, input.book, input.constants, wanted),
        unknown(input.policy.values.size()) {
    pages.use(input.measured);
  }
  ValuePages pages;
  TextStore store;
  std::vector<uint8_t> unknown;  ///< 1: of the values of the policy those that somebody has not
};

}  // namespace

Result<Table> value_table(const ValueTableInput& input, std::span<const uint32_t> rows,
                          std::span<const size_t> wanted, int threads, const Control& control) {
  const size_t n = rows.size();
  std::vector<GrowingColumn> columns = columns_of(input.policy, wanted, n);
  std::vector<uint32_t> places(input.book.customers, kNoPlace);
  for (size_t k = 0; k < n; ++k) places[rows[k]] = static_cast<uint32_t>(k);
  const int64_t pages = (int64_t{input.book.customers} + kPageCustomers - 1) / kPageCustomers;
  const int64_t tasks = (pages + kPagesPerTask - 1) / kPagesPerTask;
  const int used = static_cast<int>(std::clamp<int64_t>(tasks, 1, thread_count(threads)));
  std::deque<Worker> workers;
  for (int i = 0; i < used; ++i) {
    workers.emplace_back(input, wanted);
  }
  Watch watch(control);
  const Status status = parallel_for(tasks, used, &watch, [&](int64_t task, int worker) {
    Worker& mine = workers[static_cast<size_t>(worker)];
    const int64_t end = std::min(pages, (task + 1) * kPagesPerTask);
    for (int64_t page = task * kPagesPerTask; page < end; ++page) {
      mine.pages.read(static_cast<uint32_t>(page), input.now, input.states);
      const Places to(places.data() + mine.pages.first(), mine.pages.customers());
      for (GrowingColumn& column : columns) {
        TextStore* const store = mine.pages.lasts(column.value) ? nullptr : &mine.store;
        const bool unknown = put(mine.pages.value(column.value), to, store, column);
        mine.unknown[column.value] |= unknown ? 1 : 0;
      }
    }
  });
  if (!status.ok()) return status;
  std::vector<OwnedColumn> out;
  out.push_back(id_column(input.book, rows));
  for (GrowingColumn& column : columns) {
    const bool unknown = std::any_of(workers.begin(), workers.end(), [&](const Worker& worker) {
      return worker.unknown[column.value] != 0;
    });
    out.push_back(finish(input.policy.values[column.value], column, unknown, n));
  }
  return make_owned_table(std::move(out));
}

std::vector<uint32_t> rows_by_id(const BookState& book, uint32_t customers) {
  std::vector<uint32_t> rows;
  rows.reserve(customers);
  for (uint32_t row = 0; row < customers; ++row) {
    if (book.survivor(row) == row && !book.ids->erased(row)) rows.push_back(row);
  }
  sort_by_id(*book.ids, rows);
  return rows;
}

}  // namespace patron::internal
