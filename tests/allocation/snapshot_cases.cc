// Snapshots of engines, taken and asked; engines saved and loaded.
#include "tests/allocation/attempt.h"

namespace patron::test {
namespace {

template <typename Function>
Case ask(const char* function, const char* name, const Function& run) {
  return {function, name, [run](Attempt& attempt) {
            const Engine engine = make_engine();
            const Snapshot snapshot = snapshot_of(engine.get());
            attempt.hand_out<patron_table>([&](patron_table** out, patron_error* error) {
              return run(snapshot.get(), out, error);
            });
          }};
}

const std::string& saved_bytes() {
  static const std::string bytes = [] {
    patron_buffer* out = nullptr;
    const Engine engine = make_engine();
    EXPECT_EQ(patron_engine_save(engine.get(), &out, nullptr), PATRON_OK);
    return text(patron_buffer_text(Buffer(out).get()));
  }();
  return bytes;
}

template <typename Function>
Case ask_engine(const char* function, const Function& run) {
  return {function, "three customers", [run](Attempt& attempt) {
            const Engine engine = make_engine();
            attempt.hand_out<patron_table>([&](patron_table** out, patron_error* error) {
              return run(engine.get(), out, error);
            });
          }};
}

}  // namespace

std::vector<Case> snapshot_cases() {
  return {
      {"patron_engine_snapshot", "three customers",
       [](Attempt& attempt) {
         const Engine engine = make_engine();
         attempt.hand_out<patron_snapshot>([&](patron_snapshot** out, patron_error* error) {
           return patron_engine_snapshot(engine.get(), out, error);
         });
       }},
      {"patron_snapshot_describe", "three customers",
       [](Attempt& attempt) {
         const Engine engine = make_engine();
         const Snapshot snapshot = snapshot_of(engine.get());
         patron_snapshot_info info = PATRON_SNAPSHOT_INFO_INIT;
         attempt.call(
             [&](patron_error* error) {
               return patron_snapshot_describe(snapshot.get(), &info, error);
             },
             [&] { return std::to_string(info.customers); });
       }},
      ask("patron_snapshot_classes", "everybody",
          [](const patron_snapshot* snapshot, patron_table** out, patron_error* error) {
            return patron_snapshot_classes(snapshot, nullptr, out, error);
          }),
      ask("patron_snapshot_profiles", "those for whom a condition holds",
          [](const patron_snapshot* snapshot, patron_table** out, patron_error* error) {
            patron_profiles_options options = PATRON_PROFILES_OPTIONS_INIT;
            options.where = patron_str_of("spend > 20 && tier == 'gold'");
            return patron_snapshot_profiles(snapshot, &options, out, error);
          }),
      ask("patron_snapshot_profile", "one",
          [](const patron_snapshot* snapshot, patron_table** out, patron_error* error) {
            return patron_snapshot_profile(snapshot, 3, nullptr, 0, out, error);
          }),
      ask("patron_snapshot_distribution", "a ladder",
          [](const patron_snapshot* snapshot, patron_table** out, patron_error* error) {
            return patron_snapshot_distribution(snapshot, "tier", 4, out, error);
          }),
      ask("patron_snapshot_identities", "some",
          [](const patron_snapshot* snapshot, patron_table** out, patron_error* error) {
            static const LiveFacts facts;
            static const Table some = facts.keys();
            return patron_snapshot_identities(snapshot, some.get(), out, error);
          }),
      {"patron_snapshot_customer_of", "three customers",
       [](Attempt& attempt) {
         const Engine engine = make_engine();
         const Snapshot snapshot = snapshot_of(engine.get());
         patron_identity found = PATRON_IDENTITY_INIT;
         attempt.call(
             [&](patron_error* error) {
               return patron_snapshot_customer_of(snapshot.get(), 3, nullptr, 0, &found, error);
             },
             [&] { return std::to_string(found.number); });
       }},
      {"patron_engine_save", "three customers",
       [](Attempt& attempt) {
         const Engine engine = make_engine();
         attempt.hand_out<patron_buffer>([&](patron_buffer** out, patron_error* error) {
           return patron_engine_save(engine.get(), out, error);
         });
       }},
      {"patron_engine_save_to", "three customers",
       [](Attempt& attempt) {
         const Engine engine = make_engine();
         patron_sink sink = PATRON_SINK_INIT;
         sink.write = [](void*, const uint8_t*, uint64_t) -> int32_t { return 0; };
         attempt.call([&](patron_error* error) {
           return patron_engine_save_to(engine.get(), &sink, error);
         });
       }},
      {"patron_engine_load", "three customers",
       [](Attempt& attempt) {
         const std::string& bytes = saved_bytes();
         attempt.hand_out<patron_engine>([&](patron_engine** out, patron_error* error) {
           return patron_engine_load(bytes.data(), bytes.size(), nullptr, out, error);
         });
       }},
      {"patron_engine_load_with_policy", "three customers",
       [](Attempt& attempt) {
         const std::string& bytes = saved_bytes();
         static const Policy policy = make_policy(kLivePolicy);
         attempt.hand_out<patron_engine>([&](patron_engine** out, patron_error* error) {
           return patron_engine_load_with_policy(bytes.data(), bytes.size(), policy.get(), nullptr,
                                                 out, error);
         });
       }},
      {"patron_engine_policy", "in force",
       [](Attempt& attempt) {
         const Engine engine = make_engine();
         attempt.hand_out<patron_policy>([&](patron_policy** out, patron_error* error) {
           return patron_engine_policy(engine.get(), out, error);
         });
       }},
      {"patron_engine_publish", "the same tiers by another name",
       [](Attempt& attempt) {
         const Engine engine = make_engine();
         const Policy other = renamed_policy();
         const std::string mapping = kRenaming;
         attempt.call([&](patron_error* error) {
           return patron_engine_publish(engine.get(), other.get(), mapping.data(), mapping.size(),
                                        nullptr, nullptr, error);
         });
       }},
      {"patron_engine_compare", "the same tiers by another name",
       [](Attempt& attempt) {
         const Engine engine = make_engine();
         const Policy other = renamed_policy();
         const std::string mapping = kRenaming;
         attempt.hand_out<patron_table>([&](patron_table** out, patron_error* error) {
           return patron_engine_compare(engine.get(), other.get(), mapping.data(), mapping.size(),
                                        nullptr, out, error);
         });
       }},
      ask_engine("patron_engine_policies", patron_engine_policies),
      ask_engine("patron_engine_distribution_at",
                 [](const patron_engine* engine, patron_table** out, patron_error* error) {
                   return patron_engine_distribution_at(engine, "tier", 4, kLiveNow, out, error);
                 }),
      ask_engine("patron_engine_migration",
                 [](const patron_engine* engine, patron_table** out, patron_error* error) {
                   return patron_engine_migration(engine, "tier", 4, 0, kLiveNow, out, error);
                 }),
      {"patron_snapshot_close", "three customers",
       [](Attempt& attempt) {
         const Engine engine = make_engine();
         patron_snapshot* snapshot = snapshot_of(engine.get()).release();
         attempt.nothing([&] { patron_snapshot_close(snapshot); });
       }},
  };
}

}  // namespace patron::test
