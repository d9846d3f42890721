// What a calibration holds: the constants of each model and rank, by name, and how they came about.
//
//   const auto* rfm = data.find<RfmConstants>("rfm");      // null: it was never fitted
//   rfm_score(recency_days, frequency, monetary, rfm->cuts).r;
//
// Thread class: a const one is shared.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lib/engine/calibration/calibration_summary.h"
#include "patron/book.h"
#include "patron/calibration.h"
#include "patron/ltv.h"
#include "patron/nps.h"
#include "patron/referral.h"
#include "patron/rfm.h"

namespace patron::internal {

/// Kept ids beside those of a book.
struct IdLess {
  bool operator()(const CalibrationId& a, CustomerId b) const {
    return a.number != b.number ? a.number < b.number : a.text < b.text;
  }
};

struct RfmConstants {
  RfmCuts cuts;
  /// How many customers of the sample lie above no cut of an axis, above one, ...: recency,
  /// frequency, monetary.
  std::array<std::vector<int64_t>, 3> members;
  bool operator==(const RfmConstants&) const = default;
};

struct LtvConstants {
  Ltv purchases;
  std::optional<Ltv> spend;
};

struct NpsConstants {
  Counts counts;  ///< of the newest answer of everybody, by score
};

/// Of each value under `of`; a weight of 0 where its customers do not differ.
struct WeightConstants {
  std::vector<double> weights, low, high;
  bool operator==(const WeightConstants&) const = default;
};

struct RankConstants {
  struct Class {
    /// The least value that is inside, as rank_key() has it; absent: nobody is, or it has seats.
    std::optional<int64_t> cut;
    WipedVector<CalibrationId> seats;  ///< ascending
    bool operator==(const Class&) const = default;
  };
  bool doubles = false;        ///< the values are doubles, and cuts their order_key()
  std::vector<Class> classes;  ///< as in the policy
  std::vector<int64_t> bins;   ///< how many lie below all cuts, in the lowest class with one, ...
  bool operator==(const RankConstants&) const = default;
};

struct ReferralConstants {
  struct Group {
    int64_t customers = 0, bought = 0, repeated = 0, due = 0, retained = 0;
    double mean = 0, deviation = 0;  ///< of the value, minor units; NaN where there is none
  };
  Group referred, others;
  /// Who brought somebody, ascending, and what.
  WipedVector<CalibrationId> ids;
  std::vector<ReferrerValue> values;

  /// Null where she brought nobody.
  const ReferrerValue* find(CustomerId id) const {
    const auto found = std::lower_bound(ids.begin(), ids.end(), id, IdLess());
    if (found == ids.end() || found->number != id.number || found->text != id.text) return nullptr;
    return &values[static_cast<size_t>(found - ids.begin())];
  }
};

struct ModelConstants {
  int64_t from = 0;  ///< the number of the calibration that found them
  std::variant<RfmConstants, LtvConstants, NpsConstants, WeightConstants, RankConstants,
               ReferralConstants>
      of;
};

struct CalibrationData {
  std::string policy;                                         ///< hash of the policy
  int64_t number = 0;                                         ///< 0: nothing is calibrated
  Micros at = kMinTime;                                       ///< the instant
  int64_t customers = 0;                                      ///< in the population
  int64_t stage = 0;                                          ///< stages that are done ...
  int64_t stages = 0;                                         ///< ... of so many
  std::map<std::string, ModelConstants, std::less<>> models;  ///< of models and ranks, by name
  std::vector<ModelReport> report;

  /// The constants of that name and kind, or null.
  template <typename T>
  const T* find(std::string_view name) const {
    const auto found = models.find(name);
    return found == models.end() ? nullptr : std::get_if<T>(&found->second.of);
  }
};

/// The document, of one line (lib/engine/calibration/calibration.cc has its form).
std::string calibration_json(const CalibrationData& data);

}  // namespace patron::internal
