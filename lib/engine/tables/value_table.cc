#include "lib/engine/tables/value_table.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/bitmap.h"
#include "lib/base/int128.h"
#include "lib/base/parallel.h"
#include "lib/base/simd.h"
#include "lib/base/table_data.h"
#include "lib/engine/tables/cell_table.h"
#include "lib/engine/tables/id_order.h"
#include "lib/engine/tables/page_bits.h"
#include "lib/engine/tables/table_places.h"
#include "lib/engine/tables/text_column.h"

namespace patron::internal {
namespace {

constexpr int64_t kPagesPerTask = 16;

enum class Cells : uint8_t { kBool, kInt64, kInt32, kDouble, kText, kInt128 };

/// A column as it grows, each worker at places of its own.
struct GrowingColumn {
  explicit GrowingColumn(uint32_t pages) : known(pages) {}
  size_t value = 0;  ///< of the policy
  Cells cells = Cells::kInt64;
  Buffer values;  ///< of fixed width
  std::optional<PageBits> bools;
  std::optional<TextColumn> texts;
  PageBits known;
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
    case Cells::kInt32:
      return 4;
    case Cells::kInt128:
      return 16;
    case Cells::kBool:
    case Cells::kText:
      return 0;
    default:
      return 8;
  }
}

// Whole numbers, doubles and times of a block to their places. What is unknown is zero.
template <typename T, typename From>
void scatter(const From* from, const TablePlaces& places, T* to) {
  if (places.first != kNoPlace) {
    run_with_best_simd([&]() __attribute__((always_inline)) {
      const From* const cells = from;
      T* const begin = to + places.first;
      const uint32_t n = places.n;
      for (uint32_t k = 0; k < n; ++k) begin[k] = static_cast<T>(cells[k]);
      return 0;
    });
    return;
  }
  for (uint32_t k = 0; k < places.n; ++k) {
    const uint32_t place = places.place(k);
    if (place != kNoPlace) to[place] = static_cast<T>(from[k]);
  }
}

void put(uint32_t page, const ValueBlock& block, const TablePlaces& places, TextStore& store,
         GrowingColumn& out) {
  out.known.put(page, block.known(), places.n);
  switch (out.cells) {
    case Cells::kBool:
      out.bools->put(page, block.integers(), places.n);
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
      out.texts->put(page, block, places, store);
  }
}

OwnedColumn finish(const PolicyValue& value, GrowingColumn& from, const TableOrder& order,
                   size_t n) {
  OwnedColumn out;
  out.field = {value.tag.name, value.tag.kind == Kind::kEnumSet
                                   ? column_type(Kind::kString, {})
                                   : column_type(value.tag.kind, value.unit)};
  out.length = static_cast<int64_t>(n);
  out.validity = from.known.packed(order, n);
  out.null_count = out.length - count_bits(out.validity.data(), 0, out.length);
  if (out.null_count == 0) out.validity = {};
  if (from.cells == Cells::kBool) {
    out.values = from.bools->packed(order, n);
  } else if (from.cells == Cells::kText) {
    from.texts->finish(out);
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
  set_texts(texts, out);
  return out;
}

// Whether nearly every row follows the one before it in the book.
bool come_in_runs(std::span<const uint32_t> rows) {
  size_t runs = 1;
  for (size_t k = 1; k < rows.size(); ++k) runs += rows[k] != rows[k - 1] + 1 ? 1 : 0;
  return runs <= 1 + rows.size() / 32;
}

std::vector<GrowingColumn> columns_of(const PolicyData& policy, std::span<const size_t> wanted,
                                      std::span<const uint32_t> rows, uint32_t pages) {
  const size_t n = rows.size();
  const bool in_runs = come_in_runs(rows);
  std::vector<GrowingColumn> out;
  for (size_t i = 0; i < policy.values.size(); ++i) {
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), i) == wanted.end()) continue;
    GrowingColumn& made = out.emplace_back(pages);
    made.value = i;
    made.cells = cells_of(policy.values[i].tag.kind);
    made.values = Buffer(n * width_of(made.cells));
    if (made.cells == Cells::kBool) made.bools.emplace(pages);
    if (made.cells == Cells::kText) made.texts.emplace(n, pages, in_runs);
  }
  return out;
}

/// The memory of one thread.
struct Worker {
  Worker(const ValueTableInput& input, std::span<const size_t> wanted)
      : pages(input.policy, input.book, input.constants, wanted) {
    pages.use(input.measured);
  }
  ValuePages pages;
  TextStore store;
};

}  // namespace

Result<Table> value_table(const ValueTableInput& input, std::span<const uint32_t> rows,
                          std::span<const size_t> wanted, int threads, const Control& control) {
  const size_t n = rows.size();
  const TableOrder order(rows, input.book.customers);
  const int64_t pages = order.pages();
  std::vector<GrowingColumn> columns = columns_of(input.policy, wanted, rows, order.pages());
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
    for (auto page = static_cast<uint32_t>(task * kPagesPerTask); page < end; ++page) {
      mine.pages.read(page, input.now, input.states);
      const TablePlaces to = order.of_page(page);
      for (GrowingColumn& column : columns) {
        put(page, mine.pages.value(column.value), to, mine.store, column);
      }
    }
  });
  if (!status.ok()) return status;
  std::vector<OwnedColumn> out(columns.size() + 1);
  (void)parallel_for(static_cast<int64_t>(out.size()), used, nullptr, [&](int64_t task, int) {
    const auto c = static_cast<size_t>(task);
    if (c == 0) {
      out[c] = id_column(input.book, rows);
    } else {
      GrowingColumn& from = columns[c - 1];
      out[c] = finish(input.policy.values[from.value], from, order, n);
    }
  });
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
