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
  switch (what.seen.kind) {
    case ClassificationKind::kFlags:
      write.flag(what, static_cast<size_t>(name.flag), to == kFlagIn);
      break;
    case ClassificationKind::kLadder:
    case ClassificationKind::kFirstMatch:
      write.change(what, from, to);
      break;
    case ClassificationKind::kBands:
      write_band_cut(what, from, to, out);
      break;
    case ClassificationKind::kRank:
      if (what.where && !out_.eligible[static_cast<size_t>(name.classification)]) {
        write.decided_by('w', 0, *what.where, Kleene::kFalse);
      } else {
        write_rank_cut(what, from, to, out);
      }
      break;
    case ClassificationKind::kGrid:
      write_scores(what, out);
      break;
  }
  return out;
}

// The cut that she has crossed: on the way down it is lower by the hysteresis.
void SettlePass::write_band_cut(const PolicyClassificationData& bands, int from, int to,
                                std::string& out) const {
  const bool up = is_way_up(from, to);
  const auto place = static_cast<size_t>(document_class(bands, up ? to : from));
  if (place == 0) return;  // the lowest has no cut
  const size_t i = parts_.value_index(bands.of);
  const PolicyValue& value = parts_.policy.values[i];
  const double cut = bands.cuts[place - 1];
  const double bound = up ? cut : cut - bands.hysteresis * std::abs(cut);
  write_number('c', place, up, number_of(cells_[i], value), value.personal, bound, out);
}

// The cut of the constants, or the seat.
void SettlePass::write_rank_cut(const PolicyClassificationData& rank, int from, int to,
                                std::string& out) const {
  const bool up = is_way_up(from, to);
  const int moved = up ? to : from;
  const auto* frozen = parts_.models->constants().find<RankConstants>(rank.seen.name);
  if (frozen == nullptr || moved == kNoClass) return;
  const auto place = static_cast<size_t>(moved);
  if (is_rest(rank.classes[place])) return;
  if (rank.classes[place].top) {
    out += 's' + std::to_string(place) + (up ? "T\n" : "F\n");
    return;
  }
  const std::optional<int64_t> cut = frozen->classes[place].cut;
  const size_t i = parts_.value_index(rank.by);
  const PolicyValue& by = parts_.policy.values[i];
  if (!cut || by.tag.kind == Kind::kDouble) return;  // the key of a double is no number
  write_number('r', place, up, number_of(cells_[i], by), by.personal, number_of(Cell::of(*cut), by),
               out);
}

void SettlePass::write_scores(const PolicyClassificationData& grid, std::string& out) const {
  const std::string model = grid.table.substr(0, grid.table.find('.'));
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
}

}  // namespace patron::internal
