#include "lib/engine/frozen_links.h"

#include <gtest/gtest.h>

namespace patron::internal {
namespace {

// A state that says of which ids it was made, in the order in which they joined.
CustomerState made_of(const std::string& ids) {
  CustomerState out;
  out.kept.emplace_back().text = ids;
  return out;
}
std::string ids_of(const CustomerState& state) { return state.kept[0].text; }
CustomerState both(const CustomerState& a, const CustomerState& b) {
  return made_of(ids_of(a) + ids_of(b));
}

FrozenLink link(uint32_t a, const std::string& first, uint32_t b, const std::string& second) {
  FrozenLink out;
  out.sides[0] = {a, a, made_of(first), kEndTime};
  out.sides[1] = {b, b, made_of(second), kEndTime};
  out.settlings = 0;
  return out;
}

class FrozenLinksTest : public testing::Test {
 protected:
  // a-b; then c-d; then the former joins the latter by b-c; then e.
  FrozenLinksTest() {
    add(1, link(0, "a", 1, "b"));
    add(2, link(2, "c", 3, "d"));
    add(3, link(2, "cd", 1, "ab"));
    add(4, link(3, "cdab", 4, "e"));
  }
  void add(uint64_t token, FrozenLink one) {
    FrozenLinks::Prepared prepared = FrozenLinks::prepare(token, std::move(one));
    links_.add(prepared);
  }
  FrozenLinks links_;
};

TEST_F(FrozenLinksTest, AreFoundByTheirTwoIdsInEitherOrder) {
  EXPECT_EQ(links_.find(0, 1), 1u);
  EXPECT_EQ(links_.find(1, 2), 3u);
  EXPECT_EQ(links_.find(0, 2), std::nullopt);
}

TEST_F(FrozenLinksTest, TheNewestGivesBackWhatWasKept) {
  FrozenLinks::Parted parted = links_.part(4, both);
  EXPECT_TRUE(parted.newest);
  EXPECT_EQ(ids_of(parted.states[0]), "cdab");
  EXPECT_EQ(ids_of(parted.states[1]), "e");
  EXPECT_EQ(parted.ids[0], (std::vector<uint32_t>{0, 1, 2, 3}));
  links_.remove(parted);
  EXPECT_EQ(links_.find(3, 4), std::nullopt);
}

TEST_F(FrozenLinksTest, AnOlderOneIsUnitedAgainWithWhatJoinedItSince) {
  FrozenLinks::Parted parted = links_.part(1, both);
  EXPECT_FALSE(parted.newest);
  EXPECT_EQ(ids_of(parted.states[0]), "a");
  EXPECT_EQ(ids_of(parted.states[1]), "cdbe");  // c and d, which survived, then b, then e
  links_.remove(parted);
  EXPECT_EQ(ids_of(links_.at(3).sides[1].state), "b");
  EXPECT_EQ(ids_of(links_.at(4).sides[0].state), "cdb");
  EXPECT_FALSE(links_.at(4).settlings.has_value());
  // What is left is as if it had been made so.
  FrozenLinks::Parted next = links_.part(2, both);
  EXPECT_EQ(ids_of(next.states[0]), "cb");
  EXPECT_EQ(ids_of(next.states[1]), "de");
}

TEST_F(FrozenLinksTest, TheLinksOfWhoIsForgottenGo) {
  links_.forget(std::vector<uint32_t>{0, 1, 2, 3, 4});
  EXPECT_TRUE(links_.links().empty());
  EXPECT_EQ(links_.find(0, 1), std::nullopt);
}

}  // namespace
}  // namespace patron::internal
