// What a policy says, as far as the oracle knows the language.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "patron/segments.h"
#include "tests/engine/oracle/machine.h"
#include "tests/engine/oracle/metric.h"

namespace patron::oracle {

struct Rules {
  /// Throws std::runtime_error for what the oracle does not know.
  explicit Rules(const Tree& policy);

  /// A row of a scorecard: points while a condition holds, or for each event.
  struct ScoreRow {
    Condition when, where;
    std::string stream;
    double points = 0;
    std::optional<double> cap;
    std::optional<Period> half_life;
  };
  struct Tag {
    std::string name;
    std::optional<Metric> metric;
    Condition expression;
    std::vector<ScoreRow> scorecard;
    std::optional<Value> instead;  ///< of null
    bool keep = false;             ///< the last value that was known stands for null
  };
  struct Attribute {
    Is kind = Is::kUnknown;
    std::optional<Value> instead;
    bool keep = false;
  };
  /// How a class of a rank is filled; one of the three, or none: it takes the rest.
  struct Place {
    int64_t share = 0, percent = 0;  ///< in millionths
    int64_t top = 0;                 ///< seats
  };
  struct Classification {
    std::string name, kind;
    std::vector<MachineRules> machines;  ///< of flags one each
    std::string of;                      ///< bands, and the value that ranks
    double hysteresis = 0;
    Condition where;            ///< rank
    std::vector<Place> places;  ///< rank, of each class
    std::string table;          ///< grid: "eleven"
    /// The number of a class in its machine; of flags the number of the flag.
    int number_of(const std::string& name) const;
    /// Whether somebody's seat is at stake in it.
    bool seated(int c) const {
      return kind == "rank" && c >= 0 && places[static_cast<size_t>(c)].top > 0;
    }
  };
  struct Model {
    std::string name, kind;  ///< "rfm", "nps", "weights", "referral", "ltv"
    std::optional<Period> window;
    bool nearest_rank = false, octant_mean = false;
    std::string table;
    std::vector<std::string> of;
    std::vector<double> given;  ///< empty: entropy
    int64_t unit_days = 7;      ///< ltv
    Period horizon;             ///< ltv
    bool spend = false;         ///< ltv
    int64_t depth = 3;          ///< referral
    double decay = 0.5;         ///< referral
    int64_t least = 1;          ///< customers
  };

  std::string text;  ///< of the whole policy
  TimeZone zone;
  int scale = 2;
  bool number_ids = false;
  std::string joined;
  std::vector<std::string> keys;  ///< of identities, the strongest first
  std::map<std::string, Attribute> attributes;
  std::map<std::string, Tag> tags;
  std::vector<Classification> classifications;
  std::vector<Model> models;
  std::map<std::string, std::string> written;  ///< tags, attributes, models, classifications
  std::map<std::string, SegmentTable> tables;  ///< those that models and grids name
  std::string calibrate_every;                 ///< "month"; empty: on command only

  /// Of "rfm.r" the model "rfm"; null where it is no value of a model.
  const Model* model_of(const std::string& name) const;
  bool calibrates() const { return !calibrated_items().empty(); }
  /// Models and ranks.
  std::vector<std::string> calibrated_items() const;
  /// All that decides what a model or a rank learns, as text.
  std::string definition(const std::string& item) const;
  /// What a name is made of: the names that it reads. Of models those under "of".
  std::set<std::string> reads(const std::string& name) const;
  /// Whether what a calibration finds has a part in it.
  bool calibrated(const std::string& name) const;
  /// The stage in which a model or a rank is calibrated: behind those that it reads.
  int stage_of(const std::string& item) const;
  int64_t least_customers = 1;          ///< of ranks
  bool zero_counts = false;             ///< orders of nothing are orders
  std::string refund_of;                ///< the column in which a refund names its order
  std::vector<std::string> conditions;  ///< the texts of those under "enter"
};

}  // namespace patron::oracle
