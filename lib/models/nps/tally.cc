#include "lib/models/nps/tally.h"

#include <algorithm>
#include <string>
#include <utility>

#include "lib/base/prefetch.h"
#include "lib/base/simd.h"
#include "lib/models/nps/estimate.h"

namespace patron::internal {
namespace {

/// How a score's code becomes a class, and where the class's counter stands: below `bounds[0]` 0,
/// then 1, 2 and 3. Bad codes are the last class, which nobody reads.
struct Classes {
  explicit Classes(const NpsMethod& method) {
    const int points = points_of(method.scale);
    if (method.question == Question::kNps) {
      bounds = {7, 9, kFirstBadCode};
      scores = {0, 8, 10};
    } else if (method.question == Question::kCsat) {
      const auto top = static_cast<uint8_t>(points - method.scale.top_boxes);
      bounds = {top, kFirstBadCode, kFirstBadCode};
      scores = {0, points - 1};
    } else {
      shift = 4;
      for (int i = 0; i < points; i++) scores.push_back(i);
    }
  }

  int shift = 2;
  std::array<uint8_t, 3> bounds{};
  std::vector<int> scores;  ///< of each class: the place in Counts
};

/// The place of each row's counter, over the labels' codes.
PATRON_SIMD_INLINE void place_classes(const uint8_t* scores, int64_t n, const Classes& classes,
                                      uint32_t* places) {
  if (classes.shift == 4) {
    for (int64_t i = 0; i < n; i++) places[i] = places[i] << 4 | scores[i];
    return;
  }
  const auto [first, second, third] = classes.bounds;
  for (int64_t i = 0; i < n; i++) {
    const uint32_t class_of_row =
        uint32_t{scores[i] >= first} + uint32_t{scores[i] >= second} + uint32_t{scores[i] >= third};
    places[i] = places[i] << 2 | class_of_row;
  }
}

/// Asks for the memory of a column a block before it is read, a little with every few rows, so that
/// counting and reading memory go on together.
class Ahead {
 public:
  Ahead(const char* from, int width) : from_(from), width_(from != nullptr ? width : 0) {}
  /// For kRows rows of the block after this one.
  void fetch(int64_t row) const {
    const char* line = from_ + row * width_;
    for (int i = 0; i < width_; i++) fetch_line_to_read_once(line + i * kRows);
  }
  static constexpr int64_t kRows = 64;  // of one byte: a cache line

 private:
  const char* from_;
  int width_;
};

uint32_t most_labels(const Tally& tally) {
  return std::min(tally.most_labels, most_labels_of(tally.method.question));
}

/// One worker's counters: for each kind a table with 4 or 16 counters for each label.
class Counters {
 public:
  Counters(const Tally& tally, const Classes& classes)
      : tally_(tally),
        classes_(classes),
        labels_(*tally.labels, /*spread=*/true, most_labels(tally)),
        kinds_(tally.kinds != nullptr ? *tally.kinds : no_kinds_) {}

  /// Counts a block of rows whose scores have these codes.
  void count(int chunk, int64_t begin, int64_t n, const uint8_t* scores) {
    uint32_t places[kBlockResponses];
    code(&labels_, chunk, begin, n, places);
    run_with_best_simd([&] { place_classes(scores, n, classes_, places); });
    if (tally_.kinds == nullptr) {
      if (tables_.empty()) tables_.resize(1);
      make_room();
      count_places(places, n, ahead(chunk, begin + n), table(0));
    } else {
      uint32_t kinds[kBlockResponses];
      code(&kinds_, chunk, begin, n, kinds);
      if (tables_.size() < kinds_.size()) tables_.resize(kinds_.size());
      make_room();
      for (int64_t i = 0; i < n && !has_too_many_kinds(); i++) {
        // A kind of left out rows alone is none of the 64.
        if (scores[i] < kFirstBadCode) table(kinds[i])[places[i]]++;
      }
    }
    rows_ += n;
    if (rows_ > kMostRows) take_down();
  }

  /// Moves what was counted into counts().
  void take_down() {
    const size_t width = size_t{1} << classes_.shift;
    for (size_t kind = 0; kind < tables_.size(); kind++) {
      const std::vector<uint32_t>& counters = tables_[kind];
      for (size_t at = 0; at < counters.size(); at += width) {
        Count count;
        uint32_t any = 0;
        for (size_t i = 0; i < classes_.scores.size(); i++) {
          any |= counters[at + i];
          count.counts.of[static_cast<size_t>(classes_.scores[i])] = counters[at + i];
        }
        if (any == 0) continue;
        count.kind = kinds_.label(static_cast<uint32_t>(kind));
        count.label = labels_.label(static_cast<uint32_t>(at / width));
        counts_.push_back(count);
      }
    }
    tables_.clear();
    used_kinds_ = 0;
    room_ = 0;
    rows_ = 0;
  }

  const std::vector<Count>& counts() const { return counts_; }
  bool has_too_many_kinds() const { return used_kinds_ > kMostKinds; }
  bool is_full() const { return labels_.is_full() || kinds_.is_full(); }

 private:
  static constexpr int64_t kMostRows = int64_t{1} << 31;  // a counter holds them

  struct AheadOfBoth {
    Ahead scores, labels;
  };
  /// For the block that begins at this row, which may lie behind the last of the chunk.
  AheadOfBoth ahead(int chunk, int64_t row) const {
    int score_width, label_width;
    const char* scores = tally_.scores->address(chunk, row, &score_width);
    const char* labels = tally_.labels->address(chunk, row, &label_width);
    return {{scores, score_width}, {labels, label_width}};
  }

  static void count_places(const uint32_t* places, int64_t n, const AheadOfBoth& next,
                           uint32_t* counters) {
    int64_t i = 0;
    for (; i + Ahead::kRows <= n; i += Ahead::kRows) {
      next.scores.fetch(i);
      next.labels.fetch(i);
#pragma GCC unroll 16
      for (int64_t k = i; k < i + Ahead::kRows; k++) counters[places[k]]++;
    }
    for (; i < n; i++) counters[places[i]]++;
  }

  void code(Coder* coder, int chunk, int64_t begin, int64_t n, uint32_t* codes) {
    if (coder->code(chunk, begin, n, codes)) return;
    take_down();
    coder->renew();
    coder->code(chunk, begin, n, codes);
  }

  /// Room for all labels in the tables in use.
  void make_room() {
    const size_t size = size_t{labels_.size()} << classes_.shift;
    if (size <= room_) return;
    room_ = std::max(size, 2 * room_);
    for (std::vector<uint32_t>& counters : tables_) {
      if (!counters.empty()) counters.resize(room_);
    }
  }

  uint32_t* table(size_t kind) {
    std::vector<uint32_t>& counters = tables_[kind];
    if (counters.empty()) {
      counters.resize(room_);
      used_kinds_++;
    }
    return counters.data();
  }

  const Labels no_kinds_;
  const Tally& tally_;
  const Classes& classes_;
  Coder labels_;
  Coder kinds_;
  std::vector<std::vector<uint32_t>> tables_;  ///< by the code of the kind, empty where unused
  uint32_t used_kinds_ = 0;
  size_t room_ = 0;   ///< counters in each table in use
  int64_t rows_ = 0;  ///< counted since the last take_down()
  std::vector<Count> counts_;
};

/// What one worker keeps.
struct Worker {
  Worker(const Tally& tally, const Classes& classes) : counters(tally, classes) {}
  Counters counters;
  std::vector<BadRow> bad;
};

/// Marks the bad rows of a block, and tells them.
void refuse(const Tally& tally, const Run& run, int64_t begin, int64_t n, uint8_t* scores,
            std::vector<BadRow>* bad) {
  CellState kinds[kBlockResponses], groups[kBlockResponses];
  std::fill_n(kinds, n, CellState::kOk);
  if (tally.kinds != nullptr) tally.kinds->read_states(run.chunk, begin, n, kinds);
  tally.groups->read_states(run.chunk, begin, n, groups);
  for (int64_t i = 0; i < n; i++) {
    if (const auto reason = refusal_of(scores[i], kinds[i], groups[i])) {
      bad->push_back({run.first_row + (begin - run.begin) + i, *reason});
      scores[i] = kLeftOutCode;
    }
  }
}

void count_run(const Tally& tally, const Run& run, Worker* worker) {
  const bool look = tally.groups->can_overflow() ||
                    (tally.kinds != nullptr && tally.kinds->can_be_bad(run.chunk));
  uint8_t scores[kBlockResponses];
  for (int64_t done = 0; done < run.rows; done += kBlockResponses) {
    const int64_t begin = run.begin + done;
    const int64_t n = std::min(kBlockResponses, run.rows - done);
    const bool clean = tally.scores->read(run.chunk, begin, n, scores);
    if (tally.left_out != nullptr) {
      const uint8_t* left_out = tally.left_out + run.first_row + done;
      for (int64_t i = 0; i < n; i++) scores[i] = left_out[i] != 0 ? kLeftOutCode : scores[i];
    } else if (!clean || look) {
      refuse(tally, run, begin, n, scores, &worker->bad);
    }
    worker->counters.count(run.chunk, begin, n, scores);
  }
}

/// The counts of all workers as one, in order.
Status merge(const std::vector<std::shared_ptr<Worker>>& workers, Watch* watch,
             std::vector<Count>* merged) {
  std::vector<const Count*> order;
  for (const std::shared_ptr<Worker>& worker : workers) {
    if (!worker) continue;
    for (const Count& count : worker->counters.counts()) order.push_back(&count);
  }
  const auto less = [](const Count* a, const Count* b) {
    const auto by_kind = a->kind <=> b->kind;
    return std::is_neq(by_kind) ? std::is_lt(by_kind) : a->label < b->label;
  };
  sort_with_pauses(std::span<const Count*>(order), Pause{watch, 0}, less);
  if (Status status = watch->poll(1); !status.ok()) return status;
  for (const Count* count : order) {
    if (merged->empty() || merged->back().kind != count->kind ||
        merged->back().label != count->label) {
      merged->push_back(*count);
      continue;
    }
    for (size_t i = 0; i < count->counts.of.size(); i++)
      merged->back().counts.of[i] += count->counts.of[i];
  }
  return {};
}

Status too_many_labels(const Tally& tally) {
  return {Code::kLimit,
          "more than " + std::to_string(most_labels(tally)) + " groups; split the responses"};
}

}  // namespace

std::vector<Run> cut_runs(const Table& table, int threads) {
  const int64_t target = std::clamp<int64_t>(table.rows() / (8 * threads), 1 << 15, 1 << 18);
  std::vector<Run> runs;
  if (table.columns() == 0) return runs;
  int64_t row = 0;
  int index = 0;
  for (const Chunk& chunk : table.chunks(0)) {
    for (int64_t begin = 0; begin < chunk.length; begin += target)
      runs.push_back({index, begin, std::min(target, chunk.length - begin), row + begin});
    row += chunk.length;
    index++;
  }
  return runs;
}

std::optional<ResponseRefusal> refusal_of(uint8_t score, CellState kind, CellState group) {
  if (score == kNullCode) return ResponseRefusal::kNullScore;
  if (score == kNotFiniteCode) return ResponseRefusal::kScoreNotFinite;
  if (score == kOutsideCode) return ResponseRefusal::kScoreOutOfRange;
  if (score == kNotWholeCode) return ResponseRefusal::kScoreNotWhole;
  if (kind == CellState::kNull) return ResponseRefusal::kNullKind;
  if (kind == CellState::kOverflow) return ResponseRefusal::kKindOutOfRange;
  if (group == CellState::kOverflow) return ResponseRefusal::kGroupOutOfRange;
  return std::nullopt;
}

Result<TallyResult> count_responses(const Table& table, const Tally& tally, int threads,
                                    Watch* watch, std::vector<BadRow>* bad) {
  const Classes classes(tally.method);
  const std::vector<Run> runs = cut_runs(table, threads);
  std::vector<std::shared_ptr<Worker>> workers(static_cast<size_t>(threads));
  Status status = parallel_for(
      static_cast<int64_t>(runs.size()), threads, watch, [&](int64_t task, int worker) {
        std::shared_ptr<Worker>& mine = workers[static_cast<size_t>(worker)];
        if (!mine) mine = std::make_shared<Worker>(tally, classes);
        if (mine->counters.has_too_many_kinds() || mine->counters.is_full()) return;
        count_run(tally, runs[static_cast<size_t>(task)], mine.get());
      });
  if (!status.ok()) return status;

  TallyResult result;
  for (const std::shared_ptr<Worker>& worker : workers) {
    if (!worker) continue;
    if (worker->counters.has_too_many_kinds())
      return Status(Code::kLimit,
                    "the kind column has more than 64 values; a kind is a sort of "
                    "survey, such as \"relational\"; name other columns as group");
    if (worker->counters.is_full()) return too_many_labels(tally);
    worker->counters.take_down();
    bad->insert(bad->end(), worker->bad.begin(), worker->bad.end());
    result.owners.push_back(worker);
  }
  sort_with_pauses(std::span<BadRow>(*bad), Pause{watch, 0},
                   [](const BadRow& a, const BadRow& b) { return a.row < b.row; });
  if (status = merge(workers, watch, &result.counts); !status.ok()) return status;
  // The same limit for one thread, which has all labels, and for many, each of which has some.
  if (result.counts.size() > most_labels(tally)) return too_many_labels(tally);
  return result;
}

}  // namespace patron::internal
