// ForecastData: the changes that will come, as Forecasts has them: what was found of each, and the
// words in which it is said.
//
//   const ForecastData data{std::move(coming), words, texts};
//   data.customer(0);                                // ids that are numbers are their ranks
//   Forecasts(std::make_shared<ForecastData>(...))[0].to;
//
// Thread class: a const one is shared.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "lib/engine/coming_moves.h"
#include "lib/engine/settle/decision.h"
#include "lib/policy/policy_data.h"
#include "patron/engine.h"

namespace patron::internal {

/// The name of a class; empty: none.
inline std::string_view class_name(const PolicyClassificationData& classification, int c) {
  if (c == kNoClass) return {};
  return classification.classes[static_cast<size_t>(c)].name;
}

struct ForecastData {
  ComingMoves moves;
  std::shared_ptr<const DecisionWords> words;
  /// Of each move, the id where ids are texts; they borrow from the engine.
  std::vector<std::string_view> texts;

  CustomerId customer(size_t i) const {
    return texts.empty() ? CustomerId{number_of(moves.rank(i)), {}} : CustomerId{0, texts[i]};
  }
  const PolicyClassificationData& classification(const ComingMove& move) const {
    return words->policy.data().classifications[static_cast<size_t>(move.move.classification)];
  }
};

}  // namespace patron::internal
