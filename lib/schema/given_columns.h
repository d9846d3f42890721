// The streams that every policy and book may have without declaring their columns, and those
// columns: what docs/policy.md lists.
//
//   for (const GivenColumn& given : kGivenColumns) {
//     if (given.stream == "orders") ...                  // amount, margin, quantity ...
//   }
#pragma once

#include <array>
#include <string_view>

#include "patron/schema.h"

namespace patron::internal {

/// A column that every stream of that name has, besides `time` and `customer`.
struct GivenColumn {
  std::string_view stream;
  std::string_view name;
  Kind kind;              ///< kString where it holds ids of customers, which may be int64 instead
  bool customer = false;  ///< ids of customers
  bool needed = false;    ///< what an event without it would be, nobody can say
};

inline constexpr std::array<std::string_view, 5> kGivenStreams{"orders", "interactions", "surveys",
                                                               "referrals", "costs"};

inline constexpr std::array<GivenColumn, 19> kGivenColumns{
    {{"orders", "amount", Kind::kMoney, false, true},
     {"orders", "margin", Kind::kMoney},
     {"orders", "quantity", Kind::kDouble},
     {"orders", "category", Kind::kEnum},
     {"orders", "channel", Kind::kEnum},
     {"interactions", "kind", Kind::kEnum},
     {"interactions", "duration", Kind::kDuration},
     {"interactions", "category", Kind::kEnum},
     {"interactions", "channel", Kind::kEnum},
     {"surveys", "kind", Kind::kEnum},
     {"surveys", "score", Kind::kInt64},
     {"surveys", "comment", Kind::kString},
     {"surveys", "channel", Kind::kEnum},
     {"referrals", "referrer", Kind::kString, true, true},
     {"referrals", "referred", Kind::kString, true, true},
     {"referrals", "channel", Kind::kEnum},
     {"costs", "kind", Kind::kEnum},
     {"costs", "amount", Kind::kMoney, false, true},
     {"costs", "channel", Kind::kEnum}}};

}  // namespace patron::internal
