// What decided a move, while all values of the instant are at hand.
#include <array>
#include <optional>
#include <string>

#include "lib/engine/decision.h"
#include "lib/engine/rank_keys.h"
#include "lib/engine/settle_pass.h"
#include "lib/engine/tier_rules.h"

namespace patron::internal {
namespace {

constexpr int kMostDepth = 8;  // of tags that are conditions over such tags

void write_number(char part, size_t place, bool holds, std::optional<double> left,
                  std::optional<double> right, std::string& out) {
  out += part + std::to_string(place) + (holds ? 'T' : left ? 'F' : 'U');
  if (left) write_side('=', Cell::of_double(*left), LaneKind::kF64, out);
  if (right) write_side('>', Cell::of_double(*right), LaneKind::kF64, out);
  out += '\n';
}

}  // namespace

// The atoms that make a condition what it is, where that is what is wanted.
void SettlePass::decided_by(char part, size_t place, const Expression& expression, Kleene wanted,
                            int depth, std::string& out) {
  const Atoms& atoms = parts_.atoms.of(expression);
  AtomValues values;
  const std::span<const Cell> row = cells_of(expression);
  if (!atoms.evaluate(row, t_, values).ok()) return;
  const bool is_true = kleene_of(atoms.whole(values)) == Kleene::kTrue;
  if (is_true != (wanted == Kleene::kTrue)) return;
  const std::vector<size_t>& reads = parts_.reads(expression);
  std::vector<size_t> tags;
  for (const size_t i : atoms.deciding(atoms.truths(values))) {
    write_atom(part, place, atoms, values, row, i, reads_personal(atoms, i, parts_.policy), out);
    if (atoms.field(i) >= 0) tags.push_back(reads[static_cast<size_t>(atoms.field(i))]);
  }
  for (const size_t i : tags) {
    if (i >= parts_.policy.values.size()) continue;
    const PolicyValue& value = parts_.policy.values[i];
    if (!value.expression || value.on_null != OnNull::kClear || depth >= kMostDepth) continue;
    const bool holds = cells_[i].known && cells_[i].integer != 0;
    decided_by('t', i, *value.expression, holds ? Kleene::kTrue : Kleene::kFalse, depth + 1, out);
  }
}

// From and to are classes of the machine.
std::string SettlePass::decided(size_t machine, int from, int to) {
  std::string out;
  const MachineName& name = parts_.names[machine];
  const PolicyClassificationData& what =
      parts_.policy.classifications[static_cast<size_t>(name.classification)];
  const auto enter = [&](size_t c) {
    if (what.classes[c].enter) decided_by('e', c, *what.classes[c].enter, Kleene::kTrue, 0, out);
  };
  const auto leave = [&](size_t c) {
    const PolicyClass& one = what.classes[c];
    if (one.enter) decided_by('e', c, *one.enter, Kleene::kFalse, 0, out);
    if (one.keep) decided_by('k', c, *one.keep, Kleene::kFalse, 0, out);
  };
  const bool up = from == kNoClass || (to != kNoClass && to < from);
  switch (what.seen.kind) {
    case ClassificationKind::kFlags:
      to == kFlagIn ? enter(static_cast<size_t>(name.flag)) : leave(static_cast<size_t>(name.flag));
      break;
    case ClassificationKind::kLadder:
    case ClassificationKind::kFirstMatch:
      if (!up) leave(static_cast<size_t>(from));
      if (to != kNoClass) enter(static_cast<size_t>(to));
      break;
    case ClassificationKind::kBands: {
      const size_t value = parts_.value_index(what.of);
      const std::optional<double> number = number_of(cells_[value], parts_.policy.values[value]);
      const int moved = up ? to : from;
      const auto place = static_cast<size_t>(document_class(what, moved));
      if (place == 0) break;  // the lowest has no cut
      const double cut = what.cuts[place - 1];
      const double bound = up ? cut : cut - what.hysteresis * std::abs(cut);
      write_number('c', place, up, number, bound, out);
      break;
    }
    case ClassificationKind::kRank: {
      if (what.where && !out_.eligible[static_cast<size_t>(name.classification)]) {
        decided_by('w', 0, *what.where, Kleene::kFalse, 0, out);
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
      write_number('r', place, up, number_of(cells_[parts_.value_index(what.by)], by),
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
        write_side('=', score.cell, LaneKind::kI64, out);
        out += '\n';
      }
      break;
    }
  }
  return out;
}

}  // namespace patron::internal
