// ValueBlock: one value of each of the customers of a page, as columns.
//
//   ValueBlock spend;
//   spend.reset(Shape::kInteger);
//   spend.set(3, int64_t{1250});
//   spend.at(3);                      // the same as a MetricValue
//
// Thread class: serial.
#pragma once

#include <cstdint>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/buffer.h"
#include "lib/book/event_page.h"
#include "lib/metrics/metric_value.h"
#include "patron/schema.h"

namespace patron::internal {

/// Which member of a MetricValue counts.
enum class Shape : uint8_t { kInteger, kNumber, kText, kSet };

/// That of a tag that is one value, no set.
inline Shape shape_of(Kind kind) {
  switch (kind) {
    case Kind::kDouble:
      return Shape::kNumber;
    case Kind::kString:
    case Kind::kEnum:
      return Shape::kText;
    default:
      return Shape::kInteger;
  }
}

class ValueBlock {
 public:
  ValueBlock() : values_(kPageCustomers * sizeof(int64_t)), known_(kPageCustomers) {
    reset(Shape::kInteger);
  }

  /// All unknown.
  void reset(Shape shape) {
    shape_ = shape;
    std::memset(values_.data(), 0, values_.size());
    std::memset(known_.data(), 0, known_.size());
    if (shape == Shape::kText) texts_.assign(kPageCustomers, {});
    if (shape == Shape::kSet) sets_.assign(kPageCustomers, {});
    own_.clear();
  }

  Shape shape() const { return shape_; }
  /// Of kPageCustomers customers; 0 where unknown.
  int64_t* integers() { return values_.as<int64_t>(); }
  const int64_t* integers() const { return values_.as<int64_t>(); }
  double* numbers() { return values_.as<double>(); }
  const double* numbers() const { return values_.as<double>(); }
  uint8_t* known() { return known_.data(); }
  const uint8_t* known() const { return known_.data(); }
  std::string_view* texts() { return texts_.data(); }
  const std::string_view* texts() const { return texts_.data(); }
  const std::vector<std::string>& set_at(size_t i) const { return sets_[i]; }

  void set(size_t i, int64_t value) { integers()[i] = value, known()[i] = 1; }
  void set(size_t i, double value) { numbers()[i] = value, known()[i] = 1; }
  /// The text is borrowed.
  void set_text(size_t i, std::string_view text) { texts_[i] = text, known()[i] = 1; }
  /// The text is kept.
  void keep_text(size_t i, std::string_view text) {
    own_.emplace_back() = text;
    set_text(i, own_.back());
  }
  void set_members(size_t i, std::vector<std::string> members) {
    sets_[i] = std::move(members), known()[i] = 1;
  }
  void unset(size_t i) {
    integers()[i] = 0, known()[i] = 0;
    if (shape_ == Shape::kText) texts_[i] = {};
    if (shape_ == Shape::kSet) sets_[i].clear();
  }

  /// Takes over what the plain way says.
  void put(size_t i, const MetricValue& value) {
    if (!value.known()) return unset(i);
    switch (shape_) {
      case Shape::kInteger:
        return set(i, value.cell.integer);
      case Shape::kNumber:
        return set(i, value.cell.number);
      case Shape::kText:
        return keep_text(i, value.text.empty() ? value.cell.text : std::string_view(value.text));
      case Shape::kSet:
        return set_members(i, value.set);
    }
  }
  MetricValue at(size_t i) const {
    MetricValue out;
    if (known()[i] == 0) return out;
    out.is_set = shape_ == Shape::kSet;
    out.cell.known = !out.is_set;
    if (shape_ == Shape::kInteger) out.cell.integer = integers()[i];
    if (shape_ == Shape::kNumber) out.cell.number = numbers()[i];
    if (shape_ == Shape::kText) out.text = std::string(texts()[i]);
    if (out.is_set) out.set = sets_[i];
    return out;
  }

 private:
  Shape shape_ = Shape::kInteger;
  Buffer values_;
  Buffer known_;
  std::vector<std::string_view> texts_;
  std::vector<std::vector<std::string>> sets_;
  std::deque<PassingText> own_;
};

}  // namespace patron::internal
