#include "lib/engine/settle/packed_decision.h"

#include <gtest/gtest.h>

#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/utf8.h"
#include "lib/engine/settle/packed_number.h"
#include "lib/engine/settle/settle.h"

namespace patron::internal {
namespace {

Policy policy(const std::string& personal = "") {
  return *Policy::parse(R"json({"patron": 1, "name": "p", "money": {"scale": 2},
    "streams": {"orders": {}, "interactions": {}},
    "attributes": {"limit": {"type": "int64")json" +
                        personal + R"json(}},
    "tags": [{"name": "spend", "metric": {"sum": "orders.amount"}},
             {"name": "often", "metric": {"count": "orders"}},
             {"name": "rate", "expression": "double(often) / 3.0"},
             {"name": "busy", "expression": "often >= 3 && rate > 0.5"},
             {"name": "last", "metric": {"last": "orders.time"}},
             {"name": "page", "metric": {"top": "interactions.category"}}],
    "classifications": [
      {"name": "tier", "kind": "ladder", "classes": [
        {"name": "a", "enter": "spend >= 10 && busy", "keep": "often > 1"},
        {"name": "b", "enter": "limit > 5"},
        {"name": "c", "enter": "age(last) < days(30)"},
        {"name": "d", "enter": "page == 'x'"}, {"name": "e"}]},
      {"name": "marks", "kind": "flags", "classes": [{"name": "m", "enter": "!busy"}]},
      {"name": "band", "kind": "bands", "of": "often", "cuts": [2], "classes": ["f", "g"]}]})json");
}

SettledMove move(int classification, int from, int to) {
  SettledMove out;
  out.classification = classification;
  out.from = from, out.to = to;
  return out;
}

struct Packing {
  explicit Packing(Policy in) : of(std::move(in)), decisions(of.data()) {
    cells.resize(of.data().values.size());
  }
  Cell& cell(std::string_view name) {
    size_t i = 0;
    while (of.data().values[i].tag.name != name) ++i;
    return cells[i];
  }
  std::string there_and_back(const SettledMove& what) {
    std::string packed;
    EXPECT_TRUE(decisions.pack(what, cells, packed));
    EXPECT_TRUE(PackedDecisions::is_packed(packed));
    EXPECT_TRUE(is_utf8(packed));  // as saved engines keep texts
    return decisions.unpack(what, packed, atoms);
  }

  Policy of;
  PackedDecisions decisions;
  std::vector<Cell> cells;
  AtomCache atoms;
};

TEST(PackedDecisions, GiveTheTextOfEachWay) {
  Packing of(policy());
  of.cell("spend") = Cell::of(-1500);
  of.cell("often") = Cell::of(4);
  of.cell("rate") = Cell::of_double(4 / 3.0);
  of.cell("busy") = Cell::of(1);
  of.cell("limit") = Cell::of(std::numeric_limits<int64_t>::max());
  const auto places = [&](std::string_view name) {
    size_t i = 0;
    while (of.of.data().values[i].tag.name != name) ++i;
    return std::to_string(i);
  };
  const std::string busy = "t" + places("busy");
  EXPECT_EQ(of.there_and_back(move(0, 0, 1)), "e0.0F=i-1500\ne1.0T=i9223372036854775807\n");
  of.cell("spend") = Cell::of(std::numeric_limits<int64_t>::min());
  EXPECT_EQ(of.there_and_back(move(0, 0, 4)), "e0.0F=i-9223372036854775808\n");
  of.cell("spend") = Cell::of(1000);
  EXPECT_EQ(of.there_and_back(move(0, 1, 0)),
            "e0.0T=i1000\ne0.1T\n" + busy + ".0T=i4\n" + busy + ".1T=d1.3333333333333333\n");
  EXPECT_EQ(of.there_and_back(move(0, kNoClass, 0)), of.there_and_back(move(0, 3, 0)));
  EXPECT_EQ(of.there_and_back(move(1, 0, kNoClass)),
            "e0.0T\n" + busy + ".0T=i4\n" + busy + ".1T=d1.3333333333333333\n");
  of.cell("busy") = of.cell("rate") = {};
  const std::string unknown = of.there_and_back(move(0, 0, 4));
  EXPECT_EQ(unknown.substr(0, 6), "e0.1U?") << unknown;
}

void pack_wholes(std::span<const int64_t> values, WipedString& out) {
  PackedWholes packed(out);
  for (const int64_t value : values) packed.add(value);
  packed.finish();
}

TEST(PackedDecisions, OfWholeNumbersAreTheSameWithoutCells) {
  Packing packing(policy());
  for (const int64_t spend : {int64_t{0}, int64_t{-31}, int64_t{16}, int64_t{123'456},
                              std::numeric_limits<int64_t>::min()}) {
    packing.cell("limit") = Cell::of(spend);
    std::string packed;
    ASSERT_TRUE(packing.decisions.pack(move(0, kNoClass, 1), packing.cells, packed));
    WipedString wholes;
    pack_wholes({&spend, 1}, wholes);
    EXPECT_EQ(std::string_view(wholes), packed);
  }
  const std::vector<int64_t> many(20, std::numeric_limits<int64_t>::max());
  WipedString wholes, one;
  pack_wholes(many, wholes);
  pack_wholes(std::span(many).first(1), one);
  std::string expected = "v";
  for (size_t i = 0; i < many.size(); ++i) expected += std::string_view(one).substr(1);
  EXPECT_EQ(std::string_view(wholes), expected);
}

TEST(PackedDecisions, LeaveClocksTextsAndWhatIsPersonalToTexts) {
  std::string packed;
  Packing of(policy());
  EXPECT_TRUE(of.decisions.pack(move(0, 4, 1), of.cells, packed));
  packed.clear();
  EXPECT_FALSE(of.decisions.pack(move(0, 4, 2), of.cells, packed));  // age reads the clock
  EXPECT_FALSE(of.decisions.pack(move(0, 4, 3), of.cells, packed));
  EXPECT_FALSE(of.decisions.pack(move(0, 2, 4), of.cells, packed));
  EXPECT_FALSE(of.decisions.pack(move(2, 0, 1), of.cells, packed));
  SettledMove pinned = move(0, 4, 0);
  pinned.by_override = true;
  EXPECT_FALSE(of.decisions.pack(pinned, of.cells, packed));
  Packing personal(policy(R"json(, "personal": true)json"));
  EXPECT_FALSE(personal.decisions.pack(move(0, 4, 1), personal.cells, packed));
  EXPECT_EQ(packed, "");
}

TEST(PackedDecisions, OfScoresGiveThoseThatThePolicyShows) {
  Packing of(*Policy::parse(R"json({"patron": 1, "name": "p", "streams": {"orders": {}},
    "models": {"rfm": {"table": "eleven"}},
    "classifications": [{"name": "segment", "kind": "grid", "table": "rfm.eleven"}]})json"));
  const auto text = [&](const std::array<bool, 3>& shown, bool known) {
    const std::string packed = PackedDecisions::pack_scores({5, 1, 3}, shown, known);
    EXPECT_TRUE(PackedDecisions::is_packed(packed));
    return of.decisions.unpack(move(0, 4, 0), packed, of.atoms);
  };
  // A line for each score: which it is, that it counts, and its value.
  EXPECT_EQ(text({true, true, true}, true), "g0T=i5\ng1T=i1\ng2T=i3\n");
  EXPECT_EQ(text({true, false, true}, true), "g0T=i5\ng2T=i3\n");
  EXPECT_EQ(text({false, true, true}, false), "g1T\ng2T\n");
  for (const char* wrong : {"v", "vEE", "vEEEE",
                            "vE\x7F"
                            "E",
                            "v55 ", "vE@\xC3"}) {
    EXPECT_EQ(of.decisions.unpack(move(0, 4, 0), wrong, of.atoms), "") << wrong;
  }
}

// Saved engines may hold any text.
TEST(PackedDecisions, OfOtherTextsGiveNothing) {
  Packing of(policy());
  std::string packed;
  ASSERT_TRUE(of.decisions.pack(move(0, 4, 0), of.cells, packed));
  for (const std::string& wrong :
       {packed + "@", packed.substr(0, packed.size() - 1), std::string("v\xC3\xA9"),
        std::string("v") + std::string(40, '`'), std::string("e0.0T\n"), std::string()}) {
    EXPECT_EQ(of.decisions.unpack(move(0, 4, 0), wrong, of.atoms), "") << wrong;
  }
  EXPECT_EQ(of.decisions.unpack(move(9, 4, 0), packed, of.atoms), "");
  EXPECT_EQ(of.decisions.unpack(move(2, 0, 1), packed, of.atoms), "");
}

}  // namespace
}  // namespace patron::internal
