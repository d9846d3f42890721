#include "lib/metrics/page_columns.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "lib/base/simd.h"

namespace patron::internal {
namespace {

const LogState& log_of(const BookState& state, LogName log) {
  const auto i = static_cast<size_t>(log.index);
  return log.attribute ? state.attributes[i] : state.streams[i];
}

PageReader reader_of(const BookState& state, LogName log) {
  return log.attribute ? PageReader::of_attribute(state, log.index) : PageReader(state, log.index);
}

}  // namespace

PageColumns::PageColumns(const BookState& state, LogName log)
    : state_(&state),
      log_(&log_of(state, log)),
      reader_(reader_of(state, log)),
      scratch_(log_->layout->columns.size()) {}

const LogPage& PageColumns::read(uint32_t page) {
  page_ = reader_.read(page);
  for (Scratch& one : scratch_) {
    one.has_wide = one.has_known = one.has_texts = one.has_packed = false;
    one.has_range = one.has_sums = false;
  }
  return page_;
}

template <typename T>
T* PageColumns::room(Buffer& buffer, size_t count) {
  if (buffer.size() < count * sizeof(T)) buffer = Buffer(count * sizeof(T) * 5 / 4);
  return buffer.as<T>();
}

// Cells as they lie; where all of them are null, as many nulls.
template <typename T, T kNull>
const T* PageColumns::cells(int column) {
  if (const T* there = own<T>(column)) return there;
  Scratch& mine = scratch(column);
  T* nulls = room<T>(mine.wide, rows());
  if (!std::exchange(mine.has_wide, true)) std::fill_n(nulls, rows(), kNull);
  return nulls;
}

const int64_t* PageColumns::ints(int column) {
  if (column == kTimeColumn) return times();
  const CellType type = layout(column).cell;
  if (type == CellType::kInt) return cells<int64_t, kNullInt>(column);
  Scratch& mine = scratch(column);
  auto* wide = room<int64_t>(mine.wide, rows());
  if (std::exchange(mine.has_wide, true)) return wide;
  const auto widen = [&](const auto* from, auto null) {
    for (size_t i = 0; i < rows(); ++i) wide[i] = from[i] == null ? kNullInt : int64_t{from[i]};
  };
  const auto* bytes = type == CellType::kByte ? own<uint8_t>(column) : nullptr;
  const auto* days = type == CellType::kDay ? own<int32_t>(column) : nullptr;
  if (bytes != nullptr) {
    widen(bytes, kNullByte);
  } else if (days != nullptr) {
    widen(days, kNullDay);
  } else {
    std::fill_n(wide, rows(), kNullInt);
  }
  return wide;
}

PageColumns::Range PageColumns::range(int column) {
  if (column == kTimeColumn) return {};
  Scratch& mine = scratch(column);
  if (std::exchange(mine.has_range, true)) return mine.range;
  const int64_t* const cells = ints(column);
  uint64_t bits = 0, nulls = 0;
  run_with_best_simd([&]() __attribute__((always_inline)) {
    const int64_t* const of = cells;
    const size_t n = rows();
    uint64_t all = 0, missing = 0;
    for (size_t i = 0; i < n; ++i) {
      const uint64_t null = of[i] == kNullInt ? ~uint64_t{0} : 0;
      missing |= null;
      all |= static_cast<uint64_t>(of[i] ^ of[i] >> 63) & ~null;
    }
    bits = all, nulls = missing;
    return 0;
  });
  // No cell is further from 0 than 2^width.
  mine.range.adds_up = std::bit_width(bits) + std::bit_width(rows()) < 63;
  mine.range.any_null = nulls != 0;
  return mine.range;
}

const int64_t* PageColumns::running_sums(int column) {
  const Range of_cells = range(column);
  if (!of_cells.adds_up || of_cells.any_null) return nullptr;
  Scratch& mine = scratch(column);
  int64_t* const sums = room<int64_t>(mine.sums, rows() + 1);
  if (std::exchange(mine.has_sums, true)) return sums;
  const int64_t* const cells = ints(column);
  int64_t sum = 0;
  for (size_t i = 0; i < rows(); ++i) sums[i] = sum, sum += cells[i];
  sums[rows()] = sum;
  return sums;
}

const double* PageColumns::doubles(int column) {
  if (const auto* there = own<double>(column)) return there;
  Scratch& mine = scratch(column);
  auto* nulls = room<double>(mine.wide, rows());
  if (!std::exchange(mine.has_wide, true)) {
    std::fill_n(nulls, rows(), std::numeric_limits<double>::quiet_NaN());
  }
  return nulls;
}

const uint32_t* PageColumns::codes(int column) { return cells<uint32_t, kNullEnum>(column); }
const uint64_t* PageColumns::bits(int column) { return cells<uint64_t, kNullBits>(column); }
const uint32_t* PageColumns::customers(int column) { return cells<uint32_t, kNoCustomer>(column); }

uint32_t PageColumns::code_count(int column) const {
  const std::vector<std::string>& values = layout(column).values;
  return values.empty() ? log_->texts[static_cast<size_t>(column)].size()
                        : static_cast<uint32_t>(values.size());
}

std::string_view PageColumns::code_text(int column, uint32_t code) const {
  const std::vector<std::string>& values = layout(column).values;
  return values.empty() ? log_->texts[static_cast<size_t>(column)].text(code)
                        : std::string_view(values[code]);
}

const uint8_t* PageColumns::known(int column) {
  Scratch& mine = scratch(column);
  auto* out = room<uint8_t>(mine.known, rows());
  if (std::exchange(mine.has_known, true)) return out;
  const auto mark = [&](const auto* from, auto null) {
    if (from == nullptr) {
      std::fill_n(out, rows(), 0);
      return;
    }
    run_with_best_simd([&]() __attribute__((always_inline)) {
      const auto* const cells = from;
      const auto missing = null;
      uint8_t* const to = out;
      const size_t n = rows();
      for (size_t i = 0; i < n; ++i) to[i] = cells[i] != missing ? 1 : 0;
      return 0;
    });
  };
  switch (layout(column).cell) {
    case CellType::kByte:
      mark(own<uint8_t>(column), kNullByte);
      break;
    case CellType::kDay:
      mark(own<int32_t>(column), kNullDay);
      break;
    case CellType::kCode:
    case CellType::kCustomer:
      mark(own<uint32_t>(column), kNullEnum);
      break;
    case CellType::kInt:
      mark(own<int64_t>(column), kNullInt);
      break;
    case CellType::kBits:
      mark(own<uint64_t>(column), kNullBits);
      break;
    case CellType::kDouble: {
      const auto* from = own<double>(column);
      for (size_t i = 0; i < rows(); ++i) out[i] = from != nullptr && !std::isnan(from[i]) ? 1 : 0;
      break;
    }
    case CellType::kText: {
      const auto* from = own<TextCell>(column);
      for (size_t i = 0; i < rows(); ++i) {
        out[i] = from != nullptr && from[i].size != TextCell::kNull ? 1 : 0;
      }
      break;
    }
  }
  return out;
}

// Texts, and customers whose ids are texts; of no bytes where null.
const std::string_view* PageColumns::texts(int column) {
  Scratch& mine = scratch(column);
  auto* out = room<std::string_view>(mine.texts, rows());
  if (std::exchange(mine.has_texts, true)) return out;
  const uint8_t* there = known(column);
  const bool customers = layout(column).cell == CellType::kCustomer;
  const auto* ids = customers ? own<uint32_t>(column) : nullptr;
  for (size_t i = 0; i < rows(); ++i) {
    out[i] = {};
    if (there[i] != 0) out[i] = customers ? state_->ids->id(ids[i]).text : text(column, i);
  }
  return out;
}

const uint8_t* PageColumns::packed(int column) {
  Scratch& mine = scratch(column);
  auto* out = room<uint8_t>(mine.packed, rows() / 8 + 1);
  if (std::exchange(mine.has_packed, true)) return out;
  std::memset(out, 0, rows() / 8 + 1);
  const auto* from = own<uint8_t>(column);
  for (size_t i = 0; from != nullptr && i < rows(); ++i) {
    if (from[i] == 1) out[i / 8] |= static_cast<uint8_t>(1U << i % 8);
  }
  return out;
}

// Codes never get another text while a snapshot is read, so this is made once.
const TextDictionary* PageColumns::dictionary(int column) {
  Scratch& mine = scratch(column);
  if (!std::exchange(mine.has_dictionary, true)) {
    for (uint32_t code = 0; code < code_count(column); ++code) {
      mine.dictionary.texts.push_back(code_text(column, code));
    }
  }
  return &mine.dictionary;
}

const NameTable& PageColumns::names(int column) {
  std::optional<NameTable>& names = scratch(column).names;
  if (!names) names.emplace(dictionary(column)->texts);
  return *names;
}

void PageColumns::fill_block(const FieldSlot& field, int column, size_t begin, FieldBlock& block) {
  block = {};
  if (column == kTimeColumn) {
    block.values = times() + begin;
    return;
  }
  if (field.nullable) block.known = known(column) + begin;
  switch (layout(column).cell) {
    case CellType::kByte:
      block.width = Width::kBits;
      block.values = packed(column);
      block.bit_offset = static_cast<int64_t>(begin);
      break;
    case CellType::kCode:
      block.width = Width::kU32;
      block.values = codes(column) + begin;
      block.dictionary = dictionary(column);
      break;
    case CellType::kText:
      block.width = Width::kText;
      block.values = texts(column) + begin;
      break;
    case CellType::kDouble:
      block.width = Width::kF64;
      block.values = doubles(column) + begin;
      break;
    case CellType::kBits:
      block.values = bits(column) + begin;
      break;
    case CellType::kDay:
    case CellType::kInt:
      block.values = ints(column) + begin;
      break;
    case CellType::kCustomer:
      if (field.kind == Kind::kInt64) {
        Scratch& mine = scratch(column);
        auto* wide = room<int64_t>(mine.wide, rows());
        const auto* ids = own<uint32_t>(column);
        for (size_t i = 0; !mine.has_wide && i < rows(); ++i) {
          wide[i] = ids == nullptr || ids[i] == kNoCustomer ? 0 : state_->ids->id(ids[i]).number;
        }
        mine.has_wide = true;
        block.values = wide + begin;
      } else {
        block.width = Width::kText;
        block.values = texts(column) + begin;
      }
      break;
  }
}

void PageColumns::fill(std::span<const FieldSlot> fields, std::span<const int> places, size_t begin,
                       std::vector<FieldBlock>& blocks) {
  blocks.resize(fields.size());
  for (size_t i = 0; i < fields.size(); ++i) {
    fill_block(fields[i], places[static_cast<size_t>(fields[i].field)], begin, blocks[i]);
  }
}

}  // namespace patron::internal
