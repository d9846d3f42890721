// Tables: made of plain memory, looked into, selected from, exported and imported again.
#include <algorithm>
#include <string>

#include "lib/base/int128.h"
#include "tests/fuzz/calls/play.h"
#include "tests/fuzz/calls/result_checks.h"

namespace patron::fuzz {
namespace {

constexpr int64_t kMicrosPerDay = 86'400'000'000;

patron_column named(const char* name, int32_t type, int64_t rows) {
  patron_column column = PATRON_COLUMN_INIT;
  column.name = patron_str_of(name);
  column.type = type;
  column.length = rows;
  return column;
}

template <typename T, typename Value>
patron_column filled(Play& play, const char* name, int32_t type, int64_t rows, const Value& value) {
  patron_column column = named(name, type, rows);
  column.offset = play.choices.one_in(4) ? static_cast<int64_t>(play.choices.below(9)) : 0;
  const auto slots = static_cast<size_t>(rows + column.offset);
  T* values = play.memory<T>(slots);
  for (size_t i = 0; i < slots; i++) values[i] = static_cast<T>(value());
  column.values = values;
  if (play.choices.one_in(4)) {
    auto* bits = play.memory<uint8_t>((slots + 7) / 8);
    for (size_t i = 0; i < (slots + 7) / 8; i++) bits[i] = play.choices.byte();
    column.validity = bits;
  }
  return column;
}

/// A text column from `words`, now and then with bytes that are no UTF-8.
patron_column worded(Play& play, const char* name, int64_t rows,
                     const std::vector<std::string>& words) {
  patron_column column = named(name, PATRON_TYPE_STRING, rows);
  auto* offsets = play.memory<int32_t>(static_cast<size_t>(rows) + 1);
  std::string all;
  for (int64_t i = 0; i < rows; i++) {
    const uint8_t choice = play.choices.byte();
    if (choice == 255) {
      all += static_cast<char>(play.choices.byte());
    } else {
      all += words[choice % words.size()];
    }
    offsets[i + 1] = static_cast<int32_t>(all.size());
  }
  column.offsets = offsets;
  column.bytes = reinterpret_cast<const uint8_t*>(play.copy(all).data);
  return column;
}

patron_column customers(Play& play, int64_t rows) {
  static const std::vector<std::string> kNames{"Ada", "Bo", "", "客户",
                                               "a-longer-id-than-most-are"};
  switch (play.choices.below(4)) {
    case 0:
      return worded(play, "customer", rows, kNames);
    case 1:
      return filled<int64_t>(play, "customer", PATRON_TYPE_INT64, rows,
                             [&] { return play.choices.number(); });
    case 2:
      return filled<uint16_t>(play, "customer", PATRON_TYPE_UINT16, rows,
                              [&] { return play.choices.below(5); });
    default: {
      patron_column codes = filled<int8_t>(play, "customer", PATRON_TYPE_DICTIONARY, rows,
                                           [&] { return play.choices.below(6) % 5; });
      auto* words = play.memory<patron_column>(1);
      *words = worded(play, "", 5, kNames);
      codes.index = PATRON_TYPE_INT8;
      codes.value = PATRON_TYPE_STRING;
      codes.dictionary = words;
      return codes;
    }
  }
}

patron_column times(Play& play, int64_t rows) {
  static const std::vector<std::string> kTexts{"2026-03-01", "2026-03-01T08:30", "yesterday",
                                               "2025-12-31T23:59:59+08:00", "2011-12-30"};
  const auto instant = [&] {
    return wrapping_product(wrapping_sum(20'000, play.choices.number()), kMicrosPerDay / 4);
  };
  switch (play.choices.below(4)) {
    case 0:
      return worded(play, "time", rows, kTexts);
    case 1:
      return filled<int32_t>(play, "time", PATRON_TYPE_DATE32, rows,
                             [&] { return 20'000 + play.choices.number() % 500; });
    case 2: {
      patron_column walls = filled<int64_t>(play, "time", PATRON_TYPE_TIMESTAMP, rows, instant);
      if (play.choices.one_in(4)) walls.unit = PATRON_UNIT_SECOND;
      return walls;
    }
    default: {
      patron_column column = filled<int64_t>(play, "time", PATRON_TYPE_TIMESTAMP, rows, instant);
      column.zone = patron_str_of("UTC");
      return column;
    }
  }
}

patron_column amounts(Play& play, int64_t rows) {
  switch (play.choices.below(3)) {
    case 0:
      return filled<double>(play, "amount", PATRON_TYPE_DOUBLE, rows, [&] {
        const auto value = static_cast<double>(play.choices.number());
        return value / (play.choices.one_in(3) ? 3 : 4);
      });
    case 1:
      return filled<int64_t>(play, "amount", PATRON_TYPE_INT64, rows,
                             [&] { return play.choices.number(); });
    default: {
      patron_column column = filled<internal::Int128>(
          play, "amount", PATRON_TYPE_DECIMAL128, rows,
          [&] { return static_cast<internal::Int128>(play.choices.number()) * 10; });
      column.precision = 38;
      column.scale = 3;
      return column;
    }
  }
}

/// Lies that patron promises to find out: they ask for no more memory than there is.
void lie(Play& play, patron_column* column) {
  switch (play.choices.below(10)) {
    case 0:
      column->length = -1;
      break;
    case 1:
      column->offset = play.choices.one_in(2) ? -1 : INT64_MAX;
      break;
    case 2:
      column->length = INT64_MAX;
      break;
    case 3:
      column->type = static_cast<int32_t>(play.choices.number());
      break;
    case 4:
      column->values = column->offsets = nullptr;
      break;
    case 5:
      column->unit = 7;
      break;
    case 6:
      column->dictionary = nullptr;
      break;
    case 7:
      column->precision = 0;
      break;
    case 8:
      column->struct_size = 8;
      break;
    default:
      column->name = play.text({});
  }
}

void create(Play& play) {
  const auto rows = static_cast<int64_t>(play.choices.below(24));
  std::vector<patron_column> columns{customers(play, rows), times(play, rows), amounts(play, rows)};
  if (play.choices.one_in(3)) {
    columns.push_back(filled<int64_t>(play, "order", PATRON_TYPE_INT64, rows,
                                      [&] { return play.choices.below(4); }));
  }
  if (play.choices.one_in(6)) columns.push_back(amounts(play, rows + 1));
  if (play.choices.one_in(6)) lie(play, &columns[play.choices.below(columns.size())]);
  auto* given = play.memory<patron_column>(columns.size());
  std::copy(columns.begin(), columns.end(), given);
  patron_table* table = nullptr;
  const bool ok = PLAY(play, patron_table_create, given, columns.size(), &table);
  if (!play.keep(ok, table, &play.tables)) return;
  check_table(table);
  FUZZ_CHECK(patron_table_rows(table) == rows);
}

patron_str column_name(Play& play) {
  return play.text({"customer", "time", "amount", "order", "monetary_minor", "custmer", "r", "m"});
}

void look(Play& play) {
  const patron_table* table = play.pick(play.tables);
  const bool right = !play.expects_failure();
  const int64_t rows = SAY(play, patron_table_rows, table);
  const int32_t columns = SAY(play, patron_table_columns, table);
  const int64_t chunks = SAY(play, patron_table_chunks, table);
  FUZZ_CHECK(right ? rows >= 0 && columns >= 0 && chunks >= 0
                   : rows == -1 && columns == -1 && chunks == -1);
  const auto index = static_cast<int32_t>(play.choices.number());
  patron_field* field = play.output<patron_field>(PATRON_FIELD_INIT);
  const bool ok = PLAY(play, patron_table_field, table, index, field);
  if (ok) FUZZ_CHECK(index >= 0 && index < columns);
}

void find(Play& play) {
  const patron_table* table = play.pick(play.tables);
  const patron_str name = column_name(play);
  int32_t index = -7;
  if (PLAY(play, patron_table_find, table, name.data, name.size, &index)) {
    FUZZ_CHECK(index >= 0 && index < patron_table_columns(table));
  } else {
    FUZZ_CHECK(index == -7);
  }
}

void column(Play& play) {
  const patron_table* table = play.pick(play.tables);
  const auto index = static_cast<int32_t>(play.choices.below(8));
  const int64_t chunk = play.choices.one_in(8) ? play.choices.number() : 0;
  patron_column* view = play.output<patron_column>(PATRON_COLUMN_INIT);
  PLAY(play, patron_table_column, table, index, chunk, view);
}

void select(Play& play) {
  const patron_table* table = play.pick(play.tables);
  const size_t count = play.choices.below(4);
  auto* names = play.memory<patron_str>(count);
  for (size_t i = 0; i < count; i++) names[i] = column_name(play);
  patron_table* selected = nullptr;
  const bool ok = PLAY(play, patron_table_select, table, names, count, &selected);
  if (!play.keep(ok, selected, &play.tables)) return;
  check_table(selected);
  FUZZ_CHECK(patron_table_columns(selected) == static_cast<int32_t>(count));
}

void export_stream(Play& play) {
  const patron_table* table = play.pick(play.tables);
  ArrowArrayStream stream{};
  const bool ok = PLAY(play, patron_table_export_stream, table, &stream);
  FUZZ_CHECK((stream.release != nullptr) == ok);
  if (!ok) return;
  if (play.streams.size() > 4) {
    play.streams.front().release(&play.streams.front());
    play.streams.erase(play.streams.begin());
  }
  play.streams.push_back(stream);
}

/// Reads an exported stream again, perhaps after its table was closed.
void import_again(Play& play) {
  if (play.streams.empty()) return;
  ArrowArrayStream stream = play.streams.back();
  play.streams.pop_back();
  patron_table* table = nullptr;
  const bool ok = PLAY(play, patron_table_import_stream, &stream, &table);
  FUZZ_CHECK(stream.release == nullptr && (ok || play.odd_error()));
  if (play.keep(ok, table, &play.tables)) check_table(table);
}

void close(Play& play) {
  if (play.tables.size() == 0) return;
  play.reached("patron_table_close");
  play.tables.take(play.choices.below(play.tables.size()));
}

}  // namespace

std::vector<Step> table_steps() {
  return {{"table create", create},
          {"table look", look},
          {"table find", find},
          {"table column", column},
          {"table select", select},
          {"table export", export_stream},
          {"table import again", import_again},
          {"table close", close}};
}

}  // namespace patron::fuzz
