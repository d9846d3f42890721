// What decided a move, while all values of the instant are at hand.
#include <array>
#include <optional>
#include <string>

#include "lib/engine/calibration/rank_keys.h"
#include "lib/engine/settle/decision_writer.h"
#include "lib/engine/settle/settle_pass.h"
#include "lib/engine/settle/tier_rules.h"

namespace patron::internal {
namespace {

// `hidden`: what stands on the left is personal.
void write_number(char part, size_t place, bool holds, std::optional<double> left, bool hidden,
                  std::optional<double> right, std::string& out) {
  out += part + std::to_string(place) + (holds ? 'T' : left ? 'F' : 'U');
  if (left && hidden) out += "=p";
  if (left && !hidden) write_side('=', Cell::of_double(*left), LaneKind::kF64, out);
  if (right) write_side('>', Cell::of_double(*right), LaneKind::kF64, out);
  out += '\n';
}

}  // namespace

// From and to are classes of the machine.
std::string SettlePass::decided(size_t machine, int from, int to) {
  std::string out;
  const MachineName& name = parts_.names[machine];
  const PolicyClassificationData& what =
      parts_.policy.classifications[static_cast<size_t>(name.classification)];
  const DecisionWriter::ReadsOf reads = [this](const Expression& e) -> const std::vector<size_t>& {
    return parts_.reads(e);
  };
  DecisionWriter write(parts_.policy, parts_.atoms, reads, cells_, t_, out);
  const bool up = is_way_up(from, to);
  switch (what.seen.kind) {
    case ClassificationKind::kFlags:
      write.flag(what, static_cast<size_t>(name.flag), to == kFlagIn);
      break;
    case ClassificationKind::kLadder:
    case ClassificationKind::kFirstMatch:
      write.change(what, from, to);
      break;
    case ClassificationKind::kBands: {
      const size_t value = parts_.value_index(what.of);
      const std::optional<double> number = number_of(cells_[value], parts_.policy.values[value]);
      const int moved = up ? to : from;
      const auto place = static_cast<size_t>(document_class(what, moved));
      if (place == 0) break;  // the lowest has no cut
      const double cut = what.cuts[place - 1];
      const double bound = up ? cut : cut - what.hysteresis * std::abs(cut);
      write_number('c', place, up, number, parts_.policy.values[value].personal, bound, out);
      break;
    }
    case ClassificationKind::kRank: {
      if (what.where && !out_.eligible[static_cast<size_t>(name.classification)]) {
        write.decided_by('w', 0, *what.where, Kleene::kFalse);
        break;
      }
      const auto* frozen = parts_.models->constants().find<RankConstants>(what.seen.name);
      const int moved = up ? to : from;
      if (frozen == nullptr || moved == kNoClass) break;
      const auto place = static_cast<size_t>(moved);
      if (is_rest(what.classes[place])) break;
      if (what.classes[place].top) {
        out += 's' + std::to_string(place) + (up ? "T\n" : "F\n");
        break;
      }
      const std::optional<int64_t> cut = frozen->classes[place].cut;
      const PolicyValue& by = parts_.policy.values[parts_.value_index(what.by)];
      if (!cut || by.tag.kind == Kind::kDouble) break;  // the key of a double is no number
      write_number('r', place, up, number_of(cells_[parts_.value_index(what.by)], by), by.personal,
                   number_of(Cell::of(*cut), by), out);
      break;
    }
    case ClassificationKind::kGrid: {
      const std::string model = what.table.substr(0, what.table.find('.'));
      static constexpr std::array<const char*, 3> kScores{".r", ".f", ".m"};
      for (size_t i = 0; i < kScores.size(); ++i) {
        const size_t value = parts_.value_index(model + kScores[i]);
        if (value == parts_.policy.values.size()) continue;
        const MetricValue score =
            parts_.models->value(value, [this](std::string_view of) { return number(of); });
        out += 'g' + std::to_string(i) + 'T';
        if (parts_.policy.values[value].personal) {
          out += "=p";
        } else {
          write_side('=', score.cell, LaneKind::kI64, out);
        }
        out += '\n';
      }
      break;
    }
  }
  return out;
}

}  // namespace patron::internal
