// Engines: opened, filled, moved, asked. Where memory runs out in the middle of a change, the
// engine says so and refuses the next one; it never answers with half of it.
#include <functional>

#include "tests/allocation/attempt.h"

namespace patron::test {
namespace {

constexpr int64_t kDay = 86'400'000'000;

std::string state_of(const patron_engine* engine) {
  patron_buffer* hash = nullptr;
  EXPECT_EQ(patron_engine_state_hash(engine, &hash, nullptr), PATRON_OK);
  return text(patron_buffer_text(Buffer(hash).get()));
}

// What a change says: how many facts there were and are, and the state where it went well.
std::string facts_of(const patron_engine* engine) {
  patron_engine_info info = PATRON_ENGINE_INFO_INIT;
  EXPECT_EQ(patron_engine_describe(engine, &info, nullptr), PATRON_OK);
  return std::to_string(info.events) + " " + std::to_string(info.values);
}

using Change = std::function<patron_status(patron_engine*, patron_error*)>;

Engine empty_engine() {
  const Policy policy = make_policy(kLivePolicy);
  patron_engine* out = nullptr;
  EXPECT_EQ(patron_engine_open(policy.get(), nullptr, &out, nullptr), PATRON_OK);
  return Engine(out);
}

Case change(const char* function, const char* name, bool filled, const Change& run) {
  return {function, name, [filled, run](Attempt& attempt) {
            const Engine engine = filled ? make_engine() : empty_engine();
            attempt.call([&](patron_error* error) { return run(engine.get(), error); });
            if (attempt.status == PATRON_OK) {
              attempt.bytes = facts_of(engine.get()) + state_of(engine.get());
              return;
            }
          }};
}

template <typename Handle, typename Function>
Case ask(const char* function, const char* name, const Function& run) {
  return {function, name, [run](Attempt& attempt) {
            const Engine engine = make_engine();
            attempt.hand_out<Handle>(
                [&](Handle** out, patron_error* error) { return run(engine.get(), out, error); });
          }};
}

std::vector<Case> changes() {
  return {
      change("patron_engine_ingest", "six orders", false,
             [](patron_engine* engine, patron_error* error) {
               static const LiveFacts facts;
               static const Table events = facts.events();
               return patron_engine_ingest(engine, "orders", 6, events.get(), nullptr, nullptr,
                                           nullptr, error);
             }),
      change("patron_engine_ingest", "late orders, one of them bad, with a list", true,
             [](patron_engine* engine, patron_error* error) {
               static const LiveFacts facts = [] {
                 LiveFacts out;
                 out.letters = "uvwxyz";
                 out.orders.amount[5] = 1e300;
                 return out;
               }();
               static const Table events = facts.events();
               patron_table* refused = nullptr;
               patron_ingest_report report = PATRON_INGEST_REPORT_INIT;
               const patron_status status = patron_engine_ingest(engine, "orders", 6, events.get(),
                                                                 nullptr, &report, &refused, error);
               EXPECT_TRUE(refused == nullptr || status == PATRON_OK);
               patron_table_close(refused);
               return status;
             }),
      change("patron_engine_add", "an event", false,
             [](patron_engine* engine, patron_error* error) {
               static const LiveEvent* event = new LiveEvent;
               return patron_engine_add(engine, 0, &event->event, 1, nullptr, nullptr, nullptr,
                                        error);
             }),
      change("patron_engine_set_attributes", "a value", false,
             [](patron_engine* engine, patron_error* error) {
               static const LiveFacts facts;
               static const Table values = facts.values();
               return patron_engine_set_attributes(engine, values.get(), nullptr, nullptr, nullptr,
                                                   error);
             }),
      change("patron_engine_delete", "an order", true,
             [](patron_engine* engine, patron_error* error) {
               static const LiveFacts facts = [] {
                 LiveFacts out;
                 out.key_customer[0] = 3;
                 return out;
               }();
               static const Table keys = facts.keys();
               return patron_engine_delete(engine, "orders", 6, keys.get(), nullptr, nullptr,
                                           nullptr, error);
             }),
      change("patron_engine_advance", "until somebody drops", true,
             [](patron_engine* engine, patron_error* error) {
               return patron_engine_advance(engine, 20600 * kDay, nullptr, error);
             }),
  };
}

std::vector<Case> questions() {
  return {
      ask<patron_table>("patron_engine_columns", "of orders",
                        [](const patron_engine* engine, patron_table** out, patron_error* error) {
                          return patron_engine_columns(engine, 0, out, error);
                        }),
      ask<patron_table>("patron_engine_transitions", "five",
                        [](const patron_engine* engine, patron_table** out, patron_error* error) {
                          return patron_engine_transitions(engine, 0, 10, out, error);
                        }),
      ask<patron_table>("patron_engine_history", "two",
                        [](const patron_engine* engine, patron_table** out, patron_error* error) {
                          return patron_engine_history(engine, 3, nullptr, 0, out, error);
                        }),
      ask<patron_table>("patron_engine_classes", "everybody",
                        [](const patron_engine* engine, patron_table** out, patron_error* error) {
                          return patron_engine_classes(engine, nullptr, out, error);
                        }),
      ask<patron_table>("patron_engine_classes", "some",
                        [](const patron_engine* engine, patron_table** out, patron_error* error) {
                          static const LiveFacts facts;
                          static const Table some = facts.events();
                          return patron_engine_classes(engine, some.get(), out, error);
                        }),
      ask<patron_table>("patron_engine_profiles", "two tags of some",
                        [](const patron_engine* engine, patron_table** out, patron_error* error) {
                          static const LiveFacts facts;
                          static const Table some = facts.events();
                          const patron_str tags[] = {patron_str_of("spend"), patron_str_of("tier")};
                          patron_profiles_options options = PATRON_PROFILES_OPTIONS_INIT;
                          options.tags = tags, options.tag_count = 2;
                          options.customers = some.get();
                          return patron_engine_profiles(engine, &options, out, error);
                        }),
      ask<patron_table>("patron_engine_profile", "one",
                        [](const patron_engine* engine, patron_table** out, patron_error* error) {
                          return patron_engine_profile(engine, 3, nullptr, 0, out, error);
                        }),
      ask<patron_buffer>("patron_engine_explain", "a ladder, as JSON",
                         [](const patron_engine* engine, patron_buffer** out, patron_error* error) {
                           return patron_engine_explain(engine, 1, nullptr, 0, "tier", 4, nullptr,
                                                        0, nullptr, out, error);
                         }),
      ask<patron_table>("patron_engine_history_table", "everybody", patron_engine_history_table),
      ask<patron_table>("patron_engine_distribution", "a ladder",
                        [](const patron_engine* engine, patron_table** out, patron_error* error) {
                          return patron_engine_distribution(engine, "tier", 4, out, error);
                        }),
      ask<patron_table>("patron_engine_forecast", "somebody drops",
                        [](const patron_engine* engine, patron_table** out, patron_error* error) {
                          return patron_engine_forecast(engine, 20600 * kDay, "tier", 4, nullptr,
                                                        out, error);
                        }),
      ask<patron_buffer>("patron_engine_state_hash", "three customers", patron_engine_state_hash),
  };
}

std::string bytes_of(patron_buffer* buffer) {
  const Buffer kept(buffer);
  return text(patron_buffer_text(buffer));
}

const std::string& summary() {
  static const std::string bytes = [] {
    patron_buffer* out = nullptr;
    EXPECT_EQ(patron_engine_summary_for_merge(make_ranked_engine().get(), &out, nullptr),
              PATRON_OK);
    return bytes_of(out);
  }();
  return bytes;
}

const std::string& document() {
  static const std::string text = [] {
    patron_buffer* out = nullptr;
    const Engine engine = make_ranked_engine();
    EXPECT_EQ(patron_calibration_to_json(calibrated(engine.get()).get(), &out, nullptr), PATRON_OK);
    return bytes_of(out);
  }();
  return text;
}

template <typename Handle, typename Function>
Case ranked(const char* function, const Function& run) {
  return {function, "ranks", [run](Attempt& attempt) {
            const Engine engine = make_ranked_engine();
            attempt.hand_out<Handle>(
                [&](Handle** out, patron_error* error) { return run(engine.get(), out, error); });
          }};
}

template <typename Handle, typename Function>
Case of_constants(const char* function, const Function& run) {
  return {function, "ranks", [run](Attempt& attempt) {
            const Engine engine = make_ranked_engine();
            const Calibration constants = calibrated(engine.get());
            attempt.hand_out<Handle>([&](Handle** out, patron_error* error) {
              return run(constants.get(), out, error);
            });
          }};
}

std::vector<Case> calibrations() {
  return {
      ranked<patron_calibration>("patron_engine_calibrate", patron_engine_calibrate),
      ranked<patron_calibration>("patron_engine_calibration", patron_engine_calibration),
      ranked<patron_table>("patron_engine_calibrations",
                           [](patron_engine* engine, patron_table** out, patron_error* error) {
                             return patron_engine_calibrations(engine, out, error);
                           }),
      ranked<patron_buffer>("patron_engine_summary_for_merge", patron_engine_summary_for_merge),
      ranked<patron_calibration>(
          "patron_engine_learn",
          [](patron_engine* engine, patron_calibration** out, patron_error* error) {
            return patron_engine_learn(engine, summary().data(), summary().size(), out, error);
          }),
      {"patron_engine_set_calibration", "ranks",
       [](Attempt& attempt) {
         const Engine engine = make_ranked_engine(), other = make_ranked_engine();
         const Calibration constants = calibrated(other.get());
         attempt.call([&](patron_error* error) {
           return patron_engine_set_calibration(engine.get(), constants.get(), error);
         });
         if (attempt.status == PATRON_OK) attempt.bytes = state_of(engine.get());
       }},
      {"patron_summaries_merge", "one part",
       [](Attempt& attempt) {
         const patron_str parts[] = {str(summary())};
         attempt.hand_out<patron_buffer>([&](patron_buffer** out, patron_error* error) {
           return patron_summaries_merge(parts, 1, out, error);
         });
       }},
      {"patron_calibration_parse", "ranks",
       [](Attempt& attempt) {
         const std::string& json = document();
         attempt.hand_out<patron_calibration>([&](patron_calibration** out, patron_error* error) {
           return patron_calibration_parse(json.data(), json.size(), out, error);
         });
       }},
      of_constants<patron_buffer>("patron_calibration_to_json", patron_calibration_to_json),
      of_constants<patron_table>("patron_calibration_report", patron_calibration_report),
      {"patron_calibration_describe", "ranks",
       [](Attempt& attempt) {
         const Engine engine = make_ranked_engine();
         const Calibration constants = calibrated(engine.get());
         patron_calibration_info info = PATRON_CALIBRATION_INFO_INIT;
         attempt.call(
             [&](patron_error* error) {
               return patron_calibration_describe(constants.get(), &info, error);
             },
             [&] { return std::to_string(info.number); });
       }},
      {"patron_calibration_close", "ranks",
       [](Attempt& attempt) {
         const Engine engine = make_ranked_engine();
         patron_calibration* constants = calibrated(engine.get()).release();
         attempt.nothing([&] { patron_calibration_close(constants); });
       }},
  };
}

Case people_change(const char* function, const Change& run) {
  return {function, "of three customers", [run](Attempt& attempt) {
            const Engine engine = make_engine_of_orders(kKeyedPolicy);
            const std::string before = state_of(engine.get());
            attempt.call([&](patron_error* error) { return run(engine.get(), error); });
            const std::string after = state_of(engine.get());
            if (attempt.status == PATRON_OK) {
              attempt.bytes = after;
            } else {
              EXPECT_EQ(after, before) << "a failed call changed somebody";
            }
          }};
}

template <typename Function>
Case people_question(const char* function, const Function& run) {
  return {
      function, "of three customers", [run](Attempt& attempt) {
        const Engine engine = make_engine_of_orders(kKeyedPolicy);
        const LivePeople people;
        const patron_override pin = gold_pin();
        EXPECT_EQ(patron_engine_claim(engine.get(), people.keys().get(), nullptr, nullptr, nullptr),
                  PATRON_OK);
        EXPECT_EQ(patron_engine_override(engine.get(), 2, nullptr, 0, &pin, nullptr), PATRON_OK);
        EXPECT_EQ(patron_engine_advance(engine.get(), kLiveNow, nullptr, nullptr), PATRON_OK);
        attempt.hand_out<patron_table>(
            [&](patron_table** out, patron_error* error) { return run(engine.get(), out, error); });
      }};
}

std::vector<Case> people() {
  return {
      people_change("patron_engine_link",
                    [](patron_engine* engine, patron_error* error) {
                      return patron_engine_link(engine, 1, nullptr, 0, 3, nullptr, 0, nullptr,
                                                error);
                    }),
      people_change("patron_engine_link_pairs",
                    [](patron_engine* engine, patron_error* error) {
                      static const LivePeople people;
                      static const Table pairs = people.pairs();
                      return patron_engine_link_pairs(engine, pairs.get(), nullptr, nullptr, error);
                    }),
      people_change("patron_engine_claim",
                    [](patron_engine* engine, patron_error* error) {
                      static const LivePeople people;
                      static const Table keys = people.keys();
                      return patron_engine_claim(engine, keys.get(), nullptr, nullptr, error);
                    }),
      people_change("patron_engine_forget",
                    [](patron_engine* engine, patron_error* error) {
                      int32_t found = 0;
                      return patron_engine_forget(engine, 3, nullptr, 0, &found, error);
                    }),
      people_change("patron_engine_override",
                    [](patron_engine* engine, patron_error* error) {
                      const patron_override pin = gold_pin();
                      return patron_engine_override(engine, 1, nullptr, 0, &pin, error);
                    }),
      people_question("patron_engine_key_meetings", patron_engine_key_meetings),
      people_question("patron_engine_identities",
                      [](const patron_engine* engine, patron_table** out, patron_error* error) {
                        return patron_engine_identities(engine, nullptr, out, error);
                      }),
      {"patron_engine_customer_of", "of three customers",
       [](Attempt& attempt) {
         const Engine engine = make_engine_of_orders(kKeyedPolicy);
         patron_identity found = PATRON_IDENTITY_INIT;
         attempt.call(
             [&](patron_error* error) {
               return patron_engine_customer_of(engine.get(), 3, nullptr, 0, &found, error);
             },
             [&] { return std::to_string(found.number); });
       }},
      people_question("patron_engine_overrides",
                      [](const patron_engine* engine, patron_table** out, patron_error* error) {
                        return patron_engine_overrides(engine, 2, nullptr, 0, out, error);
                      }),
      {"patron_engine_unlink", "of three customers",
       [](Attempt& attempt) {
         const Engine engine = make_engine_of_orders(kKeyedPolicy);
         EXPECT_EQ(patron_engine_link(engine.get(), 1, nullptr, 0, 3, nullptr, 0, nullptr, nullptr),
                   PATRON_OK);
         EXPECT_EQ(patron_engine_advance(engine.get(), kLiveNow, nullptr, nullptr), PATRON_OK);
         attempt.call([&](patron_error* error) {
           return patron_engine_unlink(engine.get(), 1, nullptr, 0, 3, nullptr, 0, error);
         });
         if (attempt.status == PATRON_OK) attempt.bytes = state_of(engine.get());
       }},
      {"patron_engine_unlink_pairs", "of three customers",
       [](Attempt& attempt) {
         const Engine engine = make_engine_of_orders(kKeyedPolicy);
         const LivePeople people;
         const Table pairs = people.pairs();
         EXPECT_EQ(patron_engine_link_pairs(engine.get(), pairs.get(), nullptr, nullptr, nullptr),
                   PATRON_OK);
         attempt.call([&](patron_error* error) {
           return patron_engine_unlink_pairs(engine.get(), pairs.get(), nullptr, nullptr, error);
         });
         if (attempt.status == PATRON_OK) attempt.bytes = state_of(engine.get());
       }},
      {"patron_engine_clear_override", "of three customers",
       [](Attempt& attempt) {
         const Engine engine = make_engine_of_orders(kKeyedPolicy);
         const patron_override pin = gold_pin();
         EXPECT_EQ(patron_engine_override(engine.get(), 1, nullptr, 0, &pin, nullptr), PATRON_OK);
         attempt.call([&](patron_error* error) {
           return patron_engine_clear_override(engine.get(), 1, nullptr, 0, "tier", 4,
                                               PATRON_OVERRIDE_PIN, error);
         });
         if (attempt.status == PATRON_OK) attempt.bytes = state_of(engine.get());
       }},
  };
}

}  // namespace

std::vector<Case> engine_cases() {
  std::vector<Case> cases = changes();
  for (const std::vector<Case>& more : {questions(), calibrations(), people()}) {
    cases.insert(cases.end(), more.begin(), more.end());
  }
  cases.push_back({"patron_engine_open", "a policy", [](Attempt& attempt) {
                     const Policy policy = make_policy(kLivePolicy);
                     attempt.hand_out<patron_engine>([&](patron_engine** out, patron_error* error) {
                       return patron_engine_open(policy.get(), nullptr, out, error);
                     });
                   }});
  cases.push_back({"patron_engine_describe", "an engine", [](Attempt& attempt) {
                     const Engine engine = make_engine();
                     patron_engine_info info = PATRON_ENGINE_INFO_INIT;
                     attempt.call(
                         [&](patron_error* error) {
                           return patron_engine_describe(engine.get(), &info, error);
                         },
                         [&] { return std::to_string(info.transitions); });
                   }});
  cases.push_back({"patron_engine_measure", "an engine", [](Attempt& attempt) {
                     const Engine engine = make_engine();
                     patron_engine_memory memory = PATRON_ENGINE_MEMORY_INIT;
                     attempt.call(
                         [&](patron_error* error) {
                           return patron_engine_measure(engine.get(), &memory, error);
                         },
                         [&] { return std::to_string(memory.events); });
                   }});
  cases.push_back({"patron_engine_find_stream", "there", [](Attempt& attempt) {
                     const Engine engine = make_engine();
                     attempt.value(
                         [&] { return patron_engine_find_stream(engine.get(), "orders", 6); });
                   }});
  cases.push_back({"patron_engine_close", "an engine", [](Attempt& attempt) {
                     Engine engine = make_engine();
                     patron_engine* raw = engine.release();
                     attempt.nothing([&] { patron_engine_close(raw); });
                   }});
  return cases;
}

}  // namespace patron::test
