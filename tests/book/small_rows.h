// Small streams and rows for the tests of the book's parts.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lib/book/customer_ids.h"
#include "lib/book/row_order.h"
#include "tests/book/book_oracle.h"

namespace patron::book_test {

/// A stream of money whose sums are guarded, text, an open enum and a number; keys are the text.
class SmallStream {
 public:
  SmallStream() : layout_(*BookLayout::make(spec())), ids(false) {}
  const internal::StreamLayout& stream() const { return layout_.data().streams[0]; }
  internal::RowOrder order() const { return {stream(), texts, ids}; }
  internal::EventRows rows() const { return {stream(), meter}; }

  /// Adds a row with all columns.
  void add(internal::EventRows& to, Micros time, int64_t amount, const std::string& text) const {
    const std::vector<uint8_t> wanted{1, 1, 0, 1};
    to.reserve(to.size() + 1, text.size(), wanted.data());
    to.append(time);
    to.set(0, to.size() - size_t{1}, &amount);
    to.set_text(1, to.size() - size_t{1}, text);
    to.set(3, to.size() - size_t{1}, &amount);
  }
  static std::string line(const internal::EventRows& rows, size_t i) {
    const auto* amounts = static_cast<const int64_t*>(rows.column(0));
    return std::to_string(rows.times()[i]) + " " + std::to_string(amounts[i]) + " " +
           std::string(rows.text(1, i));
  }
  static std::vector<std::string> lines(const internal::EventRows& rows) {
    std::vector<std::string> all;
    for (size_t i = 0; i < rows.size(); ++i) all.push_back(line(rows, i));
    return all;
  }

 private:
  static BookSpec spec() {
    BookSpec spec;
    BookStream stream;
    stream.name = "small";
    stream.key = "text";
    stream.columns = {book_column("amount", Kind::kMoney), book_column("text", Kind::kString),
                      book_column("kind", Kind::kEnum), book_column("number", Kind::kInt64)};
    stream.columns[0].sums = true;
    spec.streams = {stream};
    return spec;
  }
  BookLayout layout_;

 public:
  std::vector<internal::EnumTexts> texts{4};
  internal::CustomerIds ids;
  std::shared_ptr<internal::Meter> meter = std::make_shared<internal::Meter>();
};

}  // namespace patron::book_test
