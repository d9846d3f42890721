#include "lib/engine/settle/decision_writer.h"

#include <gtest/gtest.h>

#include "lib/engine/settle/tier_machine.h"

namespace patron::internal {
namespace {

// spend and often are values 0 and 1, busy is 2.
Policy policy() {
  return *Policy::parse(R"json({"patron": 1, "name": "p", "money": {"scale": 2},
    "streams": {"orders": {}},
    "tags": [{"name": "spend", "metric": {"sum": "orders.amount"}},
             {"name": "often", "metric": {"count": "orders"}},
             {"name": "busy", "expression": "often >= 3"}],
    "classifications": [
      {"name": "tier", "kind": "ladder", "classes": [
        {"name": "a", "enter": "spend >= 10 && busy", "keep": "often > 1"}, {"name": "b"}]},
      {"name": "marks", "kind": "flags", "classes": [{"name": "m", "enter": "!busy"}]}]})json");
}

struct Written {
  explicit Written(std::vector<Cell> values) : cells(std::move(values)) {}
  DecisionWriter writer() { return {of.data(), atoms, reads, cells, 0, text}; }

  Policy of = policy();
  std::vector<Cell> cells;
  AtomCache atoms;
  std::vector<size_t> places;
  DecisionWriter::ReadsOf reads = [this](const Expression& e) -> const std::vector<size_t>& {
    places.clear();
    for (const FieldSpec& field : e.schema().fields()) {
      for (size_t i = 0; i < of.data().values.size(); ++i) {
        if (of.data().values[i].tag.name == field.name) places.push_back(i);
      }
    }
    return places;
  };
  std::string text;
};

TEST(DecisionWriter, OfAWayUpSaysWhatLetHerIn) {
  Written up({Cell::of(1500), Cell::of(4), Cell::of(1), {}, {}});
  up.writer().change(up.of.data().classifications[0], 1, 0);
  EXPECT_EQ(up.text, "e0.0T=i1500\ne0.1T\nt2.0T=i4\n");
}

TEST(DecisionWriter, OfAWayDownSaysWhatKeepsHerNoMore) {
  Written down({Cell::of(900), Cell::of(1), Cell::of(0), {}, {}});
  down.writer().change(down.of.data().classifications[0], 0, 1);
  EXPECT_EQ(down.text, "e0.0F=i900\ne0.1F\nt2.0F=i1\nk0.0F=i1\n");
}

// The atom of !busy is busy.
TEST(DecisionWriter, OfAFlagSaysBothWays) {
  Written flag({Cell::of(0), Cell::of(1), Cell::of(0), {}, {}});
  flag.writer().flag(flag.of.data().classifications[1], 0, true);
  EXPECT_EQ(flag.text, "e0.0F\nt2.0F=i1\n");
  Written out({Cell::of(0), Cell::of(3), Cell::of(1), {}, {}});
  out.writer().flag(out.of.data().classifications[1], 0, false);
  EXPECT_EQ(out.text, "e0.0T\nt2.0T=i3\n");
}

}  // namespace
}  // namespace patron::internal
