#include "lib/engine/quick/quick_rfm.h"

#include <algorithm>
#include <utility>

#include "lib/models/rfm/segment_index.h"

namespace patron::internal {
namespace {

int cuts_below(int64_t value, const RfmAxisCuts& axis) {
  int below = 0;
  for (const int64_t cut : axis.cuts) below += cut < value ? 1 : 0;
  return below;
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
    std::vector<int16_t>& segments = segments_.emplace_back();
    bins_.push_back(0);
    prospects_.push_back(static_cast<int>(one.classes.size()) - 1);
    const size_t point = one.table.find('.');
    if (one.seen.kind != ClassificationKind::kGrid || one.table.substr(0, point) != name_) continue;
    const Result<SegmentTable> named = SegmentTable::named(one.table.substr(point + 1));
    if (!named.ok()) continue;
    bins_.back() = named->bins();
    segments = SegmentIndex(*named).rows();
  }
}

bool QuickRfm::find(uint32_t customer, Micros t, int64_t* kept, bool same) {
  const RfmCuts* cuts = constants_ == nullptr ? nullptr : &constants_->cuts;
  const bool standing = same && kept != nullptr && measures_stand(kept, t);
  if (standing) {
    recall(kept);
  } else if (!measures_.measure(orders_, customer, t, cuts, measured_)) {
    if (kept != nullptr) std::fill_n(kept, kWords, int64_t{0});
    return false;
  }
  find_scores(t, kept, standing);
  return true;
}

bool QuickRfm::find_of(const WindowSums::Rows& rows, int64_t money, Micros t, int64_t* kept) {
  const RfmCuts* cuts = constants_ == nullptr ? nullptr : &constants_->cuts;
  if (!measures_.measure(rows, money, cuts, measured_)) return false;
  find_scores(t, kept, false);
  return true;
}

// Of the measures as of t. Where they are `standing`, the scores are those of before but that of
// recency.
void QuickRfm::find_scores(Micros t, int64_t* kept, bool standing) {
  known_ = constants_ != nullptr && measured_.monetary.has_value();
  if (standing && stand(kept, t)) return;
  next_r_ = measured_.next_change;
  if (!known_ || !measured_.last_day) {
    scores_ = Scores();
  } else {
    const RfmCuts& cuts = constants_->cuts;
    const int64_t recency = days_.of(t) - *measured_.last_day;
    scores_.r = cuts.recency.bins() - cuts_below(recency, cuts.recency);
    if (!standing) {
      scores_.f = 1 + cuts_below(measured_.frequency, cuts.frequency);
      scores_.m = 1 + cuts_below(*measured_.monetary, cuts.monetary);
    }
    next_r_ = std::min(next_r_, falls_below(scores_.r));
  }
  if (kept != nullptr) keep(kept);
}

void QuickRfm::recall(const int64_t* kept) {
  measured_ = RfmMeasured();
  const int64_t scores = kept[kScores];
  if ((scores & kBought) != 0) measured_.last_day = kept[kLastDay];
  measured_.frequency = kept[kFrequency];
  if ((scores & kHasMoney) != 0) measured_.monetary = kept[kMoney];
  measured_.next_change = kept[kMeasured];
  scores_ = {static_cast<int>(scores >> 8 & 0xFF), static_cast<int>(scores >> 16 & 0xFF),
             static_cast<int>(scores >> 24 & 0xFF)};
  next_r_ = kept[kScored];
}

void QuickRfm::keep(int64_t* kept) const {
  kept[kLastDay] = measured_.last_day.value_or(0), kept[kFrequency] = measured_.frequency;
  kept[kMoney] = measured_.monetary.value_or(0), kept[kMeasured] = measured_.next_change;
  kept[kScores] = int64_t{scores_.r} << 8 | int64_t{scores_.f} << 16 | int64_t{scores_.m} << 24 |
                  (measured_.last_day ? kBought : 0) | (measured_.monetary ? kHasMoney : 0);
  kept[kScored] = next_r_;
}

Cell QuickRfm::cell(Part part) const {
  if (!known_) return Cell();
  return Cell::of(part == Part::kR ? scores_.r : part == Part::kF ? scores_.f : scores_.m);
}

int16_t QuickRfm::cell_of(size_t classification, const Scores& scores) const {
  const int bins = bins_[classification];
  const auto inside = [bins](int score) { return score >= 1 && score <= bins; };
  if (!inside(scores.r) || !inside(scores.f) || !inside(scores.m)) return -1;
  const int cell = ((scores.r - 1) * bins + scores.f - 1) * bins + scores.m - 1;
  return segments_[classification][static_cast<size_t>(cell)];
}

Micros QuickRfm::leaves(Part part, const ValueRange& range) {
  if (part != Part::kR) return measured_.next_change;
  if (!known_ || !measured_.last_day || !range.has(scores_.r)) return next_r_;
  const int64_t lowest = std::max<int64_t>(range.low, 1);
  return std::min(measured_.next_change, falls_below(static_cast<int>(lowest)));
}

int QuickRfm::segment(size_t classification) const {
  if (constants_ == nullptr) return -1;
  if (!measured_.last_day) return prospects_[classification];
  return known_ ? cell_of(classification, scores_) : -1;
}

// Days only go by: the scores of frequency and money stay until the measures change.
Micros QuickRfm::segment_until(size_t classification) {
  if (constants_ == nullptr || !measured_.last_day) return TimeRange::kNever;
  Micros out = measured_.next_change;
  if (!known_) return out;
  const int16_t now = cell_of(classification, scores_);
  Scores then = scores_;
  while (then.r > 1 && cell_of(classification, then) == now) --then.r;
  if (cell_of(classification, then) == now) return out;
  return std::min(out, falls_below(then.r + 1));
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
}

}  // namespace patron::internal
