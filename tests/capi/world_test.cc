#include "tests/capi/world.h"

#include <thread>

#include "tests/capi/engine_calls.h"
#include "tests/capi/expression_calls.h"
#include "tests/capi/handing_out.h"
#include "tests/capi/ltv_calls.h"
#include "tests/capi/policy_calls.h"
#include "tests/capi/table_calls.h"
#include "tests/capi/value_calls.h"

namespace patron::test {
namespace {

constexpr std::string_view kJsonRows = R"([{"name": "all", "r": [1, 5], "f": [1, 5]}])";

Buffer make_buffer(const patron_cuts* cuts) {
  patron_buffer* json = nullptr;
  EXPECT_EQ(patron_cuts_to_json(cuts, &json, nullptr), PATRON_OK);
  return Buffer(json);
}

std::vector<Call> plain_calls() {
  return {
      {"patron_time_parse", Kind::kNone,
       [](void*, patron_error* error) {
         int64_t micros;
         return patron_time_parse("2026-03-01", 10, "Asia/Shanghai", 13, &micros, error);
       }},
      {"patron_time_format", Kind::kNone,
       [](void*, patron_error* error) {
         char buffer[32];
         return patron_time_format(0, buffer, sizeof(buffer), nullptr, error);
       }},
      {"patron_period_parse", Kind::kNone,
       [](void*, patron_error* error) {
         patron_period period = PATRON_PERIOD_INIT;
         return patron_period_parse("365d", 4, &period, error);
       }},
      {"patron_zone_check", Kind::kNone,
       [](void*, patron_error* error) { return patron_zone_check("Europe/Paris", 12, error); }},
      {"patron_money_from_double", Kind::kNone,
       [](void*, patron_error* error) {
         int64_t minor;
         return patron_money_from_double(1.5, 2, &minor, nullptr, error);
       }},
      {"patron_money_parse", Kind::kNone,
       [](void*, patron_error* error) {
         int64_t minor;
         return patron_money_parse("1.5", 3, 2, &minor, nullptr, error);
       }},
      {"patron_money_format", Kind::kNone,
       [](void*, patron_error* error) {
         char buffer[32];
         return patron_money_format(150, 2, "EUR", 3, buffer, sizeof(buffer), nullptr, error);
       }},
      {"patron_money_sum", Kind::kNone,
       [](void*, patron_error* error) {
         const int64_t amounts[2] = {1, 2};
         int64_t sum;
         return patron_money_sum(amounts, 2, &sum, error);
       }},
      {"patron_weights_manual", Kind::kNone,
       [](void*, patron_error* error) {
         double weights[2] = {3, 1};
         return patron_weights_manual(weights, 2, weights, error);
       }},
      {"patron_weights_ahp", Kind::kNone,
       [](void*, patron_error* error) {
         const double comparisons[4] = {1, 3, 1 / 3.0, 1};
         patron_ahp_options options = PATRON_AHP_OPTIONS_INIT;
         const patron_str names[2] = {patron_str_of("price"), patron_str_of("service")};
         options.names = names;
         options.name_count = 2;
         patron_ahp_consistency consistency = PATRON_AHP_CONSISTENCY_INIT;
         double weights[2];
         return patron_weights_ahp(comparisons, 2, &options, weights, &consistency, error);
       }},
      {"patron_ltv_plain_values", Kind::kNone,
       [](void*, patron_error* error) {
         double spend = 240;
         const double years = 5;
         return patron_ltv_plain_values(&spend, &years, 1, 0.3, 0.08, &spend, error);
       }},
      {"patron_nps_estimate", Kind::kNone,
       [](void*, patron_error* error) {
         const int64_t counts[11] = {2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 5};
         const int64_t population = 100;
         const patron_nps_method method = PATRON_NPS_METHOD_INIT;
         patron_nps_score score = PATRON_NPS_SCORE_INIT;
         return patron_nps_estimate(counts, 11, &population, &method, &score, error);
       }},
      {"patron_ltv_create", Kind::kNone,
       [](void*, patron_error* error) {
         const double parameters[4] = {0.243, 4.414, 0.793, 2.426};
         return handing_out<patron_ltv>(patron_ltv_close, [&](patron_ltv** out) {
           return patron_ltv_create(PATRON_LTV_MODEL_BG_NBD, parameters, 4, PATRON_LTV_UNIT_WEEK,
                                    out, error);
         });
       }},
      {"patron_ltv_parse", Kind::kNone,
       [](void*, patron_error* error) {
         static const World* world = new World;
         patron_buffer* json = nullptr;
         const patron_status status = patron_ltv_to_json(world->ltv.get(), &json, error);
         if (status != PATRON_OK) return status;
         const Buffer kept(json);
         const patron_str text = patron_buffer_text(json);
         return handing_out<patron_ltv>(patron_ltv_close, [&](patron_ltv** out) {
           return patron_ltv_parse(text.data, text.size, out, error);
         });
       }},
      {"patron_arrow_create", Kind::kNone,
       [](void*, patron_error* error) {
         void* arrow = nullptr;
         const patron_status status = patron_arrow_create(PATRON_ARROW_ARRAY, &arrow, error);
         patron_arrow_close(PATRON_ARROW_ARRAY, arrow);
         return status;
       }},
      {"patron_cancel_create", Kind::kNone,
       [](void*, patron_error* error) {
         return handing_out<patron_cancel>(patron_cancel_close, [&](patron_cancel** out) {
           return patron_cancel_create(out, error);
         });
       }},
      {"patron_workspace_create", Kind::kNone,
       [](void*, patron_error* error) {
         return handing_out<patron_workspace>(patron_workspace_close, [&](patron_workspace** out) {
           return patron_workspace_create(out, error);
         });
       }},
      {"patron_segments_named", Kind::kNone,
       [](void*, patron_error* error) {
         return handing_out<patron_segments>(patron_segments_close, [&](patron_segments** out) {
           return patron_segments_named("eleven", 6, out, error);
         });
       }},
      {"patron_segments_parse", Kind::kNone,
       [](void*, patron_error* error) {
         return handing_out<patron_segments>(patron_segments_close, [&](patron_segments** out) {
           return patron_segments_parse(kJsonRows.data(), kJsonRows.size(), 5, out, error);
         });
       }},
      {"patron_cuts_parse", Kind::kNone,
       [](void*, patron_error* error) {
         static const World* world = new World;
         const patron_str json = patron_buffer_text(world->buffer.get());
         return handing_out<patron_cuts>(patron_cuts_close, [&](patron_cuts** out) {
           return patron_cuts_parse(json.data, json.size, out, error);
         });
       }},
  };
}

}  // namespace

patron_rfm_options orders_options() {
  patron_rfm_options options = PATRON_RFM_OPTIONS_INIT;
  options.customer = patron_str_of("customer");
  options.time = patron_str_of("day");
  options.amount = patron_str_of("amount");
  return options;
}

patron_nps_options scores_options() {
  patron_nps_options options = PATRON_NPS_OPTIONS_INIT;
  options.score = patron_str_of("customer");
  return options;
}

patron_ltv_summary_options summary_options() {
  patron_ltv_summary_options options = PATRON_LTV_SUMMARY_OPTIONS_INIT;
  options.customer = patron_str_of("customer");
  options.time = patron_str_of("day");
  options.amount = patron_str_of("amount");
  return options;
}

patron_ltv_historic_options historic_options() {
  patron_ltv_historic_options options = PATRON_LTV_HISTORIC_OPTIONS_INIT;
  options.customer = patron_str_of("customer");
  options.time = patron_str_of("day");
  options.amount = patron_str_of("amount");
  return options;
}

patron_ltv_columns ages_columns() {
  patron_ltv_columns columns = PATRON_LTV_COLUMNS_INIT;
  columns.frequency = patron_str_of("customer");
  columns.T = patron_str_of("amount");
  return columns;
}

patron_ltv_fit_options nbd_options(const patron_ltv_columns* columns) {
  patron_ltv_fit_options options = PATRON_LTV_FIT_OPTIONS_INIT;
  options.columns = columns;
  options.penalty = 0.01;
  return options;
}

patron_column view_of(const patron_table* table, const char* name) {
  patron_error error = PATRON_ERROR_INIT;
  patron_column view = PATRON_COLUMN_INIT;
  int32_t index = -1;
  EXPECT_EQ(patron_table_find(table, name, std::string_view(name).size(), &index, &error),
            PATRON_OK)
      << error.message;
  EXPECT_EQ(patron_table_column(table, index, 0, &view, &error), PATRON_OK) << error.message;
  return view;
}

std::vector<std::string> texts_of(const patron_table* table, const char* name) {
  const patron_column view = view_of(table, name);
  const bool coded = view.type == PATRON_TYPE_DICTIONARY;
  const patron_column& words = coded ? *view.dictionary : view;
  const auto offset = [&](int64_t i) -> int64_t {
    i += words.offset;
    return words.type == PATRON_TYPE_LARGE_STRING ? static_cast<const int64_t*>(words.offsets)[i]
                                                  : static_cast<const int32_t*>(words.offsets)[i];
  };
  std::vector<std::string> out;
  for (int64_t i = 0; i < view.length; ++i) {
    const int64_t bit = view.offset + i;
    if (view.validity != nullptr && (view.validity[bit / 8] >> (bit % 8) & 1) == 0) {
      out.emplace_back("(null)");
      continue;
    }
    const int64_t at = coded ? static_cast<const int8_t*>(view.values)[bit] : i;
    out.emplace_back(words.bytes + offset(at), words.bytes + offset(at + 1));
  }
  return out;
}

World::World() : table(orders.table()) {
  patron_cancel* token = nullptr;
  EXPECT_EQ(patron_cancel_create(&token, nullptr), PATRON_OK);
  cancel.reset(token);
  patron_workspace* kept = nullptr;
  EXPECT_EQ(patron_workspace_create(&kept, nullptr), PATRON_OK);
  workspace.reset(kept);
  patron_segments* eleven = nullptr;
  EXPECT_EQ(patron_segments_named("eleven", 6, &eleven, nullptr), PATRON_OK);
  segments.reset(eleven);
  const patron_rfm_options options = orders_options();
  patron_error error = PATRON_ERROR_INIT;
  patron_rfm* scored = nullptr;
  EXPECT_EQ(patron_rfm_compute(table.get(), &options, &scored, &error), PATRON_OK) << error.message;
  rfm.reset(scored);
  patron_cuts* learned = nullptr;
  EXPECT_EQ(patron_rfm_cuts(scored, &learned, nullptr), PATRON_OK);
  cuts.reset(learned);
  buffer = make_buffer(learned);
  const int64_t seats = 1;
  patron_rank_options top = PATRON_RANK_OPTIONS_INIT;
  top.top = &seats;
  patron_rank* ranked = nullptr;
  EXPECT_EQ(patron_rank_compute(table.get(), "amount", 6, &top, &ranked, &error), PATRON_OK)
      << error.message;
  rank.reset(ranked);
  const patron_nps_options responses = scores_options();
  patron_nps* scored_responses = nullptr;
  EXPECT_EQ(patron_nps_compute(table.get(), &responses, &scored_responses, &error), PATRON_OK)
      << error.message;
  nps.reset(scored_responses);
  const patron_ltv_summary_options weeks = summary_options();
  patron_ltv_summary* summarised = nullptr;
  EXPECT_EQ(patron_ltv_summary_compute(table.get(), &weeks, &summarised, &error), PATRON_OK)
      << error.message;
  ltv_summary.reset(summarised);
  const patron_ltv_historic_options past = historic_options();
  patron_ltv_historic* valued = nullptr;
  EXPECT_EQ(patron_ltv_historic_compute(table.get(), &past, &valued, &error), PATRON_OK)
      << error.message;
  ltv_historic.reset(valued);
  const patron_ltv_columns ages = ages_columns();
  const patron_ltv_fit_options fitting = nbd_options(&ages);
  patron_ltv* fitted = nullptr;
  EXPECT_EQ(patron_ltv_fit(table.get(), PATRON_LTV_MODEL_NBD, &fitting, &fitted, &error), PATRON_OK)
      << error.message;
  ltv.reset(fitted);
  spend = make_ltv(PATRON_LTV_MODEL_GAMMA_GAMMA, {6.25, 3.74, 15.44});
  policy = make_policy(kShopPolicy);
  engine = make_engine();
  ranking = make_ranked_engine();
  untaught = make_ranked_engine();
  calibration = calibrated(ranking.get());
  snapshot = snapshot_of(engine.get());
  keyed = make_engine_of_orders(kKeyedPolicy);
  people_pairs = people.pairs(), people_keys = people.keys();
  live_policy = make_policy(kLivePolicy);
  live_events = live.events(), live_values = live.values(), live_keys = live.keys();
  schema = make_schema(
      R"({"fields": {"day": "date", "tier": {"type": "enum", "values": ["silver", "gold"]}}})");
  expression = make_expression(make_schema(R"({"fields": {"day": "date"}})").get(),
                               "day >= date('2026-01-15')");
}

void* World::handle(Kind kind) const {
  switch (kind) {
    case Kind::kNone:
      return nullptr;
    case Kind::kBuffer:
      return buffer.get();
    case Kind::kTable:
      return table.get();
    case Kind::kCancel:
      return cancel.get();
    case Kind::kWorkspace:
      return workspace.get();
    case Kind::kSegments:
      return segments.get();
    case Kind::kCuts:
      return cuts.get();
    case Kind::kRfm:
      return rfm.get();
    case Kind::kRank:
      return rank.get();
    case Kind::kNps:
      return nps.get();
    case Kind::kLtvSummary:
      return ltv_summary.get();
    case Kind::kLtvHistoric:
      return ltv_historic.get();
    case Kind::kLtv:
      return ltv.get();
    case Kind::kPolicy:
      return policy.get();
    case Kind::kEngine:
      return engine.get();
    case Kind::kCalibration:
      return calibration.get();
    case Kind::kSnapshot:
      return snapshot.get();
    case Kind::kSchema:
      return schema.get();
    case Kind::kExpression:
      return expression.get();
  }
  return nullptr;
}

const std::vector<Call>& calls() {
  static const std::vector<Call> all = [] {
    std::vector<Call> out = plain_calls();
    for (const auto& more : {table_calls(), value_calls(), ltv_calls(), policy_calls(),
                             engine_calls(), expression_calls()}) {
      out.insert(out.end(), more.begin(), more.end());
    }
    return out;
  }();
  return all;
}

TEST(World, EveryCallOfTheListSucceeds) {
  const World world;
  for (const Call& call : calls()) {
    patron_error error = PATRON_ERROR_INIT;
    EXPECT_EQ(call.run(world.handle(call.kind), &error), PATRON_OK)
        << call.name << ": " << error.message;
  }
}

// (The case also keeps this file in builds of the thread tests alone, which need it.)
TEST(World, OfOneThreadServesAnotherThread) {
  std::unique_ptr<World> world;
  std::thread([&] { world = std::make_unique<World>(); }).join();
  for (const Call& call : calls()) {
    EXPECT_EQ(call.run(world->handle(call.kind), nullptr), PATRON_OK) << call.name;
  }
}

}  // namespace patron::test
