#include "lib/models/ltv/row_scores.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

#include "lib/base/bitmap.h"
#include "lib/base/parallel.h"
#include "lib/base/table_data.h"
#include "lib/models/ltv/math/elementary.h"
#include "lib/models/ltv/query.h"

namespace patron::internal::ltv {
namespace {

constexpr size_t kMaxColumns = 8;

/// The row at which each chunk begins, and the number of rows.
std::vector<int64_t> chunk_starts(const Table& table) {
  std::vector<int64_t> starts{0};
  if (table.columns() == 0) return starts;
  for (const Chunk& chunk : table.chunks(0)) starts.push_back(starts.back() + chunk.length);
  return starts;
}

/// What a worker has of its own.
struct Worker {
  std::unique_ptr<BlockScorer> scorer;
  CustomerBlock block, other;
  std::vector<double> sound;  ///< sound customers by column, then their scores
  std::vector<FaultyRow> faults;
};

CustomerSpan columns_of(const CustomerBlock& block, int64_t n) {
  return {n, block.of(CustomerPart::kFrequency).data(), block.of(CustomerPart::kRecency).data(),
          block.of(CustomerPart::kT).data(), block.of(CustomerPart::kMonetary).data()};
}

class Scoring {
 public:
  Scoring(const Table& table, const RowScores& scores, size_t workers)
      : scores_(scores), starts_(chunk_starts(table)), workers_(workers) {
    for (size_t k = 0; k < scores.names.size(); ++k)
      values_.emplace_back(static_cast<size_t>(table.rows()) * sizeof(double));
  }

  void run(int64_t begin, int64_t end, size_t worker) {
    std::unique_ptr<Worker>& own = workers_[worker];
    if (own == nullptr) {
      own = std::make_unique<Worker>();
      own->scorer = scores_.make_scorer();
      own->sound.resize((4 + kMaxColumns) * static_cast<size_t>(kCustomerRows));
    }
    auto chunk = static_cast<size_t>(std::upper_bound(starts_.begin(), starts_.end(), begin) -
                                     starts_.begin() - 1);
    while (begin < end) {
      const int64_t n = std::min({kCustomerRows, end - begin, starts_[chunk + 1] - begin});
      score_block(static_cast<int>(chunk), begin - starts_[chunk], n, begin, own.get());
      begin += n;
      if (begin == starts_[chunk + 1]) ++chunk;
    }
  }

  std::vector<FaultyRow> faults() const {
    std::vector<FaultyRow> all;
    for (const auto& worker : workers_) {
      if (worker) all.insert(all.end(), worker->faults.begin(), worker->faults.end());
    }
    std::sort(all.begin(), all.end(),
              [](const FaultyRow& a, const FaultyRow& b) { return a.row < b.row; });
    return all;
  }

  Table table() {
    std::vector<OwnedColumn> columns;
    for (size_t k = 0; k < values_.size(); ++k) {
      OwnedColumn column;
      column.field.name = scores_.names[k];
      column.field.type.type = Type::kDouble;
      column.length = starts_.back();
      column.values = std::move(values_[k]);
      mark_nulls(&column);
      columns.push_back(std::move(column));
    }
    return make_owned_table(std::move(columns));
  }

 private:
  static void mark_nulls(OwnedColumn* column) {
    double* values = column->values.as<double>();
    for (int64_t i = 0; i < column->length; ++i) column->null_count += std::isnan(values[i]);
    if (column->null_count == 0) return;
    column->validity = Buffer(static_cast<size_t>(column->length + 7) / 8);
    std::fill_n(column->validity.data(), column->validity.size(), uint8_t{0xFF});
    for (int64_t i = 0; i < column->length; ++i) {
      if (!std::isnan(values[i])) continue;
      values[i] = 0;
      clear_bit(column->validity.data(), i);
    }
  }

  /// Reads the block; whether all rows are sound.
  bool read(int chunk, int64_t begin, int64_t n, Worker* own) const {
    CustomerBlock* block = &own->block;
    scores_.readers[0]->read(chunk, begin, n, block);
    if (block->clean) std::fill_n(block->fault.begin(), n, Fault());
    bool clean = block->clean;
    for (size_t k = 1; k < scores_.readers.size(); ++k) {
      scores_.readers[k]->read(chunk, begin, n, &own->other);
      std::copy_n(own->other.of(CustomerPart::kMonetary).begin(), n,
                  block->values[static_cast<size_t>(CustomerPart::kMonetary)].begin());
      if (own->other.clean) continue;
      clean = false;
      for (size_t i = 0; i < static_cast<size_t>(n); ++i) {
        if (!bars_prediction(block->fault[i])) block->fault[i] = own->other.fault[i];
      }
    }
    return clean;
  }

  void score_block(int chunk, int64_t begin, int64_t n, int64_t row, Worker* own) {
    std::array<double*, kMaxColumns> out{};
    for (size_t k = 0; k < values_.size(); ++k) out[k] = values_[k].as<double>() + row;
    if (read(chunk, begin, n, own)) {
      own->scorer->score(columns_of(own->block, n), out.data());
      return;
    }
    score_sound_rows(n, row, out, own);
  }

  void score_sound_rows(int64_t n, int64_t row, const std::array<double*, kMaxColumns>& out,
                        Worker* own) {
    const CustomerBlock& block = own->block;
    std::array<int32_t, kCustomerRows> where;
    const auto column = [own](size_t k) {
      return own->sound.data() + k * static_cast<size_t>(kCustomerRows);
    };
    int64_t sound = 0;
    for (int64_t i = 0; i < n; ++i) {
      const auto at = static_cast<size_t>(i);
      if (bars_prediction(block.fault[at])) {
        own->faults.push_back({row + i, block.fault[at]});
        for (size_t k = 0; k < values_.size(); ++k) out[k][i] = kNaN;
        continue;
      }
      for (size_t k = 0; k < 4; ++k) column(k)[sound] = block.values[k][at];
      where[static_cast<size_t>(sound++)] = static_cast<int32_t>(i);
    }
    std::array<double*, kMaxColumns> scored{};
    for (size_t k = 0; k < values_.size(); ++k) scored[k] = column(4 + k);
    own->scorer->score({sound, column(0), column(1), column(2), column(3)}, scored.data());
    for (size_t k = 0; k < values_.size(); ++k) {
      for (int64_t i = 0; i < sound; ++i) out[k][where[static_cast<size_t>(i)]] = scored[k][i];
    }
  }

  const RowScores& scores_;
  std::vector<int64_t> starts_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<Buffer> values_;
};

}  // namespace

Result<LtvPredictions> score_rows(const Table& customers, const RowScores& scores) {
  if (scores.threads < 0) {
    return Status(Code::kArgument, "threads: " + std::to_string(scores.threads) +
                                       " is below 0; give a number above zero, or 0 for one for "
                                       "each core");
  }
  Watch watch(*scores.control);
  const int64_t rows = customers.rows();
  const int64_t tasks = (rows + scores.task_rows - 1) / scores.task_rows;
  const int threads = static_cast<int>(
      std::max<int64_t>(1, std::min<int64_t>(thread_count(scores.threads), tasks)));
  Scoring scoring(customers, scores, static_cast<size_t>(threads));
  const Status status = parallel_for(tasks, threads, &watch, [&](int64_t task, int worker) {
    scoring.run(task * scores.task_rows, std::min(rows, (task + 1) * scores.task_rows),
                static_cast<size_t>(worker));
  });
  if (!status.ok()) return status;
  const std::vector<FaultyRow> faults = scoring.faults();
  if (!faults.empty() && !scores.refuse_bad_rows) return fault_status(faults[0], *scores.columns);
  Result<Table> refused = faults_table(faults, *scores.columns);
  if (!refused.ok()) return refused.status();
  return LtvPredictions{scoring.table(), std::move(*refused)};
}

}  // namespace patron::internal::ltv
