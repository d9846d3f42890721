#include "lib/engine/quick/quick_rfm.h"

#include <algorithm>
#include <utility>

#include "lib/models/rfm/segment_index.h"

namespace patron::internal {
namespace {

int cuts_below(int64_t value, const RfmAxisCuts& axis) {
  size_t below = 0;
  while (below < axis.cuts.size() && axis.cuts[below] < value) ++below;
  return static_cast<int>(below);
}

// As same_score() of a value that lies above so many cuts.
ValueRange between(int64_t value, int below, const RfmAxisCuts& axis) {
  const auto k = static_cast<size_t>(below);
  ValueRange out;
  if (k > 0) out.low = axis.cuts[k - 1] + 1;
  if (k < axis.cuts.size()) out.high = axis.cuts[k];
  const int64_t split = axis.octant_split;
  if (split < value) {
    out.low = std::max(out.low, split + 1);
  } else {
    out.high = std::min(out.high, split);
  }
  return out;
}

}  // namespace

std::unique_ptr<QuickRfm> QuickRfm::of(SettleParts& parts) {
  const PolicyData& policy = parts.policy;
  const auto model =
      std::find_if(policy.models.begin(), policy.models.end(),
                   [](const PolicyModel& one) { return one.kind == PolicyModel::Kind::kRfm; });
  const auto orders = std::find_if(parts.streams.begin(), parts.streams.end(),
                                   [](const MetricStream& one) { return one.name == "orders"; });
  if (!parts.models_matter || model == policy.models.end() || orders == parts.streams.end())
    return nullptr;
  const int amount = orders->reader->layout().find("amount");
  if (amount < 0) return nullptr;
  const std::string& name = model->name;
  for (const char* raw : {".frequency", ".monetary"}) {
    const size_t i = parts.value_index(name + raw);
    if (i < parts.matters.size() && parts.matters[i]) return nullptr;
  }
  const auto stream = static_cast<int>(orders - parts.streams.begin());
  std::unique_ptr<QuickRfm> out(
      new QuickRfm(GlanceRfm(model->window, orders->rules, 0, policy.zone),
                   LogGlance(parts.book, stream, {amount}), name, policy.zone));
  out->made_of_ = facts_of_stream(stream);
  out->spend_.verb = Verb::kSum;
  out->spend_.stream = stream;
  out->spend_.column =
      static_cast<int>(std::find(orders->columns.begin(), orders->columns.end(), "amount") -
                       orders->columns.begin());
  out->spend_.window = model_window(model->window);
  out->parts_.resize(policy.values.size(), Part::kNone);
  static constexpr std::pair<const char*, Part> kScores[3]{
      {".r", Part::kR}, {".f", Part::kF}, {".m", Part::kM}};
  for (size_t k = 0; k < 3; ++k) {
    const size_t i = parts.value_index(name + kScores[k].first);
    out->shown_[k] = i < policy.values.size();
    if (out->shown_[k] && policy.values[i].on_null == OnNull::kClear)
      out->parts_[i] = kScores[k].second;
  }
  out->look_at_grids(policy);
  return out;
}

void QuickRfm::look_at_grids(const PolicyData& policy) {
  for (const PolicyClassificationData& one : policy.classifications) {
    Grid& grid = grids_.emplace_back();
    grid.prospects = static_cast<int>(one.classes.size()) - 1;
    const size_t point = one.table.find('.');
    if (one.seen.kind != ClassificationKind::kGrid || one.table.substr(0, point) != name_) continue;
    const Result<SegmentTable> named = SegmentTable::named(one.table.substr(point + 1));
    if (!named.ok()) continue;
    grid.bins = named->bins();
    const std::vector<int16_t> segments = SegmentIndex(*named).rows();
    // Cells of one score of recency follow each other, those of the least come first.
    const auto bins = std::max(size_t{1}, static_cast<size_t>(grid.bins));
    const size_t of_recency = bins * bins;
    int8_t score = 0;
    for (size_t cell = 0, next = 0; cell < segments.size(); ++cell) {
      if (cell == next) ++score, next += of_recency;
      const bool least = cell < of_recency;
      const bool same = !least && segments[cell - of_recency] == segments[cell];
      grid.cells.push_back({segments[cell], same ? grid.cells[cell - of_recency].lowest : score});
    }
  }
}

bool QuickRfm::find(uint32_t customer, Micros t, int64_t* kept, bool same) {
  const RfmCuts* cuts = constants_ == nullptr ? nullptr : &constants_->cuts;
  const bool standing = same && kept != nullptr && measures_stand(kept, t);
  if (standing) {
    fall(t, kept);
    return true;
  }
  if (!measures_.measure(orders_, customer, t, cuts, measured_)) {
    if (kept != nullptr) std::fill_n(kept, kWords, int64_t{0});
    return false;
  }
  newest_ = kEndTime;
  known_ = constants_ != nullptr && measured_.monetary.has_value();
  scores_ = Scores();
  next_r_ = measured_.next_change;
  if (known_ && measured_.last_day) {
    scores_.f = 1 + cuts_below(measured_.frequency, constants_->cuts.frequency);
    scores_.m = 1 + cuts_below(*measured_.monetary, constants_->cuts.monetary);
    score_recency(t);
  }
  if (kept != nullptr) keep(kept);
  return true;
}

void QuickRfm::fall(Micros t, int64_t* kept) {
  recall(kept);
  known_ = constants_ != nullptr && measured_.monetary.has_value();
  if (stand(kept, t)) return;
  next_r_ = measured_.next_change;
  if (known_ && measured_.last_day) {
    score_recency(t);
  } else {
    scores_ = Scores();
  }
  keep(kept);
}

// As find() where nothing stands.
bool QuickRfm::find_of(const WindowSums::Rows& rows, int64_t money, Micros t, int64_t* kept) {
  if (!measures_.measure(rows, money, days_, measured_)) return false;
  newest_ = rows.times.back();
  known_ = constants_ != nullptr;
  scores_ = Scores();
  next_r_ = measured_.next_change;
  if (known_) {
    const RfmCuts& cuts = constants_->cuts;
    const int below_f = cuts_below(measured_.frequency, cuts.frequency);
    const int below_m = cuts_below(money, cuts.monetary);
    measured_.next_change = measures_.leaves_ranges(
        rows, measured_, between(measured_.frequency, below_f, cuts.frequency),
        between(money, below_m, cuts.monetary));
    scores_.f = 1 + below_f, scores_.m = 1 + below_m;
    score_recency(t);
  }
  if (kept != nullptr) keep(kept);
  return true;
}

// Of who bought and has scores.
void QuickRfm::score_recency(Micros t) {
  const RfmAxisCuts& cuts = constants_->cuts.recency;
  scores_.r = cuts.bins() - cuts_below(days_.of(t) - *measured_.last_day, cuts);
  next_r_ = std::min(measured_.next_change, falls_below(scores_.r));
}

void QuickRfm::recall(const int64_t* kept) {
  const int64_t scores = kept[kScores];
  measured_.last_day.reset(), measured_.monetary.reset();
  if ((scores & kBought) != 0) measured_.last_day = kept[kLastDay];
  if ((scores & kHasMoney) != 0) measured_.monetary = kept[kMoney];
  measured_.frequency = scores >> 32;
  measured_.next_change = kept[kMeasured];
  scores_ = {static_cast<int>(scores >> 8 & 0xFF), static_cast<int>(scores >> 16 & 0xFF),
             static_cast<int>(scores >> 24 & 0xFF)};
  next_r_ = kept[kScored];
  newest_ = kept[kNewest];
}

void QuickRfm::keep(int64_t* kept) const {
  kept[kLastDay] = measured_.last_day.value_or(0), kept[kMoney] = measured_.monetary.value_or(0);
  kept[kMeasured] = measured_.next_change;
  kept[kScores] = measured_.frequency << 32 | int64_t{scores_.m} << 24 | int64_t{scores_.f} << 16 |
                  int64_t{scores_.r} << 8 | (measured_.last_day ? kBought : 0) |
                  (measured_.monetary ? kHasMoney : 0);
  kept[kScored] = next_r_, kept[kNewest] = newest_;
}

Cell QuickRfm::cell(Part part) const {
  if (!known_) return Cell();
  return Cell::of(score(part));
}

// As many as there are where the scores are not those of the table.
size_t QuickRfm::cell_of(const Grid& grid, const Scores& scores) {
  const auto inside = [bins = grid.bins](int score) { return score >= 1 && score <= bins; };
  if (!inside(scores.r) || !inside(scores.f) || !inside(scores.m)) return grid.cells.size();
  const int cell = ((scores.r - 1) * grid.bins + scores.f - 1) * grid.bins + scores.m - 1;
  return static_cast<size_t>(cell);
}

Micros QuickRfm::leaves(Part part, const ValueRange& range) {
  if (part != Part::kR) return measured_.next_change;
  if (!known_ || !measured_.last_day || !range.has(scores_.r)) return next_r_;
  const int64_t lowest = std::max<int64_t>(range.low, 1);
  if (lowest == scores_.r) return next_r_;
  return std::min(measured_.next_change, falls_below(static_cast<int>(lowest)));
}

// Days only go by: the scores of frequency and money stay until the measures change.
QuickRfm::Segment QuickRfm::find_segment(size_t classification) {
  if (constants_ == nullptr) return {-1, TimeRange::kNever};
  const Grid& grid = grids_[classification];
  if (!measured_.last_day) return {grid.prospects, TimeRange::kNever};
  const Micros measured = measured_.next_change;
  if (!known_) return {-1, measured};
  const size_t cell = cell_of(grid, scores_);
  if (cell < grid.cells.size()) {
    const auto [segment, lowest] = grid.cells[cell];
    const Micros until = lowest == scores_.r ? next_r_ : std::min(measured, falls_below(lowest));
    return {segment, until};
  }
  // There is no class before her scores are those of the table.
  const bool above = scores_.r > grid.bins;
  return {-1, above ? std::min(measured, falls_below(grid.bins + 1)) : measured};
}

// Above so many cuts of recency there is a lesser score than that.
Micros QuickRfm::falls_below(int lowest) {
  const std::vector<int64_t>& cuts = constants_->cuts.recency.cuts;
  if (lowest <= 1) return TimeRange::kNever;
  const int64_t cut = cuts[cuts.size() + 1 - static_cast<size_t>(lowest)];
  constexpr int64_t kDays = 4'000'000;  // beyond every instant
  return cut > kDays ? TimeRange::kNever : days_.begin(*measured_.last_day + cut + 1);
}

void QuickRfm::let_go() {
  measures_.let_go();
  orders_.let_go();
  measured_ = RfmMeasured();
  scores_ = Scores();
  next_r_ = newest_ = kEndTime;
  known_ = false;
}

}  // namespace patron::internal
