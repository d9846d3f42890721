#include "lib/book/id_runs.h"

#include <algorithm>
#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/parallel.h"
#include "lib/base/wiped.h"
#include "lib/book/batch_vector.h"

namespace patron::internal {
namespace {

// A range of ids is close where it has at most so many for each row of the table.
constexpr uint64_t kClose = 2;
// Rows of a map for each row of the table up to which going over the map is worth it.
constexpr size_t kKnown = 4;

uint64_t range_of(const IdRuns& ids) {
  return static_cast<uint64_t>(ids.bounds.most) - static_cast<uint64_t>(ids.bounds.least);
}

// Runs of about as many ids as each other one's, for each thread, and the row of the table at which
// each part begins.
struct Part {
  std::span<const std::span<const int64_t>> runs;
  size_t first = 0, rows = 0;
};

std::vector<Part> parts_of(const IdRuns& ids, size_t rows, int threads) {
  const auto count = static_cast<size_t>(std::max(threads, 1));
  std::vector<Part> parts;
  size_t run = 0, row = 0;
  for (size_t p = 0; p < count; ++p) {
    const size_t begin = run, first = row;
    for (; run < ids.runs.size() && row < rows * (p + 1) / count; ++run)
      row += ids.runs[run].size();
    if (run > begin) parts.push_back({ids.runs.subspan(begin, run - begin), first, row - first});
  }
  return parts;
}

// body(part, number) on a thread each.
template <typename Body>
void for_each_part(const std::vector<Part>& parts, int threads, const Body& body) {
  // Without a watch there is nothing to report.
  (void)parallel_for(static_cast<int64_t>(parts.size()), threads, nullptr, [&](int64_t p, int) {
    body(parts[static_cast<size_t>(p)], static_cast<size_t>(p));
  });
}

class CloseIds {
 public:
  explicit CloseIds(const IdRuns& ids) : ids_(ids), rows_(static_cast<size_t>(range_of(ids)) + 1) {
    std::fill(rows_.begin(), rows_.end(), kNoRow);
  }

  // The ids get rows in their order.
  Status number(const std::vector<Part>& parts, int threads, IntIdMap& map) {
    constexpr uint32_t kThere = 0;
    for_each_part(parts, threads, [&](const Part& part, size_t) {
      for (const std::span<const int64_t> run : part.runs) {
        for (const int64_t id : run) {
          std::atomic_ref<uint32_t>(place(id)).store(kThere, std::memory_order_relaxed);
        }
      }
    });
    const auto count = static_cast<size_t>(rows_.end() - rows_.begin()) -
                       static_cast<size_t>(std::count(rows_.begin(), rows_.end(), kNoRow));
    WipedVector<int64_t> sorted;
    sorted.reserve(count);
    for (size_t i = 0; i < rows_.size(); ++i) {
      if (rows_[i] != kThere) continue;
      rows_[i] = static_cast<uint32_t>(sorted.size());
      sorted.push_back(ids_.bounds.least + static_cast<int64_t>(i));
    }
    PassingMap made;
    Status status = made.map.append_new(sorted);
    if (status.ok()) std::swap(map, made.map);
    return status;
  }

  // What the map knows of them.
  void fill(const IntIdMap& map) {
    const std::span<const int64_t> known = map.ids();
    for (uint32_t row = 0; row < known.size(); ++row) {
      if (known[row] < ids_.bounds.least || known[row] > ids_.bounds.most) continue;
      if (map.any_erased() && map.erased(row)) continue;
      place(known[row]) = row;
    }
  }

  // The rows of all; whether all have one.
  bool find(const std::vector<Part>& parts, int threads, std::span<uint32_t> rows) {
    std::vector<uint8_t> missing(parts.size());
    for_each_part(parts, threads, [&](const Part& part, size_t p) {
      uint32_t* to = rows.data() + part.first;
      bool any = false;
      for (const std::span<const int64_t> run : part.runs) {
        for (const int64_t id : run) any |= (*to++ = place(id)) == kNoRow;
      }
      missing[p] = any ? 1 : 0;
    });
    return std::find(missing.begin(), missing.end(), 1) == missing.end();
  }

 private:
  uint32_t& place(int64_t id) {
    return rows_[static_cast<size_t>(static_cast<uint64_t>(id) -
                                     static_cast<uint64_t>(ids_.bounds.least))];
  }

  const IdRuns& ids_;
  BatchVector<uint32_t> rows_;
};

// The ids of a part, in a map of its own, and in order.
struct Arrived {
  PassingMap own;
  WipedVector<std::pair<int64_t, uint32_t>> order;  // ids, and their rows in it
  std::vector<uint32_t> row_of;                     // what these are in all
  bool sorted = false;                              // they arrived in order
};

Status arrive(const Part& part, std::span<uint32_t> rows, Arrived& out) {
  size_t row = part.first;
  for (const std::span<const int64_t> run : part.runs) {
    Status status = out.own.map.resolve(run, rows.subspan(row, run.size()));
    if (!status.ok()) return status;
    row += run.size();
  }
  const std::span<const int64_t> distinct = out.own.map.ids();
  out.order.reserve(distinct.size());
  for (const int64_t id : distinct) {
    out.order.emplace_back(id, static_cast<uint32_t>(out.order.size()));
  }
  out.sorted = std::is_sorted(distinct.begin(), distinct.end());
  if (!out.sorted) std::sort(out.order.begin(), out.order.end());
  out.row_of.resize(distinct.size());
  return {};
}

// Maps of parts become one, whose rows are in the order of the ids.
Status merge(std::vector<Arrived>& all, IntIdMap& map) {
  WipedVector<int64_t> sorted;
  size_t largest = 0;
  for (const Arrived& one : all) largest = std::max(largest, one.order.size());
  sorted.reserve(largest);
  std::vector<size_t> next(all.size());
  while (true) {
    const std::pair<int64_t, uint32_t>* least = nullptr;
    for (size_t a = 0; a < all.size(); ++a) {
      if (next[a] == all[a].order.size()) continue;
      const auto& first = all[a].order[next[a]];
      if (least == nullptr || first.first < least->first) least = &first;
    }
    if (least == nullptr) break;
    const int64_t id = least->first;
    for (size_t a = 0; a < all.size(); ++a) {
      if (next[a] == all[a].order.size() || all[a].order[next[a]].first != id) continue;
      all[a].row_of[all[a].order[next[a]++].second] = static_cast<uint32_t>(sorted.size());
    }
    sorted.push_back(id);
  }
  PassingMap made;
  Status status = made.map.append_new(sorted);
  if (status.ok()) std::swap(map, made.map);
  return status;
}

Status number_in_maps(const std::vector<Part>& parts, std::span<uint32_t> rows, int threads,
                      IntIdMap& map) {
  std::vector<Arrived> all(parts.size());
  std::vector<Status> statuses(parts.size());
  for_each_part(parts, threads,
                [&](const Part& part, size_t p) { statuses[p] = arrive(part, rows, all[p]); });
  for (const Status& status : statuses) {
    if (!status.ok()) return status;
  }
  if (all.size() == 1 && all[0].sorted) {
    std::swap(map, all[0].own.map);
    return {};
  }
  if (Status status = merge(all, map); !status.ok()) return status;
  for_each_part(parts, threads, [&](const Part& part, size_t p) {
    for (uint32_t& row : rows.subspan(part.first, part.rows)) row = all[p].row_of[row];
  });
  return {};
}

}  // namespace

Status number_first(const IdRuns& ids, std::span<uint32_t> rows, int threads, IntIdMap& map) {
  const std::vector<Part> parts = parts_of(ids, rows.size(), threads);
  if (range_of(ids) >= kClose * rows.size()) return number_in_maps(parts, rows, threads, map);
  CloseIds close(ids);
  if (Status status = close.number(parts, threads, map); !status.ok()) return status;
  (void)close.find(parts, threads, rows);  // all of them have
  return {};
}

bool find_runs(const IdRuns& ids, std::span<uint32_t> rows, int threads, const IntIdMap& map) {
  const std::vector<Part> parts = parts_of(ids, rows.size(), threads);
  if (range_of(ids) < kClose * rows.size() && map.size() <= kKnown * rows.size()) {
    CloseIds close(ids);
    close.fill(map);
    return close.find(parts, threads, rows);
  }
  for_each_part(parts, threads, [&](const Part& part, size_t) {
    size_t row = part.first;
    for (const std::span<const int64_t> run : part.runs) {
      map.find(run, rows.subspan(row, run.size()));
      row += run.size();
    }
  });
  return std::find(rows.begin(), rows.end(), kNoRow) == rows.end();
}

Status add_missing(const IdRuns& ids, std::span<uint32_t> rows, IntIdMap& map) {
  const uint32_t before = map.size();
  size_t row = 0;
  try {
    for (const std::span<const int64_t> run : ids.runs) {
      const std::span<uint32_t> to = rows.subspan(row, run.size());
      row += run.size();
      if (std::find(to.begin(), to.end(), kNoRow) == to.end()) continue;
      if (Status status = map.resolve_missing(run, to); !status.ok()) {
        map.truncate(before);
        return status;
      }
    }
  } catch (...) {
    map.truncate(before);
    throw;
  }
  return {};
}

}  // namespace patron::internal
