// NPS of raw responses: what customers think, how sure that is, and what topics do to it.
#include <patron/nps.h>

#include <cstdio>
#include <optional>
#include <string>
#include <vector>

int main() {
  const std::vector<std::optional<std::string>> topics{
      "price", std::nullopt, "price", "delivery", std::nullopt, "service", "delivery", "service"};
  const patron::Table responses = *patron::TableBuilder()
                                       .int64("score", {3, 9, 6, 0, 10, 9, 7, 10})
                                       .strings("topic", topics)
                                       .finish();
  // [nps]
  patron::NpsOptions options;
  options.score = "score";
  options.topics = {"topic"};
  const patron::Result<patron::NpsResult> result = patron::nps(responses, options);
  if (!result.ok()) {
    std::fprintf(stderr, "%s\n", result.status().message().c_str());
    return 1;
  }
  const patron::Estimate& all = result->overall[0].estimate;
  std::printf("NPS %+.1f, %+.1f to %+.1f\n", all.score, all.low, all.high);
  // [/nps]
  // Four promoters and three detractors of eight.
  if (all.score != 12.5 || result->drivers.rows() != 3) return 1;

  // [change]
  patron::Counts before, now;
  before.of = {20, 0, 0, 0, 0, 0, 0, 0, 30, 0, 50};
  now.of = {15, 0, 0, 0, 0, 0, 0, 0, 25, 0, 80};
  const patron::Result<patron::Change> change = patron::nps_difference(now, before, {});
  std::printf("%+.1f since then, p = %.3f\n", change->difference, change->p);
  // [/change]
  return change->p < 0.05 ? 0 : 1;  // 54.2 less 30 is hardly chance
}
