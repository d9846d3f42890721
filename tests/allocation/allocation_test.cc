// Every exported function survives the failure of any of its allocations, once and for good:
// PATRON_E_MEMORY, nothing handed out, nothing lost, nothing changed. How many allocations each
// call makes stands in allocations.txt.
#include <malloc.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "tests/allocation/attempt.h"

namespace patron::test {
namespace {

constexpr const char* kTable = "tests/allocation/allocations.txt";

// The build whose numbers allocations.txt holds: another compiler, library or level of optimization
// may allocate more or less.
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ == 12 && defined(__OPTIMIZE__) && \
    !defined(_GLIBCXX_ASSERTIONS)
constexpr bool kReferenceBuild = true;
#else
constexpr bool kReferenceBuild = false;
#endif

const std::vector<Case>& all_cases() {
  static const std::vector<Case> all = [] {
    std::vector<Case> out;
    for (const auto& cases :
         {value_cases(), table_cases(), import_cases(), segments_cases(), policy_cases(),
          rfm_cases(), rank_cases(), weights_cases(), nps_cases(), ltv_cases(), ltv_summary_cases(),
          expression_cases(), engine_cases(), snapshot_cases()}) {
      out.insert(out.end(), cases.begin(), cases.end());
    }
    return out;
  }();
  return all;
}

// A failure of one allocation, or of all from there on: the call says so, or does without and gives
// the same.
void expect_survived(const Case& call, const Attempt& plain, const heap::Plan& plan,
                     int64_t* spared) {
  const std::string where = call.function + ", " + call.name + ", allocation " +
                            std::to_string(plan.fail_at) + (plan.lasting ? " and all later" : "");
  Attempt attempt(plan);
  call.run(attempt);
  ASSERT_GT(heap::failures(), 0) << where;
  EXPECT_EQ(heap::alive(), 0) << where << ": memory is lost";
  if (attempt.status == plain.status && attempt.bytes == plain.bytes) {
    *spared += plan.lasting ? 0 : 1;
  } else {
    EXPECT_EQ(attempt.status, PATRON_E_MEMORY) << where << ": " << attempt.message << "; gives "
                                               << attempt.bytes << " instead of " << plain.bytes;
  }
}

// "allocations, of which the call does without n".
std::string examine(const Case& call) {
  const std::string where = call.function + ", " + call.name;
  Attempt first({}), plain({});
  call.run(first);  // what the C library keeps from its first call on is there now
  call.run(plain);
  EXPECT_EQ(plain.status, call.expected) << where << ": " << plain.message;
  EXPECT_EQ(plain.bytes, first.bytes) << where;
  EXPECT_EQ(heap::alive(), 0) << where << ": memory is lost without any failure";
  const int64_t allocations = heap::allocations();
  int64_t spared = 0;
  for (int64_t at = 0; at < allocations && !testing::Test::HasFailure(); ++at) {
    expect_survived(call, plain, {.fail_at = at}, &spared);
    expect_survived(call, plain, {.fail_at = at, .lasting = true}, &spared);
    Attempt again({});
    call.run(again);
    EXPECT_EQ(again.status, plain.status) << where << ", after a failure: " << again.message;
    EXPECT_EQ(again.bytes, plain.bytes) << where << ", after a failure";
  }
  return std::to_string(allocations) + (spared == 0 ? "" : " - " + std::to_string(spared));
}

using Rows = std::map<std::string, std::string>;  // "function | case" to "allocations"

Rows read_table() {
  Rows rows;
  std::ifstream file(kTable);
  for (std::string line; std::getline(file, line);) {
    const size_t bar = line.rfind(" | ");
    if (line.starts_with("patron_") && bar != std::string::npos)
      rows[line.substr(0, bar)] = line.substr(bar + 3);
  }
  return rows;
}

void write_table(const Rows& rows) {
  std::ofstream file(kTable);
  file
      << "How many allocations each call makes, by the smallest inputs that take each branch. Each "
         "of\n"
         "them was made to fail, once and with all later ones; \"12 - 1\": of 12 the call does "
         "without "
         "1.\n"
         "Counted with g++ 12, optimized. Written by the test Allocation.AnyOfAnyCallMayFail when\n"
         "PATRON_REWRITE_ALLOCATIONS is set, otherwise compared by it.\n\n"
         "function | inputs | allocations\n";
  for (const auto& [call, count] : rows) file << call << " | " << count << "\n";
}

TEST(Allocation, AnyOfAnyCallMayFail) {
  // The C library keeps what is freed: giving it back to the system would take most of the time.
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  Rows found;
  for (const Case& call : all_cases()) {
    const std::string key = call.function + " | " + call.name;
    EXPECT_FALSE(found.contains(key)) << key << " is there twice";
    found[key] = examine(call);
    if (testing::Test::HasFatalFailure()) return;
  }
  if (std::getenv("PATRON_REWRITE_ALLOCATIONS") != nullptr) {
    ASSERT_TRUE(kReferenceBuild && heap::is_complete()) << "use the preset release, with g++ 12";
    ASSERT_FALSE(HasFailure()) << "nothing is written before all cases pass";
    write_table(found);
  }
  const Rows wanted = read_table();
  for (const auto& [call, count] : found) {
    const auto row = wanted.find(call);
    if (row == wanted.end()) {
      ADD_FAILURE() << call << ": no row in " << kTable << "; set PATRON_REWRITE_ALLOCATIONS=1";
    } else if (kReferenceBuild && heap::is_complete()) {
      EXPECT_EQ(count, row->second) << call << ": if that is meant, set "
                                    << "PATRON_REWRITE_ALLOCATIONS=1 and look at the difference";
    }
  }
  for (const auto& [call, count] : wanted) {
    EXPECT_TRUE(found.contains(call)) << kTable << " has a row for " << call << ", no test has";
  }
}

TEST(Allocation, EveryExportedFunctionHasACase) {
  std::set<std::string> tested;
  for (const Case& call : all_cases()) tested.insert(call.function);
  std::ifstream map("capi/patron.map");
  ASSERT_TRUE(map) << "the tests run in the project's folder";
  std::set<std::string> exported;
  for (std::string line; std::getline(map, line);) {
    const size_t begin = line.find("patron_"), end = line.find(';');
    if (begin != std::string::npos && end != std::string::npos && begin < end)
      exported.insert(line.substr(begin, end - begin));
  }
  EXPECT_GT(exported.size(), 50U);
  for (const std::string& function : exported) {
    EXPECT_TRUE(tested.contains(function))
        << function << " has no case. Add one to the *_cases.cc of its noun in tests/allocation, "
        << "then run allocation_tests with PATRON_REWRITE_ALLOCATIONS=1 (docs/testing.md).";
  }
  for (const std::string& function : tested) {
    EXPECT_TRUE(exported.contains(function)) << function << " is not exported any more";
  }
}

// If the library's own calls did not come here, all of the above would pass without a failure.
TEST(Allocation, OfTheLibraryGoesThroughTheHeapOfTheTest) {
  const std::string long_name(200, 'x');
  heap::begin({.fail_at = 0, .lasting = true});
  const patron_status status = patron_zone_check(long_name.data(), long_name.size(), nullptr);
  heap::end();
  EXPECT_EQ(status, PATRON_E_MEMORY);
  EXPECT_GT(heap::failures(), 0);
}

TEST(Allocation, ThatIsNeverFreedIsSeen) {
  patron_cancel* kept = nullptr;
  heap::begin({});
  ASSERT_EQ(patron_cancel_create(&kept, nullptr), PATRON_OK);
  heap::end();
  EXPECT_GT(heap::alive(), 0);
  patron_cancel_close(kept);
  EXPECT_EQ(heap::alive(), 0);
}

}  // namespace
}  // namespace patron::test
