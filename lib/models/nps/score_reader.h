// Score reader: any numeric column as codes of a scale, a block of rows at a time.
//
//   Result<ScoreReader> scores = ScoreReader::open(table, column, {0, 10});
//   uint8_t codes[kBlockResponses];
//   bool clean = scores->read(chunk, begin, n, codes);  // false: some code is no score
//
// A good code is the score less the lowest of the scale, 0 to 10. Thread class: a const reader is
// shared.
#pragma once

#include <cstdint>

#include "lib/base/column_reader.h"
#include "patron/nps.h"

namespace patron::internal {

/// Responses that are decoded at a time: what a block needs stays in the first-level cache.
inline constexpr int64_t kBlockResponses = 2048;

/// Codes that are no score. All of them are at least kFirstBadCode and below 16.
inline constexpr uint8_t kFirstBadCode = 11;
inline constexpr uint8_t kNullCode = 11;
inline constexpr uint8_t kNotFiniteCode = 12;
inline constexpr uint8_t kOutsideCode = 13;
inline constexpr uint8_t kNotWholeCode = 14;
inline constexpr uint8_t kLeftOutCode = 15;  ///< never read: for rows that others leave out

class ScoreReader {
 public:
  /// Code::kType for a column that is no number.
  static Result<ScoreReader> open(const Table& table, int column, const Scale& scale);
  /// False where some row has no score.
  bool read(int chunk, int64_t begin, int64_t n, uint8_t* codes) const;
  /// Where the values stand and their width in bytes, to fetch them ahead of time.
  const char* address(int chunk, int64_t row, int* width) const;

 private:
  void read_dictionary(int chunk, int64_t begin, int64_t n, uint8_t* codes) const;

  DataType type_;
  std::span<const Chunk> chunks_;
  IntReader ints_;  ///< of a dictionary of integers
  int64_t lowest_ = 0;
  uint32_t points_ = 0;
};

}  // namespace patron::internal
