// Table columns as the fields of a program: checked once, then handed out a run of rows at a time.
//
//   Result<TableSource> source = TableSource::open(table, schema, program.fields());
//   TableSource::Scratch scratch(*source);                    // the memory of one thread
//   Status s = source->read(chunk, begin, n, scratch);        // fills scratch.blocks
//
// Where a column already lies as a kernel reads it, its own memory is handed out: integers of any
// width, doubles that are all finite, bits, codes of a dictionary.
//
// Thread class: a const TableSource is shared; a Scratch is serial.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "lib/base/buffer.h"
#include "lib/base/column_reader.h"
#include "lib/expr/program.h"
#include "patron/schema.h"
#include "patron/table.h"

namespace patron::internal {

class TableSource {
 public:
  class Scratch {
   public:
    explicit Scratch(const TableSource& source);
    std::vector<FieldBlock> blocks;
    int64_t bad_cells = 0;

   private:
    friend class TableSource;
    struct Memory {
      Buffer values;
      Buffer known;
      Buffer states;
    };
    std::vector<Memory> memory_;
  };

  /// Code::kColumn where a field has no column, Code::kType where it is of a type that does not go
  /// with the field's kind.
  static Result<TableSource> open(const Table& table, const Schema& schema,
                                  std::span<const FieldSlot> fields);

  /// Rows begin to begin + n of a chunk, n <= kChunkRows, as scratch.blocks. Code::kNull, with the
  /// row of the table, where a field that is not nullable is null or cannot be read.
  Status read(int chunk, int64_t begin, int64_t n, Scratch& scratch) const;

  /// The chunks of the table, and the row at which each begins.
  struct ChunkRange {
    int64_t first_row = 0;
    int64_t length = 0;
  };
  std::span<const ChunkRange> chunks() const { return ranges_; }

 private:
  enum class Way : uint8_t {
    kDirect,
    kBits,
    kFloats,
    kInts,
    kTimes,
    kAmounts,
    kTexts,
    kCodes,
    kDoublesFromInts,
    kDates,
    kDurations
  };
  /// What stands behind a code.
  enum class CodeState : uint8_t { kValue, kNull, kOutside };
  struct Column {
    FieldSlot slot;
    int index = -1;  ///< of the table
    Way way = Way::kDirect;
    Width width = Width::kI64;
    DataType type;
    std::span<const Chunk> chunks;
    std::optional<IntReader> ints;
    std::optional<TimeReader> times;
    std::optional<AmountReader> amounts;
    std::optional<TextReader> texts;
    std::vector<TextDictionary> dictionaries;  ///< kCodes: of each chunk
    /// kCodes: which texts of each dictionary are values of the field; empty where all are.
    std::vector<std::vector<CodeState>> states;
    std::vector<int> dictionary_of;  ///< kCodes: chunk to dictionary
  };

  static Status open_column(const Table& table, const FieldSpec& spec, const TimeZone& zone,
                            Column& column);
  static void open_dictionaries(Column& column);
  /// Why a cell of a field that is never null is unknown.
  Status refused(const Column& column, int chunk, int64_t row) const;
  /// Rows of one column, as they become a block.
  class Run;

  std::vector<Column> columns_;
  std::vector<ChunkRange> ranges_;
  const Schema* schema_ = nullptr;
};

}  // namespace patron::internal
