// Memory that runs out, at every allocation of every change: what failed has changed nothing, and
// done again it does what it would have done.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "patron/engine.h"
#include "tests/base/fail_alloc.h"
#include "tests/engine/shop.h"

namespace patron {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): the shop's words

using Change = std::function<Status(Engine&)>;

class MemoryLimit : public testing::Test {
 protected:
  MemoryLimit() {
    std::mt19937_64 random(11);
    lives_ = random_lives(random, 5, 24);
    more_ = random_lives(random, 6, 5);
    more_orders_ = orders(more_.orders);
    more_visits_ = visits(more_.visits);
    keys_ = *TableBuilder()
                 .int64("customer", {1, 2})
                 .timestamps("time", {at("2026-02-01"), at("2026-08-01")}, "UTC")
                 .strings("phone", std::vector<std::string>{"+491701234567", "+491701234567"})
                 .finish();
    unkeys_ = *TableBuilder()
                   .int64("customer", {lives_.orders[0].customer})
                   .strings("order_id", std::vector<std::string>{lives_.orders[0].key})
                   .finish();
    pin_.classification = "tier", pin_.to = "gold", pin_.until = at("2026-12-01");
    pin_.reason = "a reason that is longer than sixteen bytes";
  }

  std::unique_ptr<Engine> engine(bool linked) {
    auto out = std::make_unique<Engine>(*Engine::open(policy_));
    live(*out, lives_);
    expect_ok(out->advance(at("2026-06-01")));
    if (!linked) return out;
    EXPECT_TRUE(out->link(id(1), id(2)).ok());
    expect_ok(out->set_override(id(1), pin_));
    expect_ok(out->advance(at("2026-06-02")));
    EXPECT_TRUE(out->link(id(3), id(1)).ok());
    return out;
  }
  static std::vector<std::string> future(Engine& engine) {
    expect_ok(engine.advance(at("2027-06-01")));
    std::vector<std::string> out = said(engine.transitions());
    out.push_back(engine.state_hash());
    out.push_back(std::to_string(engine.customers()));
    return out;
  }

  // Fails at each allocation of the change, once and from there on.
  void fail_everywhere(bool linked, const Change& change, bool partly = false) {
    const auto untouched = engine(linked), changed = engine(linked);
    const std::string before = untouched->state_hash();
    const std::vector<std::string> without = future(*untouched);
    expect_ok(change(*changed));
    const std::vector<std::string> with = future(*changed);
    int64_t failures = 0;
    for (int64_t k = 0;; ++k) {
      const auto tried = engine(linked);
      std::optional<Status> status;
      bool happened = false;
      {
        const FailAllocation failing(k, k % 2 != 0);
        try {
          status = change(*tried);
        } catch (const std::bad_alloc&) {
        }
        happened = failing.happened();
      }
      if (status) {
        expect_ok(*status);
        ASSERT_EQ(future(*tried), with) << "allocation " << k;
        if (!happened) break;
        continue;
      }
      ++failures;
      if (!partly) {
        ASSERT_EQ(tried->state_hash(), before) << "allocation " << k;
        if (k % 3 == 0) {
          ASSERT_EQ(future(*tried), without) << "allocation " << k;
          continue;
        }
      }
      expect_ok(change(*tried));
      ASSERT_EQ(future(*tried), with) << "allocation " << k;
    }
    EXPECT_GT(failures, 0);
  }

  Policy policy_ = checked_policy(shop_text(R"("identities": {"keys": ["phone"]},)"));
  Lives lives_, more_;
  Table more_orders_, more_visits_, keys_, unkeys_;
  Override pin_;
};

TEST_F(MemoryLimit, OfIngest) {
  for (const bool linked : {false, true}) {
    fail_everywhere(linked, [&](Engine& e) { return e.ingest("orders", more_orders_); });
    fail_everywhere(linked, [&](Engine& e) { return e.ingest("interactions", more_visits_); });
  }
}

TEST_F(MemoryLimit, OfRemove) {
  fail_everywhere(true, [&](Engine& e) { return e.remove("orders", unkeys_); });
}

TEST_F(MemoryLimit, OfLinkAndUnlink) {
  fail_everywhere(false, [](Engine& e) { return e.link(id(1), id(4)).status(); });
  fail_everywhere(false, [](Engine& e) { return e.link(id(8), id(9)).status(); });
  fail_everywhere(true, [](Engine& e) { return e.link(id(4), id(2)).status(); });
  fail_everywhere(true, [](Engine& e) { return e.unlink(id(3), id(1)); });
  fail_everywhere(true, [](Engine& e) { return e.unlink(id(1), id(2)); });
}

TEST_F(MemoryLimit, OfClaims) {
  fail_everywhere(false, [&](Engine& e) { return e.claim(keys_); });
}

TEST_F(MemoryLimit, OfForget) {
  for (const bool linked : {false, true}) {
    fail_everywhere(linked, [](Engine& e) { return e.forget(id(2)), Status(); });
  }
}

TEST_F(MemoryLimit, OfOverrides) {
  for (const bool linked : {false, true}) {
    fail_everywhere(linked, [&](Engine& e) { return e.set_override(id(3), pin_); });
  }
  fail_everywhere(true,
                  [](Engine& e) { return e.clear_override(id(2), "tier", OverrideKind::kPin); });
}

// advance() gets part of the way, and goes on from there.
TEST_F(MemoryLimit, OfAdvance) {
  fail_everywhere(
      true, [](Engine& e) { return e.advance(at("2026-07-15")); }, true);
  fail_everywhere(
      false,
      [&](Engine& e) {
        // Claims of before the failure are told again: they are duplicates of one another.
        const Status status = e.claim(keys_);
        return status.ok() ? e.advance(at("2026-08-15")) : status;
      },
      true);
}

}  // namespace
}  // namespace patron
