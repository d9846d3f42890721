// Random tiers for passes that settle quickly: conditions and classes of a policy as JSON, and what
// a settling says as text, so that two ways of settling can be compared.
//
//   const std::string classes = random_classes(random, "t", condition, true);
//   EXPECT_EQ(said(quick).moves, said(plain).moves);
#pragma once

#include <random>
#include <string>
#include <vector>

#include "lib/engine/settle/settle.h"

namespace patron::internal {

inline std::string one_of(std::mt19937_64& random, const std::vector<std::string>& list) {
  return list[random() % list.size()];
}

inline std::string random_window(std::mt19937_64& random) {
  return one_of(random, {"", R"json(, "window": "30d")json", R"json(, "window": "90d")json",
                         R"json(, "window": "365d")json"});
}

/// One to three of what `atom` gives.
template <typename Atom>
std::string random_condition(std::mt19937_64& random, const Atom& atom) {
  std::string out = atom();
  for (auto more = random() % 3; more > 0; --more) {
    out = "(" + out + (random() % 2 == 0 ? " && " : " || ") + atom() + ")";
  }
  return out;
}

/// Three classes whose names begin with this letter, and of kinds that have a last class that one.
template <typename Atom>
std::string random_classes(std::mt19937_64& random, const char* letter, const Atom& atom,
                           bool last) {
  std::string out;
  for (int c = 0; c < 3; ++c) {
    out += std::string(c > 0 ? ", " : "") + R"json({"name": ")json" + letter + std::to_string(c) +
           R"json(", "enter": ")json" + random_condition(random, atom) + "\"";
    if (random() % 2 == 0) {
      out += R"json(, "keep": ")json" + random_condition(random, atom) + "\"";
    }
    if (random() % 3 == 0) {
      out += R"json(, "min_dwell": ")json" + one_of(random, {"10d", "1mo"}) + "\"";
    }
    if (random() % 3 == 0) {
      out += R"json(, "grace": ")json" + one_of(random, {"1d", "20d"}) + "\"";
    }
    if (last && random() % 3 == 0) {
      out += R"json(, "leave": )json" +
             one_of(random, {R"json("one_step")json", R"json({"at": "month_end"})json"});
    }
    out += "}";
  }
  return last ? out + R"json(, {"name": "x"})json" : out;
}

struct Said {
  std::vector<std::string> moves;
  Micros next = 0;
};

inline Said said(const Settled& out) {
  Said made;
  for (size_t i = 0; i < out.moves.size(); ++i) {
    const SettledMove& move = out.moves[i];
    made.moves.push_back(std::to_string(move.classification) + ":" + std::to_string(move.from) +
                         ">" + std::to_string(move.to) + " " + std::string(out.because[i]));
  }
  made.next = out.next;
  return made;
}

}  // namespace patron::internal
