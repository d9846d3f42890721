// Another policy takes over through the C interface, or is tried; who was where at other instants.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/capi/world.h"

namespace patron::test {
namespace {

using Texts = std::vector<std::string>;

TEST(PublishCapi, ClassesGoOnByTheMappingAndWhatWasDecidedKeepsItsNames) {
  const Engine engine = make_engine();
  const Policy other = renamed_policy();
  const std::string mapping = kRenaming;
  patron_publish_report report = PATRON_PUBLISH_REPORT_INIT;
  patron_error error = PATRON_ERROR_INIT;
  const Table moves = table_of([&](patron_table** out, patron_error* failure) {
    return patron_engine_compare(engine.get(), other.get(), mapping.data(), mapping.size(), nullptr,
                                 out, failure);
  });
  EXPECT_EQ(patron_table_rows(moves.get()), 0) << "the same conditions";
  const Table uncalibrated = table_of([&](patron_table** out, patron_error* failure) {
    return patron_engine_publish(engine.get(), other.get(), mapping.data(), mapping.size(), &report,
                                 out, failure);
  });
  EXPECT_EQ(report.same, 0);
  EXPECT_EQ(report.number, 2);
  EXPECT_EQ(report.uncalibrated, 0);
  EXPECT_EQ(patron_table_rows(uncalibrated.get()), 0);
  ASSERT_EQ(patron_engine_advance(engine.get(), kLiveNow + kDay, nullptr, &error), PATRON_OK);
  const Table classes = table_of([&](patron_table** out, patron_error* failure) {
    return patron_engine_classes(engine.get(), nullptr, out, failure);
  });
  EXPECT_EQ(texts_of(classes.get(), "level"), (Texts{"guest", "first", "first"}));
  const Table policies = table_of([&](patron_table** out, patron_error* failure) {
    return patron_engine_policies(engine.get(), out, failure);
  });
  EXPECT_EQ(values_of<int64_t>(policies.get(), "number"), (std::vector<int64_t>{1, 2}));
  const Table history = table_of([&](patron_table** out, patron_error* failure) {
    return patron_engine_history(engine.get(), 3, nullptr, 0, out, failure);
  });
  EXPECT_EQ(texts_of(history.get(), "classification"), (Texts{"tier", "tier"}));
}

TEST(PublishCapi, WhatCannotBeIsRefusedAndChangesNothing) {
  const Engine engine = make_engine();
  const Policy other = renamed_policy();
  patron_error error = PATRON_ERROR_INIT;
  const auto publish = [&](std::string_view mapping) {
    return patron_engine_publish(engine.get(), other.get(), mapping.data(), mapping.size(), nullptr,
                                 nullptr, &error);
  };
  EXPECT_EQ(publish(""), PATRON_E_STATE) << "the tier has no place there";
  EXPECT_EQ(publish(R"({"teir": null})"), PATRON_E_COLUMN);
  EXPECT_EQ(publish("{"), PATRON_E_SYNTAX);
  EXPECT_EQ(publish("[]"), PATRON_E_DOCUMENT);
  EXPECT_EQ(publish(R"({"tier": 5})"), PATRON_E_DOCUMENT);
  EXPECT_EQ(publish(R"({"tier": {"ot": "level"}})"), PATRON_E_DOCUMENT);
  EXPECT_EQ(publish(R"({"tier": {"to": 1}})"), PATRON_E_DOCUMENT);
  EXPECT_EQ(publish(R"({"tier": {"classes": 1}})"), PATRON_E_DOCUMENT);
  EXPECT_EQ(publish(R"({"tier": {"classes": {"gold": 1}}})"), PATRON_E_DOCUMENT);
  EXPECT_EQ(publish("\xff"), PATRON_E_UTF8);
  EXPECT_EQ(patron_engine_publish(engine.get(), nullptr, nullptr, 0, nullptr, nullptr, &error),
            PATRON_E_HANDLE);
  patron_publish_report report = PATRON_PUBLISH_REPORT_INIT;
  const Policy same = make_policy(kLivePolicy);
  ASSERT_EQ(patron_engine_publish(engine.get(), same.get(), nullptr, 0, &report, nullptr, &error),
            PATRON_OK);
  EXPECT_EQ(report.same, 1);
  EXPECT_EQ(report.number, 1);
}

// Customer 3 became gold on day 20490, customer 2 is a vip since day 20480.
TEST(PublishCapi, WhoWasWhereIsReadFromTheTransitions) {
  const Engine engine = make_engine();
  const auto at = [&](int64_t instant) {
    return values_of<int64_t>(table_of([&](patron_table** out, patron_error* error) {
                                return patron_engine_distribution_at(engine.get(), "tier", 4,
                                                                     instant, out, error);
                              }).get(),
                              "customers");
  };
  EXPECT_EQ(at(20485 * kDay), (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(at(20490 * kDay), (std::vector<int64_t>{2, 1}));
  const Table ways = table_of([&](patron_table** out, patron_error* error) {
    return patron_engine_migration(engine.get(), "tier", 4, 20485 * kDay, kLiveNow, out, error);
  });
  const Texts from = texts_of(ways.get(), "from"), to = texts_of(ways.get(), "to");
  const std::vector<int64_t> customers = values_of<int64_t>(ways.get(), "customers");
  int64_t promoted = 0;
  for (size_t i = 0; i < from.size(); ++i) {
    if (from[i] == "guest" && to[i] == "gold") promoted += customers[i];
  }
  EXPECT_EQ(promoted, 1);
  patron_table* out = nullptr;
  EXPECT_EQ(patron_engine_distribution_at(engine.get(), "teir", 4, kLiveNow, &out, nullptr),
            PATRON_E_COLUMN);
  EXPECT_EQ(patron_engine_distribution_at(engine.get(), "tier", 4, kLiveNow + 1, &out, nullptr),
            PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_engine_migration(engine.get(), "tier", 4, kLiveNow, 0, &out, nullptr),
            PATRON_E_ARGUMENT);
}

}  // namespace
}  // namespace patron::test
