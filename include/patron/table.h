// Table: named columns of one length, in and out.
//
// A Table is an immutable value that shares its memory: what a caller hands in through the Arrow C
// stream interface is read in place and released when the last Table that reads it goes, and what
// patron computes is handed out the same way without a copy. Columns may come in several chunks.
//
//   ArrowArrayStream stream = ...;                                  // from any Arrow producer
//   patron::Result<patron::Table> orders = patron::Table::import(&stream);   // always consumed
//   patron::Table t = *patron::TableBuilder()
//                         .int64("customer", {1, 1, 2}).doubles("amount", {9.5, 1, 3}).finish();
//
// Thread class: a const Table is shared (many threads); building one is serial.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "patron/arrow.h"
#include "patron/status.h"

namespace patron {
namespace internal {
struct TableData;
}
inline namespace v0 {

/// The types a column can have. The numbers are those of the C ABI, frozen once released.
enum class Type : int32_t {
  kUnsupported = -1,  ///< an imported column that patron does not read: listed, never used
  kNull = 0,
  kBool = 1,
  kInt8 = 2,
  kInt16 = 3,
  kInt32 = 4,
  kInt64 = 5,
  kUint8 = 6,
  kUint16 = 7,
  kUint32 = 8,
  kUint64 = 9,
  kFloat = 10,
  kDouble = 11,
  kDecimal128 = 12,
  kString = 13,       ///< UTF-8, 32-bit offsets
  kLargeString = 14,  ///< UTF-8, 64-bit offsets
  kStringView = 15,   ///< UTF-8, 16-byte views
  kDate32 = 16,       ///< days
  kDate64 = 17,       ///< milliseconds
  kTimestamp = 18,
  kDuration = 19,
  kDictionary = 20,  ///< `index` into the values of `Chunk::dictionary`
};

enum class TimeUnit : int32_t { kSecond = 0, kMilli = 1, kMicro = 2, kNano = 3 };

struct DataType {
  Type type = Type::kNull;
  TimeUnit unit = TimeUnit::kMicro;  ///< kTimestamp, kDuration
  std::string zone;                  ///< kTimestamp: empty for a wall clock without a zone
  int32_t precision = 0;             ///< kDecimal128
  int32_t scale = 0;                 ///< kDecimal128
  Type index = Type::kInt32;         ///< kDictionary: the integer type of the indices
  Type value = Type::kString;        ///< kDictionary: kString, kLargeString, kStringView or an int;
                                     ///< kUnsupported: kUnsupported where it is a dictionary
  bool ordered = false;              ///< kDictionary
  std::string format;                ///< kUnsupported: the producer's Arrow format string
  bool operator==(const DataType&) const = default;
};

/// "int64", "timestamp[us, tz=UTC]", "dictionary<int8, utf8>": as it stands in messages.
std::string type_name(const DataType& type);

struct Field {
  std::string name;
  DataType type;
};

/// One run of a column's values, laid out as the Arrow columnar format says. Row i of the chunk is
/// element offset + i of the buffers. Buffers that a type has not are null. In a Table every chunk
/// has rows, its offset is 0 to 7, a row whose dictionary value is null is null, and what a null
/// row holds is anything at all: look at it only after valid().
struct Chunk {
  int64_t length = 0;
  int64_t offset = 0;
  int64_t null_count = 0;             ///< exact, never -1
  const uint8_t* validity = nullptr;  ///< bit i set: value i is there; null: all are
  const void* values = nullptr;       ///< fixed-width values, bool bits, views, or indices
  const void* offsets = nullptr;      ///< kString: int32, kLargeString: int64; length + 1 of them
  const uint8_t* bytes = nullptr;     ///< kString, kLargeString
  std::span<const uint8_t* const> view_buffers;  ///< kStringView: the variadic data buffers
  std::span<const int64_t> view_sizes;           ///< kStringView: and their sizes in bytes
  const Chunk* dictionary = nullptr;  ///< kDictionary: the values, of type DataType::value

  bool valid(int64_t i) const {
    return validity == nullptr || (validity[(offset + i) >> 3] >> ((offset + i) & 7) & 1) != 0;
  }
};

class Table {
 public:
  /// No columns, no rows.
  Table();

  /// Reads a stream of struct arrays to its end. The stream is consumed whatever happens, an
  /// allocation that fails included. Every buffer is checked before it is believed: counts,
  /// lengths, offsets, UTF-8, dictionary indices (docs/tables.md says what Arrow leaves to trust).
  /// A column of a type that patron does not read is listed as kUnsupported and harms nobody who
  /// leaves it alone. A stream that gives a million batches without a row is given up.
  /// Code::kArrow, kUtf8 (with the row), kState (null or released), kMemory (the producer's).
  static Result<Table> import(ArrowArrayStream* stream);
  /// One record batch, in the same way; both structs are consumed.
  static Result<Table> import(ArrowArray* array, ArrowSchema* schema);

  /// Hands the columns out without a copy; `out` is the caller's to release and keeps the memory
  /// alive on its own. Code::kType where a column is kUnsupported; select() the others first.
  Status export_stream(ArrowArrayStream* out) const;

  int64_t rows() const;
  int columns() const;
  const Field& field(int column) const;
  /// The index of a column, or -1.
  int find(std::string_view name) const;
  /// The index of a column; Code::kColumn names the columns there are and the nearest name.
  Result<int> require(std::string_view name) const;
  /// The chunks of a column; chunk k has the same length in every column.
  std::span<const Chunk> chunks(int column) const;

  /// The same rows with these columns, in this order. Code::kColumn.
  Result<Table> select(std::span<const std::string> names) const;

  explicit Table(std::shared_ptr<const internal::TableData> data);

 private:
  std::shared_ptr<const internal::TableData> data_;
};

/// Plain memory of the caller's as a column: for programs without Arrow. The memory must outlive
/// the Table built from it.
struct ColumnView {
  std::string name;
  DataType type;
  Chunk chunk;
};

/// A table over the caller's own memory, checked like an imported one. Code::kLength where the
/// lengths differ, else as Table::import.
Result<Table> make_table(std::span<const ColumnView> columns);

/// Builds a Table that owns its values: for small tables, tests and examples.
class TableBuilder {
 public:
  TableBuilder();
  ~TableBuilder();
  TableBuilder(TableBuilder&&) noexcept;
  TableBuilder& operator=(TableBuilder&&) noexcept;

  TableBuilder& int64(std::string name, std::vector<int64_t> values);
  TableBuilder& doubles(std::string name, std::vector<double> values);
  TableBuilder& strings(std::string name, std::span<const std::string> values);
  TableBuilder& strings(std::string name, std::span<const std::optional<std::string>> values);
  /// Microseconds; `zone` empty for wall clocks without a zone.
  TableBuilder& timestamps(std::string name, std::vector<int64_t> micros, std::string zone);
  TableBuilder& dates(std::string name, std::vector<int32_t> days);

  /// Code::kLength where the lengths differ, Code::kArgument where a name comes twice.
  Result<Table> finish();

 private:
  std::unique_ptr<internal::TableData> data_;
};

}  // namespace v0
}  // namespace patron
