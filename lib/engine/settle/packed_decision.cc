#include "lib/engine/settle/packed_decision.h"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <utility>

#include "lib/engine/settle/decision_writer.h"
#include "lib/engine/settle/settle.h"
#include "lib/expr/compiled.h"

namespace patron::internal {
namespace {

constexpr char kNotShown = '-';

bool is_packable(Kind kind) {
  return kind != Kind::kString && kind != Kind::kEnum && kind != Kind::kEnumSet;
}

}  // namespace

PackedDecisions::PackedDecisions(const PolicyData& policy) : policy_(policy) {
  for (const PolicyValue& value : policy.values) {
    lanes_.push_back(value.tag.kind == Kind::kDouble ? LaneKind::kF64 : LaneKind::kI64);
  }
  for (const PolicyClassificationData& one : policy.classifications) {
    std::vector<OfClass>& classes = classes_.emplace_back();
    const ClassificationKind kind = one.seen.kind;
    if (kind != ClassificationKind::kLadder && kind != ClassificationKind::kFirstMatch &&
        kind != ClassificationKind::kFlags) {
      continue;
    }
    for (const PolicyClass& from : one.classes) {
      OfClass& made = classes.emplace_back();
      if (from.enter) read(*from.enter, made.enter);
      made.leave = made.enter;
      if (from.keep) read(*from.keep, made.leave);
    }
  }
}

void PackedDecisions::place(const Expression& expression) {
  std::vector<size_t>& found = reads_of_[&expression.compiled()];
  if (!found.empty()) return;
  for (const FieldSpec& field : expression.schema().fields()) {
    size_t i = 0;
    while (i < policy_.values.size() && policy_.values[i].tag.name != field.name) ++i;
    found.push_back(i);
  }
}

// What an expression reads, and the conditions that are tags among it.
void PackedDecisions::read(const Expression& expression, Reads& out) {
  place(expression);
  out.packs = out.packs && !expression.uses_now();
  for (const int field : expression.fields()) {
    const std::string& name = expression.schema().fields()[static_cast<size_t>(field)].name;
    const auto found =
        std::find_if(policy_.values.begin(), policy_.values.end(),
                     [&](const PolicyValue& value) { return value.tag.name == name; });
    out.packs = out.packs && found != policy_.values.end() && !found->personal &&
                is_packable(found->tag.kind);
    if (!out.packs) return;
    const auto place = static_cast<uint32_t>(found - policy_.values.begin());
    const auto at = std::lower_bound(out.values.begin(), out.values.end(), place);
    if (at != out.values.end() && *at == place) continue;
    out.values.insert(at, place);
    if (found->expression && found->tag.kind == Kind::kBool) read(*found->expression, out);
  }
}

PackedDecisions::Parts PackedDecisions::parts_of(const SettledMove& move) const {
  Parts out;
  const auto c = static_cast<size_t>(move.classification);
  if (move.by_override || c >= classes_.size() || classes_[c].empty()) return out;
  const std::vector<OfClass>& classes = classes_[c];
  if (policy_.classifications[c].seen.kind == ClassificationKind::kFlags) {
    (move.to != kNoClass ? out.entered : out.left) =
        move.to != kNoClass ? &classes[static_cast<size_t>(move.to)].enter
                            : &classes[static_cast<size_t>(move.from)].leave;
    return out;
  }
  if (!is_way_up(move.from, move.to)) out.left = &classes[static_cast<size_t>(move.from)].leave;
  if (move.to != kNoClass) out.entered = &classes[static_cast<size_t>(move.to)].enter;
  return out;
}

bool PackedDecisions::pack(const Parts& parts, std::span<const Cell> cells,
                           WipedString& out) const {
  if (!parts.packs()) return false;
  // Written here and added at once: nearly all moves have a few values.
  std::array<char, 64> bytes;
  size_t size = 0;
  bytes[size++] = PackedNumber::kMark;
  const auto put = [&](const Reads& reads, const Reads* known) {
    for (const uint32_t i : reads.values) {
      const auto here = [&] { return std::find(known->values.begin(), known->values.end(), i); };
      if (known != nullptr && here() != known->values.end()) continue;
      if (size + PackedNumber::kMostBytes > bytes.size()) {
        out.append(bytes.data(), size);
        size = 0;
      }
      const Cell& cell = cells[i];
      if (!cell.known) {
        bytes[size++] = PackedNumber::kUnknown;
        continue;
      }
      const uint64_t number = lanes_[i] == LaneKind::kF64 ? std::bit_cast<uint64_t>(cell.number)
                                                          : PackedNumber::zigzag(cell.integer);
      char* const at = bytes.data() + size;
      size += static_cast<size_t>(PackedNumber::put(number, at) - at);
    }
  };
  if (parts.left != nullptr) put(*parts.left, nullptr);
  if (parts.entered != nullptr) put(*parts.entered, parts.left);
  out.append(bytes.data(), size);
  return true;
}

std::array<char, 4> PackedDecisions::scores_packed(const Scores& scores,
                                                   const std::array<bool, 3>& shown, bool known) {
  const int all[3] = {scores.r, scores.f, scores.m};
  std::array<char, 4> out{PackedNumber::kMark};
  for (size_t k = 0; k < 3; ++k) {
    out[k + 1] =
        shown[k] ? known ? static_cast<char>(PackedNumber::kZero + all[k]) : PackedNumber::kUnknown
                 : kNotShown;
  }
  return out;
}

// As SettlePass::decided() writes it.
std::string PackedDecisions::unpack_scores(std::string_view packed) {
  std::string out;
  if (packed.size() != 3) return out;
  for (size_t k = 0; k < 3; ++k) {
    if (packed[k] == kNotShown) continue;
    const bool is_score = packed[k] >= PackedNumber::kZero &&
                          packed[k] <= static_cast<char>(PackedNumber::kZero + PackedNumber::kBits);
    if (!is_score && packed[k] != PackedNumber::kUnknown) return {};
    out += 'g';
    out += static_cast<char>('0' + k);
    out += 'T';
    if (packed[k] != PackedNumber::kUnknown)
      out += "=i" + std::to_string(packed[k] - PackedNumber::kZero);
    out += '\n';
  }
  return out;
}

std::string PackedDecisions::unpack(const SettledMove& move, std::string_view packed,
                                    AtomCache& atoms) const {
  std::string out;
  const auto c = static_cast<size_t>(move.classification);
  const bool known_one = is_packed(packed) && c < policy_.classifications.size();
  if (known_one && policy_.classifications[c].seen.kind == ClassificationKind::kGrid) {
    return unpack_scores(packed.substr(1));
  }
  const auto [left, entered] = parts_of(move);
  if (!is_packed(packed) || (left == nullptr && entered == nullptr)) return out;
  packed.remove_prefix(1);
  std::vector<Cell> cells(policy_.values.size());
  std::vector<bool> known(cells.size(), false);
  for (const Reads* reads : {left, entered}) {
    if (reads == nullptr) continue;
    for (const uint32_t i : reads->values) {
      if (known[i]) continue;
      known[i] = true;
      if (packed.starts_with(PackedNumber::kUnknown)) {
        packed.remove_prefix(1);
        continue;
      }
      const std::optional<uint64_t> number = PackedNumber::take(packed);
      if (!number) return out;
      cells[i] = lanes_[i] == LaneKind::kF64 ? Cell::of_double(std::bit_cast<double>(*number))
                                             : Cell::of(PackedNumber::unzigzag(*number));
    }
  }
  if (!packed.empty()) return out;
  const DecisionWriter::ReadsOf reads = [this](const Expression& e) -> const std::vector<size_t>& {
    return reads_of_.find(&e.compiled())->second;
  };
  DecisionWriter write(policy_, atoms, reads, cells, kMinTime, out);
  const PolicyClassificationData& what =
      policy_.classifications[static_cast<size_t>(move.classification)];
  if (what.seen.kind == ClassificationKind::kFlags) {
    const bool in = move.to != kNoClass;
    write.flag(what, static_cast<size_t>(in ? move.to : move.from), in);
  } else {
    write.change(what, move.from, move.to);
  }
  return out;
}

std::vector<Reason> reasons_of(const SettledMove& move, std::string_view kept,
                               const PolicyData& policy, AtomCache& atoms) {
  const std::string text = PackedDecisions::is_packed(kept)
                               ? atoms.packed(policy).unpack(move, kept, atoms)
                               : std::string();
  return decision_reasons(text.empty() ? kept : text, policy, move.classification, atoms);
}

}  // namespace patron::internal

namespace patron {
inline namespace v0 {

Decision::Decision(std::shared_ptr<const internal::DecisionWords> words,
                   const internal::SettledMove& move, std::string kept)
    : words_(std::move(words)),
      classification_(static_cast<int16_t>(move.classification)),
      from_(static_cast<int16_t>(move.from)),
      to_(static_cast<int16_t>(move.to)),
      by_override_(move.by_override),
      kept_(std::move(kept)) {
  static_assert(internal::kMaxClassifications < INT16_MAX && internal::kMaxClasses < INT16_MAX);
}

std::vector<Reason> Decision::reasons() const {
  if (words_ == nullptr) return {};
  const std::lock_guard hold(words_->lock);
  return internal::reasons_of({classification_, from_, to_, by_override_}, kept_,
                              words_->policy.data(), words_->atoms);
}

}  // namespace v0
}  // namespace patron
