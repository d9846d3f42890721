#include "lib/base/nearest.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "lib/base/utf8.h"

namespace patron::internal {
namespace {

constexpr size_t kLookedAt = 64;
constexpr size_t kNamesShown = 20;

char fold(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Optimal string alignment distance: Levenshtein with swaps of neighbours.
size_t distance(std::string_view a, std::string_view b) {
  std::array<std::array<size_t, kLookedAt + 1>, 3> rows{};
  for (size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i - 1) % 3];
    const auto& above2 = rows[(i + 1) % 3];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const bool same = fold(a[i - 1]) == fold(b[j - 1]);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) && fold(a[i - 2]) == fold(b[j - 1])) {
        row[j] = std::min(row[j], above2[j - 2] + 1);
      }
    }
  }
  return rows[a.size() % 3][b.size()];
}

}  // namespace

std::string_view nearest_name(std::string_view name, std::span<const std::string_view> known) {
  const std::string_view asked = name.substr(0, kLookedAt);
  std::string_view best;
  size_t best_distance = asked.size() / 3 + 2;
  for (std::string_view candidate : known) {
    const size_t d = distance(asked, candidate.substr(0, kLookedAt));
    if (d < best_distance) {
      best_distance = d;
      best = candidate;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view name, std::span<const std::string_view> known) {
  const std::string_view nearest = nearest_name(name, known);
  if (nearest.empty()) return {};
  return "; did you mean \"" + std::string(nearest) + "\"?";
}

std::string known_names(std::string_view name, std::string_view noun,
                        std::span<const std::string_view> known) {
  if (known.empty()) return "; there are no " + std::string(noun);
  const std::string proposal = did_you_mean(name, known);
  std::string out =
      (proposal.empty() ? "; the " : proposal + " The ") + std::string(noun) + " are ";
  std::vector<std::string_view> shown(known.begin(), known.end());
  if (shown.size() > kNamesShown) {
    const std::string_view asked = name.substr(0, kLookedAt);
    std::vector<std::pair<size_t, std::string_view>> far;
    far.reserve(shown.size());
    for (const std::string_view one : shown) {
      far.emplace_back(distance(asked, one.substr(0, kLookedAt)), one);
    }
    std::stable_sort(far.begin(), far.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    shown.clear();
    for (size_t i = 0; i < kNamesShown; ++i) shown.push_back(far[i].second);
  }
  for (size_t i = 0; i < shown.size(); ++i) out += (i > 0 ? ", " : "") + quoted(shown[i]);
  if (shown.size() < known.size()) {
    out += " and " + std::to_string(known.size() - shown.size()) + " more";
  }
  return out;
}

}  // namespace patron::internal
