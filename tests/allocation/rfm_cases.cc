// RFM, by the branches that its inputs take, and the cuts.
#include <memory>

#include "tests/allocation/attempt.h"
#include "tests/allocation/inputs.h"
#include "tests/base/arrow_producer.h"
#include "tests/models/rfm/crafted_ids.h"

namespace patron::test {
namespace {

constexpr int64_t kDay = 86'400'000'000;

/// Orders and the options to score them; what the options point to is in here too.
struct Question {
  Inputs inputs;
  patron_rfm_options options = PATRON_RFM_OPTIONS_INIT;
  int64_t as_of = 0;
  patron_period window = PATRON_PERIOD_INIT;
  patron_rfm_axis axes[3] = {PATRON_RFM_AXIS_INIT, PATRON_RFM_AXIS_INIT, PATRON_RFM_AXIS_INIT};
  double fixed[2] = {5, 10};
  Segments segments;
  Cuts cuts;
  Cancel cancel;
  Table imported;

  Question() {
    options.customer = patron_str_of("customer");
    options.time = patron_str_of("time");
    options.amount = patron_str_of("amount");
  }
  patron_table* table() { return imported ? imported.get() : inputs.table(); }
};
using Shared = std::shared_ptr<Question>;

const std::vector<int32_t> kDays{20454, 20484, 20470, 20460, 20475, 20490};
const std::vector<double> kAmounts{30.00, 20.00, 15.50, 9.90, 12.00, 60.10};

void add_days(Inputs& to) { to.add("time", PATRON_TYPE_DATE32, kDays); }
void add_amounts(Inputs& to) { to.add("amount", PATRON_TYPE_DOUBLE, kAmounts); }

/// Six orders of three customers.
Shared orders() {
  auto out = std::make_shared<Question>();
  out->inputs.add("customer", PATRON_TYPE_INT64, std::vector<int64_t>{1, 1, 2, 3, 3, 3});
  add_days(out->inputs);
  add_amounts(out->inputs);
  return out;
}

Shared texts(const std::vector<std::string>& ids, bool large = false) {
  auto out = std::make_shared<Question>();
  out->inputs.text("customer", ids, large);
  add_days(out->inputs);
  add_amounts(out->inputs);
  return out;
}

const std::vector<std::string> kShort{"ann", "ann", "bob", "cem", "cem", "cem"};
const std::vector<std::string> kLong{"ann of the long name", "ann of the long name",
                                     "bob of the long name", "cem of the long name",
                                     "cem of the long name", "cem of the long name"};

Case compute(const char* name, const Shared& question, patron_status expected = PATRON_OK) {
  return {"patron_rfm_compute", name,
          [question](Attempt& attempt) {
            const patron_table* table = question->table();
            attempt.hand_out<patron_rfm>([&](patron_rfm** out, patron_error* error) {
              return patron_rfm_compute(table, &question->options, out, error);
            });
          },
          expected};
}

template <typename Change>
Shared changed(const Shared& question, const Change& change) {
  change(*question);
  return question;
}

/// Rows of many customers, days apart; `days` of them in all.
Shared many(const std::vector<int64_t>& ids, int32_t days, bool sorted = false) {
  auto out = std::make_shared<Question>();
  std::vector<int32_t> times;
  std::vector<double> amounts;
  for (size_t i = 0; i < ids.size(); ++i) {
    const auto step = static_cast<int32_t>(i);
    times.push_back(18000 + (sorted ? step : step * 7919 % days));
    amounts.push_back(1 + i % 7);
  }
  out->inputs.add("customer", PATRON_TYPE_INT64, ids);
  out->inputs.add("time", PATRON_TYPE_DATE32, times);
  out->inputs.add("amount", PATRON_TYPE_DOUBLE, amounts);
  return out;
}

std::vector<int64_t> distinct(int64_t n) {
  std::vector<int64_t> out;
  for (int64_t i = 0; i < n; ++i) out.push_back(i * 1'000'003);
  return out;
}

Shared of_texts(const std::vector<std::string>& ids) {
  auto out = std::make_shared<Question>();
  out->inputs.text("customer", ids);
  out->inputs.add("time", PATRON_TYPE_DATE32, std::vector<int32_t>(ids.size(), 20000));
  out->inputs.add("amount", PATRON_TYPE_DOUBLE, std::vector<double>(ids.size(), 2.5));
  return out;
}

/// The orders in three batches of an Arrow stream.
Shared streamed() {
  auto out = std::make_shared<Question>();
  static Counts counts;
  std::vector<FakeArray> batches;
  for (size_t i = 0; i < 6; i += 2) {
    batches.push_back(batch(
        2, {column("l", "customer", 2, {std::nullopt, bytes_of<int64_t>({7, 8})}),
            column("tdD", "time", 2, {std::nullopt, bytes_of<int32_t>({kDays[i], kDays[i + 1]})}),
            column("g", "amount", 2, {std::nullopt, bytes_of<double>({9.5, 1.25})})}));
  }
  ArrowArrayStream stream = fake_stream(batches, counts);
  patron_table* made = nullptr;
  EXPECT_EQ(patron_table_import_stream(&stream, &made, nullptr), PATRON_OK);
  out->imported.reset(made);
  return out;
}

std::vector<Case> by_ids() {
  const auto coded = std::make_shared<Question>();
  coded->inputs.coded("customer", {0, 0, 1, 2, 2, 2}, {"ann", "bob", "cem"});
  add_days(coded->inputs);
  add_amounts(coded->inputs);
  std::vector<int64_t> crafted;
  std::vector<std::string> crafted_texts;
  for (uint64_t i = 0; i < 300; ++i) {
    crafted.push_back(colliding_id(i));
    crafted_texts.push_back(colliding_text(i));
  }
  return {
      compute("integer ids", orders()),
      compute("three batches", streamed()),
      compute("text ids of up to 16 bytes", texts(kShort)),
      compute("text ids above 16 bytes", texts(kLong)),
      compute("large text ids", texts(kLong, true)),
      compute("dictionary ids", coded),
      compute("300 customers", many(distinct(300), 500)),
      compute("300 integer ids that collide", many(crafted, 500)),
      compute("300 text ids of 12 bytes that crowd", of_texts(crowding_texts(300, 10))),
      compute("300 text ids of 33 bytes that collide", of_texts(crafted_texts)),
  };
}

Shared with_orders(bool text) {
  const Shared out = orders();
  if (text) {
    out->inputs.text("order", {"o-10", "o-10", "o-20", "o-30", "o-31", "o-32"});
  } else {
    out->inputs.add("order", PATRON_TYPE_INT64, std::vector<int64_t>{10, 10, 20, 30, 31, 32});
  }
  out->options.order = patron_str_of("order");
  return out;
}

Shared of_text_times(const char* zone) {
  auto out = std::make_shared<Question>();
  out->inputs.add("customer", PATRON_TYPE_INT64, std::vector<int64_t>{1, 1, 2});
  out->inputs.text("time", {"2026-01-02", "2026-01-05T08:00", "2026-02-01"});
  out->inputs.add("amount", PATRON_TYPE_INT64, std::vector<int64_t>{30, 20, 15});
  out->options.timezone = patron_str_of(zone);
  return out;
}

/// Wall clocks without a zone, in a zone of its own; with a fold over midnight where there is one.
Shared of_walls(const char* zone, int64_t first) {
  auto out = std::make_shared<Question>();
  out->inputs.add("customer", PATRON_TYPE_INT64, std::vector<int64_t>{1, 1, 2, 2});
  out->inputs.add("time", PATRON_TYPE_TIMESTAMP,
                  std::vector<int64_t>{first, first + kDay, first - 3 * kDay, first + 9 * kDay});
  out->inputs.add("amount", PATRON_TYPE_FLOAT, std::vector<float>{3, 2, 1.5F, 9});
  out->options.timezone = patron_str_of(zone);
  return out;
}

std::vector<Case> by_rows() {
  return {
      compute("order ids", with_orders(false)),
      compute("text order ids", with_orders(true)),
      compute("rows in time order", many(distinct(50), 50, true)),
      compute("days beyond a bitmap", many(distinct(50), 9000)),
      compute("times as text", of_text_times("")),
      compute("times as text of a zone", of_text_times("Asia/Shanghai")),
      compute("wall clocks of a zone", of_walls("America/New_York", 20454 * kDay)),
      // 2010-11-07 00:01 becomes 2010-11-06 23:01: a day that comes twice.
      compute("a zone whose clocks go back over midnight",
              of_walls("America/St_Johns", 14920 * kDay)),
      compute("a window of days", changed(orders(),
                                          [](Question& q) {
                                            q.window.micros = 20 * kDay;
                                            q.options.window = &q.window;
                                          })),
      compute("a window of months", changed(orders(),
                                            [](Question& q) {
                                              q.window.months = 1;
                                              q.options.window = &q.window;
                                            })),
      compute("as of a day", changed(orders(),
                                     [](Question& q) {
                                       q.as_of = 20484 * kDay;
                                       q.options.as_of = &q.as_of;
                                     })),
  };
}

/// Orders with one that cannot be used.
Shared with_a_null() {
  const Shared out = orders();
  out->inputs.nulls("110111");
  return out;
}

Shared all_refused() {
  const Shared out = orders();
  out->inputs.nulls("000000");
  return out;
}

Shared of_huge_amounts() {
  auto out = std::make_shared<Question>();
  out->inputs.add("customer", PATRON_TYPE_INT64, std::vector<int64_t>{1, 1});
  out->inputs.add("time", PATRON_TYPE_DATE32, std::vector<int32_t>{20454, 20484});
  out->inputs.add("amount", PATRON_TYPE_DOUBLE, std::vector<double>{9e16, 9e16});
  return out;
}

int32_t go_on(void*, double) { return 0; }
int32_t stop(void*, double) { return 5; }

std::vector<Case> by_errors() {
  const auto with = [](const auto& change) { return changed(orders(), change); };
  return {
      compute("a refused row", with_a_null()),
      compute(
          "fails at a bad row",
          changed(with_a_null(), [](Question& q) { q.options.on_bad_row = PATRON_BAD_ROW_FAIL; }),
          PATRON_E_NULL),
      compute("all rows refused", all_refused(), PATRON_E_EMPTY),
      compute("money that overflows", of_huge_amounts(), PATRON_E_OVERFLOW),
      compute("as of a day before all orders", with([](Question& q) {
                q.as_of = 0;
                q.options.as_of = &q.as_of;
              }),
              PATRON_E_TIME),
      compute("no such column",
              with([](Question& q) { q.options.amount = patron_str_of("amuont"); }),
              PATRON_E_COLUMN),
      compute("no such zone",
              with([](Question& q) { q.options.timezone = patron_str_of("Asia/Shangai"); }),
              PATRON_E_ZONE),
      compute("a column of another type",
              with([](Question& q) { q.options.time = patron_str_of("amount"); }), PATRON_E_TYPE),
      compute("no such choice", with([](Question& q) { q.options.refunds = 7; }),
              PATRON_E_ARGUMENT),
      compute("a progress callback", with([](Question& q) { q.options.progress = go_on; })),
      compute("a progress callback that stops",
              with([](Question& q) { q.options.progress = stop; }), PATRON_E_CALLBACK),
      compute("cancelled", with([](Question& q) {
                patron_cancel* token = nullptr;
                EXPECT_EQ(patron_cancel_create(&token, nullptr), PATRON_OK);
                patron_cancel_request(token);
                q.cancel.reset(token);
                q.options.cancel = token;
              }),
              PATRON_E_CANCELLED),
  };
}

Rfm computed() {
  const Shared question = with_a_null();
  patron_rfm* out = nullptr;
  EXPECT_EQ(patron_rfm_compute(question->table(), &question->options, &out, nullptr), PATRON_OK);
  return Rfm(out);
}

Cuts learned() {
  patron_cuts* cuts = nullptr;
  EXPECT_EQ(patron_rfm_cuts(computed().get(), &cuts, nullptr), PATRON_OK);
  return Cuts(cuts);
}

void name_segments(Question& q, const char* table) {
  patron_segments* segments = nullptr;
  EXPECT_EQ(patron_segments_named(table, std::strlen(table), &segments, nullptr), PATRON_OK);
  q.segments.reset(segments);
  q.options.segments = segments;
}

std::vector<Case> by_scores() {
  const auto with = [](const auto& change) { return changed(orders(), change); };
  return {
      compute("a segment table", with([](Question& q) { name_segments(q, "eleven"); })),
      compute("a segment table in Chinese", with([](Question& q) {
                name_segments(q, "eleven");
                q.options.language = PATRON_LANGUAGE_ZH;
                q.options.octant_names = PATRON_OCTANTS_VE;
              })),
      compute("a segment table with gaps", with([](Question& q) {
                name_segments(q, "rfm_r_0_2");
                q.options.on_gap = PATRON_GAP_NULL;
                q.options.on_overlap = PATRON_OVERLAP_FIRST;
              })),
      compute("a segment table with gaps that is refused",
              with([](Question& q) { name_segments(q, "rfm_r_0_2"); }), PATRON_E_DOCUMENT),
      compute("frozen cuts", with([](Question& q) {
                q.cuts = learned();
                q.options.cuts = q.cuts.get();
              })),
      compute("three methods and three splits", with([](Question& q) {
                q.axes[0].method = PATRON_METHOD_FIXED;
                q.axes[0].bins = 3;
                q.axes[0].cuts = q.fixed;
                q.axes[0].cut_count = 2;
                q.axes[1].method = PATRON_METHOD_NEAREST_RANK;
                q.axes[1].octant_split = PATRON_SPLIT_MEDIAN;
                q.axes[2].octant_split = PATRON_SPLIT_VALUE;
                q.axes[2].octant_value = 20;
                q.options.recency = &q.axes[0];
                q.options.frequency = &q.axes[1];
                q.options.monetary = &q.axes[2];
              })),
      compute("refunds and zeros", with([](Question& q) {
                q.options.refunds = PATRON_REFUNDS_OWN_TIME;
                q.options.zero = PATRON_ZERO_COUNT;
              })),
  };
}

template <typename Handle, typename Function>
Case part(const char* function, Function get) {
  return {function, "a result", [get](Attempt& attempt) {
            const Rfm rfm = computed();
            attempt.hand_out<Handle>(
                [&](Handle** out, patron_error* error) { return get(rfm.get(), out, error); });
          }};
}

std::vector<Case> results() {
  return {
      part<patron_table>("patron_rfm_table", patron_rfm_table),
      part<patron_table>("patron_rfm_refused", patron_rfm_refused),
      part<patron_cuts>("patron_rfm_cuts", patron_rfm_cuts),
      {"patron_rfm_counts", "a result",
       [](Attempt& attempt) {
         const Rfm rfm = computed();
         patron_rfm_summary counts = PATRON_RFM_SUMMARY_INIT;
         attempt.call(
             [&](patron_error* error) { return patron_rfm_counts(rfm.get(), &counts, error); },
             [&] {
               return std::to_string(counts.rows) + " " + std::to_string(counts.refused_rows);
             });
       }},
      {"patron_rfm_close", "a result",
       [](Attempt& attempt) {
         patron_rfm* rfm = computed().release();
         attempt.nothing([&] { patron_rfm_close(rfm); });
       }},
  };
}

std::string document() { return contents_of(learned().get()); }

Case cuts_parse(const char* name, std::function<std::string()> text,
                patron_status expected = PATRON_OK) {
  return {"patron_cuts_parse", name,
          [text](Attempt& attempt) {
            const std::string json = text();
            attempt.hand_out<patron_cuts>([&](patron_cuts** out, patron_error* error) {
              return patron_cuts_parse(json.data(), json.size(), out, error);
            });
          },
          expected};
}

std::string with_another_key() {
  std::string json = document();
  return json.replace(json.find("scale"), 5, "scales");
}

Case axis(const char* name, int32_t which, patron_status expected = PATRON_OK) {
  return {
      "patron_cuts_axis", name,
      [which](Attempt& attempt) {
        const Cuts cuts = learned();
        patron_axis_cuts out = PATRON_AXIS_CUTS_INIT;
        attempt.call(
            [&](patron_error* error) { return patron_cuts_axis(cuts.get(), which, &out, error); },
            [&] { return std::to_string(out.count) + " " + std::to_string(out.octant_split); });
      },
      expected};
}

std::vector<Case> cuts() {
  return {
      cuts_parse("a document", document),
      cuts_parse(
          "half a document", [] { return document().substr(0, 100); }, PATRON_E_SYNTAX),
      cuts_parse("an unknown key", with_another_key, PATRON_E_DOCUMENT),
      {"patron_cuts_to_json", "cuts",
       [](Attempt& attempt) {
         const Cuts cuts = learned();
         attempt.hand_out<patron_buffer>([&](patron_buffer** out, patron_error* error) {
           return patron_cuts_to_json(cuts.get(), out, error);
         });
       }},
      {"patron_cuts_describe", "cuts",
       [](Attempt& attempt) {
         const Cuts cuts = learned();
         patron_cuts_info info = PATRON_CUTS_INFO_INIT;
         attempt.call(
             [&](patron_error* error) { return patron_cuts_describe(cuts.get(), &info, error); },
             [&] { return std::to_string(info.customers) + text(info.timezone); });
       }},
      axis("an axis", PATRON_AXIS_MONETARY),
      axis("no such axis", 3, PATRON_E_ARGUMENT),
      {"patron_cuts_score", "a customer",
       [](Attempt& attempt) {
         const Cuts cuts = learned();
         patron_scores scores = PATRON_SCORES_INIT;
         attempt.call(
             [&](patron_error* error) {
               return patron_cuts_score(cuts.get(), 1, 2, 300, &scores, error);
             },
             [&] { return std::to_string(scores.r) + std::to_string(scores.m); });
       }},
      {"patron_cuts_close", "cuts",
       [](Attempt& attempt) {
         patron_cuts* cuts = learned().release();
         attempt.nothing([&] { patron_cuts_close(cuts); });
       }},
  };
}

}  // namespace

std::vector<Case> rfm_cases() {
  std::vector<Case> out = by_ids();
  for (const auto& more : {by_rows(), by_errors(), by_scores(), results(), cuts()}) {
    out.insert(out.end(), more.begin(), more.end());
  }
  return out;
}

}  // namespace patron::test
