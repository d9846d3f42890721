// Ltv::predict: one customer, a new one, a table of them. The work is in interval.h (Answers).
#include <array>
#include <limits>
#include <memory>
#include <utility>

#include "lib/models/ltv/customers.h"
#include "lib/models/ltv/frequency_order.h"
#include "lib/models/ltv/grid_values.h"
#include "lib/models/ltv/interval.h"
#include "lib/models/ltv/query.h"
#include "lib/models/ltv/repeats.h"
#include "lib/models/ltv/row_scores.h"
#include "patron/ltv.h"

namespace patron {
inline namespace v0 {
namespace {

using internal::ltv::Answers;
using internal::ltv::BlockScorer;
using internal::ltv::CustomerReader;
using internal::ltv::CustomerSpan;
using internal::ltv::Fault;
using internal::ltv::FrequencyOrder;
using internal::ltv::GridValues;
using internal::ltv::kCustomerRows;
using internal::ltv::RepeatKeys;
using internal::ltv::RepeatOutputs;
using internal::ltv::Repeats;
using internal::ltv::RowScores;

/// Rows of a task: some ms of work; quadrature and intervals take some microseconds a row.
constexpr int64_t kFastTask = 16384;
constexpr int64_t kSlowTask = 128;

/// Up to so many rows what they share is not worth to be worked out before.
constexpr int64_t kFewRows = 1024;

/// Pairs of frequency and T: a day grid has some thousand, and a small table is a fast one.
constexpr int kSplitBits = 13, kSlowBits = 16;

/// Answers for blocks of customers; what is alike is worked out once.
class AnswerScorer : public BlockScorer {
 public:
  AnswerScorer(const Answers* answers, LtvModel model)
      : answers_(answers), spend_(model == LtvModel::kGammaGamma) {
    if (answers->by_frequency()) {
      order_ = std::make_unique<FrequencyOrder>();
      known_ = std::make_unique<GridValues>();
    } else if (answers->splits()) {
      repeats_ = std::make_unique<Repeats>(1, answers->fast() ? kSplitBits : kSlowBits);
    } else if (!answers->cheap()) {
      repeats_ = std::make_unique<Repeats>(answers->has_interval() ? 3 : 1);
    }
  }

  void score(const CustomerSpan& customers, double* const* out) override {
    if (order_) return score_by_frequency(customers, out[0]);
    if (answers_->splits()) return score_split(customers, out[0]);
    const bool interval = answers_->has_interval();
    const RepeatOutputs outputs{out[0], interval ? out[1] : nullptr, interval ? out[2] : nullptr};
    const double* second = spend_ ? customers.monetary : customers.recency;
    const RepeatKeys columns{customers.frequency, second, customers.T};
    compute_distinct(repeats_.get(), columns, customers.size, outputs,
                     [this](const RepeatKeys& keys, int64_t rows, const RepeatOutputs& values) {
                       answers_->of({rows, keys[0], keys[1], keys[2], keys[1]},
                                    {values[0], values[1], values[2]});
                     });
  }

 private:
  void score_by_frequency(const CustomerSpan& customers, double* out) {
    std::array<double, kCustomerRows> values;
    const CustomerSpan sorted = order_->sort(customers);
    const double* x = sorted.frequency;
    for (int64_t begin = 0, end = 0; begin < sorted.size; begin = end) {
      if (known_->keeps(x[begin])) {
        while (end < sorted.size && x[end] == x[begin]) ++end;
        given_on_grid(x[begin], sorted.T + begin, end - begin, values.data() + begin);
      } else {
        end = sorted.size;
        answers_->predictor().given({end - begin, x + begin, nullptr, sorted.T + begin, nullptr},
                                    values.data() + begin);
      }
    }
    answers_->predictor().combine(sorted, values.data());
    order_->restore(values.data(), customers.size, out);
  }

  void given_on_grid(double frequency, const double* T, int64_t n, double* out) {
    const CustomerSpan fresh = known_->look_up(frequency, T, n, out);
    if (fresh.size == 0) return;
    std::array<double, kCustomerRows> values;
    answers_->predictor().given(fresh, values.data());
    known_->take(frequency, values.data(), out);
  }

  void score_split(const CustomerSpan& customers, double* out) {
    const RepeatKeys columns{customers.frequency, customers.T, customers.T};
    compute_distinct(repeats_.get(), columns, customers.size, {out},
                     [this](const RepeatKeys& keys, int64_t rows, const RepeatOutputs& values) {
                       const CustomerSpan distinct{rows, keys[0], nullptr, keys[1], nullptr};
                       answers_->predictor().given(distinct, values[0]);
                     });
    answers_->predictor().combine(customers, out);
  }

  const Answers* answers_;
  bool spend_;
  std::unique_ptr<FrequencyOrder> order_;
  std::unique_ptr<GridValues> known_;
  std::unique_ptr<Repeats> repeats_;
};

}  // namespace

Result<LtvPrediction> Ltv::predict(const LtvCustomer& customer, const LtvQuery& query) const {
  const Result<Answers> answers = Answers::make(*this, query);
  if (!answers.ok()) return answers.status();
  const Fault fault = internal::ltv::customer_fault(model_, customer);
  if (internal::ltv::bars_prediction(fault)) return internal::ltv::customer_status(customer, fault);
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  LtvPrediction prediction{kNone, kNone, kNone};
  answers->of({1, &customer.frequency, &customer.recency, &customer.T, &customer.monetary},
              {&prediction.value, &prediction.low, &prediction.high});
  return prediction;
}

Result<LtvPrediction> Ltv::predict_new(const LtvQuery& query) const { return predict({}, query); }

Result<LtvPredictions> Ltv::predict(const Table& customers,
                                    const LtvPredictOptions& options) const {
  Result<Answers> answers = Answers::make(*this, options.query);
  if (!answers.ok()) return answers.status();
  const Result<CustomerReader> reader = CustomerReader::open(customers, model_, options.columns,
                                                             internal::ltv::CustomerUse::kPredict);
  if (!reader.ok()) return reader.status();
  if (customers.rows() > kFewRows) answers->prepare();
  RowScores scores;
  scores.readers = {&*reader};
  scores.names = {"value"};
  if (answers->has_interval()) scores.names = {"value", "low", "high"};
  scores.make_scorer = [&] { return std::make_unique<AnswerScorer>(&*answers, model_); };
  scores.task_rows = answers->fast() ? kFastTask : kSlowTask;
  scores.columns = &options.columns;
  scores.refuse_bad_rows = options.refuse_bad_rows;
  scores.threads = options.threads;
  scores.control = &options.control;
  return internal::ltv::score_rows(customers, scores);
}

}  // namespace v0
}  // namespace patron
