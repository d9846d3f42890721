// Who is who through the C interface, and the classes that people decide.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/capi/world.h"

namespace patron::test {
namespace {

using Texts = std::vector<std::string>;

Table moves_of(const patron_engine* engine, int64_t after) {
  return table_of([&](patron_table** out, patron_error* error) {
    return patron_engine_transitions(engine, after, INT64_MAX, out, error);
  });
}

int64_t customers_of(const patron_engine* engine) {
  patron_engine_info info = PATRON_ENGINE_INFO_INIT;
  EXPECT_EQ(patron_engine_describe(engine, &info, nullptr), PATRON_OK);
  return info.customers;
}

// Of 147.50 customer 1 spent 50.00, 2 15.50, 3 82.00: 1 and 2 together are guests, 1 and 3 gold.
TEST(IdentitiesCapi, ALinkMakesTwoIdsOneCustomerAndAnUnlinkTakesItBack) {
  const Engine engine = make_engine_of_orders(kKeyedPolicy);
  patron_error error = PATRON_ERROR_INIT;
  patron_link_report report = PATRON_LINK_REPORT_INIT;
  ASSERT_EQ(patron_engine_link(engine.get(), 1, nullptr, 0, 3, nullptr, 0, &report, &error),
            PATRON_OK)
      << error.message;
  EXPECT_EQ(report.done, 1);
  EXPECT_EQ(report.survivor_number, 1);
  EXPECT_EQ(report.other_number, 3);
  EXPECT_EQ(customers_of(engine.get()), 2);
  ASSERT_EQ(patron_engine_link(engine.get(), 3, nullptr, 0, 1, nullptr, 0, &report, &error),
            PATRON_OK);
  EXPECT_EQ(report.done, 0);
  ASSERT_EQ(patron_engine_advance(engine.get(), kLiveNow + kDay, nullptr, nullptr), PATRON_OK);
  const Table moves = moves_of(engine.get(), 4);
  EXPECT_EQ(texts_of(moves.get(), "to"), (Texts{"gold"}));
  EXPECT_EQ(texts_of(moves.get(), "cause"), (Texts{"merge"}));
  ASSERT_EQ(patron_engine_unlink(engine.get(), 1, nullptr, 0, 3, nullptr, 0, &error), PATRON_OK);
  EXPECT_EQ(customers_of(engine.get()), 3);
  EXPECT_EQ(patron_engine_unlink(engine.get(), 1, nullptr, 0, 3, nullptr, 0, &error),
            PATRON_E_STATE);
  EXPECT_EQ(patron_engine_unlink(engine.get(), 1, nullptr, 0, 77, nullptr, 0, &error),
            PATRON_E_STATE);
  EXPECT_EQ(patron_engine_link(engine.get(), 1, "\xff", 1, 3, nullptr, 0, nullptr, &error),
            PATRON_E_UTF8);
  EXPECT_EQ(patron_engine_link(engine.get(), 1, nullptr, 0, 3, nullptr, 5, nullptr, &error),
            PATRON_E_ARGUMENT);
  report.struct_size = 4;
  EXPECT_EQ(patron_engine_link(engine.get(), 1, nullptr, 0, 3, nullptr, 0, &report, &error),
            PATRON_E_UNSUPPORTED);
  EXPECT_EQ(customers_of(engine.get()), 3);
}

TEST(IdentitiesCapi, ATableOfPairsIsDoneRowByRow) {
  const Engine engine = make_engine_of_orders(kKeyedPolicy);
  LivePeople people;
  people.first = {1, 2, 3}, people.second = {2, 1, 4};
  const Table pairs = people.pairs();
  patron_error error = PATRON_ERROR_INIT;
  patron_ingest_report report = PATRON_INGEST_REPORT_INIT;
  ASSERT_EQ(patron_engine_link_pairs(engine.get(), pairs.get(), &report, nullptr, &error),
            PATRON_OK)
      << error.message;
  EXPECT_EQ(report.rows, 3);
  EXPECT_EQ(report.accepted, 2);
  EXPECT_EQ(report.duplicates, 1);
  people.second[1] = 3;
  const Table others = people.pairs();
  const Table refused = table_of([&](patron_table** out, patron_error* failure) {
    return patron_engine_unlink_pairs(engine.get(), others.get(), &report, out, failure);
  });
  EXPECT_EQ(report.deleted, 2);
  EXPECT_EQ(report.refused_rows, 1);
  EXPECT_EQ(values_of<int64_t>(refused.get(), "row"), (std::vector<int64_t>{1}));
  EXPECT_EQ(texts_of(refused.get(), "reason"), (Texts{"no link was made between these two ids"}));
  const LiveFacts facts;
  EXPECT_EQ(patron_engine_link_pairs(engine.get(), facts.events().get(), nullptr, nullptr, &error),
            PATRON_E_COLUMN);
  const std::vector<double> halves{1.5};
  const Table wrong = make_table(
      {column("first", PATRON_TYPE_DOUBLE, halves), column("second", PATRON_TYPE_DOUBLE, halves)});
  EXPECT_EQ(patron_engine_unlink_pairs(engine.get(), wrong.get(), nullptr, nullptr, &error),
            PATRON_E_TYPE);
  EXPECT_EQ(patron_engine_link_pairs(engine.get(), nullptr, nullptr, nullptr, &error),
            PATRON_E_HANDLE);
}

TEST(IdentitiesCapi, WhoSharesAKeyIsOneCustomerAndTheMeetingIsListed) {
  const Engine engine = make_engine_of_orders(kKeyedPolicy);
  const LivePeople people;
  const Table keys = people.keys();
  patron_error error = PATRON_ERROR_INIT;
  patron_ingest_report report = PATRON_INGEST_REPORT_INIT;
  ASSERT_EQ(patron_engine_claim(engine.get(), keys.get(), &report, nullptr, &error), PATRON_OK)
      << error.message;
  EXPECT_EQ(report.accepted, 2);
  ASSERT_EQ(patron_engine_advance(engine.get(), kLiveNow, nullptr, nullptr), PATRON_OK);
  EXPECT_EQ(customers_of(engine.get()), 2);
  const Table meetings = table_of([&](patron_table** out, patron_error* failure) {
    return patron_engine_key_meetings(engine.get(), out, failure);
  });
  EXPECT_EQ(texts_of(meetings.get(), "key"), (Texts{"phone"}));
  EXPECT_EQ(values_of<int64_t>(meetings.get(), "first"), (std::vector<int64_t>{1}));
  EXPECT_EQ(values_of<int64_t>(meetings.get(), "second"), (std::vector<int64_t>{3}));
  EXPECT_EQ(values_of<int64_t>(meetings.get(), "at"), (std::vector<int64_t>{kLiveNow}));
  EXPECT_EQ(texts_of(meetings.get(), "because"), (Texts{"(null)"}));
  const LiveFacts facts;
  EXPECT_EQ(patron_engine_claim(engine.get(), facts.events().get(), nullptr, nullptr, &error),
            PATRON_E_COLUMN);
}

TEST(IdentitiesCapi, AnIdIsTheCustomerWhoStandsForIt) {
  const Engine engine = make_engine_of_orders(kKeyedPolicy);
  ASSERT_EQ(patron_engine_link(engine.get(), 3, nullptr, 0, 1, nullptr, 0, nullptr, nullptr),
            PATRON_OK);
  patron_error error = PATRON_ERROR_INIT;
  patron_identity found = PATRON_IDENTITY_INIT;
  ASSERT_EQ(patron_engine_customer_of(engine.get(), 1, nullptr, 0, &found, &error), PATRON_OK);
  EXPECT_EQ(found.found, 1);
  EXPECT_EQ(found.number, 3);
  EXPECT_EQ(found.customer.size, 0U);
  ASSERT_EQ(patron_engine_customer_of(engine.get(), 77, nullptr, 0, &found, &error), PATRON_OK);
  EXPECT_EQ(found.found, 0);
  EXPECT_EQ(found.number, 0);
  const Table all = table_of([&](patron_table** out, patron_error* failure) {
    return patron_engine_identities(engine.get(), nullptr, out, failure);
  });
  EXPECT_EQ(values_of<int64_t>(all.get(), "id"), (std::vector<int64_t>{1, 2, 3}));
  EXPECT_EQ(values_of<int64_t>(all.get(), "customer"), (std::vector<int64_t>{3, 2, 3}));
  const std::vector<int64_t> asked{3, 77, 1};
  const Table ids = make_table({column("customer", PATRON_TYPE_INT64, asked)});
  const Table some = table_of([&](patron_table** out, patron_error* failure) {
    return patron_engine_identities(engine.get(), ids.get(), out, failure);
  });
  EXPECT_EQ(values_of<int64_t>(some.get(), "id"), asked);
  EXPECT_EQ(values_of<int64_t>(some.get(), "customer"), (std::vector<int64_t>{3, 0, 3}));
  const patron_column customers = view_of(some.get(), "customer");
  EXPECT_EQ(customers.null_count, 1);
  EXPECT_EQ(customers.validity[0] & 7, 5);

  patron_table* none = nullptr;
  const std::vector<double> halves{1.5};
  const Table wrong = make_table({column("customer", PATRON_TYPE_DOUBLE, halves)});
  EXPECT_EQ(patron_engine_identities(engine.get(), wrong.get(), &none, &error), PATRON_E_TYPE);
  EXPECT_EQ(patron_engine_customer_of(engine.get(), 1, "\xff", 1, &found, &error), PATRON_E_UTF8);
  EXPECT_EQ(patron_engine_customer_of(engine.get(), 1, nullptr, 2, &found, &error),
            PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_engine_customer_of(engine.get(), 1, nullptr, 0, nullptr, &error),
            PATRON_E_ARGUMENT);
  found.struct_size = 4;
  EXPECT_EQ(patron_engine_customer_of(engine.get(), 1, nullptr, 0, &found, &error),
            PATRON_E_UNSUPPORTED);
}

TEST(IdentitiesCapi, ASnapshotSaysWhoAnIdWas) {
  const Engine engine = make_engine_of_orders(kKeyedPolicy);
  ASSERT_EQ(patron_engine_link(engine.get(), 3, nullptr, 0, 1, nullptr, 0, nullptr, nullptr),
            PATRON_OK);
  const Snapshot seen = snapshot_of(engine.get());
  ASSERT_EQ(patron_engine_forget(engine.get(), 1, nullptr, 0, nullptr, nullptr), PATRON_OK);
  patron_error error = PATRON_ERROR_INIT;
  patron_identity found = PATRON_IDENTITY_INIT;
  ASSERT_EQ(patron_snapshot_customer_of(seen.get(), 1, nullptr, 0, &found, &error), PATRON_OK);
  EXPECT_EQ(found.number, 3);
  ASSERT_EQ(patron_engine_customer_of(engine.get(), 1, nullptr, 0, &found, &error), PATRON_OK);
  EXPECT_EQ(found.found, 0);
  const Table all = table_of([&](patron_table** out, patron_error* failure) {
    return patron_snapshot_identities(seen.get(), nullptr, out, failure);
  });
  EXPECT_EQ(values_of<int64_t>(all.get(), "customer"), (std::vector<int64_t>{3, 2, 3}));
  const std::vector<int64_t> asked{1};
  const Table ids = make_table({column("customer", PATRON_TYPE_INT64, asked)});
  const Table some = table_of([&](patron_table** out, patron_error* failure) {
    return patron_snapshot_identities(seen.get(), ids.get(), out, failure);
  });
  EXPECT_EQ(values_of<int64_t>(some.get(), "customer"), (std::vector<int64_t>{3}));
  const std::vector<double> halves{1.5};
  const Table wrong = make_table({column("customer", PATRON_TYPE_DOUBLE, halves)});
  patron_table* none = nullptr;
  EXPECT_EQ(patron_snapshot_identities(seen.get(), wrong.get(), &none, &error), PATRON_E_TYPE);
  EXPECT_EQ(patron_snapshot_customer_of(seen.get(), 1, nullptr, 2, &found, &error),
            PATRON_E_ARGUMENT);
}

TEST(IdentitiesCapi, WhoIsForgottenIsGone) {
  const Engine engine = make_engine_of_orders(kKeyedPolicy);
  int32_t found = -1;
  ASSERT_EQ(patron_engine_forget(engine.get(), 3, nullptr, 0, &found, nullptr), PATRON_OK);
  EXPECT_EQ(found, 1);
  ASSERT_EQ(patron_engine_forget(engine.get(), 3, nullptr, 0, &found, nullptr), PATRON_OK);
  EXPECT_EQ(found, 0);
  EXPECT_EQ(patron_engine_forget(engine.get(), 77, nullptr, 0, nullptr, nullptr), PATRON_OK);
  EXPECT_EQ(patron_engine_forget(engine.get(), 1, nullptr, 3, nullptr, nullptr), PATRON_E_ARGUMENT);
  EXPECT_EQ(customers_of(engine.get()), 2);
  EXPECT_EQ(patron_table_rows(moves_of(engine.get(), 0).get()), 2) << "those of 1 and 2";
}

TEST(IdentitiesCapi, AnOverrideStandsBesideTheMachinesOwnClass) {
  const Engine engine = make_engine_of_orders(kKeyedPolicy);
  patron_error error = PATRON_ERROR_INIT;
  patron_override pin = gold_pin();
  const int64_t until = kLiveNow + 10 * kDay;
  pin.until = &until;
  ASSERT_EQ(patron_engine_override(engine.get(), 1, nullptr, 0, &pin, &error), PATRON_OK)
      << error.message;
  ASSERT_EQ(patron_engine_advance(engine.get(), kLiveNow, nullptr, nullptr), PATRON_OK);
  const Table standing = table_of([&](patron_table** out, patron_error* failure) {
    return patron_engine_overrides(engine.get(), 1, nullptr, 0, out, failure);
  });
  EXPECT_EQ(texts_of(standing.get(), "classification"), (Texts{"tier"}));
  EXPECT_EQ(texts_of(standing.get(), "kind"), (Texts{"pin"}));
  EXPECT_EQ(texts_of(standing.get(), "to"), (Texts{"gold"}));
  EXPECT_EQ(texts_of(standing.get(), "reason"), (Texts{"lighthouse case"}));
  EXPECT_EQ(texts_of(standing.get(), "author"), (Texts{"kim"}));
  EXPECT_EQ(texts_of(standing.get(), "own"), (Texts{"guest"}));
  EXPECT_EQ(texts_of(standing.get(), "effective"), (Texts{"gold"}));
  EXPECT_EQ(values_of<int64_t>(standing.get(), "at"), (std::vector<int64_t>{kLiveNow}));
  EXPECT_EQ(values_of<int64_t>(standing.get(), "until"), (std::vector<int64_t>{until}));
  ASSERT_EQ(patron_engine_advance(engine.get(), until, nullptr, nullptr), PATRON_OK);
  const Table moves = moves_of(engine.get(), 4);
  EXPECT_EQ(texts_of(moves.get(), "to"), (Texts{"gold", "guest"}));
  EXPECT_EQ(texts_of(moves.get(), "cause"), (Texts{"override", "override"}));

  pin.until = nullptr;
  ASSERT_EQ(patron_engine_override(engine.get(), 1, nullptr, 0, &pin, &error), PATRON_OK);
  const auto clear = [&](std::string_view name, int32_t kind) {
    return patron_engine_clear_override(engine.get(), 1, nullptr, 0, name.data(), name.size(), kind,
                                        &error);
  };
  EXPECT_EQ(clear("tier", PATRON_OVERRIDE_FLOOR), PATRON_E_STATE);
  EXPECT_EQ(clear("teir", PATRON_OVERRIDE_PIN), PATRON_E_COLUMN);
  EXPECT_EQ(clear("tier", 4), PATRON_E_ARGUMENT);
  EXPECT_EQ(clear("tier", PATRON_OVERRIDE_PIN), PATRON_OK);
}

TEST(IdentitiesCapi, AnOverrideThatCannotBeIsRefused) {
  const Engine engine = make_engine_of_orders(kKeyedPolicy);
  patron_error error = PATRON_ERROR_INIT;
  const auto set = [&](const patron_override& what, int64_t customer = 1) {
    return patron_engine_override(engine.get(), customer, nullptr, 0, &what, &error);
  };
  patron_override bad = gold_pin();
  bad.to = patron_str_of("glod");
  EXPECT_EQ(set(bad), PATRON_E_COLUMN);
  EXPECT_NE(std::string(error.message).find("\"gold\""), std::string::npos) << error.message;
  bad = gold_pin();
  bad.kind = 9;
  EXPECT_EQ(set(bad), PATRON_E_ARGUMENT);
  bad = gold_pin();
  bad.kind = PATRON_OVERRIDE_HOLD;
  EXPECT_EQ(set(bad), PATRON_E_ARGUMENT) << "a hold names no class";
  bad = gold_pin();
  const int64_t past = kLiveNow - 1;
  bad.until = &past;
  EXPECT_EQ(set(bad), PATRON_E_ARGUMENT);
  bad = gold_pin();
  bad.reason = {"\xff", 1};
  EXPECT_EQ(set(bad), PATRON_E_UTF8);
  EXPECT_EQ(set(gold_pin(), 77), PATRON_E_ARGUMENT);
  bad = gold_pin();
  bad.struct_size = 3;
  EXPECT_EQ(set(bad), PATRON_E_UNSUPPORTED);
  EXPECT_EQ(patron_engine_override(engine.get(), 1, nullptr, 0, nullptr, &error),
            PATRON_E_ARGUMENT);
  const Table none = table_of([&](patron_table** out, patron_error* failure) {
    return patron_engine_overrides(engine.get(), 77, nullptr, 0, out, failure);
  });
  EXPECT_EQ(patron_table_rows(none.get()), 0);
}

}  // namespace
}  // namespace patron::test
