// Tables over plain memory for the cases, with the memory in the same object.
//
//   Inputs orders;
//   orders.add("customer", PATRON_TYPE_INT64, std::vector<int64_t>{1, 1, 2});
//   orders.text("name", {"ann", "bob", "cem"});
//   patron_rfm_compute(orders.table(), ...);
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "tests/capi/world.h"

namespace patron::test {

class Inputs {
 public:
  template <typename T>
  patron_column& add(const char* name, int32_t type, std::vector<T> values) {
    memory_.emplace_back(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
    patron_column& out = column(name, type, values.size());
    out.values = memory_.back().data();
    return out;
  }

  /// PATRON_TYPE_STRING, or PATRON_TYPE_LARGE_STRING.
  patron_column& text(const char* name, const std::vector<std::string>& values,
                      bool large = false) {
    std::vector<int32_t> small_offsets{0};
    std::vector<int64_t> large_offsets{0};
    std::string bytes;
    for (const std::string& value : values) {
      bytes += value;
      small_offsets.push_back(static_cast<int32_t>(bytes.size()));
      large_offsets.push_back(static_cast<int64_t>(bytes.size()));
    }
    const void* offsets = large ? keep(large_offsets) : keep(small_offsets);
    memory_.push_back(bytes);
    patron_column& out =
        column(name, large ? PATRON_TYPE_LARGE_STRING : PATRON_TYPE_STRING, values.size());
    out.offsets = offsets;
    out.bytes = reinterpret_cast<const uint8_t*>(memory_.back().data());
    return out;
  }

  /// Indices of 8 bits into texts.
  patron_column& coded(const char* name, std::vector<int8_t> indices,
                       const std::vector<std::string>& values) {
    text("", values);
    const patron_column words = columns_.back();
    columns_.pop_back();
    dictionaries_.push_back(words);
    patron_column& out = add(name, PATRON_TYPE_DICTIONARY, std::move(indices));
    out.index = PATRON_TYPE_INT8;
    out.value = PATRON_TYPE_STRING;
    out.dictionary = &dictionaries_.back();
    return out;
  }

  /// Marks elements of the newest column as null: "1011" is element 1.
  void nulls(const std::string& there) {
    std::string bits((there.size() + 7) / 8, '\0');
    for (size_t i = 0; i < there.size(); ++i) {
      if (there[i] == '1') bits[i / 8] = static_cast<char>(bits[i / 8] | 1 << (i % 8));
    }
    memory_.push_back(bits);
    columns_.back().validity = reinterpret_cast<const uint8_t*>(memory_.back().data());
  }

  const std::vector<patron_column>& columns() const { return columns_; }

  /// Made at the first call; a failure is a failure of the test.
  patron_table* table() {
    if (table_ != nullptr) return table_.get();
    patron_error error = PATRON_ERROR_INIT;
    patron_table* made = nullptr;
    EXPECT_EQ(patron_table_create(columns_.data(), columns_.size(), &made, &error), PATRON_OK)
        << error.message;
    table_.reset(made);
    return made;
  }

 private:
  template <typename T>
  const void* keep(const std::vector<T>& values) {
    memory_.emplace_back(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
    return memory_.back().data();
  }

  patron_column& column(const char* name, int32_t type, size_t length) {
    patron_column out = PATRON_COLUMN_INIT;
    out.name = patron_str_of(name);
    out.type = type;
    out.length = static_cast<int64_t>(length);
    columns_.push_back(out);
    return columns_.back();
  }

  std::deque<std::string> memory_;
  std::deque<patron_column> dictionaries_;
  std::vector<patron_column> columns_;
  Table table_;
};

}  // namespace patron::test
