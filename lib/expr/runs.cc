#include "lib/expr/runs.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/parallel.h"
#include "lib/expr/table_source.h"

namespace patron::internal {
namespace {

/// Runs that one task takes: some milliseconds.
constexpr int64_t kRunsPerTask = 64;

struct Run {
  int chunk;
  int64_t begin, length, first_row;
};

std::vector<Run> runs_of(const TableSource& source) {
  std::vector<Run> runs;
  const auto chunks = source.chunks();
  for (size_t c = 0; c < chunks.size(); ++c) {
    for (int64_t begin = 0; begin < chunks[c].length; begin += kChunkRows) {
      runs.push_back({static_cast<int>(c), begin, std::min(kChunkRows, chunks[c].length - begin),
                      chunks[c].first_row + begin});
    }
  }
  return runs;
}

/// The memory of one worker.
struct Worker {
  Frame frame;
  TableSource::Scratch scratch;
};

}  // namespace

Status check_now(const Program& program, std::optional<Micros> now) {
  if (now && (*now < kMinTime || *now >= kEndTime)) {
    return {Code::kArgument, "now is " + std::to_string(*now) +
                                 " microseconds, which lies outside the years 0001 to 9999"};
  }
  if (!now && program.now_register() != kNoOperand) {
    return {Code::kArgument, "the expression speaks of now; say which instant that is"};
  }
  return {};
}

Status run_table(const Program& program, const Schema& schema, const Table& table,
                 const ExpressionOptions& options, SimdLevel level, const TakeRun& take,
                 ExpressionCounts* counts) {
  Status status = check_now(program, options.now);
  if (!status.ok()) return status;
  if (options.threads < 0) {
    return {Code::kArgument, "threads is " + std::to_string(options.threads) +
                                 "; want a number of threads, or 0 for one on each core"};
  }
  const Result<TableSource> source = TableSource::open(table, schema, program.fields());
  if (!source.ok()) return source.status();
  const std::vector<Run> runs = runs_of(*source);
  const int64_t tasks = (static_cast<int64_t>(runs.size()) + kRunsPerTask - 1) / kRunsPerTask;
  const int threads =
      static_cast<int>(std::clamp<int64_t>(tasks, 1, thread_count(options.threads)));
  std::vector<Worker> workers;
  workers.reserve(static_cast<size_t>(threads));
  for (int i = 0; i < threads; ++i) {
    workers.push_back({Frame(program), TableSource::Scratch(*source)});
    if (options.now) workers.back().frame.set_now(*options.now);
  }
  std::vector<Status> failures(static_cast<size_t>(tasks));  // of the first run that fails
  Watch watch(options.control);
  status = parallel_for(tasks, threads, &watch, [&](int64_t task, int worker) {
    Worker& mine = workers[static_cast<size_t>(worker)];
    const int64_t end =
        std::min<int64_t>((task + 1) * kRunsPerTask, static_cast<int64_t>(runs.size()));
    for (int64_t r = task * kRunsPerTask; r < end; ++r) {
      const Run& run = runs[static_cast<size_t>(r)];
      Status read = source->read(run.chunk, run.begin, run.length, mine.scratch);
      if (!read.ok()) {
        failures[static_cast<size_t>(task)] = std::move(read);
        return;
      }
      mine.frame.run(mine.scratch.blocks, run.length, level);
      take(mine.frame, run.first_row, run.length);
    }
  });
  if (!status.ok()) return status;
  for (Status& failure : failures) {
    if (!failure.ok()) return std::move(failure);
  }
  if (counts == nullptr) return {};
  *counts = {};
  counts->rows = table.rows();
  for (const Worker& worker : workers) {
    counts->overflows += worker.frame.counts().overflows;
    counts->divisions_by_zero += worker.frame.counts().divisions;
    counts->bad_cells += worker.scratch.bad_cells;
  }
  return {};
}

}  // namespace patron::internal
