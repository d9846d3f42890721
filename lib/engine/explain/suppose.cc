#include "lib/engine/explain/suppose.h"

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

bool Supposed::add(Log& log, Micros t, int64_t count, const Cells& cells) {
  const StreamLayout& layout = log.rows.layout();
  std::vector<uint8_t> wanted(layout.columns.size(), 0);
  log.rows.mark_columns(wanted.data());
  std::vector<Cell> row(layout.columns.size());
  for (const auto& [column, cell] : cells) {
    if (column >= 0) row[static_cast<size_t>(column)] = cell;
  }
  size_t heap = 64;
  for (size_t c = 0; c < row.size(); ++c) {
    if (row[c].known || static_cast<int>(c) == layout.key) wanted[c] = 1;
    heap += row[c].text.size();
  }
  log.rows.reserve(log.rows.size() + static_cast<uint32_t>(count),
                   log.rows.heap_used() + heap * static_cast<size_t>(count), wanted.data());
  for (int64_t k = 0; k < count; ++k) {
    log.rows.append(t);
    const size_t at = log.rows.size() - 1;
    for (size_t i = 0; i < row.size(); ++i) {
      const auto c = static_cast<int>(i);
      const CellColumn& column = layout.columns[i];
      const Cell& cell = row[i];
      if (c == layout.key) {
        ++keys_;
        const int64_t number = std::numeric_limits<int64_t>::max() - keys_;
        if (column.cell == CellType::kText) {
          log.rows.set_text(c, at, "supposed " + std::to_string(keys_));
        } else if (column.cell == CellType::kInt) {
          log.rows.set(c, at, &number);
        } else {
          return false;
        }
        continue;
      }
      if (!cell.known) continue;
      switch (column.cell) {
        case CellType::kByte: {
          const auto byte = static_cast<uint8_t>(cell.integer != 0);
          log.rows.set(c, at, &byte);
          break;
        }
        case CellType::kDay: {
          const auto day = static_cast<int32_t>(cell.integer);
          log.rows.set(c, at, &day);
          break;
        }
        case CellType::kInt:
          log.rows.set(c, at, &cell.integer);
          break;
        case CellType::kDouble:
          log.rows.set(c, at, &cell.number);
          break;
        case CellType::kText:
          log.rows.set_text(c, at, cell.text);
          break;
        case CellType::kCode: {
          const auto listed = std::find(column.values.begin(), column.values.end(), cell.text);
          uint32_t code = static_cast<uint32_t>(listed - column.values.begin());
          if (listed == column.values.end()) {
            if (!column.values.empty()) return false;
            code = LogReader::kSupposedCode + static_cast<uint32_t>(texts_.size());
            texts_.emplace_back(cell.text);
          }
          log.rows.set(c, at, &code);
          break;
        }
        case CellType::kCustomer: {
          const auto customer = static_cast<uint32_t>(cell.integer);
          log.rows.set(c, at, &customer);
          break;
        }
        case CellType::kBits:
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
  logs_.clear();
  texts_.clear();
}

void Supposed::apply() {
  for (const Log& one : logs_) reader(one).suppose(&one.rows, texts_);
}

void Supposed::withdraw() {
  for (const Log& one : logs_) reader(one).suppose(nullptr);
}

}  // namespace patron::internal
