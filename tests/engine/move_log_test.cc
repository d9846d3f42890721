#include "lib/engine/move_log.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace patron::internal {
namespace {

void expect_same(const EngineMove& a, const EngineMove& b) {
  EXPECT_EQ(a.customer, b.customer);
  EXPECT_EQ(a.sequence, b.sequence);
  EXPECT_EQ(a.move.classification, b.move.classification);
  EXPECT_EQ(a.move.from, b.move.from);
  EXPECT_EQ(a.move.to, b.move.to);
  EXPECT_EQ(a.move.by_override, b.move.by_override);
  EXPECT_EQ(a.at, b.at);
  EXPECT_EQ(a.fact_time, b.fact_time);
  EXPECT_EQ(a.cause, b.cause);
  EXPECT_EQ(a.quiet, b.quiet);
  EXPECT_EQ(a.calibration, b.calibration);
  EXPECT_EQ(a.before, b.before);
  EXPECT_EQ(a.policy, b.policy);
  EXPECT_EQ(a.because, b.because);
}

// Fields at the edges of what a record holds, and beyond them.
EngineMove random_move(std::mt19937_64& random) {
  const auto one_of = [&](auto... values) {
    using T = std::common_type_t<decltype(values)...>;
    const T all[] = {values...};
    return all[random() % sizeof...(values)];
  };
  EngineMove move;
  move.customer = one_of(uint32_t{0}, uint32_t{7}, kNoCustomer - 1);
  move.sequence = one_of(int64_t{1}, (int64_t{1} << 24) - 1, int64_t{1} << 24);
  move.move = {one_of(0, 63, 40'000), one_of(kNoClass, 0, 1023), one_of(kNoClass, 32'767, 32'768),
               random() % 2 == 0};
  move.at = one_of(kMinTime, Micros{0}, kEndTime);
  if (random() % 2 == 0) move.fact_time = one_of(kMinTime, Micros{5}, kEndTime - 1);
  move.cause = static_cast<Cause>(random() % 7);
  move.quiet = random() % 2 == 0;
  move.calibration = one_of(int64_t{0}, int64_t{UINT32_MAX}, int64_t{UINT32_MAX} + 1, INT64_MAX);
  move.before = one_of(kNoMove, size_t{0}, (size_t{1} << 40) - 2, (size_t{1} << 40) - 1);
  move.policy = one_of(1, 65'535, 65'536);
  move.because = std::string(one_of(0, 1, 127, 65'535, 65'536), 'v');
  return move;
}

TEST(MoveLog, GivesBackEveryFieldAlsoOfMovesThatAreLargerThanARecord) {
  std::mt19937_64 random(7);
  std::vector<EngineMove> plain;
  MoveLog log;
  for (int i = 0; i < 500; ++i) {
    plain.push_back(random_move(random));
    log.ready(1, plain.back().because.size());
    log.push(plain.back());
  }
  ASSERT_EQ(log.size(), plain.size());
  for (size_t i = 0; i < plain.size(); ++i) {
    SCOPED_TRACE(i);
    expect_same(log[i], plain[i]);
    EXPECT_EQ(log.before(i), plain[i].before);
    EXPECT_EQ(log.customer(i), plain[i].customer);
  }
  const std::vector<EngineMove> last = log.since(490);
  ASSERT_EQ(last.size(), 10u);
  expect_same(last[9], plain[499]);
}

TEST(MoveLog, KeepsNothingOfWhatIsForgotten) {
  MoveLog log;
  EngineMove move;
  move.customer = 3;
  move.because = "e0.0T=i4711\n";
  move.calibration = int64_t{1} << 40;
  log.ready(3, 3 * move.because.size());
  for (int i = 0; i < 3; ++i) log.push(move);
  const std::string_view kept = log.because(1);
  log.forget(1);
  expect_same(log[1], EngineMove());
  EXPECT_EQ(kept, std::string(move.because.size(), '\0'));
  expect_same(log[0], move);
  expect_same(log[2], move);
}

TEST(MoveLog, TakesUnderSixtyBytesForAMoveThatWasPacked) {
  MoveLog log;
  EngineMove move;
  move.because = "v123456";
  log.reserve(1000, 1000 * move.because.size());
  for (int i = 0; i < 1000; ++i) log.push(move);
  EXPECT_LE(log.bytes(), 60'000u);
}

}  // namespace
}  // namespace patron::internal
