#include "lib/engine/saved/saved_moves.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace patron::internal {
namespace {

MoveLog random_log(uint64_t seed, size_t count) {
  std::mt19937_64 random(seed);
  MoveLog log;
  for (size_t i = 0; i < count; ++i) {
    EngineMove move;
    move.customer = random() % 10 == 0 ? kNoCustomer : static_cast<uint32_t>(random() % 1000);
    move.move = {static_cast<int>(random() % 64), static_cast<int>(random() % 1025) - 1,
                 static_cast<int>(random() % 1025) - 1, random() % 5 == 0};
    move.at = static_cast<int64_t>(random() % 1'000'000'000'000);
    if (random() % 3 == 0) move.fact_time = move.at - 17;
    move.cause = static_cast<Cause>(random() % 7);
    move.quiet = random() % 2 == 0;
    move.calibration = static_cast<int64_t>(random() % 3);
    move.policy = static_cast<int32_t>(1 + random() % 2);
    move.because = random() % 4 == 0 ? "e0.0T=s6:Zo\xC3\xAB\n" : "v" + std::to_string(random());
    log.ready(1, move.because.size());
    log.push(move);
  }
  return log;
}

std::string section(const MoveLog& log, size_t first, size_t* behind = nullptr) {
  BookByteWriter out;
  const size_t next = put_moves(log, first, out);
  if (behind != nullptr) *behind = next;
  return std::string(out.bytes);
}

TEST(SavedMoves, ComeBackAsTheyWereInSections) {
  const MoveLog log = random_log(1, 40'000);
  size_t first = 0, sections = 0;
  while (first < log.size()) {
    size_t next = 0;
    const std::string bytes = section(log, first, &next);
    ASSERT_GT(next, first);
    MoveColumns columns;
    ASSERT_TRUE(columns.read(bytes));
    ASSERT_EQ(columns.size(), next - first);
    for (size_t i = 0; i < columns.size(); ++i) {
      const EngineMove is = columns.move(i), was = log[first + i];
      const bool same = is.customer == was.customer && is.at == was.at &&
                        is.move.classification == was.move.classification &&
                        is.move.from == was.move.from && is.move.to == was.move.to &&
                        is.move.by_override == was.move.by_override &&
                        is.fact_time == was.fact_time && is.cause == was.cause &&
                        is.quiet == was.quiet && is.calibration == was.calibration &&
                        is.policy == was.policy && columns.because(i) == was.because;
      ASSERT_TRUE(same) << first + i;
      ASSERT_EQ(columns.customer(i), was.customer);
    }
    first = next;
    ++sections;
  }
  EXPECT_EQ(sections, 3u);
}

TEST(SavedMoves, LongTextsMakeShortSections) {
  MoveLog log;
  EngineMove move;
  move.because = std::string(700'000, 'v');
  log.ready(3, 3 * move.because.size());
  for (int i = 0; i < 3; ++i) log.push(move);
  size_t next = 0;
  section(log, 0, &next);
  EXPECT_EQ(next, 2u);
}

TEST(SavedMoves, BytesThatAreNoneAreRefused) {
  const std::string good = section(random_log(2, 50), 0);
  MoveColumns columns;
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(columns.read(std::string_view(good).substr(0, size))) << size;
  }
  EXPECT_FALSE(columns.read(good + "v"));
  std::mt19937_64 random(3);
  for (int i = 0; i < 5000; ++i) {  // whatever they say, nothing is read beyond them
    std::string other = good;
    other[random() % other.size()] = static_cast<char>(random());
    if (!columns.read(other)) continue;
    size_t bytes = 0;
    for (size_t k = 0; k < columns.size(); ++k) bytes += columns.because(k).size();
    EXPECT_EQ(bytes, columns.texts().size());
  }
}

TEST(SavedMoves, TextsAreUtf8EachForItself) {
  const auto with = [](const std::string& first, const std::string& second) {
    MoveLog log;
    EngineMove move;
    log.ready(2, 100);
    log.push(move, first);
    log.push(move, second);
    MoveColumns columns;
    return columns.read(section(log, 0));
  };
  EXPECT_TRUE(with("Zo\xC3\xAB", "\xC3\xAB"));
  EXPECT_FALSE(with("Zo\xC3", "\xAB"));  // together they would be
  EXPECT_FALSE(with("Zo\xC3", ""));
  EXPECT_FALSE(with("", "\xFF"));
}

}  // namespace
}  // namespace patron::internal
