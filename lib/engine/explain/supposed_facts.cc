#include "lib/engine/explain/supposed_facts.h"

#include <algorithm>
#include <limits>

namespace patron::internal {

LogReader& Supposed::reader(const Log& log) {
  auto& readers = log.attribute ? parts_.attributes : parts_.readers;
  return readers[static_cast<size_t>(log.number)];
}

Supposed::Log& Supposed::log(int number, bool attribute) {
  for (Log& one : logs_) {
    if (one.number == number && one.attribute == attribute) return one;
  }
  const auto& readers = attribute ? parts_.attributes : parts_.readers;
  const StreamLayout& layout = readers[static_cast<size_t>(number)].layout();
  return logs_.emplace_back(Log{number, attribute, EventRows(layout, nullptr)});
}

void Supposed::reserve(Log& log, int64_t count) {
  const StreamLayout& layout = log.rows.layout();
  wanted_.assign(layout.columns.size(), 0);
  log.rows.mark_columns(wanted_.data());
  size_t heap = 64;
  for (size_t c = 0; c < row_.size(); ++c) {
    if (row_[c].known || static_cast<int>(c) == layout.key) wanted_[c] = 1;
    heap += row_[c].text.size();
  }
  log.rows.reserve(log.rows.size() + static_cast<uint32_t>(count),
                   log.rows.heap_used() + heap * static_cast<size_t>(count), wanted_.data());
}

bool Supposed::set_key(EventRows& rows, int column) {
  const size_t at = rows.size() - 1;
  ++keys_;
  switch (rows.layout().columns[static_cast<size_t>(column)].cell) {
    case CellType::kText:
      rows.set_text(column, at, "supposed " + std::to_string(keys_));
      return true;
    case CellType::kInt: {
      const int64_t number = std::numeric_limits<int64_t>::max() - keys_;
      rows.set(column, at, &number);
      return true;
    }
    default:
      return false;
  }
}

bool Supposed::set_cell(EventRows& rows, int column, const Cell& cell) {
  const size_t at = rows.size() - 1;
  const CellColumn& of = rows.layout().columns[static_cast<size_t>(column)];
  const auto put = [&](auto value) {
    rows.set(column, at, &value);
    return true;
  };
  switch (of.cell) {
    case CellType::kByte:
      return put(static_cast<uint8_t>(cell.integer != 0));
    case CellType::kDay:
      return put(static_cast<int32_t>(cell.integer));
    case CellType::kInt:
      return put(cell.integer);
    case CellType::kDouble:
      return put(cell.number);
    case CellType::kCustomer:
      return put(static_cast<uint32_t>(cell.integer));
    case CellType::kText:
      rows.set_text(column, at, cell.text);
      return true;
    case CellType::kCode: {
      const auto listed = std::find(of.values.begin(), of.values.end(), cell.text);
      if (listed != of.values.end()) return put(static_cast<uint32_t>(listed - of.values.begin()));
      if (!of.values.empty()) return false;
      const auto code = LogReader::kSupposedCode + static_cast<uint32_t>(texts_.size());
      texts_.emplace_back(cell.text);
      return put(code);
    }
    case CellType::kBits:
      return false;
  }
  return false;
}

bool Supposed::add(Log& log, Micros t, int64_t count, const Cells& cells) {
  const int key = log.rows.layout().key;
  row_.assign(log.rows.layout().columns.size(), Cell());
  for (const auto& [column, cell] : cells) {
    if (column >= 0) row_[static_cast<size_t>(column)] = cell;
  }
  reserve(log, count);
  for (int64_t k = 0; k < count; ++k) {
    log.rows.append(t);
    for (size_t i = 0; i < row_.size(); ++i) {
      const auto column = static_cast<int>(i);
      if (column == key) {
        if (!set_key(log.rows, column)) return false;
      } else if (row_[i].known && !set_cell(log.rows, column, row_[i])) {
        return false;
      }
    }
  }
  return true;
}

bool Supposed::events(int stream, Micros t, int64_t count, const Cells& cells) {
  constexpr int64_t kMost = 10'000;
  return count > 0 && count <= kMost && add(log(stream, false), t, count, cells);
}

bool Supposed::attribute(int attribute, Micros t, const Cell& cell) {
  return add(log(attribute, true), t, 1, {{0, cell}});
}

void Supposed::clear() {
  withdraw();
  for (Log& one : logs_) one.rows.clear();
  texts_.clear();
  keys_ = 0;
}

void Supposed::apply() {
  for (const Log& one : logs_) {
    if (one.rows.size() > 0) reader(one).suppose(&one.rows, texts_);
  }
}

void Supposed::withdraw() {
  for (const Log& one : logs_) reader(one).suppose(nullptr);
}

}  // namespace patron::internal
