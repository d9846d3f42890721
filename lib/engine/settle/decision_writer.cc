#include "lib/engine/settle/decision_writer.h"

#include "lib/engine/settle/tier_machine.h"

namespace patron::internal {
namespace {

constexpr int kMostDepth = 8;  // of tags that are conditions over such tags

}  // namespace

DecisionWriter::DecisionWriter(const PolicyData& policy, AtomCache& atoms, const ReadsOf& reads,
                               std::span<const Cell> cells, Micros t, std::string& out)
    : policy_(policy), atoms_(atoms), reads_(reads), cells_(cells), t_(t), out_(out) {}

void DecisionWriter::decided_by(char part, size_t place, const Expression& expression,
                                Kleene wanted, int depth) {
  const Atoms& atoms = atoms_.of(expression);
  const std::vector<size_t>& reads = reads_(expression);
  row_.assign(reads.size(), Cell());
  for (const int field : expression.fields()) {
    const auto f = static_cast<size_t>(field);
    if (reads[f] < cells_.size()) row_[f] = cells_[reads[f]];
  }
  AtomValues values;
  if (!atoms.evaluate(row_, t_, values).ok()) return;
  const bool is_true = kleene_of(atoms.whole(values)) == Kleene::kTrue;
  if (is_true != (wanted == Kleene::kTrue)) return;
  std::vector<size_t> tags;
  for (const size_t i : atoms.deciding(atoms.truths(values))) {
    const bool personal = reads_personal(policy_, atoms.fields(i), reads);
    write_atom(part, place, atoms, values, row_, i, personal, out_);
    if (atoms.field(i) >= 0) tags.push_back(reads[static_cast<size_t>(atoms.field(i))]);
  }
  for (const size_t i : tags) {
    if (i >= policy_.values.size()) continue;
    const PolicyValue& value = policy_.values[i];
    if (!value.expression || value.on_null != OnNull::kClear || depth >= kMostDepth) continue;
    const bool holds = cells_[i].known && cells_[i].integer != 0;
    decided_by('t', i, *value.expression, holds ? Kleene::kTrue : Kleene::kFalse, depth + 1);
  }
}

void DecisionWriter::enter(const PolicyClass& one, size_t place) {
  if (one.enter) decided_by('e', place, *one.enter, Kleene::kTrue);
}

void DecisionWriter::leave(const PolicyClass& one, size_t place) {
  if (one.enter) decided_by('e', place, *one.enter, Kleene::kFalse);
  if (one.keep) decided_by('k', place, *one.keep, Kleene::kFalse);
}

void DecisionWriter::change(const PolicyClassificationData& what, int from, int to) {
  const auto from_place = static_cast<size_t>(from), to_place = static_cast<size_t>(to);
  if (!is_way_up(from, to)) leave(what.classes[from_place], from_place);
  if (to != kNoClass) enter(what.classes[to_place], to_place);
}

void DecisionWriter::flag(const PolicyClassificationData& what, size_t flag, bool in) {
  in ? enter(what.classes[flag], flag) : leave(what.classes[flag], flag);
}

}  // namespace patron::internal
