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
               EXPECT_EQ(refused == nullptr, status != PATRON_OK);
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
      ask<patron_table>("patron_engine_profiles", "two tags",
                        [](const patron_engine* engine, patron_table** out, patron_error* error) {
                          const patron_str tags[] = {patron_str_of("spend"), patron_str_of("tier")};
                          return patron_engine_profiles(engine, tags, 2, out, error);
                        }),
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

}  // namespace

std::vector<Case> engine_cases() {
  std::vector<Case> cases = changes();
  const std::vector<Case> more = questions();
  cases.insert(cases.end(), more.begin(), more.end());
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
