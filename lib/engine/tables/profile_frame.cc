#include "lib/engine/tables/profile_frame.h"

#include <cstring>
#include <string>
#include <utility>

#include "lib/base/bitmap.h"
#include "lib/base/table_data.h"
#include "lib/engine/tables/cell_table.h"
#include "lib/policy/tag_source_name.h"

namespace patron::internal {
namespace {

enum Column : size_t {
  kName,
  kLabel,
  kCategory,
  kKind,
  kSource,
  kFrom,
  kKnown,
  kInteger,
  kNumber,
  kText,
  kScale,
  kCurrency,
  kAsOf,
  kColumns
};
constexpr std::pair<const char*, Kind> kFields[kColumns] = {
    {"name", Kind::kString},    {"label", Kind::kString},  {"category", Kind::kString},
    {"kind", Kind::kString},    {"source", Kind::kString}, {"from", Kind::kString},
    {"known", Kind::kBool},     {"integer", Kind::kInt64}, {"number", Kind::kDouble},
    {"text", Kind::kString},    {"scale", Kind::kInt64},   {"currency", Kind::kString},
    {"as_of", Kind::kTimestamp}};

Cell currency_of(const MoneyUnit& unit) {
  const bool named = unit.currency[0] != '\0';
  return Cell::of_text({unit.currency.data(), named ? unit.currency.size() : 0});
}

bool holds_texts(Kind kind) {
  return kind == Kind::kString || kind == Kind::kEnum || kind == Kind::kEnumSet;
}

// Calls with the pieces of a known text one after the other.
template <typename Each>
void for_each_piece(const MetricValue& value, Kind kind, const Each& each) {
  if (kind != Kind::kEnumSet) {
    each(value.text.empty() ? value.cell.text : std::string_view(value.text));
    return;
  }
  for (size_t i = 0; i < value.set.size(); ++i) {
    if (i > 0) each(",");
    each(value.set[i]);
  }
}

// The memory of one customer's columns: bits, then words, then bytes.
class Block {
 public:
  Block(size_t rows, size_t bytes)
      : bits_((rows + 63) / 64 * 8),
        rows_(rows),
        memory_(
            std::make_shared<Buffer>(kMaps * bits_ + (4 * rows + 1) * sizeof(int64_t) + bytes)) {
    std::memset(memory_->data(), 0, memory_->size() - bytes);
  }
  enum Map { kOfKnown, kOfInteger, kOfNumber, kOfText, kOfAsOf, kMaps };
  uint8_t* map(Map which) { return memory_->data() + which * bits_; }
  int64_t* integers() { return reinterpret_cast<int64_t*>(memory_->data() + kMaps * bits_); }
  double* numbers() { return reinterpret_cast<double*>(integers() + rows_); }
  int64_t* as_of() { return integers() + 2 * rows_; }
  int64_t* ends() { return integers() + 3 * rows_; }
  char* bytes() { return reinterpret_cast<char*>(ends() + rows_ + 1); }
  std::shared_ptr<const void> shared() const { return memory_; }

 private:
  size_t bits_, rows_;
  std::shared_ptr<Buffer> memory_;
};

}  // namespace

ProfileFrame::ProfileFrame(const PolicyData& policy) : policy_(policy), sources_(policy) {
  for (const bool aside : {false, true}) {
    for (size_t i = 0; i < policy.values.size(); ++i) {
      if (policy.values[i].aside == aside) places_.push_back(i);
    }
  }
  CellTable same;
  for (const auto& [name, kind] : kFields) same.column(name, kind);
  for (const size_t i : places_) {
    const PolicyValue& value = policy.values[i];
    std::string from;
    for (const std::string_view name : sources_.names(i)) {
      if (!from.empty()) from += ' ';
      from += name;
    }
    const bool money = value.tag.kind == Kind::kMoney;
    const std::string& label = value.tag.label.empty() ? value.tag.name : value.tag.label;
    same.push(kName, Cell::of_text(value.tag.name));
    same.push(kLabel, Cell::of_text(label));
    same.push(kCategory, Cell::of_text(value.tag.category));
    same.push(kKind, Cell::of_text(kind_name(value.tag.kind)));
    same.push(kSource, Cell::of_text(tag_source_name(value.tag.source)));
    same.push(kFrom, Cell::of_text(from));
    same.push(kScale, money ? Cell::of(value.unit.scale) : Cell());
    same.push(kCurrency, money ? currency_of(value.unit) : Cell());
    for (const Column own : {kKnown, kInteger, kNumber, kText, kAsOf}) same.push(own, Cell());
  }
  auto table = std::make_shared<const Table>(same.finish());
  for (size_t c = 0; c < kColumns; ++c) {
    const auto column = static_cast<int>(c);
    fields_.push_back(table->field(column));
    const std::span<const Chunk> chunks = table->chunks(column);
    chunks_.emplace_back(chunks.begin(), chunks.end());
  }
  owner_ = std::move(table);
}

Table ProfileFrame::table(std::span<const MetricValue> values,
                          std::span<const std::optional<Micros>> as_of) const {
  const size_t rows = places_.size();
  size_t bytes = 0;
  for (const size_t i : places_) {
    const Kind kind = policy_.values[i].tag.kind;
    if (!values[i].known() || !holds_texts(kind)) continue;
    for_each_piece(values[i], kind, [&](std::string_view piece) { bytes += piece.size(); });
  }
  Block block(rows, bytes);
  int64_t end = 0, integers = 0, numbers = 0, texts = 0, times = 0;
  for (size_t k = 0; k < rows; ++k) {
    const size_t i = places_[k];
    const MetricValue& value = values[i];
    const auto bit = static_cast<int64_t>(k);
    block.ends()[k] = end;
    if (!value.known()) continue;
    set_bit(block.map(Block::kOfKnown), bit);
    if (as_of[i]) {
      set_bit(block.map(Block::kOfAsOf), bit);
      block.as_of()[k] = *as_of[i];
      ++times;
    }
    const Kind kind = policy_.values[i].tag.kind;
    if (holds_texts(kind)) {
      set_bit(block.map(Block::kOfText), bit);
      ++texts;
      for_each_piece(value, kind, [&](std::string_view piece) {
        if (!piece.empty()) std::memcpy(block.bytes() + end, piece.data(), piece.size());
        end += static_cast<int64_t>(piece.size());
      });
    } else if (kind == Kind::kDouble) {
      set_bit(block.map(Block::kOfNumber), bit);
      block.numbers()[k] = value.cell.number;
      ++numbers;
    } else {
      set_bit(block.map(Block::kOfInteger), bit);
      block.integers()[k] = value.cell.integer;
      ++integers;
    }
  }
  block.ends()[rows] = end;
  auto data = std::make_shared<TableData>();
  data->rows = static_cast<int64_t>(rows);
  data->fields = fields_;
  data->chunks = chunks_;
  data->owners = {owner_, block.shared()};
  if (rows == 0) return Table(std::move(data));
  const auto put = [&](Column column, const void* cells, Block::Map map, int64_t there) -> Chunk& {
    Chunk& chunk = data->chunks[column].front();
    chunk.values = cells;
    chunk.null_count = data->rows - there;
    chunk.validity = chunk.null_count > 0 ? block.map(map) : nullptr;
    return chunk;
  };
  put(kKnown, block.map(Block::kOfKnown), Block::kOfKnown, data->rows);
  put(kInteger, block.integers(), Block::kOfInteger, integers);
  put(kNumber, block.numbers(), Block::kOfNumber, numbers);
  put(kAsOf, block.as_of(), Block::kOfAsOf, times);
  Chunk& text = put(kText, nullptr, Block::kOfText, texts);
  text.offsets = block.ends();
  text.bytes = reinterpret_cast<const uint8_t*>(block.bytes());
  return Table(std::move(data));
}

}  // namespace patron::internal
