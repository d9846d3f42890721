#include "lib/models/nps/selection.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "lib/base/hash.h"
#include "lib/base/id_map.h"

namespace patron::internal {
namespace {

// Why a row is left out: the bytes of Selection::left_out.
enum Reason : uint8_t { kCounts = 0, kBad = 1, kWaiting = 2, kOld = 3, kSuperseded = 4 };

std::optional<ResponseRefusal> refusal_of(CellState time, CellState customer) {
  if (time == CellState::kNull) return ResponseRefusal::kNullTime;
  if (time == CellState::kText) return ResponseRefusal::kTimeNotUnderstood;
  if (time != CellState::kOk) return ResponseRefusal::kTimeOutOfRange;
  if (customer == CellState::kNull) return ResponseRefusal::kNullCustomer;
  if (customer != CellState::kOk) return ResponseRefusal::kCustomerOutOfRange;
  return std::nullopt;
}

/// What the first pass finds in some of the rows.
struct Found {
  std::vector<BadRow> bad;
  Micros latest = std::numeric_limits<Micros>::min();
};

/// Marks the bad rows of a block, and finds the latest of the others.
void look_at_block(const SelectionColumns& columns, const Run& run, int64_t begin, int64_t n,
                   uint8_t* left_out, Found* found) {
  uint8_t scores[kBlockResponses];
  CellState kinds[kBlockResponses], groups[kBlockResponses], times[kBlockResponses],
      customers[kBlockResponses];
  Micros instants[kBlockResponses];
  columns.scores->read(run.chunk, begin, n, scores);
  std::fill_n(kinds, n, CellState::kOk);
  std::fill_n(customers, n, CellState::kOk);
  if (columns.kinds != nullptr) columns.kinds->read_states(run.chunk, begin, n, kinds);
  columns.groups->read_states(run.chunk, begin, n, groups);
  columns.time.read(run.chunk, begin, n, instants, times);
  if (columns.text_customer) {
    const Chunk& chunk = columns.text_customers.chunks()[static_cast<size_t>(run.chunk)];
    for (int64_t i = 0; i < n; i++) {
      if (columns.text_customers.null(chunk, begin + i)) customers[i] = CellState::kNull;
    }
  } else if (columns.has_customer) {
    int64_t ids[kBlockResponses];
    columns.int_customer.read(run.chunk, begin, n, ids, customers);
  }
  for (int64_t i = 0; i < n; i++) {
    auto reason = internal::refusal_of(scores[i], kinds[i], groups[i]);
    if (!reason) reason = refusal_of(times[i], customers[i]);
    left_out[i] = reason ? kBad : kCounts;
    if (reason)
      found->bad.push_back({run.first_row + (begin - run.begin) + i, *reason});
    else
      found->latest = std::max(found->latest, instants[i]);
  }
}

/// Marks what lies after as_of or before the window.
void look_at_times(const SelectionColumns& columns, const Run& run, Micros as_of,
                   std::optional<Micros> start, uint8_t* left_out, int64_t* waiting, int64_t* old) {
  Micros instants[kBlockResponses];
  CellState states[kBlockResponses];
  for (int64_t done = 0; done < run.rows; done += kBlockResponses) {
    const int64_t n = std::min(kBlockResponses, run.rows - done);
    columns.time.read(run.chunk, run.begin + done, n, instants, states);
    for (int64_t i = 0; i < n; i++) {
      uint8_t& reason = left_out[run.first_row + done + i];
      if (reason != kCounts) continue;
      if (instants[i] > as_of) {
        reason = kWaiting;
        ++*waiting;
      } else if (start && instants[i] < *start) {
        reason = kOld;
        ++*old;
      }
    }
  }
}

/// Where a row stands.
struct Place {
  int chunk;
  int64_t row;
};

/// Whether a response counts before another of the same customer at the same instant.
bool goes_first(const SelectionColumns& columns, const Place& a, const Place& b) {
  uint8_t score_a, score_b;
  columns.scores->read(a.chunk, a.row, 1, &score_a);
  columns.scores->read(b.chunk, b.row, 1, &score_b);
  if (score_a != score_b) return score_a < score_b;
  const auto by_group = columns.groups->at(a.chunk, a.row) <=> columns.groups->at(b.chunk, b.row);
  if (std::is_neq(by_group)) return std::is_lt(by_group);
  for (const Labels& topic : *columns.topics) {
    const auto by_topic = topic.at(a.chunk, a.row) <=> topic.at(b.chunk, b.row);
    if (std::is_neq(by_topic)) return std::is_lt(by_topic);
  }
  return false;
}

/// Finds the last response of each customer of one part of all customers.
class LastResponses {
 public:
  LastResponses(const SelectionColumns& columns, uint8_t* left_out, uint64_t part, uint64_t parts)
      : columns_(columns),
        left_out_(left_out),
        part_(part),
        parts_(parts),
        kinds_(columns.kinds != nullptr ? *columns.kinds : no_kinds_) {}

  void look_at(const Run& run) {
    for (int64_t done = 0; done < run.rows; done += kBlockResponses) {
      const int64_t n = std::min(kBlockResponses, run.rows - done);
      const int64_t begin = run.begin + done;
      code_kinds(run.chunk, begin, n);
      columns_.time.read(run.chunk, begin, n, instants_, states_);
      if (!columns_.text_customer) columns_.int_customer.read(run.chunk, begin, n, ids_, states_);
      for (int64_t i = 0; i < n; i++) {
        const int64_t row = run.first_row + done + i;
        // Other parts mark their own rows meanwhile; which of the two is seen makes no difference.
        if (marked(row).load(std::memory_order_relaxed) == kCounts)
          look_at({run.chunk, begin + i}, i, row);
      }
    }
  }

  int64_t superseded() const { return superseded_; }
  bool is_full() const { return full_; }

 private:
  struct Last {
    Micros time;
    int64_t row;  ///< of the table
    Place place;
  };
  struct OfKind {
    Label kind;
    IntIdMap ints;
    StringIdMap texts;
    std::vector<Last> last;
  };

  std::atomic_ref<uint8_t> marked(int64_t row) const {
    return std::atomic_ref<uint8_t>(left_out_[row]);
  }

  void code_kinds(int chunk, int64_t begin, int64_t n) {
    if (kinds_.code(chunk, begin, n, codes_)) return;
    kinds_.renew();
    by_code_.clear();
    kinds_.code(chunk, begin, n, codes_);
  }

  OfKind& of_kind(uint32_t code) {
    if (by_code_.size() <= code) by_code_.resize(kinds_.size(), nullptr);
    if (by_code_[code] != nullptr) return *by_code_[code];
    const Label kind = kinds_.label(code);
    for (const std::unique_ptr<OfKind>& known : kinds_known_) {
      if (known->kind == kind) return *(by_code_[code] = known.get());
    }
    kinds_known_.push_back(std::make_unique<OfKind>());
    kinds_known_.back()->kind = kind;
    return *(by_code_[code] = kinds_known_.back().get());
  }

  void look_at(const Place& place, int64_t i, int64_t row) {
    std::string_view text;
    if (columns_.text_customer)
      text = columns_.text_customers.at(
          columns_.text_customers.chunks()[static_cast<size_t>(place.chunk)], place.row);
    if (parts_ > 1) {
      const uint64_t hash =
          columns_.text_customer
              ? hash_bytes(reinterpret_cast<const uint8_t*>(text.data()), text.size(), kPartSeed)
              : hash_id(ids_[i], kPartSeed);
      if ((hash >> 32) % parts_ != part_) return;
    }
    // Too many kinds: the count says so too, and fails.
    if (kinds_known_.size() > kMostKinds) return;
    OfKind& kind = of_kind(codes_[i]);
    const uint32_t customer = columns_.text_customer ? kind.texts.find_or_insert(text)
                                                     : kind.ints.find_or_insert(ids_[i]);
    if (customer == kNoRow) {
      full_ = true;
      return;
    }
    const Last response = {instants_[i], row, place};
    if (customer == kind.last.size()) {
      kind.last.push_back(response);
      return;
    }
    Last& last = kind.last[customer];
    const bool wins = response.time != last.time ? response.time > last.time
                                                 : goes_first(columns_, place, last.place);
    marked(wins ? last.row : row).store(kSuperseded, std::memory_order_relaxed);
    superseded_++;
    if (wins) last = response;
  }

  static constexpr HashSeed kPartSeed{0x9e37'79b9'7f4a'7c15, 0xbf58'476d'1ce4'e5b9,
                                      0x94d0'49bb'1331'11eb};

  const SelectionColumns& columns_;
  uint8_t* left_out_;
  uint64_t part_, parts_;
  const Labels no_kinds_;
  Coder kinds_;
  std::vector<std::unique_ptr<OfKind>> kinds_known_;
  std::vector<OfKind*> by_code_;
  int64_t superseded_ = 0;
  bool full_ = false;
  uint32_t codes_[kBlockResponses];
  Micros instants_[kBlockResponses];
  int64_t ids_[kBlockResponses];
  CellState states_[kBlockResponses];
};

/// Marks the responses that are not the last of their customer.
Status keep_last(const SelectionColumns& columns, const std::vector<Run>& runs, int threads,
                 Watch* watch, Selection* selection) {
  std::vector<int64_t> superseded(static_cast<size_t>(threads), 0);
  std::atomic<bool> full{false};
  Status status = parallel_for(threads, threads, watch, [&](int64_t part, int worker) {
    const auto last = std::make_unique<LastResponses>(columns, selection->left_out.data(),
                                                      static_cast<uint64_t>(part),
                                                      static_cast<uint64_t>(threads));
    for (const Run& run : runs) {
      if (watch->stop(worker)) return;
      last->look_at(run);
    }
    superseded[static_cast<size_t>(part)] = last->superseded();
    if (last->is_full()) full = true;
  });
  if (!status.ok()) return status;
  if (full) return {Code::kLimit, "more than 4,294,967,294 customers; split the responses"};
  for (const int64_t count : superseded) selection->superseded += count;
  return {};
}

}  // namespace

Result<Selection> select_responses(const Table& table, const SelectionColumns& columns,
                                   const NpsOptions& options, const TimeZone& zone, Watch* watch) {
  const int threads = thread_count(options.threads);
  const std::vector<Run> runs = cut_runs(table, threads);
  Selection selection;
  selection.left_out = Buffer(static_cast<size_t>(table.rows()));
  uint8_t* const left_out = selection.left_out.data();
  std::vector<Found> found(static_cast<size_t>(threads));
  const auto tasks = static_cast<int64_t>(runs.size());
  watch->phase(0.3);
  Status status = parallel_for(tasks, threads, watch, [&](int64_t task, int worker) {
    const Run& run = runs[static_cast<size_t>(task)];
    for (int64_t done = 0; done < run.rows; done += kBlockResponses)
      look_at_block(columns, run, run.begin + done, std::min(kBlockResponses, run.rows - done),
                    left_out + run.first_row + done, &found[static_cast<size_t>(worker)]);
  });
  if (!status.ok()) return status;
  Micros latest = std::numeric_limits<Micros>::min();
  for (const Found& part : found) {
    latest = std::max(latest, part.latest);
    selection.bad.insert(selection.bad.end(), part.bad.begin(), part.bad.end());
  }
  sort_with_pauses(std::span<BadRow>(selection.bad), Pause{watch, 0},
                   [](const BadRow& a, const BadRow& b) { return a.row < b.row; });
  if (status = watch->poll(1); !status.ok()) return status;
  if (static_cast<int64_t>(selection.bad.size()) == table.rows()) return selection;

  selection.as_of = options.as_of.value_or(latest);
  std::optional<Micros> start;
  if (options.window) start = zone.window_start(selection.as_of, *options.window);
  std::vector<std::array<int64_t, 2>> counts(static_cast<size_t>(threads));
  watch->phase(0.4);
  status = parallel_for(tasks, threads, watch, [&](int64_t task, int worker) {
    auto& [waiting, old] = counts[static_cast<size_t>(worker)];
    look_at_times(columns, runs[static_cast<size_t>(task)], selection.as_of, start, left_out,
                  &waiting, &old);
  });
  if (!status.ok()) return status;
  for (const auto& [waiting, old] : counts) {
    selection.waiting += waiting;
    selection.old += old;
  }
  watch->phase(0.7);
  if (columns.has_customer) {
    status = keep_last(columns, runs, threads, watch, &selection);
    if (!status.ok()) return status;
  }
  return selection;
}

}  // namespace patron::internal
