// Tables read into batches: of orders with keys, referrals, and an attribute.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "lib/book/event_batch.h"
#include "tests/book/book_oracle.h"

namespace patron::book_test {

inline BookSpec orders_spec() {
  BookSpec spec;
  spec.customer = Kind::kInt64;
  spec.money = {2, {'E', 'U', 'R'}};
  spec.streams = {*built_in_stream("orders", spec), *built_in_stream("referrals", spec)};
  spec.streams[0].columns.push_back(book_column("id", Kind::kString));
  spec.streams[0].columns[3].field.values = {"tea", "coffee"};
  spec.streams[0].key = "id";
  BookAttribute size;
  size.field.name = "size";
  size.field.kind = Kind::kInt64;
  spec.attributes = {size};
  return spec;
}

class Batches : public testing::Test {
 protected:
  std::vector<std::string> refusals() const {
    std::vector<std::string> all;
    for (const BookRefusal& refusal : report_.refused) {
      all.push_back(std::to_string(refusal.row) + " " + refusal.column + ": " + refusal.reason);
    }
    return all;
  }
  Status read(const Table& table, size_t stream = 0, Micros until = kEndTime) {
    report_ = {};
    return internal::read_batch(table, layout_.data().streams[stream], layout_.data(), until,
                                batch_, report_);
  }
  template <typename T>
  static std::vector<T> plain(const internal::BatchVector<T>& values) {
    return {values.begin(), values.end()};
  }
  std::vector<int64_t> ints(size_t column) const {
    std::vector<int64_t> values(batch_.size());
    std::memcpy(values.data(), batch_.columns[column].cells.data(), values.size() * 8);
    return values;
  }
  BookLayout layout_ = *BookLayout::make(orders_spec());
  internal::EventBatch batch_;
  BookReport report_;
};

}  // namespace patron::book_test
