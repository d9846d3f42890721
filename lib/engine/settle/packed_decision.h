// PackedDecisions: what decided a move, kept as the values of the moment instead of as the text
// that decision.h describes. The policy says what decides between two classes, so the text is made
// of the values when somebody asks for it; until then a move takes some 10 bytes and no time.
//
//   const PackedDecisions decisions(policy.data());
//   if (decisions.pack(move, cells, because)) ...          // "v" and the values, in 6 bits a byte
//   std::string text = decisions.unpack(move, because, atoms);   // as DecisionWriter writes it
//
// Packed are moves of ladders, first matches and flags that no clock, text, set or personal value
// has a part in, and those of grids over the scores of RFM.
//
// Thread class: shared.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/base/wiped.h"
#include "lib/engine/settle/decision.h"
#include "lib/engine/settle/packed_number.h"
#include "lib/expr/graph.h"
#include "lib/policy/policy_data.h"
#include "patron/segments.h"

namespace patron::internal {

struct SettledMove;

class PackedDecisions {
 public:
  /// The policy is kept by reference.
  explicit PackedDecisions(const PolicyData& policy);

  struct Reads {
    bool packs = true;
    std::vector<uint32_t> values;  ///< of the policy, ascending
  };
  /// What is read of the class that she left, where that is asked for, and of the one she entered.
  struct Parts {
    const Reads* left = nullptr;
    const Reads* entered = nullptr;
    /// Whether a move is kept so.
    bool packs() const {
      if (left == nullptr && entered == nullptr) return false;
      return (left == nullptr || left->packs) && (entered == nullptr || entered->packs);
    }
    template <typename Each>
    void for_each_value(const Each& each) const {
      for (const Reads* reads : {left, entered}) {
        if (reads == nullptr) continue;
        for (const uint32_t i : reads->values) each(i);
      }
    }
  };
  Parts parts_of(const SettledMove& move) const;

  /// Adds what is kept of a move, made while the policy's values were these; false, and nothing,
  /// where it has to be written as a text.
  bool pack(const SettledMove& move, std::span<const Cell> cells, std::string& out) const {
    WipedString text;
    const bool packed = pack(parts_of(move), cells, text);
    out += std::string_view(text);
    return packed;
  }
  bool pack(const Parts& parts, std::span<const Cell> cells, WipedString& out) const;
  /// What is kept of a move in a grid over the scores of RFM: those that the policy shows, and
  /// whether they are known.
  static std::string pack_scores(const Scores& scores, const std::array<bool, 3>& shown,
                                 bool known) {
    const std::array<char, 4> bytes = scores_packed(scores, shown, known);
    return {bytes.data(), bytes.size()};
  }
  static void pack_scores(const Scores& scores, const std::array<bool, 3>& shown, bool known,
                          WipedString& out) {
    const std::array<char, 4> bytes = scores_packed(scores, shown, known);
    out.append(bytes.data(), bytes.size());
  }
  static bool is_packed(std::string_view because) {
    return because.starts_with(PackedNumber::kMark);
  }
  /// The text; what was not packed by this policy gives none.
  std::string unpack(const SettledMove& move, std::string_view packed, AtomCache& atoms) const;

 private:
  struct OfClass {
    Reads enter, leave;  ///< leave: of `enter` and `keep`
  };

  static std::array<char, 4> scores_packed(const Scores& scores, const std::array<bool, 3>& shown,
                                           bool known);
  static std::string unpack_scores(std::string_view packed);
  void read(const Expression& expression, Reads& out);
  void place(const Expression& expression);
  const PolicyData& policy_;
  /// Of each expression, of each field of its schema the value of that name.
  std::unordered_map<const CompiledExpression*, std::vector<size_t>> reads_of_;
  std::vector<LaneKind> lanes_;                ///< of each value
  std::vector<std::vector<OfClass>> classes_;  ///< of each classification; empty: not packed
};

}  // namespace patron::internal
