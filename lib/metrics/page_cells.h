// The cells of a column of a page as its verbs take them: ordered, or as what an event weighs.
//
//   const Values values(events.stream, column);
//   if (!values.null(row) && values.less(best, row)) best = row;
//   values.put(best, i, block);
//
// Thread class: serial.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>

#include "lib/metrics/page_verbs.h"

namespace patron::internal {

/// Cells as keys that are ordered by value.
class Values {
 public:
  Values(PageStream& stream, int column) {
    if (column != kTimeColumn && stream.columns().layout(column).cell == CellType::kDouble) {
      doubles_ = stream.columns().doubles(column);
    } else {
      ints_ = stream.columns().ints(column);
    }
  }
  bool doubles() const { return doubles_ != nullptr; }
  bool null(uint32_t row) const {
    return ints_ != nullptr ? ints_[row] == kNullInt : std::isnan(doubles_[row]);
  }
  bool less(uint32_t a, uint32_t b) const {
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): one of the two is there.
    return ints_ != nullptr ? ints_[a] < ints_[b] : doubles_[a] < doubles_[b];
  }
  void put(uint32_t row, size_t i, ValueBlock& out) const {
    ints_ != nullptr ? out.set(i, ints_[row]) : out.set(i, doubles_[row]);
  }

 private:
  const int64_t* ints_ = nullptr;
  const double* doubles_ = nullptr;
};

/// What an event weighs: 1 without `by`; nothing where `by` is null.
class Weigher {
 public:
  Weigher(PageStream& stream, int by) {
    if (by != kTimeColumn) values_.emplace(stream, by);
    if (!values_) return;
    if (values_->doubles()) {
      doubles_ = stream.columns().doubles(by);
    } else {
      ints_ = stream.columns().ints(by);
    }
  }
  bool null(uint32_t row) const { return values_ && values_->null(row); }
  int64_t whole(uint32_t row) const { return ints_ != nullptr ? ints_[row] : values_ ? 0 : 1; }
  double number(uint32_t row) const { return doubles_ != nullptr ? doubles_[row] : 0; }

 private:
  std::optional<Values> values_;
  const int64_t* ints_ = nullptr;
  const double* doubles_ = nullptr;
};

}  // namespace patron::internal
