#include "capi/src/forecast_table.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "capi/src/explain_json.h"
#include "lib/base/parallel.h"
#include "lib/base/table_data.h"
#include "lib/engine/forecast_data.h"
#include "lib/engine/tables/cell_table.h"

namespace patron::capi {
namespace {

using internal::Buffer;
using internal::ComingMove;
using internal::ForecastData;
using internal::OwnedColumn;

// Tasks write rows of their own: first the reasons, and how many bytes all texts have; then texts
// go where they belong. Where a task begins so does a byte of the validity bitmaps.
class ForecastColumns {
 public:
  ForecastColumns(const ForecastData& of, Kind customer, const ForecastTableOptions& options)
      : of_(of), ids_are_texts_(customer != Kind::kInt64), because_(options.because) {
    choose(options.classification);
    tasks_.resize((rows_ + kOfTask - 1) / kOfTask);
    const auto useful = static_cast<int>(std::max<size_t>(tasks_.size(), 1));
    threads_ = std::min(internal::thread_count(options.threads), useful);
    atoms_.resize(static_cast<size_t>(threads_));
  }

  Table write() {
    const auto count = static_cast<int64_t>(tasks_.size());
    const auto measure_one = [this](int64_t task, int worker) {
      measure(static_cast<size_t>(task), atoms_[static_cast<size_t>(worker)]);
    };
    (void)internal::parallel_for(count, threads_, nullptr, measure_one);
    make_room();
    const auto put_one = [this](int64_t task, int) { put(static_cast<size_t>(task)); };
    (void)internal::parallel_for(count, threads_, nullptr, put_one);
    std::vector<OwnedColumn> out;
    out.push_back(ids_are_texts_ ? std::move(texts_[kCustomer])
                                 : whole("customer", Kind::kInt64, std::move(ids_)));
    for (const size_t k : {kClassification, kFrom, kTo}) out.push_back(std::move(texts_[k]));
    out.push_back(whole("at", Kind::kTimestamp, std::move(at_)));
    out.push_back(std::move(texts_[kCause]));
    if (because_) out.push_back(std::move(texts_[kBecause]));
    return internal::make_owned_table(std::move(out));
  }

 private:
  static constexpr size_t kOfTask = 4096;
  // Columns of texts.
  enum : size_t { kCustomer, kClassification, kFrom, kTo, kCause, kBecause, kTexts };
  static constexpr const char* kNames[kTexts] = {"customer", "classification", "from",
                                                 "to",       "cause",          "because"};
  using Texts = std::array<std::string_view, kTexts>;
  struct Task {
    std::array<uint64_t, kTexts> bytes{};  // then where its first text begins
    std::array<int64_t, kTexts> nulls{};
    std::string because;               // of all of its rows
    std::vector<size_t> because_ends;  // of each
  };

  void choose(std::string_view classification) {
    rows_ = of_.moves.size();
    if (classification.empty()) return;
    for (size_t i = 0; i < of_.moves.size(); ++i) {
      if (of_.classification(of_.moves.move(i)).seen.name == classification) chosen_.push_back(i);
    }
    is_chosen_ = true;
    rows_ = chosen_.size();
  }
  size_t place(size_t row) const { return is_chosen_ ? chosen_[row] : row; }
  size_t end_of(size_t task) const { return std::min((task + 1) * kOfTask, rows_); }
  // Whether there is that column.
  bool has(size_t column) const {
    if (column == kCustomer) return ids_are_texts_;
    return column != kBecause || because_;
  }
  // Whether an empty text is null there.
  static bool is_nullable(size_t column) {
    return column == kFrom || column == kTo || column == kBecause;
  }

  // The texts of a row but what decided it.
  Texts texts_of(size_t i, const ComingMove& move) const {
    const internal::PolicyClassificationData& which = of_.classification(move);
    Texts out;
    if (ids_are_texts_) out[kCustomer] = of_.customer(i).text;
    out[kClassification] = which.seen.name;
    out[kFrom] = class_name(which, move.move.from);
    out[kTo] = class_name(which, move.move.to);
    out[kCause] = cause_name(move.cause);
    return out;
  }

  void measure(size_t task, internal::AtomCache& atoms) {
    constexpr size_t kAhead = 16;
    Task& own = tasks_[task];
    for (size_t row = task * kOfTask; row < end_of(task); ++row) {
      const size_t i = place(row);
      const ComingMove move = of_.moves.move(i);
      Texts texts = texts_of(i, move);
      std::string words;
      if (because_) {
        if (row + kAhead < end_of(task)) of_.moves.fetch_because(place(row + kAhead));
        words = reasons_json(
            internal::reasons_of(move.move, of_.moves.because(i), of_.words->policy.data(), atoms));
        own.because += words;
        own.because_ends.push_back(own.because.size());
        texts[kBecause] = words;
      }
      for (size_t k = 0; k < kTexts; ++k) {
        own.bytes[k] += texts[k].size();
        own.nulls[k] += is_nullable(k) && texts[k].empty() ? 1 : 0;
      }
    }
  }

  void make_room() {
    for (size_t k = 0; k < kTexts; ++k) {
      if (!has(k)) continue;
      uint64_t bytes = 0;
      OwnedColumn& out = texts_[k];
      out.field = {kNames[k], internal::column_type(Kind::kString, {})};
      out.length = static_cast<int64_t>(rows_);
      for (Task& task : tasks_) {
        task.bytes[k] = std::exchange(bytes, bytes + task.bytes[k]);
        out.null_count += task.nulls[k];
      }
      out.values = Buffer(bytes);
      out.offsets = Buffer((rows_ + 1) * sizeof(int64_t));
      out.offsets.as<int64_t>()[0] = 0;
      if (out.null_count > 0) out.validity = Buffer((rows_ + 7) / 8);
    }
    at_ = Buffer(rows_ * sizeof(int64_t));
    if (!ids_are_texts_) ids_ = Buffer(rows_ * sizeof(int64_t));
  }

  void put(size_t task) {
    const Task& own = tasks_[task];
    std::array<uint64_t, kTexts> ends = own.bytes;
    const size_t begin = task * kOfTask;
    for (OwnedColumn& column : texts_) {
      if (column.null_count == 0) continue;
      std::memset(column.validity.data() + begin / 8, 0, (end_of(task) - begin + 7) / 8);
    }
    for (size_t row = begin; row < end_of(task); ++row) {
      const size_t i = place(row);
      const ComingMove move = of_.moves.move(i);
      Texts texts = texts_of(i, move);
      if (because_) {
        const size_t from = row == begin ? 0 : own.because_ends[row - begin - 1];
        texts[kBecause] =
            std::string_view(own.because).substr(from, own.because_ends[row - begin] - from);
      }
      for (size_t k = 0; k < kTexts; ++k) {
        if (has(k)) put_text(texts_[k], row, texts[k], ends[k]);
      }
      at_.as<int64_t>()[row] = move.at;
      if (!ids_are_texts_) ids_.as<int64_t>()[row] = of_.customer(i).number;
    }
  }
  static void put_text(OwnedColumn& out, size_t row, std::string_view text, uint64_t& end) {
    if (!text.empty()) std::memcpy(out.values.data() + end, text.data(), text.size());
    end += text.size();
    out.offsets.as<int64_t>()[row + 1] = static_cast<int64_t>(end);
    if (out.null_count > 0 && !text.empty()) {
      out.validity.data()[row / 8] |= static_cast<uint8_t>(1U << row % 8);
    }
  }

  OwnedColumn whole(const char* name, Kind kind, Buffer values) const {
    OwnedColumn out;
    out.field = {name, internal::column_type(kind, {})};
    out.length = static_cast<int64_t>(rows_);
    out.values = std::move(values);
    return out;
  }

  const ForecastData& of_;
  bool ids_are_texts_, because_, is_chosen_ = false;
  std::vector<size_t> chosen_;  // of one classification
  size_t rows_ = 0;
  int threads_ = 1;
  std::vector<Task> tasks_;
  std::deque<internal::AtomCache> atoms_;  // of each worker
  std::array<OwnedColumn, kTexts> texts_;
  Buffer at_, ids_;
};

}  // namespace

Table forecast_table(const Forecasts& forecast, Kind customer,
                     const ForecastTableOptions& options) {
  return ForecastColumns(forecast.data(), customer, options).write();
}

}  // namespace patron::capi
