// What a calibration finds and everybody is judged by until the next: worked out by sorting lists.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/engine/oracle/value.h"

namespace patron::oracle {

struct RfmCutPoints {
  std::array<std::vector<int64_t>, 3> cuts;  ///< of recency, frequency, money
  std::array<int64_t, 3> split{};            ///< of the octants
};

struct ScoreWeights {
  std::vector<double> weights, low, high;
};

struct RankPlaces {
  int number = 0;                             ///< of the calibration that found them
  std::vector<std::optional<Value>> cuts;     ///< of each class
  std::vector<std::set<std::string>> seated;  ///< of each class
};

/// What a referrer brought.
struct ReferrerWorth {
  int64_t referred = 0, converted = 0, repeated = 0, retained = 0, value = 0, chain_value = 0;
  int64_t generations = 0;
};

/// Of customers: rates gamma with r and alpha, chances of leaving beta with a and b; of spend gamma
/// with p, and its scale gamma with q and v.
struct LtvParameters {
  std::string model;
  double r = 0, alpha = 0, a = 0, b = 0, p = 0, q = 0, v = 0;
};

struct Frozen {
  int number = 0;  ///< of calibrations so far
  std::optional<RfmCutPoints> rfm;
  std::map<std::string, ScoreWeights> weights;
  std::map<std::string, RankPlaces> ranks;
  std::optional<LtvParameters> ltv;
  bool referrals_known = false;
  std::map<std::string, ReferrerWorth> referrers;  ///< by id; who is not there brought nobody
};

}  // namespace patron::oracle
