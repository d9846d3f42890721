// ValueBlock: one value of each of the customers of a page, as columns.
//
//   ValueBlock spend;
//   spend.reset(Shape::kInteger);
//   spend.set(3, int64_t{1250});
//   spend.at(3);                      // the same as a MetricValue
//
// Texts and the members of sets are borrowed, or kept until the next reset. Texts that are names by
// their codes stand as codes for as long as nobody puts another text beside them.
//
// Thread class: serial.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/buffer.h"
#include "lib/book/event_page.h"
#include "lib/metrics/metric_value.h"
#include "lib/metrics/name_table.h"
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
    if (shape == Shape::kText) texts_.resize(kPageCustomers);
    if (shape == Shape::kSet) sets_.resize(kPageCustomers);
    names_ = nullptr;
    members_.clear();
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
  std::string_view text(size_t i) const {
    if (known()[i] == 0) return {};
    return names_ == nullptr ? texts_[i] : names_->text(codes_[i]);
  }
  /// The names whose codes the texts are, or null: then they are no codes. The names' own texts
  /// stay where they are for as long as the book and the policy.
  const NameTable* names() const { return names_; }
  /// Of kPageCustomers customers; 0 where unknown.
  const uint32_t* codes() const { return codes_.data(); }
  /// The members of a set; of nobody known none. Good until the next change.
  std::span<const std::string_view> set_at(size_t i) const {
    if (known()[i] == 0) return {};
    return {members_.data() + sets_[i].begin, sets_[i].size};
  }

  void set(size_t i, int64_t value) { integers()[i] = value, known()[i] = 1; }
  void set(size_t i, double value) { numbers()[i] = value, known()[i] = 1; }
  /// Of a block of texts that is all unknown: that they are these names, kept by reference, by the
  /// codes that are written there, 0 where unknown.
  uint32_t* name(const NameTable& names) {
    names_ = &names;
    codes_.fill(0);
    return codes_.data();
  }
  /// The text is borrowed.
  void set_text(size_t i, std::string_view text) {
    if (names_ != nullptr) forget_codes();
    texts_[i] = text, known()[i] = 1;
  }
  /// The text is kept.
  void keep_text(size_t i, std::string_view text) {
    own_.emplace_back() = text;
    set_text(i, own_.back());
  }
  /// A set without members yet.
  void begin_set(size_t i) { sets_[i] = {members_.size(), 0}, known()[i] = 1; }
  /// One more member of the set that was begun last. The text is borrowed.
  void add_member(size_t i, std::string_view text) { members_.push_back(text), ++sets_[i].size; }
  /// The same, and the text is kept.
  void keep_member(size_t i, std::string_view text) {
    own_.emplace_back() = text;
    add_member(i, own_.back());
  }
  void unset(size_t i) {
    integers()[i] = 0, known()[i] = 0;
    if (shape_ == Shape::kText) codes_[i] = 0;
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
        begin_set(i);
        for (const std::string& member : value.set) keep_member(i, member);
    }
  }
  MetricValue at(size_t i) const {
    MetricValue out;
    if (known()[i] == 0) return out;
    out.is_set = shape_ == Shape::kSet;
    out.cell.known = !out.is_set;
    if (shape_ == Shape::kInteger) out.cell.integer = integers()[i];
    if (shape_ == Shape::kNumber) out.cell.number = numbers()[i];
    if (shape_ == Shape::kText) out.text = std::string(text(i));
    if (out.is_set) out.set.assign(set_at(i).begin(), set_at(i).end());
    return out;
  }

 private:
  void forget_codes() {
    for (size_t k = 0; k < kPageCustomers; ++k) texts_[k] = text(k);
    names_ = nullptr;
  }

  Shape shape_ = Shape::kInteger;
  Buffer values_;
  Buffer known_;
  std::vector<std::string_view> texts_;  ///< good where known
  const NameTable* names_ = nullptr;
  std::array<uint32_t, kPageCustomers> codes_{};
  struct Set {
    size_t begin = 0, size = 0;
  };
  std::vector<Set> sets_;                  ///< good where known
  std::vector<std::string_view> members_;  ///< of all sets
  std::deque<PassingText> own_;
};

}  // namespace patron::internal
