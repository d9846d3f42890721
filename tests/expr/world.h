// A schema with fields of every kind, random rows of it, and the same rows as a table in one of
// many layouts (widths, dictionaries, chunks).
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "lib/expr/compiled.h"
#include "patron/expression.h"

namespace patron::test {

class Dice {
 public:
  explicit Dice(uint64_t seed) : engine_(seed * 0x9e3779b97f4a7c15u + 1) {}
  int64_t below(int64_t n) { return static_cast<int64_t>(engine_() % static_cast<uint64_t>(n)); }
  int64_t between(int64_t low, int64_t high) { return low + below(high - low + 1); }
  bool one_in(int64_t n) { return below(n) == 0; }
  uint64_t bits() { return engine_(); }
  template <typename T>
  T one_of(std::initializer_list<T> values) {
    return *(values.begin() + below(static_cast<int64_t>(values.size())));
  }

 private:
  std::mt19937_64 engine_;
};

/// How many cases a property test tries: `usual`, times PATRON_CASES.
inline int cases(int usual) {
  const char* factor = std::getenv("PATRON_CASES");
  return factor == nullptr ? usual : std::max(1, static_cast<int>(usual * std::atof(factor)));
}

inline const char* world_json() {
  return R"({
    "timezone": "America/St_Johns",
    "money": {"currency": "CNY", "scale": 2},
    "fields": {
      "b": "bool", "c": {"type": "bool", "nullable": false},
      "i": "int64", "j": {"type": "int64", "nullable": false}, "k.x": "int64",
      "d": "double", "f": {"type": "double", "nullable": false},
      "m": "money", "n": "money",
      "s": "string", "r": "enum",
      "e": {"type": "enum", "values": ["low", "middle", "high"], "ordered": true},
      "g": {"type": "enum", "values": ["low", "middle", "high"], "ordered": true},
      "st": {"type": "enum_set", "values": ["a", "b", "c"]},
      "dt": "date", "bd": "date", "t": "timestamp", "u": "timestamp",
      "du": "duration", "v": "duration"}})";
}

inline const Schema& world() {
  static const Schema schema = *Schema::from_json(world_json());
  return schema;
}

constexpr Micros kWorldNow = 1'772'325'000'123'456;  // 2026-03-01T00:30:00.123456Z

/// A row that owns its texts.
struct Row {
  std::vector<Cell> cells{world().fields().size()};
  std::shared_ptr<std::deque<std::string>> texts = std::make_shared<std::deque<std::string>>();

  Cell& at(const char* name) { return cells[static_cast<size_t>(world().find(name))]; }
  Row& set(const char* name, int64_t value) { return at(name) = Cell::of(value), *this; }
  Row& set_double(const char* name, double value) {
    return at(name) = Cell::of_double(value), *this;
  }
  Row& set_text(const char* name, std::string value) {
    texts->push_back(std::move(value));
    return at(name) = Cell::of_text(texts->back()), *this;
  }
};

/// A row whose required fields are set, and nothing else.
inline Row plain_row() {
  Row row;
  row.set("c", 0).set("j", 0).set_double("f", 0);
  return row;
}

inline int64_t edge_int(Dice& dice) {
  switch (dice.below(8)) {
    case 0:
      return dice.one_of<int64_t>({INT64_MIN, INT64_MAX, INT64_MIN + 1, INT64_MAX - 1});
    case 1:
      return dice.one_of<int64_t>({(int64_t{1} << 53) + 1, -(int64_t{1} << 53) - 1});
    default:
      return dice.between(-6, 6);
  }
}

inline double edge_double(Dice& dice) {
  switch (dice.below(8)) {
    case 0:
      return dice.one_of<double>({1e308, -1e308, 5e-324, 0x1p63, -0x1p63, 9007199254740993.0});
    case 1:
      return -0.0;
    default:
      return static_cast<double>(dice.between(-24, 24)) / 4;
  }
}

inline Row random_row(Dice& dice) {
  Row row;
  const std::vector<std::string> texts{
      "",  "a",   "ab",   "abc",   "b", "\xC3\xA9", "caf\xC3\xA9", "low", "\xF0\x9F\x98\x80",
      "1", "2.5", "true", "middle"};
  const auto fields = world().fields();
  for (size_t i = 0; i < fields.size(); ++i) {
    const FieldSpec& field = fields[i];
    Cell& cell = row.cells[i];
    if (field.nullable && dice.one_in(4)) continue;
    cell.known = true;
    switch (field.kind) {
      case Kind::kBool:
        cell.integer = dice.below(2);
        break;
      case Kind::kInt64:
        cell.integer = edge_int(dice);
        break;
      case Kind::kMoney:
        cell.integer = dice.one_in(3) ? edge_int(dice) : dice.between(-600, 600);
        break;
      case Kind::kDouble:
        cell.number = edge_double(dice);
        break;
      case Kind::kString:
      case Kind::kEnum:
        row.texts->push_back(
            field.values.empty()
                ? texts[static_cast<size_t>(dice.below(static_cast<int64_t>(texts.size())))]
            : dice.one_in(12) ? "elsewhere"
                              : field.values[static_cast<size_t>(dice.below(3))]);
        cell.text = row.texts->back();
        break;
      case Kind::kEnumSet:
        cell.integer = dice.below(8);
        break;
      case Kind::kDate:
        cell.integer = dice.one_in(8) ? dice.one_of<int64_t>({-719'162, 2'932'895, 11'016})
                                      : dice.between(20'500, 20'530);
        break;
      case Kind::kTimestamp:
        cell.integer = dice.one_in(8) ? dice.one_of<int64_t>({kMinTime, kEndTime - 1})
                                      : kWorldNow + dice.between(-400, 400) * kMicrosPerHour;
        break;
      case Kind::kDuration:
        cell.integer =
            dice.one_in(8)
                ? dice.one_of<int64_t>({315'576'000'000'000'000, -315'576'000'000'000'000, 1})
                : dice.between(-100, 100) * kMicrosPerHour;
        break;
    }
  }
  return row;
}

/// The rows as a table that owns its memory, in a layout that the dice choose.
class LaidOut {
 public:
  LaidOut(const std::vector<Row>& rows, Dice& dice) : rows_(rows), dice_(dice) {
    for (size_t i = 0; i < world().fields().size(); ++i) add(i);
    Result<Table> made = make_table(views_);
    EXPECT_TRUE(made.ok()) << made.status().message();
    table_ = *made;
  }
  const Table& table() const { return table_; }

 private:
  template <typename T>
  T* memory() {
    owned_.push_back(std::make_unique<std::vector<char>>((rows_.size() + 9) * sizeof(T)));
    return reinterpret_cast<T*>(owned_.back()->data());
  }

  template <typename T>
  void integers(ColumnView& view, size_t field, Type type, int64_t scale = 1) {
    T* out = memory<T>();
    for (size_t r = 0; r < rows_.size(); ++r) {
      const Cell& cell = rows_[r].cells[field];
      out[offset_ + r] = cell.known ? static_cast<T>(cell.integer * scale)
                                    : static_cast<T>(dice_.bits());  // anything
    }
    view.type.type = type;
    view.chunk.values = out;
  }

  bool fits(size_t field, int64_t low, int64_t high) const {
    return std::all_of(rows_.begin(), rows_.end(), [&](const Row& row) {
      const Cell& cell = row.cells[field];
      return !cell.known || (cell.integer >= low && cell.integer <= high);
    });
  }

  void texts(ColumnView& view, size_t field, bool dictionary) {
    std::vector<std::string_view> values;
    std::vector<size_t> of_row(rows_.size());
    for (size_t r = 0; r < rows_.size(); ++r) {
      const Cell& cell = rows_[r].cells[field];
      const std::string_view text = cell.known ? cell.text : "";
      const auto found = dictionary ? std::find(values.begin(), values.end(), text) : values.end();
      of_row[r] = static_cast<size_t>(found - values.begin());
      if (found == values.end()) values.push_back(text);
    }
    owned_.push_back(std::make_unique<std::vector<char>>());
    std::vector<char>& bytes = *owned_.back();
    owned_.push_back(std::make_unique<std::vector<char>>((values.size() + 1) * sizeof(int32_t)));
    auto* offsets = reinterpret_cast<int32_t*>(owned_.back()->data());
    for (size_t v = 0; v < values.size(); ++v) {
      bytes.insert(bytes.end(), values[v].begin(), values[v].end());
      offsets[v + 1] = static_cast<int32_t>(bytes.size());
    }
    Chunk chunk;
    chunk.length = static_cast<int64_t>(values.size());
    chunk.offsets = offsets;
    chunk.bytes = reinterpret_cast<const uint8_t*>(bytes.data());
    if (!dictionary) {
      const Chunk before = view.chunk;
      view.chunk = chunk;
      view.chunk.validity = before.validity;
      view.chunk.null_count = before.null_count;
      view.type.type = Type::kString;
      return;
    }
    dictionaries_.push_back(std::make_unique<Chunk>(chunk));
    view.chunk.dictionary = dictionaries_.back().get();
    view.type.type = Type::kDictionary;
    view.type.index = dice_.one_of({Type::kUint8, Type::kInt16, Type::kInt32});
    const auto put = [&](auto* codes) {
      for (size_t r = 0; r < rows_.size(); ++r) {
        codes[offset_ + r] = static_cast<std::remove_reference_t<decltype(codes[0])>>(of_row[r]);
      }
      view.chunk.values = codes;
    };
    if (view.type.index == Type::kUint8) put(memory<uint8_t>());
    if (view.type.index == Type::kInt16) put(memory<int16_t>());
    if (view.type.index == Type::kInt32) put(memory<int32_t>());
  }

  void decimals(ColumnView& view, size_t field) {
    auto* out = memory<std::array<int64_t, 2>>();
    for (size_t r = 0; r < rows_.size(); ++r) {
      const int64_t minor = rows_[r].cells[field].known ? rows_[r].cells[field].integer : 0;
      out[offset_ + r] = {minor, minor < 0 ? -1 : 0};
    }
    view.type.type = Type::kDecimal128;
    view.type.precision = 19;
    view.type.scale = 2;
    view.chunk.values = out;
  }

  void add(size_t field) {
    const FieldSpec& spec = world().fields()[field];
    ColumnView view;
    view.name = spec.name;
    const bool text = spec.kind == Kind::kString || spec.kind == Kind::kEnum;
    const bool dictionary = text && dice_.one_in(2);
    offset_ = text && !dictionary ? 0 : static_cast<size_t>(dice_.below(8));
    view.chunk.length = static_cast<int64_t>(rows_.size());
    auto* bits = memory<uint8_t>();
    for (size_t r = 0; r < rows_.size(); ++r) {
      if (rows_[r].cells[field].known) {
        bits[(offset_ + r) / 8] =
            static_cast<char>(bits[(offset_ + r) / 8] | 1 << (offset_ + r) % 8);
      } else {
        ++view.chunk.null_count;
      }
    }
    if (view.chunk.null_count > 0) view.chunk.validity = bits;
    switch (spec.kind) {
      case Kind::kBool: {
        auto* out = memory<uint8_t>();
        for (size_t r = 0; r < rows_.size(); ++r) {
          const size_t at = offset_ + r;
          if (rows_[r].cells[field].integer != 0) {
            out[at / 8] = static_cast<uint8_t>(out[at / 8] | 1 << at % 8);
          }
        }
        view.type.type = Type::kBool;
        view.chunk.values = out;
        break;
      }
      case Kind::kInt64:
      case Kind::kEnumSet:
        if (fits(field, -128, 127) && dice_.one_in(2)) {
          integers<int8_t>(view, field, Type::kInt8);
        } else if (fits(field, 0, 65'535) && dice_.one_in(2)) {
          integers<uint16_t>(view, field, Type::kUint16);
        } else {
          integers<int64_t>(view, field, Type::kInt64);
        }
        break;
      case Kind::kMoney:
        decimals(view, field);
        break;
      case Kind::kDouble: {
        auto* out = memory<double>();
        for (size_t r = 0; r < rows_.size(); ++r) {
          const Cell& cell = rows_[r].cells[field];
          out[offset_ + r] = cell.known ? cell.number : std::numeric_limits<double>::quiet_NaN();
        }
        view.type.type = Type::kDouble;
        view.chunk.values = out;
        break;
      }
      case Kind::kString:
      case Kind::kEnum:
        texts(view, field, dictionary);
        break;
      case Kind::kDate:
        if (dice_.one_in(2)) {
          integers<int32_t>(view, field, Type::kDate32);
        } else {
          integers<int64_t>(view, field, Type::kDate64, 86'400'000);
        }
        break;
      case Kind::kTimestamp:
        integers<int64_t>(view, field, Type::kTimestamp);
        view.type.zone = "UTC";
        break;
      case Kind::kDuration:
        integers<int64_t>(view, field, Type::kDuration);
        break;
    }
    view.chunk.offset = static_cast<int64_t>(offset_);
    views_.push_back(view);
  }

  const std::vector<Row>& rows_;
  Dice& dice_;
  size_t offset_ = 0;
  std::vector<ColumnView> views_;
  std::vector<std::unique_ptr<std::vector<char>>> owned_;
  std::vector<std::unique_ptr<Chunk>> dictionaries_;
  Table table_;
};

/// A cell as text: "unknown", "1", "2.5", "'abc'".
inline std::string cell_text(const Cell& cell, Kind kind) {
  if (!cell.known) return "unknown";
  if (kind == Kind::kDouble) {
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%.17g", cell.number);
    return buffer;
  }
  if (kind == Kind::kString || kind == Kind::kEnum) return "'" + std::string(cell.text) + "'";
  return std::to_string(cell.integer);
}

/// The value column of a result, row by row, as cell_text() writes it.
inline std::vector<std::string> value_texts(const Table& result, Kind kind) {
  std::vector<std::string> out;
  for (const Chunk& chunk : result.chunks(0)) {
    for (int64_t i = 0; i < chunk.length; ++i) {
      Cell cell;
      cell.known = chunk.valid(i);
      const int64_t at = chunk.offset + i;
      if (cell.known) {
        switch (kind) {
          case Kind::kBool:
            cell.integer = static_cast<const uint8_t*>(chunk.values)[at / 8] >> at % 8 & 1;
            break;
          case Kind::kDouble:
            cell.number = static_cast<const double*>(chunk.values)[at];
            break;
          case Kind::kString:
          case Kind::kEnum: {
            const auto* offsets = static_cast<const int64_t*>(chunk.offsets);
            cell.text = {reinterpret_cast<const char*>(chunk.bytes) + offsets[at],
                         static_cast<size_t>(offsets[at + 1] - offsets[at])};
            break;
          }
          case Kind::kDate:
            cell.integer = static_cast<const int32_t*>(chunk.values)[at];
            break;
          case Kind::kMoney:
            cell.integer = static_cast<const int64_t*>(chunk.values)[2 * at];
            break;
          default:
            cell.integer = static_cast<const int64_t*>(chunk.values)[at];
        }
      }
      out.push_back(cell_text(cell, kind));
    }
  }
  return out;
}

/// What a text gives for a row: its value, or "error: code".
inline std::string value_of(const std::string& text, const Row& row = plain_row(),
                            std::optional<Micros> now = kWorldNow) {
  const CheckedExpression checked = Expression::check(text, world());
  if (!checked.expression) {
    for (const Diagnostic& d : checked.diagnostics) {
      if (d.severity == Severity::kError) return "error: " + d.code;
    }
  }
  const Result<Cell> cell = checked.expression->evaluate_row(row.cells, now);
  if (!cell.ok()) return "failed: " + cell.status().message();
  return cell_text(*cell, checked.expression->kind());
}

/// The first error of a text: "code begin-end: message".
inline std::string finding_of(const std::string& text) {
  const CheckedExpression checked = Expression::check(text, world());
  if (checked.diagnostics.empty()) return "none";
  const Diagnostic& d = checked.diagnostics.front();
  return d.code + " " + std::to_string(d.begin) + "-" + std::to_string(d.end) + ": " + d.message;
}

}  // namespace patron::test
