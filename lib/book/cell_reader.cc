#include "lib/book/cell_reader.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "lib/base/bitmap.h"
#include "lib/base/civil.h"
#include "lib/base/time_text.h"
#include "lib/base/utf8.h"
#include "lib/schema/wanted_columns.h"

namespace patron::internal {
namespace {

constexpr Day kFirstDayOfBook = civil_to_day(1, 1, 1);
constexpr Day kLastDayOfBook = civil_to_day(9999, 12, 31);
constexpr int64_t kLongestDuration = 315'576'000'000 * kMicrosPerSecond;  // as of expressions
constexpr int64_t kMillisPerDay = 86'400'000;

constexpr CellReason kOutOfRange = "out of range";
constexpr CellReason kNotFiniteReason = "NaN or infinite";
constexpr CellReason kTooLongReason = "text of more than 65,535 bytes";
constexpr CellReason kNoTime = "text that is no time";
constexpr CellReason kNoDate = "text that is no date";
constexpr CellReason kNoMidnight = "a time of day where a date is wanted";

CellReason reason_of(CellState state) {
  switch (state) {
    case CellState::kNotFinite:
      return kNotFiniteReason;
    case CellState::kText:
      return kNoTime;
    case CellState::kTooLong:
      return kTooLongReason;
    default:
      return kOutOfRange;
  }
}

const char* wanted_cells(const CellColumn& column, bool text_customers) {
  if (column.cell == CellType::kCustomer) {
    return wanted_columns(text_customers ? Kind::kString : Kind::kInt64);
  }
  // Decimals are read, too, and midnights as days.
  if (column.kind == Kind::kDouble) return "of floats, doubles, decimals or integers";
  if (column.kind == Kind::kDate)
    return "date32, date64, timestamp without a zone or ISO 8601 text";
  return wanted_columns(column.kind);
}

// Ids and keys that are whole numbers here and text there, or the other way round.
const char* wanted_policy(const CellColumn& column, bool text_customers, const DataType& type) {
  if (column.cell == CellType::kText && IntReader::reads(type)) {
    return "; whole numbers want \"int64\" as its type in the policy";
  }
  if (column.cell != CellType::kCustomer) return "";
  const bool number =
      IntReader::reads(type) || type.type == Type::kFloat || type.type == Type::kDouble;
  if (text_customers && number) {
    return "; ids that are numbers want integers, and \"customer\": {\"id\": \"int64\"} in the "
           "policy";
  }
  if (!text_customers && TextReader::reads(type)) {
    return "; ids that are text want \"customer\": {\"id\": \"string\"} in the policy";
  }
  return "";
}

bool is_wall(const DataType& type) { return type.type == Type::kTimestamp && type.zone.empty(); }

template <typename T>
const T* cells_of(const Chunk& chunk, int64_t begin) {
  return static_cast<const T*>(chunk.values) + chunk.offset + begin;
}

}  // namespace

bool reads_text(const CellColumn& column, bool text_customers) {
  if (column.cell == CellType::kCustomer) return text_customers;
  return column.cell == CellType::kText || column.cell == CellType::kCode;
}

CellReason check_int_cell(const CellColumn& column, int64_t value) {
  switch (column.kind) {
    case Kind::kDate:
      return value < kFirstDayOfBook || value > kLastDayOfBook ? kOutOfRange : nullptr;
    case Kind::kTimestamp:
      return value < kMinTime || value >= kEndTime ? kOutOfRange : nullptr;
    case Kind::kDuration:
      return value < -kLongestDuration || value > kLongestDuration ? kOutOfRange : nullptr;
    case Kind::kEnumSet: {
      const uint64_t known =
          column.values.size() >= 64 ? ~uint64_t{0} : (uint64_t{1} << column.values.size()) - 1;
      return (static_cast<uint64_t>(value) & ~known) != 0 ? "a bit for which there is no value"
                                                          : nullptr;
    }
    default:
      return value == kNullInt ? kOutOfRange : nullptr;
  }
}

Result<CellReader> CellReader::open(const Table& table, int index, const CellColumn& column,
                                    const LayoutData& layout) {
  Result<CellReader> reader = open_typed(table, index, column, layout);
  const bool wrong_type = !reader.ok() && reader.status().code() == Code::kType;
  if (!wrong_type || !is_blank(table, index)) return reader;
  CellReader nulls;  // of Type::kNull, as a reader is at first
  nulls.column_ = &column;
  nulls.chunks_ = table.chunks(index);
  nulls.text_ = reads_text(column, layout.text_customers);
  return nulls;
}

Result<CellReader> CellReader::open_typed(const Table& table, int index, const CellColumn& column,
                                          const LayoutData& layout) {
  CellReader reader;
  reader.column_ = &column;
  reader.type_ = table.field(index).type;
  reader.chunks_ = table.chunks(index);
  reader.text_ = reads_text(column, layout.text_customers);
  const DataType& type = reader.type_;
  Status wrong(Code::kType, "column " + quoted(column.name) + " is " + type_name(type) +
                                "; it must be " + wanted_cells(column, layout.text_customers) +
                                wanted_policy(column, layout.text_customers, type));
  if (type.type == Type::kNull) return reader;
  if (reader.text_) {
    if (!TextReader::reads(type)) return wrong;
    reader.texts_ = *TextReader::open(table, index);
    return reader;
  }
  const auto take = [&](auto& to, auto opened) -> Status {
    if (!opened.ok()) return wrong;
    to = *std::move(opened);
    return {};
  };
  Status status;
  switch (column.cell == CellType::kCustomer ? Kind::kInt64 : column.kind) {
    case Kind::kBool:
      if (type.type != Type::kBool) return wrong;
      break;
    case Kind::kDouble:
      status = take(reader.numbers_, NumberReader::open(table, index));
      break;
    case Kind::kTimestamp:
      status = take(reader.times_, TimeReader::open(table, index, layout.spec.zone));
      break;
    case Kind::kMoney:
      status = take(reader.amounts_, AmountReader::open(table, index, column.unit.scale));
      break;
    case Kind::kDate:
      if (TextReader::reads(type)) {
        reader.texts_ = *TextReader::open(table, index);
      } else if (type.type != Type::kDate32 && type.type != Type::kDate64 && !is_wall(type)) {
        return wrong;
      }
      break;
    case Kind::kDuration:
      if (type.type != Type::kDuration) return wrong;
      break;
    default:
      if (!IntReader::reads(type)) return wrong;
      status = take(reader.ints_, IntReader::open(table, index));
  }
  if (!status.ok()) return status;
  if (TextReader::reads(type)) reader.texts_ = *TextReader::open(table, index);  // to be shown
  return reader;
}

std::optional<std::string_view> CellReader::shown(int chunk, int64_t row) const {
  const Chunk& source = chunks_[static_cast<size_t>(chunk)];
  if (!texts_ || column_->personal || texts_->null(source, row)) return std::nullopt;
  return texts_->at(source, row);
}

std::string CellReader::message(CellReason reason, int chunk, int64_t row) const {
  constexpr size_t kMostShown = 40;
  const std::optional<std::string_view> text = shown(chunk, row);
  std::string out = reason + (text ? ": " + quoted(*text, kMostShown) : std::string());
  if (reason != kNoTime && reason != kNoDate) return out;
  const TimeTextError error = text ? read_time_text(*text).error : TimeTextError::kForm;
  if (error != TimeTextError::kForm && error != TimeTextError::kNone) {
    return out + " " + time_problem(*text, error);
  }
  return out + "; want ISO 8601, such as 2026-10-01" +
         (reason == kNoTime ? " or 2026-10-01T09:30:00" : "");
}

void CellReader::read(int chunk, int64_t begin, int64_t n, CellBlock& block) const {
  std::fill_n(block.reasons.begin(), n, nullptr);
  block.any_reason = false;
  block.any_cell = type_.type != Type::kNull;
  const Chunk& source = chunks_[static_cast<size_t>(chunk)];
  if (type_.type == Type::kNull) {
    std::fill_n(block.texts.begin(), n, std::string_view());
    for (int64_t i = 0; i < n; ++i) {
      switch (column_->cell) {
        case CellType::kByte:
          reinterpret_cast<uint8_t*>(block.cells.data())[i] = kNullByte;
          break;
        case CellType::kDay:
          reinterpret_cast<int32_t*>(block.cells.data())[i] = kNullDay;
          break;
        case CellType::kDouble:
          reinterpret_cast<double*>(block.cells.data())[i] =
              std::numeric_limits<double>::quiet_NaN();
          break;
        case CellType::kBits:
          block.cells[static_cast<size_t>(i)] = kNullBits;
          break;
        default:
          reinterpret_cast<int64_t*>(block.cells.data())[i] = kNullInt;
      }
    }
  } else if (text_) {
    read_texts(chunk, begin, n, block);
  } else if (numbers_) {
    read_doubles(chunk, begin, n, block);
  } else if (ints_ || times_ || amounts_) {
    read_ints(chunk, begin, n, block);
  } else if (column_->kind == Kind::kBool) {
    read_bools(source, begin, n, block);
  } else if (column_->kind == Kind::kDate) {
    read_days(source, begin, n, block);
  } else {
    read_durations(source, begin, n, block);
  }
}

// Eight bytes a cell, and nothing to convert.
const uint8_t* CellReader::direct(int chunk, int64_t begin, int64_t n, IntBounds* bounds) const {
  const int64_t* cells = nullptr;
  int64_t least = kNullInt + 1, most = std::numeric_limits<int64_t>::max();
  if (ints_ && column_->cell != CellType::kBits) {
    cells = ints_->direct(chunk);
  } else if (times_) {
    cells = times_->direct(chunk);
    least = kMinTime;
    most = kEndTime - 1;
  } else if (column_->kind == Kind::kDuration && type_.type == Type::kDuration &&
             type_.unit == TimeUnit::kMicro) {
    const Chunk& source = chunks_[static_cast<size_t>(chunk)];
    if (source.null_count == 0) cells = cells_of<int64_t>(source, 0);
    least = -kLongestDuration;
    most = kLongestDuration;
  }
  if (cells == nullptr) return nullptr;
  const IntBounds all = bounds_of({cells + begin, static_cast<size_t>(n)});
  if (bounds != nullptr) *bounds = all;
  if (!all.within(least, most)) return nullptr;
  return reinterpret_cast<const uint8_t*>(cells + begin);
}

bool CellReader::may_be_null(int chunk) const {
  const Chunk& source = chunks_[static_cast<size_t>(chunk)];
  if (type_.type == Type::kNull || source.null_count > 0) return true;
  return source.dictionary != nullptr && source.dictionary->null_count > 0;
}

void CellReader::read_ints(int chunk, int64_t begin, int64_t n, CellBlock& block) const {
  auto* out = reinterpret_cast<int64_t*>(block.cells.data());
  CellState* states = block.states.data();
  bool clean = false;
  if (ints_) {
    clean = ints_->read(chunk, begin, n, out, states);
  } else if (times_) {
    clean = times_->read(chunk, begin, n, out, states);
  } else {
    clean = amounts_->read(chunk, begin, n, out, states);
  }
  const bool set = column_->cell == CellType::kBits;
  for (int64_t i = 0; i < n && !clean; ++i) {
    if (states[i] == CellState::kNull) {
      out[i] = set ? static_cast<int64_t>(kNullBits) : kNullInt;
    } else if (states[i] != CellState::kOk && states[i] != CellState::kRounded) {
      out[i] = 0;
      block.refuse(i, reason_of(states[i]));
    } else if (const CellReason reason = check_int_cell(*column_, out[i]); reason != nullptr) {
      block.refuse(i, reason);
    }
  }
  if (!clean) return;
  if (!set && bounds_of({out, static_cast<size_t>(n)}).least != kNullInt) return;
  for (int64_t i = 0; i < n; ++i) {
    const CellReason reason = check_int_cell(*column_, out[i]);
    if (reason != nullptr) block.refuse(i, reason);
  }
}

void CellReader::read_doubles(int chunk, int64_t begin, int64_t n, CellBlock& block) const {
  auto* out = reinterpret_cast<double*>(block.cells.data());
  if (numbers_->read(chunk, begin, n, out, block.states.data())) return;
  for (int64_t i = 0; i < n; ++i) {
    const CellState state = block.states[static_cast<size_t>(i)];
    if (state == CellState::kNull) out[i] = std::numeric_limits<double>::quiet_NaN();
    if (state == CellState::kNotFinite) block.refuse(i, kNotFiniteReason);
  }
}

void CellReader::read_bools(const Chunk& chunk, int64_t begin, int64_t n, CellBlock& block) const {
  auto* out = reinterpret_cast<uint8_t*>(block.cells.data());
  const auto* bits = static_cast<const uint8_t*>(chunk.values);
  for (int64_t i = 0; i < n; ++i) {
    out[i] = !chunk.valid(begin + i)
                 ? kNullByte
                 : static_cast<uint8_t>(get_bit(bits, chunk.offset + begin + i));
  }
}

// Of a time stamp without a zone; kNullInt where it is no midnight.
int64_t CellReader::day_of_wall(int64_t value) const {
  int64_t day = kSecondsPerDay;
  switch (type_.unit) {
    case TimeUnit::kSecond:
      break;
    case TimeUnit::kMilli:
      day *= 1000;
      break;
    case TimeUnit::kMicro:
      day *= 1'000'000;
      break;
    case TimeUnit::kNano:
      day *= 1'000'000'000;
  }
  return floor_mod(value, day) == 0 ? floor_div(value, day) : kNullInt;
}

void CellReader::read_days(const Chunk& chunk, int64_t begin, int64_t n, CellBlock& block) const {
  auto* out = reinterpret_cast<int32_t*>(block.cells.data());
  for (int64_t i = 0; i < n; ++i) {
    out[i] = kNullDay;
    if (texts_ ? texts_->null(chunk, begin + i) : !chunk.valid(begin + i)) continue;
    int64_t day = 0;
    if (type_.type == Type::kDate32) {
      day = cells_of<int32_t>(chunk, begin)[i];
    } else if (type_.type == Type::kDate64) {
      day = floor_div(cells_of<int64_t>(chunk, begin)[i], kMillisPerDay);
    } else if (type_.type == Type::kTimestamp) {
      day = day_of_wall(cells_of<int64_t>(chunk, begin)[i]);
      if (day == kNullInt) {
        block.refuse(i, kNoMidnight);
        continue;
      }
    } else {
      const TimeText text = read_time_text(texts_->at(chunk, begin + i));
      if (text.error != TimeTextError::kNone || floor_mod(text.wall, kMicrosPerDay) != 0) {
        block.refuse(i, kNoDate);
        continue;
      }
      day = floor_div(text.wall, kMicrosPerDay);
    }
    const CellReason reason = check_int_cell(*column_, day);
    if (reason != nullptr) {
      block.refuse(i, reason);
    } else {
      out[i] = static_cast<int32_t>(day);
    }
  }
}

void CellReader::read_durations(const Chunk& chunk, int64_t begin, int64_t n,
                                CellBlock& block) const {
  auto* out = reinterpret_cast<int64_t*>(block.cells.data());
  const auto* values = cells_of<int64_t>(chunk, begin);
  for (int64_t i = 0; i < n; ++i) {
    out[i] = kNullInt;
    if (!chunk.valid(begin + i)) continue;
    int64_t micros = 0;
    bool over = false;
    switch (type_.unit) {
      case TimeUnit::kSecond:
        over = __builtin_mul_overflow(values[i], kMicrosPerSecond, &micros);
        break;
      case TimeUnit::kMilli:
        over = __builtin_mul_overflow(values[i], int64_t{1000}, &micros);
        break;
      case TimeUnit::kMicro:
        micros = values[i];
        break;
      case TimeUnit::kNano:
        micros = floor_div(values[i], int64_t{1000});
        break;
    }
    const CellReason reason = over ? kOutOfRange : check_int_cell(*column_, micros);
    if (reason != nullptr) {
      block.refuse(i, reason);
    } else {
      out[i] = micros;
    }
  }
}

void CellReader::read_texts(int chunk, int64_t begin, int64_t n, CellBlock& block) const {
  std::string_view* texts = block.texts.data();
  const bool clean = texts_->read(chunk, begin, n, texts, block.states.data());
  for (int64_t i = 0; i < n; ++i) {
    if (texts[i].data() == nullptr) {
      if (clean || block.states[static_cast<size_t>(i)] == CellState::kOk) {
        texts[i] = "";
      }
    } else if (texts[i].size() > kMaxTextBytes) {
      block.refuse(i, kTooLongReason);
    }
  }
}

}  // namespace patron::internal
