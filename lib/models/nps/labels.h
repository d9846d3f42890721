// Labels: the values of a group, kind or topic column as dense codes.
//
// Labels is the column, opened and checked once for all threads. A Coder turns runs of its rows
// into codes that index a table of counters, and tells afterwards which value each code stood for;
// every worker has a Coder of its own, and codes of two Coders have nothing to do with one another.
//
//   Coder coder(labels);
//   if (!coder.code(chunk, begin, n, codes)) { ...the codes mean something else from here on... }
//   coder.label(codes[i]) == Label{...};
//
// Code 0 is null, or a row without a label. Integers of a small range are their distance from the
// smallest; other integers and text go through an id map, a dictionary's values once for each
// chunk.
//
// Thread class: const Labels are shared; a Coder is serial.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/column_reader.h"
#include "lib/base/id_map.h"
#include "lib/models/nps/score_reader.h"

namespace patron::internal {

/// One value of a label column. Text lives as long as what the Label came from.
struct Label {
  bool null = true;
  bool is_text = false;
  int64_t number = 0;
  std::string_view text;

  /// Numbers by value, text by bytes, null last.
  std::strong_ordering operator<=>(const Label& other) const;
  bool operator==(const Label& other) const { return std::is_eq(*this <=> other); }
  std::string to_string() const { return is_text ? std::string(text) : std::to_string(number); }
};

class Labels {
 public:
  /// How the column's values become codes.
  enum class Form { kNone, kInt, kText, kDictionary, kFlag };

  Labels() = default;  ///< of no column: every row is null
  /// An integer or text column; a bool column where `flags`. Code::kType.
  static Result<Labels> open(const Table& table, int column, bool flags);

  Form form() const { return form_; }
  bool is_text() const { return form_ == Form::kText || form_ == Form::kDictionary; }
  /// Whether there can be rows whose value is no label: an unsigned number above 2^63 - 1.
  bool can_overflow() const { return can_overflow_; }
  /// Whether a row of the chunk can be null or no label.
  bool can_be_bad(int chunk) const {
    return can_overflow_ || chunks_[static_cast<size_t>(chunk)].null_count != 0;
  }
  /// Marks such rows kOverflow, and the others kOk or kNull.
  void read_states(int chunk, int64_t begin, int64_t n, CellState* states) const;
  /// Where the values of plain integers stand and their width in bytes, to fetch them ahead of
  /// time; null for other columns.
  const char* address(int chunk, int64_t row, int* width) const;
  /// The label of one row; slow.
  Label at(int chunk, int64_t row) const;

 private:
  friend class Coder;
  Form form_ = Form::kNone;
  bool can_overflow_ = false;
  DataType type_;
  std::span<const Chunk> chunks_;
  IntReader ints_;
  TextReader texts_;
};

class Coder {
 public:
  /// `spread`: rows without a label column take turns among eight codes, so that one counter is not
  /// a bottleneck. Values beyond `most` make it full.
  explicit Coder(const Labels& labels, bool spread = false, uint32_t most = kMaxRows);

  /// Fills n <= kBlockResponses codes. False where codes of earlier blocks would no longer mean the
  /// same: then nothing has happened; take down the counts, call renew(), and ask again.
  bool code(int chunk, int64_t begin, int64_t n, uint32_t* codes);
  void renew();
  /// One more than the largest code handed out since renew(): `most` + 1, or that of a range of
  /// integers.
  uint32_t size() const;
  /// Whether some row could not get a code, because there were `most` of them.
  bool is_full() const { return full_; }
  Label label(uint32_t code) const;

 private:
  bool code_ints(const Chunk& chunk, int chunk_index, int64_t begin, int64_t n, uint32_t* codes);
  bool code_values(const int64_t* values, int64_t n, uint32_t* codes);
  void code_dictionary(const Chunk& chunk, int64_t begin, int64_t n, uint32_t* codes);
  template <typename Index>
  void code_words(const Chunk& chunk, int64_t begin, int64_t n, uint32_t* codes);
  void code_text(const Chunk& chunk, int64_t begin, int64_t n, uint32_t* codes);

  const Labels* labels_;
  bool spread_;
  bool full_ = false;
  bool mapped_ = false;    ///< integers go through ints_
  int64_t base_ = 0;       ///< the integer of code 1
  uint64_t window_ = 0;    ///< integers base_ to base_ + window_ - 1 have codes
  int64_t next_base_ = 0;  ///< what renew() brings
  uint64_t next_window_ = 0;
  IntIdMap ints_;
  StringIdMap words_;
  const Chunk* dictionary_ = nullptr;     ///< the one that codes_of_words_ is about
  std::vector<uint32_t> codes_of_words_;  ///< 0: not looked up yet
};

}  // namespace patron::internal
