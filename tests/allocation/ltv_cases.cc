// Models of lifetime value: fits, documents, predictions, values, simulations.
#include <memory>

#include "tests/allocation/attempt.h"
#include "tests/allocation/inputs.h"

namespace patron::test {
namespace {

using Shared = std::shared_ptr<Inputs>;

Shared customers() {
  static const Shared made = [] {
    auto out = std::make_shared<Inputs>();
    out->add("frequency", PATRON_TYPE_DOUBLE, std::vector<double>{0, 1, 2, 4, 3, 7, 1.5, 2});
    out->add("recency", PATRON_TYPE_DOUBLE, std::vector<double>{0, 9, 30, 35, 12, 38, 4, 40});
    out->add("T", PATRON_TYPE_DOUBLE, std::vector<double>{38, 38.5, 38.75, 37, 36.5, 39, 33, 38});
    out->add("money", PATRON_TYPE_DOUBLE, std::vector<double>{0, 22, 40, 35, 18, 61, -2, 44});
    out->add("whole", PATRON_TYPE_INT64, std::vector<int64_t>{0, 1, 2, 4, 3, 7, 1, 2});
    out->add("chances", PATRON_TYPE_INT64, std::vector<int64_t>{9, 9, 9, 9, 9, 9, 9, 1});
    out->add("ended", PATRON_TYPE_INT64, std::vector<int64_t>{1, 1, 0, 1, 1, 0, 1, 1});
    return out;
  }();
  return made;
}

struct Asked {
  int32_t model = PATRON_LTV_MODEL_BG_NBD;
  int32_t interval = PATRON_LTV_INTERVAL_NONE;
  int32_t on_bad_row = PATRON_BAD_ROW_REFUSE;
  const char* T = "T";
  double penalty = 0.01;
};

patron_ltv_columns columns_of(const Asked& asked) {
  const bool discrete = asked.model == PATRON_LTV_MODEL_BG_BB;
  patron_ltv_columns columns = PATRON_LTV_COLUMNS_INIT;
  columns.frequency = patron_str_of(discrete ? "whole" : "frequency");
  columns.recency = patron_str_of(discrete ? "whole" : "recency");
  columns.T = patron_str_of(asked.T);
  columns.monetary = patron_str_of("money");
  columns.churned = patron_str_of("ended");
  return columns;
}

patron_status fit(const Asked& asked, patron_ltv** out, patron_error* error) {
  const patron_ltv_columns columns = columns_of(asked);
  patron_ltv_fit_options options = PATRON_LTV_FIT_OPTIONS_INIT;
  options.columns = &columns;
  options.penalty = asked.penalty;
  options.on_bad_row = asked.on_bad_row;
  return patron_ltv_fit(customers()->table(), asked.model, &options, out, error);
}

Case fitted(const char* name, const Asked& asked, patron_status expected = PATRON_OK) {
  return {"patron_ltv_fit", name,
          [asked](Attempt& attempt) {
            (void)customers()->table();
            attempt.hand_out<patron_ltv>(
                [&](patron_ltv** out, patron_error* error) { return fit(asked, out, error); });
          },
          expected};
}

Ltv fitted(const Asked& asked) {
  patron_ltv* out = nullptr;
  EXPECT_EQ(fit(asked, &out, nullptr), PATRON_OK);
  return Ltv(out);
}

Case parsed(const char* name, const std::string& json, patron_status expected) {
  return {"patron_ltv_parse", name,
          [json](Attempt& attempt) {
            attempt.hand_out<patron_ltv>([&](patron_ltv** out, patron_error* error) {
              return patron_ltv_parse(json.data(), json.size(), out, error);
            });
          },
          expected};
}

Case created(const char* name, std::vector<double> values, patron_status expected = PATRON_OK) {
  return {"patron_ltv_create", name,
          [values](Attempt& attempt) {
            attempt.hand_out<patron_ltv>([&](patron_ltv** out, patron_error* error) {
              return patron_ltv_create(PATRON_LTV_MODEL_SBG, values.data(), values.size(),
                                       PATRON_LTV_UNIT_YEAR, out, error);
            });
          },
          expected};
}

Case one(const char* name, const Asked& asked, int32_t quantity,
         patron_status expected = PATRON_OK) {
  return {"patron_ltv_predict_one", name,
          [=](Attempt& attempt) {
            const Ltv ltv = fitted(asked);
            const double horizon = 10;
            patron_ltv_customer who = PATRON_LTV_CUSTOMER_INIT;
            who.frequency = 2, who.recency = 3, who.T = 9, who.monetary = 5;
            patron_ltv_query query = PATRON_LTV_QUERY_INIT;
            query.quantity = quantity;
            query.horizon = &horizon;
            query.interval = asked.interval;
            patron_ltv_prediction prediction = PATRON_LTV_PREDICTION_INIT;
            attempt.call(
                [&](patron_error* error) {
                  return patron_ltv_predict_one(ltv.get(), &who, &query, &prediction, error);
                },
                [&] { return std::to_string(prediction.value) + std::to_string(prediction.low); });
          },
          expected};
}

Case rows(const char* name, const Asked& asked, int32_t quantity,
          patron_status expected = PATRON_OK) {
  return {"patron_ltv_predict", name,
          [=](Attempt& attempt) {
            Asked sound = asked;
            sound.on_bad_row = PATRON_BAD_ROW_REFUSE;
            if (asked.T[0] == 't') sound.T = "T";
            const Ltv ltv = fitted(sound);
            const double horizon = 10;
            const patron_ltv_columns columns = columns_of(asked);
            patron_ltv_query query = PATRON_LTV_QUERY_INIT;
            query.quantity = quantity;
            query.horizon = &horizon;
            query.interval = asked.interval;
            patron_ltv_predict_options options = PATRON_LTV_PREDICT_OPTIONS_INIT;
            options.columns = &columns;
            options.query = &query;
            options.on_bad_row = asked.on_bad_row;
            patron_table* refused = nullptr;
            attempt.hand_out<patron_table>([&](patron_table** out, patron_error* error) {
              return patron_ltv_predict(ltv.get(), customers()->table(), &options, out, &refused,
                                        error);
            });
            EXPECT_EQ(refused == nullptr, attempt.status != PATRON_OK);
            if (refused != nullptr) attempt.bytes += contents_of(refused);
            patron_table_close(refused);
          },
          expected};
}

Case valued(const char* name, const Asked& asked, patron_status expected = PATRON_OK) {
  return {"patron_ltv_value", name,
          [=](Attempt& attempt) {
            const Ltv often = fitted({});
            Asked money;
            money.model = PATRON_LTV_MODEL_GAMMA_GAMMA;
            const Ltv spend = fitted(money);
            const double horizon = 10;
            const patron_ltv_columns columns = columns_of(asked);
            patron_ltv_value_options options = PATRON_LTV_VALUE_OPTIONS_INIT;
            options.columns = &columns;
            options.horizon = &horizon;
            options.interval = asked.interval;
            options.on_bad_row = asked.on_bad_row;
            patron_table* refused = nullptr;
            attempt.hand_out<patron_table>([&](patron_table** out, patron_error* error) {
              return patron_ltv_value(often.get(), spend.get(), customers()->table(), &options, out,
                                      &refused, error);
            });
            EXPECT_EQ(refused == nullptr, attempt.status != PATRON_OK);
            if (refused != nullptr) attempt.bytes += contents_of(refused);
            patron_table_close(refused);
          },
          expected};
}

Case simulated(const char* name, const Asked& asked, double T, bool with_events,
               patron_status expected = PATRON_OK) {
  return {"patron_ltv_simulate", name,
          [=](Attempt& attempt) {
            const Ltv ltv = fitted(asked);
            const int64_t orders[3] = {1, 2, 1};
            patron_ltv_simulation options = PATRON_LTV_SIMULATION_INIT;
            options.customers = 3;
            options.T = T;
            if (asked.model == PATRON_LTV_MODEL_GAMMA_GAMMA) options.orders_each = orders;
            patron_table* events = nullptr;
            attempt.hand_out<patron_table>([&](patron_table** out, patron_error* error) {
              return patron_ltv_simulate(ltv.get(), &options, out, with_events ? &events : nullptr,
                                         error);
            });
            EXPECT_EQ(events == nullptr, attempt.status != PATRON_OK || !with_events);
            if (events != nullptr) attempt.bytes += contents_of(events);
            patron_table_close(events);
          },
          expected};
}

Asked of(int32_t model, const char* T = "T") {
  Asked asked;
  asked.model = model;
  asked.T = T;
  return asked;
}

std::vector<Case> fits() {
  Asked fails, absent, ridge;
  fails.on_bad_row = PATRON_BAD_ROW_FAIL;
  absent.T = "tea";
  ridge.penalty = 0;
  return {fitted("NBD", of(PATRON_LTV_MODEL_NBD)),
          fitted("BG/NBD", of(PATRON_LTV_MODEL_BG_NBD)),
          fitted("MBG/NBD", of(PATRON_LTV_MODEL_MBG_NBD)),
          fitted("Pareto/NBD", of(PATRON_LTV_MODEL_PARETO_NBD)),
          fitted("BG/BB", of(PATRON_LTV_MODEL_BG_BB, "chances")),
          fitted("sBG", of(PATRON_LTV_MODEL_SBG, "chances")),
          fitted("BdW", of(PATRON_LTV_MODEL_BDW, "chances")),
          fitted("Gamma-Gamma", of(PATRON_LTV_MODEL_GAMMA_GAMMA)),
          fitted("without a penalty", ridge),
          fitted("a bad row that fails the call", fails, PATRON_E_ARGUMENT),
          fitted("no such column", absent, PATRON_E_COLUMN)};
}

std::vector<Case> predictions() {
  Asked confidence, prediction, fails, absent;
  confidence.interval = PATRON_LTV_INTERVAL_CONFIDENCE;
  prediction.interval = PATRON_LTV_INTERVAL_PREDICTION;
  fails.on_bad_row = PATRON_BAD_ROW_FAIL;
  absent.T = "tea";
  Asked contract = of(PATRON_LTV_MODEL_SBG, "chances");
  const int32_t purchases = PATRON_LTV_QUANTITY_EXPECTED_PURCHASES;
  return {
      one("expected purchases", {}, purchases),
      one("their confidence interval", confidence, purchases),
      one("their prediction interval", prediction, purchases),
      one("expected spend", of(PATRON_LTV_MODEL_GAMMA_GAMMA), PATRON_LTV_QUANTITY_EXPECTED_SPEND),
      one("a contract", contract, PATRON_LTV_QUANTITY_RESIDUAL_LIFETIME),
      one("what the model has not", {}, PATRON_LTV_QUANTITY_RETENTION_RATE, PATRON_E_ARGUMENT),
      rows("expected purchases", {}, purchases),
      rows("probabilities to be alive", {}, PATRON_LTV_QUANTITY_PROBABILITY_ALIVE),
      rows("confidence intervals", confidence, purchases),
      rows("prediction intervals", prediction, purchases),
      rows("a bad row that fails the call", fails, purchases, PATRON_E_ARGUMENT),
      rows("no such column", absent, purchases, PATRON_E_COLUMN),
      valued("values", {}),
      valued("values with intervals", confidence),
      valued("a bad row that fails the call", fails, PATRON_E_ARGUMENT),
      simulated("purchases and customers", {}, 30, true),
      simulated("customers", of(PATRON_LTV_MODEL_PARETO_NBD), 30, false),
      simulated("opportunities", of(PATRON_LTV_MODEL_BG_BB, "chances"), 5, true),
      simulated("contracts", contract, 5, false),
      simulated("spend", of(PATRON_LTV_MODEL_GAMMA_GAMMA), 0, false),
      simulated("a time that is none", {}, -1, false, PATRON_E_ARGUMENT),
  };
}

template <typename Struct, typename Function>
Case read(const char* name, const Struct& initial, Function* function) {
  return {name, "a fitted model", [=](Attempt& attempt) {
            const Ltv ltv = fitted(Asked());
            Struct out = initial;
            attempt.call([&](patron_error* error) { return function(ltv.get(), &out, error); },
                         [&] { return std::to_string(out.struct_size); });
          }};
}

}  // namespace

std::vector<Case> ltv_cases() {
  const std::string nbd = contents_of(fitted(of(PATRON_LTV_MODEL_NBD)).get());
  std::vector<Case> cases{
      {"patron_ltv_model_name", "a model",
       [](Attempt& attempt) {
         attempt.value([] { return patron_ltv_model_name(PATRON_LTV_MODEL_BDW); });
       }},
      {"patron_ltv_parameter_name", "a parameter",
       [](Attempt& attempt) {
         attempt.value([] { return patron_ltv_parameter_name(PATRON_LTV_MODEL_BDW, 2); });
       }},
      created("two parameters", {0.668, 3.806}),
      created("too many parameters", {1, 2, 3}, PATRON_E_ARGUMENT),
      parsed("a fitted model", nbd, PATRON_OK),
      parsed("a text cut short", nbd.substr(0, nbd.size() / 2), PATRON_E_SYNTAX),
      parsed("another document", "{\"a key that is none of this document\": 1}", PATRON_E_DOCUMENT),
      {"patron_ltv_to_json", "a fitted model",
       [](Attempt& attempt) {
         const Ltv ltv = fitted(Asked());
         attempt.hand_out<patron_buffer>([&](patron_buffer** out, patron_error* error) {
           return patron_ltv_to_json(ltv.get(), out, error);
         });
       }},
      {"patron_ltv_excluded", "a fitted model",
       [](Attempt& attempt) {
         const Ltv ltv = fitted(Asked());
         attempt.hand_out<patron_table>([&](patron_table** out, patron_error* error) {
           return patron_ltv_excluded(ltv.get(), out, error);
         });
       }},
      {"patron_ltv_excluded", "a model by its numbers",
       [](Attempt& attempt) {
         const Ltv ltv = make_ltv(PATRON_LTV_MODEL_SBG, {1, 1});
         attempt.hand_out<patron_table>([&](patron_table** out, patron_error* error) {
           return patron_ltv_excluded(ltv.get(), out, error);
         });
       }},
      read("patron_ltv_read_parameters", patron_ltv_parameters(PATRON_LTV_PARAMETERS_INIT),
           patron_ltv_read_parameters),
      read("patron_ltv_read_report", patron_ltv_report(PATRON_LTV_REPORT_INIT),
           patron_ltv_read_report),
      {"patron_ltv_close", "a fitted model",
       [](Attempt& attempt) {
         patron_ltv* ltv = fitted(Asked()).release();
         attempt.nothing([&] { patron_ltv_close(ltv); });
       }},
  };
  for (const auto& more : {fits(), predictions()})
    cases.insert(cases.end(), more.begin(), more.end());
  return cases;
}

}  // namespace patron::test
