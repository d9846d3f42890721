// Feedback scores: from counts, from responses, and their difference.
#include <memory>

#include "tests/allocation/attempt.h"
#include "tests/allocation/inputs.h"

namespace patron::test {
namespace {

using Shared = std::shared_ptr<Inputs>;

Shared survey() {
  static const Shared made = [] {
    auto out = std::make_shared<Inputs>();
    out->add("score", PATRON_TYPE_INT64, std::vector<int64_t>{10, 3, 8, 9, 11, 0});
    out->add("branch", PATRON_TYPE_INT64, std::vector<int64_t>{1, 2, 1, 2, 1, 2});
    out->add("far", PATRON_TYPE_INT64, std::vector<int64_t>{1, -9, 1LL << 60, 2, 1, 2});
    out->add("day", PATRON_TYPE_DATE32, std::vector<int32_t>{20454, 20455, 20456, 20457, 1, 2});
    out->text("team", {"a team with a long name", "b", "b", "c", "c", "c"});
    out->coded("topic", {0, 1, 0, 1, 1, 0}, {"price of delivery", "pace"});
    return out;
  }();
  return made;
}

struct Asked {
  const char* group = "";
  const char* kind = "";
  const char* customer = "";
  const char* topic = "";
  int32_t on_bad_row = PATRON_BAD_ROW_REFUSE;
  const char* score = "score";
};

patron_status compute(const Asked& asked, patron_nps** out, patron_error* error) {
  const patron_str topics[1] = {patron_str_of(asked.topic)};
  patron_nps_options options = PATRON_NPS_OPTIONS_INIT;
  options.score = patron_str_of(asked.score);
  options.group = patron_str_of(asked.group);
  options.kind = patron_str_of(asked.kind);
  options.customer = patron_str_of(asked.customer);
  if (options.customer.size > 0) options.time = patron_str_of("day");
  options.topics = topics;
  options.topic_count = topics[0].size > 0 ? 1 : 0;
  options.on_bad_row = asked.on_bad_row;
  return patron_nps_compute(survey()->table(), &options, out, error);
}

Case nps(const char* name, const Asked& asked, patron_status expected = PATRON_OK) {
  return {"patron_nps_compute", name,
          [asked](Attempt& attempt) {
            (void)survey()->table();
            attempt.hand_out<patron_nps>(
                [&](patron_nps** out, patron_error* error) { return compute(asked, out, error); });
          },
          expected};
}

Nps scored(const Asked& asked) {
  patron_nps* out = nullptr;
  EXPECT_EQ(compute(asked, &out, nullptr), PATRON_OK);
  return Nps(out);
}

template <typename Function>
Case table_of(const char* name, const Function& function) {
  return {name, "a result", [function](Attempt& attempt) {
            const Nps nps = scored({});
            attempt.hand_out<patron_table>([&](patron_table** out, patron_error* error) {
              return function(nps.get(), out, error);
            });
          }};
}

Case estimate(const char* name, std::vector<int64_t> counts, patron_status expected = PATRON_OK) {
  return {"patron_nps_estimate", name,
          [counts](Attempt& attempt) {
            const patron_nps_method method = PATRON_NPS_METHOD_INIT;
            patron_nps_score score = PATRON_NPS_SCORE_INIT;
            attempt.call(
                [&](patron_error* error) {
                  return patron_nps_estimate(counts.data(), counts.size(), nullptr, &method, &score,
                                             error);
                },
                [&] { return std::to_string(score.score) + " " + std::to_string(score.low); });
          },
          expected};
}

Case difference(const char* name, const char* kind, patron_status expected = PATRON_OK) {
  return {"patron_nps_difference", name,
          [kind](Attempt& attempt) {
            Asked asked;
            const Nps a = scored(asked);
            asked.kind = kind;
            const Nps b = scored(asked);
            patron_nps_change change = PATRON_NPS_CHANGE_INIT;
            attempt.call(
                [&](patron_error* error) {
                  return patron_nps_difference(a.get(), b.get(), PATRON_INTERVAL_AUTO, 0.95,
                                               &change, error);
                },
                [&] { return std::to_string(change.z) + " " + std::to_string(change.p); });
          },
          expected};
}

}  // namespace

std::vector<Case> nps_cases() {
  Asked groups, far, texts, everything, fails, absent;
  groups.group = "branch";
  far.group = "far";
  texts.group = "team";
  everything.group = "topic", everything.kind = "team", everything.customer = "branch";
  everything.topic = "topic";
  fails.on_bad_row = PATRON_BAD_ROW_FAIL;
  absent.score = "skore";
  return {
      nps("everybody", {}),
      nps("groups of integers", groups),
      nps("groups far apart", far),
      nps("groups of text", texts),
      nps("kinds, the last of each customer, topics", everything),
      nps("a bad row that fails the call", fails, PATRON_E_ARGUMENT),
      nps("no such column", absent, PATRON_E_COLUMN),
      estimate("three classes", {20, 0, 0, 0, 0, 0, 0, 0, 30, 0, 50}),
      estimate("a negative count", {-1}, PATRON_E_ARGUMENT),
      difference("two results", ""),
      difference("a result of several kinds", "team", PATRON_E_ARGUMENT),
      table_of("patron_nps_table", patron_nps_table),
      table_of("patron_nps_drivers", patron_nps_drivers),
      table_of("patron_nps_refused", patron_nps_refused),
      {"patron_nps_overall", "a score",
       [](Attempt& attempt) {
         const Nps nps = scored({});
         patron_nps_score score = PATRON_NPS_SCORE_INIT;
         attempt.call(
             [&](patron_error* error) { return patron_nps_overall(nps.get(), 0, &score, error); },
             [&] { return std::to_string(score.score); });
       }},
      {"patron_nps_counts", "a result",
       [](Attempt& attempt) {
         const Nps nps = scored({});
         patron_nps_summary summary = PATRON_NPS_SUMMARY_INIT;
         attempt.call(
             [&](patron_error* error) { return patron_nps_counts(nps.get(), &summary, error); },
             [&] { return std::to_string(summary.rows); });
       }},
      {"patron_nps_close", "a result",
       [](Attempt& attempt) {
         patron_nps* nps = scored({}).release();
         attempt.nothing([&] { patron_nps_close(nps); });
       }},
  };
}

}  // namespace patron::test
