// The laws on random policies, facts and clocks, against an oracle that recomputes every customer
// from her raw facts (tests/engine/oracle/oracle.h). A case that fails is cut down and printed: put
// it into tests/engine/oracle/corpus, whose cases are run every time.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "tests/engine/oracle/case.h"

namespace patron::oracle {
namespace {

int cases(int usual) {
  const char* factor = std::getenv("PATRON_CASES");
  return std::max(1, static_cast<int>(usual * (factor != nullptr ? std::atof(factor) : 1.0)));
}

uint64_t first_seed() {
  const char* seed = std::getenv("PATRON_SEED");
  return seed != nullptr ? std::strtoull(seed, nullptr, 10) : 1;
}

Case made_up(uint64_t seed) {
  std::mt19937_64 random(seed);
  Dice dice([&](uint32_t n) { return static_cast<uint32_t>(random() % n); });
  Case out;
  out.policy = random_policy(dice);
  out.calls = random_calls(dice, out.policy);
  return out;
}

void report(const Case& found, const std::string& what) {
  const std::string kind = what.substr(0, what.find(' '));
  const Case least = shrunk(found, [&](const Case& smaller) {
    const std::optional<std::string> now = broken(smaller);
    return now && now->starts_with(kind);
  });
  ADD_FAILURE() << what << "\ncut down: " << broken(least).value_or("") << "\n" << least.write();
}

// Where PATRON_LAW_SECONDS says so, as many cases as go into that time; else a number of them.
class Until {
 public:
  explicit Until(int count) : left_(count) {
    const char* seconds = std::getenv("PATRON_LAW_SECONDS");
    if (seconds == nullptr) return;
    left_ = INT_MAX;
    end_ = std::chrono::steady_clock::now() + std::chrono::seconds(std::atoi(seconds));
  }
  bool more() { return left_-- > 0 && std::chrono::steady_clock::now() < end_; }

 private:
  int left_;
  std::chrono::steady_clock::time_point end_ = std::chrono::steady_clock::time_point::max();
};

// In parts, so that they run beside one another.
class EngineLaws : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Part, EngineLaws, testing::Range(0, 4));

TEST_P(EngineLaws, RandomPoliciesAndHistoriesAreWhatTheOracleSays) {
  const uint64_t first = first_seed() + static_cast<uint64_t>(GetParam()) * 1'000'000;
  uint64_t seed = first;
  int failed = 0;
  for (Until until(cases(2500)); failed < 3 && until.more(); ++seed) {
    const Case what = made_up(seed);
    if (const std::optional<std::string> wrong = broken(what)) {
      ++failed;
      SCOPED_TRACE("PATRON_SEED=" + std::to_string(seed));
      report(what, *wrong);
    }
  }
  std::printf("%d cases from %llu on\n", static_cast<int>(seed - first),
              static_cast<unsigned long long>(first));
}

TEST(EngineLawCases, CasesThatOnceShowedAnErrorAreRight) {
  for (const auto& entry : std::filesystem::directory_iterator("tests/engine/oracle/corpus")) {
    std::ifstream file(entry.path());
    std::ostringstream text;
    text << file.rdbuf();
    EXPECT_EQ(broken(Case::read(text.str())), std::nullopt) << entry.path();
  }
}

}  // namespace
}  // namespace patron::oracle
