// QuickRfm: RFM where scores are all that classes ask of it: the measures of a customer, the
// scores, the segments of grids over them, and when time alone changes any of these.
//
//   std::unique_ptr<QuickRfm> rfm = QuickRfm::of(parts);    // null where more is asked of RFM
//   int64_t kept[QuickRfm::kWords] = {};                    // hers, from settling to settling
//   if (rfm->find(customer, t, kept, false)) ...            // as of t, of her orders
//   rfm->cell(QuickRfm::Part::kR);
//   const auto [segment, until] = rfm->find_segment(c);     // and when it may be another one
//   if (QuickRfm::measures_stand(kept, later)) rfm->fall(later, kept);   // of the same orders
//
// Measures are kept until a row that leaves the window changes a score, scores until recency lies
// above one more cut. A segment that several scores of recency share lasts as long as they do.
//
// Thread class: serial, as the parts are.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/engine/quick/glance_rfm.h"
#include "lib/engine/settle/known_days.h"
#include "lib/engine/settle/settle_parts.h"
#include "patron/segments.h"

namespace patron::internal {

class QuickRfm {
 public:
  enum class Part : uint8_t { kNone, kR, kF, kM };
  /// The last day, money, and until when the scores of frequency and money are the same; scores and
  /// frequency; until when scores are the same; when the newest order was; zero at first.
  static constexpr size_t kWords = 6;

  /// All is kept by reference. Throws std::bad_alloc.
  static std::unique_ptr<QuickRfm> of(SettleParts& parts);

  const std::string& name() const { return name_; }  ///< of the model
  ChangedFacts made_of() const { return made_of_; }
  /// Which score a value of the policy is.
  Part part(size_t value) const { return parts_[value]; }
  /// Whether a classification is a grid over it.
  bool has_grid(size_t classification) const { return !grids_[classification].cells.empty(); }
  /// Whether the scores are values of the policy: then moves say them.
  const std::array<bool, 3>& shown() const { return shown_; }
  /// The constants in force; null: none. Does not fail.
  void use(const RfmConstants* constants) { constants_ = constants; }
  bool calibrated() const { return constants_ != nullptr; }

  /// Whether the scores that are kept are those of t, her orders being the same.
  static bool stand(const int64_t* kept, Micros t) { return kept[kScored] > t; }
  /// Whether the measures are.
  static bool measures_stand(const int64_t* kept, Micros t) { return kept[kMeasured] > t; }
  /// Finds hers as of t. `kept` may be null; `same`: her orders are those of which it was made.
  /// False where they are to be had in the plain way, and nothing is kept then.
  bool find(uint32_t customer, Micros t, int64_t* kept, bool same);
  /// As find() where her orders are the same and measures_stand(): nothing but her score of recency
  /// may be another one, so that no order is looked at.
  void fall(Micros t, int64_t* kept);
  /// The sum of what her orders of the window came to.
  const MetricSpec& spend() const { return spend_; }
  /// As find(), of the rows of spend() as of t and what they add up to; false where find() has to
  /// say it.
  bool find_of(const WindowSums::Rows& rows, int64_t money, Micros t, int64_t* kept);

  // Of the customer who was found last.

  const RfmMeasured& measured() const { return measured_; }
  /// Of her orders until then, of all amounts, the newest; kEndTime: not known.
  Micros newest() const { return newest_; }
  bool known() const { return known_; }  ///< there are scores
  const Scores& scores() const { return scores_; }
  Cell cell(Part part) const;
  /// Where they are known.
  int score(Part part) const {
    return part == Part::kR ? scores_.r : part == Part::kF ? scores_.f : scores_.m;
  }
  /// The first instant at which a score may be outside a range; where it is not in it, or not
  /// known: may change.
  Micros leaves(Part part, const ValueRange& range);
  struct Segment {
    int segment;   ///< the class of a grid
    Micros until;  ///< the first instant at which it may be another one
  };
  Segment find_segment(size_t classification);
  /// Zeroes what is left of her. Does not fail.
  void let_go();

 private:
  enum Word : size_t { kLastDay, kMoney, kMeasured, kScores, kScored, kNewest };
  // Of the word of scores, from below: these two, r, f and m in a byte each, and the frequency.
  static constexpr int64_t kBought = 1, kHasMoney = 2;

  QuickRfm(GlanceRfm measures, LogGlance orders, std::string name, const TimeZone& zone)
      : measures_(std::move(measures)),
        orders_(std::move(orders)),
        name_(std::move(name)),
        days_(zone) {}
  struct GridCell {
    int16_t segment;  // its class
    int8_t lowest;    // the least score of recency down to which that stays the same
  };
  struct Grid {
    int bins = 0;
    std::vector<GridCell> cells;  // empty: it is no grid over the scores
    int prospects = 0;
  };
  void look_at_grids(const PolicyData& policy);
  static size_t cell_of(const Grid& grid, const Scores& scores);
  void score_recency(Micros t);
  /// The midnight at which the score of recency becomes less than `lowest`.
  Micros falls_below(int lowest);
  void recall(const int64_t* kept);
  void keep(int64_t* kept) const;

  GlanceRfm measures_;
  LogGlance orders_;
  MetricSpec spend_;
  std::string name_;
  KnownDays days_;
  ChangedFacts made_of_ = kAnyFacts;
  std::vector<Part> parts_;  // of each value
  std::vector<Grid> grids_;  // of each classification
  std::array<bool, 3> shown_{};
  const RfmConstants* constants_ = nullptr;

  RfmMeasured measured_;
  bool known_ = false;
  Scores scores_;
  Micros next_r_ = TimeRange::kNever;
  Micros newest_ = kEndTime;
};

}  // namespace patron::internal
