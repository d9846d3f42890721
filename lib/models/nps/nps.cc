// patron::nps: open the columns, select, count, estimate, and the tables that come out.
#include "patron/nps.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "lib/base/utf8.h"
#include "lib/models/nps/estimate.h"
#include "lib/models/nps/labels.h"
#include "lib/models/nps/result_table.h"
#include "lib/models/nps/score_reader.h"
#include "lib/models/nps/selection.h"
#include "lib/models/nps/tally.h"

namespace patron {
inline namespace v0 {
namespace {

using internal::BadRow;
using internal::Count;
using internal::Driver;
using internal::Estimator;
using internal::Label;
using internal::Labels;
using internal::Watch;

Status check_options(const NpsOptions& options) {
  if (options.score.empty()) return {Code::kArgument, "name the score column"};
  if (options.threads < 0)
    return {Code::kArgument, "threads is " + std::to_string(options.threads) +
                                 "; give a number above zero, or 0 for one for each core"};
  if (options.only && !options.kind)
    return {Code::kArgument, "only is one value of a kind column; name that column as kind"};
  if (!options.time && (options.customer || options.as_of || options.window))
    return {Code::kArgument, std::string(options.customer ? "customer"
                                         : options.as_of  ? "as_of"
                                                          : "window") +
                                 " needs to know when responses came; name the time column"};
  if (options.as_of && (*options.as_of < kMinTime || *options.as_of >= kEndTime))
    return {Code::kTime, "as_of is outside the years 0001 to 9999"};
  if (const Period window = options.window.value_or(Period{1, 0});
      window.months < 0 || window.micros < 0 || window == Period())
    return {Code::kArgument, "the window has no length; write for one \"90d\""};
  if (options.population && options.group)
    return {Code::kArgument,
            "population is the number of all customers and not of a group; leave out one of them"};
  return {};
}

/// The columns that the options name, opened and checked.
struct Columns {
  internal::ScoreReader scores;
  Labels kinds, groups;
  std::vector<Labels> topics;
  std::vector<std::string> topic_names;
  internal::SelectionColumns selection;
};

Result<Labels> open_labels(const Table& table, const std::string& name, bool flags) {
  const Result<int> column = table.require(name);
  return column.ok() ? Labels::open(table, *column, flags) : column.status();
}

Status open_selection(const Table& table, const NpsOptions& options, const TimeZone& zone,
                      Columns* columns) {
  internal::SelectionColumns& selection = columns->selection;
  Result<int> column = table.require(*options.time);
  if (!column.ok()) return column.status();
  Result<internal::TimeReader> time = internal::TimeReader::open(table, *column, zone);
  if (!time.ok()) return time.status();
  selection.time = *time;
  if (!options.customer) return {};
  column = table.require(*options.customer);
  if (!column.ok()) return column.status();
  selection.has_customer = true;
  const Field& field = table.field(*column);
  if (internal::TextReader::reads(field.type)) {
    selection.text_customer = true;
    selection.text_customers = *internal::TextReader::open(table, *column);
  } else if (internal::IntReader::reads(field.type)) {
    selection.int_customer = *internal::IntReader::open(table, *column);
  } else {
    return {Code::kType, "column \"" + field.name + "\" is " + type_name(field.type) +
                             "; ids must be integers or text"};
  }
  return {};
}

Status open_columns(const Table& table, const NpsOptions& options, const Scale& scale,
                    const TimeZone& zone, Columns* columns) {
  const Result<int> score = table.require(options.score);
  if (!score.ok()) return score.status();
  Result<internal::ScoreReader> scores = internal::ScoreReader::open(table, *score, scale);
  if (!scores.ok()) return scores.status();
  columns->scores = *scores;
  for (const auto& [name, labels] :
       {std::pair(&options.kind, &columns->kinds), std::pair(&options.group, &columns->groups)}) {
    if (!*name) continue;
    Result<Labels> opened = open_labels(table, **name, /*flags=*/false);
    if (!opened.ok()) return opened.status();
    *labels = *std::move(opened);
  }
  for (const std::string& name : options.topics) {
    Result<Labels> opened = open_labels(table, name, /*flags=*/true);
    if (!opened.ok()) return opened.status();
    columns->topics.push_back(*std::move(opened));
    columns->topic_names.push_back(name);
  }
  internal::SelectionColumns& selection = columns->selection;
  selection.scores = &columns->scores;
  selection.kinds = options.kind ? &columns->kinds : nullptr;
  selection.groups = &columns->groups;
  selection.topics = &columns->topics;
  return options.time ? open_selection(table, options, zone, columns) : Status();
}

Code code_of(ResponseRefusal refusal) {
  switch (refusal) {
    case ResponseRefusal::kNullScore:
    case ResponseRefusal::kNullKind:
    case ResponseRefusal::kNullTime:
    case ResponseRefusal::kNullCustomer:
      return Code::kNull;
    case ResponseRefusal::kScoreNotFinite:
      return Code::kNumber;
    case ResponseRefusal::kTimeOutOfRange:
    case ResponseRefusal::kTimeNotUnderstood:
      return Code::kTime;
    case ResponseRefusal::kKindOutOfRange:
    case ResponseRefusal::kGroupOutOfRange:
    case ResponseRefusal::kCustomerOutOfRange:
      return Code::kOverflow;
    default:
      return Code::kArgument;
  }
}

/// The reason for a message, with the value where it is a text that is no time.
std::string told(const BadRow& bad, const Table& responses, const NpsOptions& options) {
  const std::string reason(refusal_reason(bad.reason));
  if (bad.reason != ResponseRefusal::kTimeNotUnderstood) return reason;
  const Result<int> column = responses.require(*options.time);
  const Result<internal::TextReader> reader = internal::TextReader::open(responses, *column);
  return reason + ": " + internal::quoted(reader->of_row(bad.row));
}

/// What a caller who wants no bad rows is told of the first.
Status bad_row(const BadRow& bad, const Table& responses, const NpsOptions& options,
               const Scale& scale) {
  std::string message = "column " +
                        internal::quoted(internal::refused_column(bad.reason, options)) + ", row " +
                        std::to_string(bad.row) + ": " + told(bad, responses, options);
  if (bad.reason == ResponseRefusal::kScoreOutOfRange)
    message +=
        "; it goes from " + std::to_string(scale.lowest) + " to " + std::to_string(scale.highest);
  return {code_of(bad.reason), std::move(message), bad.row};
}

void add(const Counts& counts, Counts* sum) {
  for (size_t i = 0; i < counts.of.size(); i++) sum->of[i] += counts.of[i];
}

Counts difference_of(const Counts& all, const Counts& part) {
  Counts rest;
  for (size_t i = 0; i < all.of.size(); i++) rest.of[i] = all.of[i] - part.of[i];
  return rest;
}

/// Everybody of one kind, added up.
struct KindTotal {
  Label kind;
  Counts counts;
};

std::vector<KindTotal> totals_of(const std::vector<Count>& counts) {
  std::vector<KindTotal> totals;
  for (const Count& count : counts) {
    if (totals.empty() || totals.back().kind != count.kind) totals.push_back({count.kind, {}});
    add(count.counts, &totals.back().counts);
  }
  return totals;
}

/// The effect of one topic: its share of the responses times the difference between those that
/// mention it and the others, which is the score of everybody less that of the others.
Result<Driver> driver_of(const Counts& with, const KindTotal& everybody, std::string topic,
                         const Estimator& estimator) {
  const Counts without = difference_of(everybody.counts, with);
  const Result<Estimate> mentioned = estimator.estimate(with);
  if (!mentioned.ok()) return mentioned.status();
  Driver driver;
  driver.kind = everybody.kind.null ? "" : everybody.kind.to_string();
  driver.topic = std::move(topic);
  driver.mentions = mentioned->count;
  driver.score_with = mentioned->score;
  const Result<Estimate> others = estimator.estimate(without);
  if (!others.ok()) return driver;  // everybody mentions it
  driver.score_without = others->score;
  const double share =
      static_cast<double>(mentioned->count) / static_cast<double>(mentioned->count + others->count);
  driver.effect = share * (mentioned->score - others->score);
  const Result<Change> change = estimator.difference(with, without);
  if (!change.ok()) return driver;  // a mean of one response has no interval
  driver.low = share * change->low;
  driver.high = share * change->high;
  return driver;
}

/// One call, step by step.
class Call {
 public:
  Call(const Table& responses, const NpsOptions& options, const Estimator& estimator)
      : responses_(responses),
        options_(options),
        estimator_(estimator),
        threads_(internal::thread_count(options.threads)),
        watch_(options.control) {}

  Result<NpsResult> run(const TimeZone& zone) {
    result_.method = estimator_.method();
    result_.rows = responses_.rows();
    if (result_.rows == 0)
      return Status(Code::kEmpty, "the responses have no rows; a score needs at least one");
    Status status = open_columns(responses_, options_, result_.method.scale, zone, &columns_);
    if (status.ok()) status = select(zone);
    if (status.ok()) status = count_groups();
    if (status.ok()) status = estimate_groups();
    if (status.ok()) status = find_drivers();
    watch_.phase(1);
    if (status.ok()) status = watch_.poll(1);
    if (!status.ok()) return status;
    Result<Table> refused = internal::refused_table(bad_, options_, &watch_);
    if (!refused.ok()) return refused.status();
    result_.refused = *std::move(refused);
    result_.refused_rows = static_cast<int64_t>(bad_.size());
    return std::move(result_);
  }

 private:
  Status select(const TimeZone& zone) {
    if (!options_.time) return {};
    Result<internal::Selection> selection =
        internal::select_responses(responses_, columns_.selection, options_, zone, &watch_);
    if (!selection.ok()) return selection.status();
    selection_ = *std::move(selection);
    bad_ = std::move(selection_.bad);
    result_.waiting_rows = selection_.waiting;
    result_.old_rows = selection_.old;
    result_.superseded_rows = selection_.superseded;
    result_.as_of = selection_.as_of;
    return check_bad();
  }

  Status check_bad() const {
    if (options_.refuse_bad_rows || bad_.empty()) return {};
    return bad_row(bad_.front(), responses_, options_, result_.method.scale);
  }

  Result<internal::TallyResult> count(const Labels& labels) {
    internal::Tally tally;
    tally.scores = &columns_.scores;
    tally.kinds = columns_.selection.kinds;
    tally.labels = &labels;
    tally.groups = &columns_.groups;
    tally.method = result_.method;
    // What the first pass over the rows refused, the others leave out without a word.
    const bool first = !options_.time && &labels == &columns_.groups;
    if (options_.time) tally.left_out = selection_.left_out.data();
    std::vector<BadRow> ignored;
    return internal::count_responses(responses_, tally, threads_, &watch_,
                                     first ? &bad_ : &ignored);
  }

  Status count_groups() {
    watch_.phase(options_.topics.empty() ? 0.9 : 0.75);
    Result<internal::TallyResult> tally = count(columns_.groups);
    if (!tally.ok()) return tally.status();
    tally_ = *std::move(tally);
    if (Status status = check_bad(); !status.ok()) return status;
    if (totals_of(tally_.counts).size() > internal::kMostKinds)
      return {Code::kLimit,
              "the kind column has more than 64 values; a kind is a sort of survey, "
              "such as \"relational\"; name other columns as group"};
    keep_only();
    return tally_.counts.empty() ? nothing_left() : Status();
  }

  bool is_other(const Label& kind) const {
    return options_.only && kind.to_string() != *options_.only;
  }

  void keep_only() {
    std::vector<Count>& counts = tally_.counts;
    std::erase_if(counts, [&](const Count& count) {
      if (!is_other(count.kind)) return false;
      for (const int64_t n : count.counts.of) result_.other_rows += n;
      return true;
    });
  }

  Status nothing_left() const {
    const int64_t rows = result_.rows;
    if (static_cast<int64_t>(bad_.size()) == rows)
      return {Code::kEmpty,
              "all " + std::to_string(rows) + " rows were refused, row " +
                  std::to_string(bad_.front().row) +
                  " first: " + told(bad_.front(), responses_, options_),
              bad_.front().row};
    if (result_.other_rows > 0)
      return {Code::kEmpty, "no response is of the kind " + internal::quoted(*options_.only) +
                                "; " + std::to_string(result_.other_rows) + " are of others"};
    return {Code::kEmpty,
            "no response lies in the window: " + std::to_string(result_.waiting_rows) +
                " are after as_of and " + std::to_string(result_.old_rows) + " before it begins"};
  }

  Status estimate_groups() {
    watch_.phase(options_.topics.empty() ? 0.99 : 0.8);
    totals_ = totals_of(tally_.counts);
    if (options_.population && totals_.size() > 1)
      return {Code::kArgument,
              "population is the number of all customers, and there are responses of " +
                  std::to_string(totals_.size()) + " kinds; ask for only one of them"};
    std::vector<Estimate> estimates;
    estimates.reserve(tally_.counts.size());
    for (const Count& count : tally_.counts) {
      if (estimates.size() % 256 == 0) {
        const double share =
            static_cast<double>(estimates.size()) / static_cast<double>(tally_.counts.size());
        if (Status status = watch_.poll(share); !status.ok()) return status;
      }
      Result<Estimate> estimate = this->estimate(count.counts);
      if (!estimate.ok()) return estimate.status();
      estimates.push_back(*estimate);
    }
    result_.table =
        internal::estimates_table(tally_.counts, estimates, options_, columns_.groups.is_text());
    for (KindTotal& total : totals_) {
      Counts counts = total.counts;
      counts.population = options_.population;
      const Result<Estimate> estimate = estimator_.estimate(counts);
      if (!estimate.ok()) return estimate.status();
      result_.overall.push_back({total.kind.null ? "" : total.kind.to_string(), counts, *estimate});
    }
    return {};
  }

  Result<Estimate> estimate(const Counts& counts) const {
    Counts asked = counts;
    asked.population = options_.population;
    return estimator_.estimate(asked);
  }

  Status find_drivers() {
    std::vector<Driver> drivers;
    const double step = 0.19 / static_cast<double>(std::max<size_t>(1, columns_.topics.size()));
    for (size_t i = 0; i < columns_.topics.size(); i++) {
      watch_.phase(0.8 + step * static_cast<double>(i + 1));
      const Result<internal::TallyResult> tally = count(columns_.topics[i]);
      if (!tally.ok()) return tally.status();
      for (const Count& count : tally->counts) {
        if (count.label.null || is_other(count.kind)) continue;
        const auto everybody =
            std::find_if(totals_.begin(), totals_.end(),
                         [&](const KindTotal& total) { return total.kind == count.kind; });
        const bool flag = columns_.topics[i].form() == Labels::Form::kFlag;
        Result<Driver> driver =
            driver_of(count.counts, *everybody,
                      flag ? columns_.topic_names[i] : count.label.to_string(), estimator_);
        if (!driver.ok()) return driver.status();
        drivers.push_back(*std::move(driver));
      }
    }
    std::stable_sort(drivers.begin(), drivers.end(),
                     [](const Driver& a, const Driver& b) { return a.kind < b.kind; });
    result_.drivers = internal::drivers_table(drivers, options_);
    return {};
  }

  const Table& responses_;
  const NpsOptions& options_;
  const Estimator& estimator_;
  const int threads_;
  Watch watch_;
  Columns columns_;
  internal::Selection selection_;
  internal::TallyResult tally_;
  std::vector<KindTotal> totals_;
  std::vector<BadRow> bad_;
  NpsResult result_;
};

}  // namespace

std::string_view refusal_reason(ResponseRefusal refusal) {
  switch (refusal) {
    case ResponseRefusal::kNullScore:
      return "null score";
    case ResponseRefusal::kScoreNotFinite:
      return "score is NaN or infinite";
    case ResponseRefusal::kScoreOutOfRange:
      return "score outside the scale";
    case ResponseRefusal::kScoreNotWhole:
      return "score is no whole number";
    case ResponseRefusal::kNullKind:
      return "null kind";
    case ResponseRefusal::kKindOutOfRange:
      return "kind above 2^63 - 1";
    case ResponseRefusal::kGroupOutOfRange:
      return "group above 2^63 - 1";
    case ResponseRefusal::kNullTime:
      return "null time";
    case ResponseRefusal::kTimeOutOfRange:
      return "time outside the years 0001 to 9999";
    case ResponseRefusal::kTimeNotUnderstood:
      return "time is no ISO 8601 date or time";
    case ResponseRefusal::kNullCustomer:
      return "null customer";
    case ResponseRefusal::kCustomerOutOfRange:
      return "customer id above 2^63 - 1";
  }
  return "unknown";
}

Result<NpsResult> nps(const Table& responses, const NpsOptions& options) {
  if (Status status = check_options(options); !status.ok()) return status;
  const Result<Estimator> estimator = Estimator::make(options.method);
  if (!estimator.ok()) return estimator.status();
  const Result<TimeZone> zone = TimeZone::load(options.timezone);
  if (!zone.ok()) return zone.status();
  return Call(responses, options, *estimator).run(*zone);
}

}  // namespace v0
}  // namespace patron
