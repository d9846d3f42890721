// CalibrationSummary: what a calibration needs to know of a population, exactly, in parts that can
// be put together.
//
//   Result<CalibrationSummary> north = CalibrationSummary::parse(bytes);
//   Status status = north->merge(south);      // in any order, the same bytes come out
//   north->to_bytes();
//
// A summary has sorted multisets, and lists of customers for what speaks of single ones (seats,
// referrals); nothing is rounded or thinned out, so that the summary of the parts is that of the
// whole (law L8 of docs/testing.md). Customers' ids are in it only where a policy has seats or
// referrals.
//
// Thread class: serial; a const one is shared.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "lib/base/wiped.h"
#include "lib/engine/calibration/multiset.h"
#include "patron/status.h"
#include "patron/time.h"

namespace patron::internal {

/// A customer's id that is kept: the number or the text. It leaves no bytes of the text behind.
struct CalibrationId {
  int64_t number = 0;
  PassingText text;
  bool operator==(const CalibrationId&) const = default;
  bool operator<(const CalibrationId& other) const {
    return std::tie(number, text) < std::tie(other.number, other.text);
  }
};

/// A customer who is named, perhaps another one, and numbers about her.
struct RollEntry {
  CalibrationId id, other;
  std::array<int64_t, 4> facts{};
  bool operator==(const RollEntry&) const = default;
};

using CalibrationRoll = WipedVector<RollEntry>;

struct SummarySection {
  std::string name;  ///< "rfm.recency"
  Multiset rows;
  CalibrationRoll roll;  ///< ascending ids, each once; empty where the section has none
  bool operator==(const SummarySection&) const = default;
};

struct CalibrationSummary {
  std::string policy;     ///< hash of the policy
  std::string basis;      ///< hash of the constants under which the values were computed
  Micros at = 0;          ///< the instant
  int64_t stage = 0;      ///< of the calibration
  int64_t customers = 0;  ///< in the population
  std::vector<SummarySection> sections;

  /// Adds the summary of other customers. Code::kArgument where the two are of different policies,
  /// constants, instants or stages, or a customer is in both; then nothing is changed.
  Status merge(const CalibrationSummary& other);
  /// Versioned, with a check sum.
  std::string to_bytes() const;
  /// Code::kSyntax for bytes that are no summary, with the offset.
  static Result<CalibrationSummary> parse(std::string_view bytes);
  bool operator==(const CalibrationSummary&) const = default;
};

}  // namespace patron::internal
