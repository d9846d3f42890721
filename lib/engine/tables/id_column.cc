#include "lib/engine/tables/id_column.h"

#include <string>
#include <utility>

#include "lib/base/column_reader.h"
#include "lib/base/utf8.h"

namespace patron::internal {
namespace {

std::string_view wrong_of(CellState state) {
  switch (state) {
    case CellState::kOk:
      return {};
    case CellState::kNull:
      return "null";
    case CellState::kTooLong:
      return "too long";
    default:
      return "out of range";
  }
}

template <typename Reader, typename Value, typename Make>
std::vector<GivenId> gather(const Reader& reader, std::span<const Chunk> chunks, Make make,
                            std::vector<Value> values) {
  std::vector<GivenId> out;
  std::vector<CellState> states;
  for (size_t c = 0; c < chunks.size(); ++c) {
    const int64_t n = chunks[c].length;
    values.resize(static_cast<size_t>(n));
    states.assign(static_cast<size_t>(n), CellState::kOk);
    (void)reader.read(static_cast<int>(c), 0, n, values.data(), states.data());
    for (size_t i = 0; i < values.size(); ++i) {
      const bool good = states[i] == CellState::kOk;
      out.push_back({good ? make(values[i]) : CustomerId{}, wrong_of(states[i])});
    }
  }
  return out;
}

}  // namespace

Result<std::vector<GivenId>> read_ids(const Table& table, std::string_view column, Kind customer) {
  const Result<int> place = table.require(column);
  if (!place.ok()) return place.status();
  const DataType& type = table.field(*place).type;
  const bool whole = customer == Kind::kInt64;
  if (whole ? !IntReader::reads(type) : !TextReader::reads(type)) {
    if (is_blank(table, *place)) {
      return std::vector<GivenId>(static_cast<size_t>(table.rows()), {CustomerId{}, "null"});
    }
    return Status(Code::kType, "column " + quoted(column) + " is " + type_name(type) +
                                   "; customers of this policy are " +
                                   (whole ? "whole numbers" : "texts"));
  }
  const std::span<const Chunk> chunks = table.chunks(*place);
  if (whole) {
    const Result<IntReader> reader = IntReader::open(table, *place);
    if (!reader.ok()) return reader.status();
    return gather(
        *reader, chunks,
        [](int64_t number) {
          return CustomerId{number, {}};
        },
        std::vector<int64_t>());
  }
  const Result<TextReader> reader = TextReader::open(table, *place);
  if (!reader.ok()) return reader.status();
  return gather(
      *reader, chunks,
      [](std::string_view text) {
        return CustomerId{0, text};
      },
      std::vector<std::string_view>());
}

}  // namespace patron::internal
