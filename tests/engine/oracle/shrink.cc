#include <algorithm>

#include "tests/engine/oracle/case.h"

namespace patron::oracle {
namespace {

class Shrinker {
 public:
  Shrinker(Case what, const std::function<bool(const Case&)>& broken)
      : best_(std::move(what)), broken_(broken) {}

  Case smallest() {
    do {
      better_ = false;
      calls();
      rows();
      tree(best_.policy);
    } while (better_ && tried_ < kMost);
    return best_;
  }

 private:
  static constexpr int kMost = 4000;

  // Keeps the change that was made to `best_` where it is still broken.
  template <typename Change>
  bool attempt(Change change) {
    if (tried_ >= kMost) return false;
    Case before = best_;
    change();
    ++tried_;
    if (broken_(best_)) return better_ = true;
    best_ = std::move(before);
    return false;
  }

  void calls() {
    for (size_t many = std::max<size_t>(best_.calls.size() / 2, 1); many > 0; many /= 2) {
      for (size_t k = 0; k + many <= best_.calls.size();) {
        const auto at = static_cast<long>(k);
        if (!attempt([&] {
              best_.calls.erase(best_.calls.begin() + at,
                                best_.calls.begin() + at + static_cast<long>(many));
            })) {
          ++k;
        }
      }
    }
  }

  void rows() {
    for (size_t c = 0; c < best_.calls.size(); ++c) {
      for (size_t r = 0; r < best_.calls[c].rows.size() && best_.calls[c].rows.size() > 1;) {
        if (!attempt([&] {
              best_.calls[c].rows.erase(best_.calls[c].rows.begin() + static_cast<long>(r));
            }))
          ++r;
      }
      for (size_t r = 0; r < best_.calls[c].rows.size(); ++r) {
        for (size_t k = 0;
             k < best_.calls[c].rows[r].cells.size() && best_.calls[c].is == Call::Is::kAdd;) {
          auto& cells = best_.calls[c].rows[r].cells;
          if (cells[k].first == "amount" || !attempt([&] {
                auto& now = best_.calls[c].rows[r].cells;
                now.erase(now.begin() + static_cast<long>(k));
              })) {
            ++k;
          }
        }
      }
      if (best_.calls[c].quiet) attempt([&] { best_.calls[c].quiet = false; });
    }
  }

  // Leaves out members of objects and lists, the deepest last. The path leads to the tree in
  // whatever `best_` is.
  void tree(const Tree&) {
    std::vector<size_t> path;
    walk(path);
  }
  Tree& at(const std::vector<size_t>& path) {
    Tree* out = &best_.policy;
    for (const size_t k : path) out = &out->members[k].value;
    return *out;
  }
  void walk(std::vector<size_t>& path) {
    for (size_t k = 0; k < at(path).members.size();) {
      if (attempt([&] {
            auto& members = at(path).members;
            members.erase(members.begin() + static_cast<long>(k));
          })) {
        continue;
      }
      path.push_back(k);
      walk(path);
      path.pop_back();
      ++k;
    }
  }

  Case best_;
  const std::function<bool(const Case&)>& broken_;
  bool better_ = false;
  int tried_ = 0;
};

}  // namespace

Case shrunk(Case what, const std::function<bool(const Case&)>& still_broken) {
  return Shrinker(std::move(what), still_broken).smallest();
}

}  // namespace patron::oracle
