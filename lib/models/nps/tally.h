// Tally: how many responses of each class every label has, in one pass over the rows.
//
// A response's class is what the score needs of it: detractor, passive or promoter for NPS, and so
// on. The rows are counted in blocks that stay in the first-level cache: scores to codes, labels to
// codes, both to the place of a counter, and then one increment a row.
//
//   Tally tally{&scores, nullptr, &groups, estimator.method(), nullptr};
//   Result<std::vector<Count>> counts = count_responses(table, tally, threads, &watch, &bad_rows);
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "lib/base/parallel.h"
#include "lib/models/nps/labels.h"
#include "lib/models/nps/score_reader.h"
#include "patron/nps.h"

namespace patron::internal {

/// A run of rows within one chunk: the unit of work of a pass.
struct Run {
  int chunk;
  int64_t begin;  ///< in the chunk
  int64_t rows;
  int64_t first_row;  ///< of the table
};
/// Cuts a table's rows into runs for so many threads.
std::vector<Run> cut_runs(const Table& table, int threads);

/// A refused row, and why.
struct BadRow {
  int64_t row;
  ResponseRefusal reason;
};
/// The refusal of a row with this score code and these states of its kind and group; nothing where
/// the row is good.
std::optional<ResponseRefusal> refusal_of(uint8_t score, CellState kind, CellState group);

/// How many labels can be counted: the place of a counter has 32 bits, of which a class takes 2,
/// and for CES, where every score is a class, 4.
constexpr uint32_t most_labels_of(Question question) {
  return (uint32_t{1} << (question == Question::kCes ? 28 : 30)) - 1;
}

/// The columns that are counted.
struct Tally {
  const ScoreReader* scores = nullptr;
  const Labels* kinds = nullptr;   ///< may be null
  const Labels* labels = nullptr;  ///< of form kNone where there is no such column
  /// The column of groups, whose bad rows count for no label: labels itself, or, where topics are
  /// counted, another.
  const Labels* groups = nullptr;
  NpsMethod method;
  /// A byte for each row of the table: rows with one that is not 0 are left out. May be null, and
  /// then bad rows are told.
  const uint8_t* left_out = nullptr;
  /// Where it is smaller, the most labels instead of most_labels_of(method.question).
  uint32_t most_labels = UINT32_MAX;
};

/// One kind and label.
struct Count {
  Label kind, label;
  Counts counts;  ///< NPS: at 0, 8 and 10; CSAT: at the lowest and highest score
};

/// The counts of all kinds and labels, in their order, none of them empty; the labels live in it.
struct TallyResult {
  std::vector<Count> counts;
  std::vector<std::shared_ptr<const void>> owners;
};

/// The most kinds there can be.
inline constexpr uint32_t kMostKinds = 64;

/// Counts. `bad` gets the refused rows in their order, where nothing is left out. Code::kLimit.
Result<TallyResult> count_responses(const Table& table, const Tally& tally, int threads,
                                    Watch* watch, std::vector<BadRow>* bad);

}  // namespace patron::internal
