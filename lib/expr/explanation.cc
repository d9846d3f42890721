// Reasons: the conditions of an expression for one row, and the least that would make it true.
#include <algorithm>
#include <utility>
#include <vector>

#include "lib/expr/atoms.h"
#include "lib/expr/value_text.h"
#include "patron/expression.h"

namespace patron {
namespace internal {
namespace {

constexpr size_t kMostAtoms = 12;

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

// The smallest sets of atoms that would make the whole true.
class Search {
 public:
  Search(const Atoms& atoms, std::vector<Kleene> now) : atoms_(atoms), now_(std::move(now)) {}

  // Sets by growing size; those of the first size at which there are some.
  void run(std::vector<std::vector<AtomChange>>& found) {
    for (size_t size = 1; size <= now_.size() && found.empty(); ++size) {
      std::vector<AtomChange> chosen;
      choose(now_, 0, size, chosen, found);
    }
  }

 private:
  // At most kMostAtoms deep.
  void choose(std::vector<Kleene> values, size_t from, size_t left, std::vector<AtomChange>& chosen,
              std::vector<std::vector<AtomChange>>& found) {
    if (left == 0) {
      if (atoms_.whole_with(values) == Kleene::kTrue) found.push_back(chosen);
      return;
    }
    for (size_t i = from; i + left <= now_.size(); ++i) {
      for (const Kleene wanted : {Kleene::kTrue, Kleene::kFalse}) {
        if (now_[i] == wanted) continue;
        values[i] = wanted;
        chosen.push_back({i, wanted == Kleene::kTrue});
        choose(values, i + 1, left - 1, chosen, found);
        chosen.pop_back();
      }
      values[i] = now_[i];
    }
  }

  const Atoms& atoms_;
  std::vector<Kleene> now_;
};

}  // namespace
}  // namespace internal

inline namespace v0 {

Result<Explanation> Expression::explain(std::span<const Cell> cells,
                                        std::optional<Micros> now) const {
  Status status = internal::check_row(*compiled_, cells.size(), now);
  if (!status.ok()) return status;
  const internal::Atoms atoms(*compiled_);
  internal::AtomValues values;
  status = atoms.evaluate(cells, now.value_or(0), values);
  if (!status.ok()) return status;
  Explanation out;
  const Cell& whole = atoms.whole(values);
  out.value = internal::value_text(compiled_->root().type, whole);
  out.known = whole.known;
  for (size_t i = 0; i < atoms.atoms().size(); ++i) {
    out.atoms.push_back(atoms.describe(values, cells, i));
    for (const std::string& name : out.atoms.back().unknown) {
      internal::add_once(out.unknown, name);
    }
  }
  if (out.atoms.empty()) out.unknown = atoms.unknown_in_whole(cells);
  if (compiled_->root().type.base != internal::Base::kBool) return out;
  out.decided = out.atoms.size() <= internal::kMostAtoms;
  if (out.decided && !out.atoms.empty() && internal::kleene_of(whole) != internal::Kleene::kTrue) {
    internal::Search(atoms, atoms.truths(values)).run(out.missing);
  }
  return out;
}

}  // namespace v0
}  // namespace patron
