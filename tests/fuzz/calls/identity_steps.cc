// Which customer each id is, of engines and of snapshots of them.
#include "tests/fuzz/calls/play.h"
#include "tests/fuzz/calls/result_checks.h"

namespace patron::fuzz {
namespace {

int64_t somebody(Play& play) { return static_cast<int64_t>(play.choices.below(6)); }

void check_identity(const patron_identity& identity) {
  FUZZ_CHECK(identity.found == 0 || identity.found == 1);
  if (identity.found == 1) return;
  FUZZ_CHECK(identity.number == 0 && identity.customer.size == 0);
}

void customer_of(Play& play) {
  const patron_engine* engine = play.pick(play.engines);
  const int64_t number = somebody(play);
  const patron_str id = play.text({"", "ann"});
  auto* identity = play.output<patron_identity>(PATRON_IDENTITY_INIT);
  if (PLAY(play, patron_engine_customer_of, engine, number, id.data, id.size, identity)) {
    check_identity(*identity);
  }
}

// There are as many ids as customers, or more.
void identities(Play& play) {
  const patron_table* some = play.choices.one_in(2) ? play.pick_optional(play.tables) : nullptr;
  const patron_engine* engine = play.pick(play.engines);
  patron_table* table = nullptr;
  const bool ok = PLAY(play, patron_engine_identities, engine, some, &table);
  if (!play.keep(ok, table, &play.tables)) return;
  check_table(table);
  patron_engine_info info = PATRON_ENGINE_INFO_INIT;
  FUZZ_CHECK(patron_engine_describe(engine, &info, nullptr) == PATRON_OK);
  FUZZ_CHECK(some != nullptr || patron_table_rows(table) >= info.customers);
}

void snapshot_customer_of(Play& play) {
  const patron_snapshot* snapshot = play.pick(play.snapshots);
  const int64_t number = somebody(play);
  const patron_str id = play.text({"", "ann"});
  auto* identity = play.output<patron_identity>(PATRON_IDENTITY_INIT);
  if (PLAY(play, patron_snapshot_customer_of, snapshot, number, id.data, id.size, identity)) {
    check_identity(*identity);
  }
}

void snapshot_identities(Play& play) {
  const patron_table* some = play.choices.one_in(2) ? play.pick_optional(play.tables) : nullptr;
  const patron_snapshot* snapshot = play.pick(play.snapshots);
  patron_table* table = nullptr;
  const bool ok = PLAY(play, patron_snapshot_identities, snapshot, some, &table);
  if (play.keep(ok, table, &play.tables)) check_table(table);
}

// With a policy of the host's; that of the engine itself fits.
void load_with_policy(Play& play) {
  const patron_engine* engine = play.own(play.engines);
  if (engine == nullptr) return;
  patron_buffer* bytes = nullptr;
  patron_policy* of = nullptr;
  FUZZ_CHECK(patron_engine_save(engine, &bytes, nullptr) == PATRON_OK);
  play.buffers.put(bytes);
  FUZZ_CHECK(patron_engine_policy(engine, &of, nullptr) == PATRON_OK);
  play.policies.put(of);
  const bool own = play.choices.one_in(2);
  const patron_policy* policy = own ? of : play.pick(play.policies);
  const patron_str saved = patron_buffer_text(bytes);
  patron_engine* again = nullptr;
  const bool ok =
      PLAY(play, patron_engine_load_with_policy, saved.data, saved.size, policy, nullptr, &again);
  FUZZ_CHECK(ok || !own || play.odd_error());
  play.keep(ok, again, &play.engines);
}

}  // namespace

std::vector<Step> identity_steps() {
  return {{"engine customer of", customer_of},
          {"engine identities", identities},
          {"snapshot customer of", snapshot_customer_of},
          {"snapshot identities", snapshot_identities},
          {"engine load with policy", load_with_policy}};
}

}  // namespace patron::fuzz
