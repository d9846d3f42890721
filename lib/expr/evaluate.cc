// Tables in, a table out: each run of rows writes its own part.
#include <array>
#include <cstring>
#include <utility>
#include <vector>

#include "lib/base/bitmap.h"
#include "lib/base/buffer.h"
#include "lib/base/table_data.h"
#include "lib/expr/compiled.h"
#include "lib/expr/runs.h"

namespace patron::internal {
namespace {

size_t result_bytes(LaneKind lane) {
  switch (lane) {
    case LaneKind::kBool:
      return 1;
    case LaneKind::kText:
      return sizeof(std::string_view);
    default:
      return 8;
  }
}

// The results of all rows, as bytes that tasks write side by side.
struct Results {
  Buffer values;
  Buffer known;
};

void store(const Lane& lane, LaneKind kind, int64_t first, int64_t n, Results& out) {
  uint8_t* known = out.known.data() + first;
  if (kind == LaneKind::kBool) {
    const auto* is_true = lane.as<uint8_t>();
    uint8_t* values = out.values.data() + first;
    std::memcpy(values, is_true, static_cast<size_t>(n));
    for (int64_t i = 0; i < n; ++i) {
      known[i] = lane.known == nullptr ? 1 : is_true[i] | lane.known[i];
    }
    return;
  }
  if (lane.known == nullptr) {
    std::memset(known, 1, static_cast<size_t>(n));
  } else {
    std::memcpy(known, lane.known, static_cast<size_t>(n));
  }
  if (kind == LaneKind::kText) {
    std::memcpy(out.values.as<std::string_view>() + first, lane.values,
                static_cast<size_t>(n) * sizeof(std::string_view));
    return;
  }
  // What is not known is zero: the same bytes always.
  const auto* in = lane.as<int64_t>();
  auto* values = out.values.as<int64_t>() + first;
  for (int64_t i = 0; i < n; ++i) values[i] = known[i] != 0 ? in[i] : 0;
}

// Bytes 0 or 1 as bits.
Buffer pack(const uint8_t* bytes, int64_t n, bool inverted) {
  Buffer out(static_cast<size_t>((n + 7) / 8));
  uint8_t* bits = out.data();
  const uint8_t flip = inverted ? 1 : 0;
  int64_t i = 0;
  for (; i + 8 <= n; i += 8) {
    uint64_t word;
    std::memcpy(&word, bytes + i, sizeof word);
    // Byte j brings its bit to place 56 + j; no two meet.
    const uint64_t packed = word * 0x0102040810204080ull >> 56;
    bits[i >> 3] = static_cast<uint8_t>(inverted ? ~packed : packed);
  }
  if (i < n) {
    uint8_t last = 0;
    for (int64_t j = i; j < n; ++j) {
      last = static_cast<uint8_t>(last | (bytes[j] ^ flip) << (j - i));
    }
    bits[i >> 3] = last;
  }
  return out;
}

void set_texts(const Results& results, int64_t n, OwnedColumn& column) {
  const auto* texts = results.values.as<std::string_view>();
  const uint8_t* known = results.known.data();
  int64_t size = 0;
  for (int64_t i = 0; i < n; ++i) {
    size += known[i] != 0 ? static_cast<int64_t>(texts[i].size()) : 0;
  }
  column.field.type.type = Type::kLargeString;
  column.offsets = Buffer(static_cast<size_t>(n + 1) * sizeof(int64_t));
  column.values = Buffer(static_cast<size_t>(size));
  int64_t at = 0;
  for (int64_t i = 0; i < n; ++i) {
    column.offsets.as<int64_t>()[i] = at;
    if (known[i] == 0 || texts[i].empty()) continue;
    std::memcpy(column.values.data() + at, texts[i].data(), texts[i].size());
    at += static_cast<int64_t>(texts[i].size());
  }
  column.offsets.as<int64_t>()[n] = at;
}

void set_values(const Node& root, Results& results, int64_t n, OwnedColumn& column) {
  DataType& type = column.field.type;
  const auto* values = results.values.as<int64_t>();
  switch (root.type.base) {
    case Base::kBool:
      type.type = Type::kBool;
      column.values = pack(results.values.data(), n, false);
      return;
    case Base::kString:
    case Base::kEnum:
      set_texts(results, n, column);
      return;
    case Base::kDouble:
      type.type = Type::kDouble;
      break;
    case Base::kDate: {
      type.type = Type::kDate32;
      Buffer days(static_cast<size_t>(n) * sizeof(int32_t));
      for (int64_t i = 0; i < n; ++i) days.as<int32_t>()[i] = static_cast<int32_t>(values[i]);
      column.values = std::move(days);
      return;
    }
    case Base::kTimestamp:
      type.type = Type::kTimestamp;
      type.unit = TimeUnit::kMicro;
      type.zone = "UTC";
      break;
    case Base::kDuration:
      type.type = Type::kDuration;
      type.unit = TimeUnit::kMicro;
      break;
    case Base::kMoney: {
      type.type = Type::kDecimal128;
      type.precision = 19;  // every int64
      type.scale = root.type.unit.scale;
      Buffer wide(static_cast<size_t>(n) * 16);
      for (int64_t i = 0; i < n; ++i) {
        const std::array<int64_t, 2> words{values[i], values[i] < 0 ? -1 : 0};
        std::memcpy(wide.data() + 16 * i, words.data(), 16);
      }
      column.values = std::move(wide);
      return;
    }
    default:
      type.type = Type::kInt64;
  }
  column.values = std::move(results.values);
}

Table make_result(const Node& root, Results results, int64_t n, int64_t unknown_rows) {
  std::vector<OwnedColumn> columns(2);
  columns[0].field.name = "value";
  columns[0].length = n;
  columns[0].null_count = unknown_rows;
  if (unknown_rows > 0) columns[0].validity = pack(results.known.data(), n, false);
  columns[1].field.name = "unknown";
  columns[1].field.type.type = Type::kBool;
  columns[1].length = n;
  columns[1].values = pack(results.known.data(), n, true);
  set_values(root, results, n, columns[0]);
  return make_owned_table(std::move(columns));
}

}  // namespace

Result<Table> evaluate_table(const CompiledExpression& compiled, const Table& table,
                             const ExpressionOptions& options, SimdLevel level,
                             ExpressionCounts* counts) {
  const LaneKind lane = compiled.root().lane();
  const auto rows = static_cast<size_t>(table.rows());
  Results results{Buffer(rows * result_bytes(lane)), Buffer(rows)};
  Status status = run_table(
      *compiled.program, compiled.schema, table, options, level,
      [&](const Frame& frame, int64_t first_row, int64_t n) {
        store(frame.result(0), lane, first_row, n, results);
      },
      counts);
  if (!status.ok()) return status;
  int64_t known_rows = 0;
  for (size_t i = 0; i < rows; ++i) known_rows += results.known.data()[i];
  const int64_t unknown_rows = table.rows() - known_rows;
  if (counts != nullptr) counts->unknown_rows = unknown_rows;
  return make_result(compiled.root(), std::move(results), table.rows(), unknown_rows);
}

}  // namespace patron::internal
