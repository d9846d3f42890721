#include "lib/engine/saved/known_policy.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/engine/shop.h"

namespace patron::internal {
namespace {

using test::checked_policy;

TEST(KnownPolicy, DocumentsAreTheSameButForBlanks) {
  EXPECT_TRUE(same_document(R"({"a":[1,2]})", "{ \"a\" :\t[1 ,\r\n2 ]\n}\n"));
  EXPECT_TRUE(same_document(" \n", ""));
  EXPECT_FALSE(same_document(R"({"a": 1})", R"({"a": 1)"));
  EXPECT_FALSE(same_document(R"({"a": 1, "b": 2})", R"({"b": 2, "a": 1})"));
  EXPECT_FALSE(same_document("1", "10"));
}

TEST(KnownPolicy, BlanksInTextsCount) {
  EXPECT_FALSE(same_document(R"({"a": "b c"})", R"({"a": "bc"})"));
  EXPECT_FALSE(same_document(R"({"a": "b\" c"})", R"({"a": "b\"c"})")) << "the text goes on";
  EXPECT_TRUE(same_document(R"({"a": "b\\" ,"c":1})", R"({"a":"b\\","c": 1})")) << "it has ended";
  EXPECT_FALSE(same_document("\"\\", "\"\\\\")) << "cut within an escape";
  EXPECT_FALSE(same_document("\"\\\\", "\"\\"));
}

std::string shop_named(const std::string& head, const std::string& stream) {
  return R"({"patron": 1, )" + head + R"(, "streams": {)" + stream + "}}";
}

TEST(KnownPolicy, AnotherOneIsNamedBesideTheSavedOne) {
  const std::string a = R"("orders": {})", b = R"("surveys": {})";
  const Policy shop = checked_policy(shop_named(R"("name": "shop", "version": "2026-04")", a));
  const Policy bank = checked_policy(shop_named(R"("name": "bank")", a));
  EXPECT_TRUE(check_known_policy(shop, shop).ok());
  const Status other = check_known_policy(shop, bank);
  EXPECT_EQ(other.code(), Code::kArgument);
  EXPECT_EQ(other.message(),
            "the engine was saved under policy \"shop\" version \"2026-04\" (hash " +
                shop.hash().substr(0, 12) + "), and the one that is given is " + "\"bank\" (hash " +
                bank.hash().substr(0, 12) + "); give the former, or none, and publish the latter");
  const Policy one = checked_policy(shop_named(R"("name": "shop")", a + "," + b));
  const Policy turned = checked_policy(shop_named(R"("name": "shop")", b + "," + a));
  ASSERT_EQ(one.hash(), turned.hash());
  const Status order = check_known_policy(one, turned);
  EXPECT_EQ(order.code(), Code::kArgument);
  EXPECT_NE(order.message().find("in another order"), std::string::npos) << order.message();
}

}  // namespace
}  // namespace patron::internal
