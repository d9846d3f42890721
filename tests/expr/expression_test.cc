#include "patron/expression.h"

#include <gtest/gtest.h>

#include "tests/expr/world.h"

namespace patron::test {
namespace {

TEST(Expression, TellsWhatItIs) {
  const Expression e = *Expression::parse("m * 2 + or_else(n, 0)", world());
  EXPECT_EQ(e.kind(), Kind::kMoney);
  EXPECT_EQ(e.unit().scale, 2);
  EXPECT_TRUE(e.nullable());
  EXPECT_FALSE(e.uses_now());
  EXPECT_EQ(std::vector<int>(e.fields().begin(), e.fields().end()),
            (std::vector<int>{world().find("m"), world().find("n")}));
  EXPECT_EQ(e.text(), "m * 2 + or_else(n, 0)");
  EXPECT_TRUE(Expression::parse("age(t) > days(1)", world())->uses_now());
}

TEST(Expression, ParseGivesTheFirstErrorAsAStatus) {
  const auto status = [](const char* text) { return Expression::parse(text, world()).status(); };
  EXPECT_EQ(status("i >").code(), Code::kSyntax);
  EXPECT_EQ(status("i >").byte_offset(), 3);
  EXPECT_EQ(status("b && zz").code(), Code::kDocument);
  EXPECT_EQ(status("b && zz").byte_offset(), 5);
  EXPECT_EQ(status("\xFF").code(), Code::kUtf8);
  EXPECT_EQ(status(std::string(70'000, ' ').c_str()).code(), Code::kLimit);
}

TEST(Expression, PrintsFindingsWithCarets) {
  const std::string text = "b &&\n  'caf\xC3\xA9' == zzz";
  const CheckedExpression checked = Expression::check(text, world());
  EXPECT_EQ(format_diagnostics(text, checked.diagnostics),
            "2:13: error: \"zzz\" is no field of the schema; the names are \"b\", \"c\", "
            "\"i\", \"j\", \"k.x\", \"d\", \"f\", \"m\", \"n\", \"s\", \"r\", \"e\", 8 more, `now` "
            "[unknown_name]\n"
            "    'caf\xC3\xA9' == zzz\n"
            "              ^^^\n");
}

// The conditions of the five policies that patron is designed around.
TEST(Expression, TheConditionsOfThePoliciesCheck) {
  const Schema schema = *Schema::from_json(R"({
    "timezone": "Asia/Shanghai", "money": {"currency": "CNY", "scale": 2},
    "fields": {
      "amount": "money", "kind": "enum", "complaints_12m": "int64", "orders_12m": "int64",
      "views_30d": "int64", "orders_30d": "int64", "rfm.f": "int64", "rfm.m": "int64",
      "rfm.r": "int64", "browses_without_buying": "bool", "complaint_rate": "double",
      "nps.class": {"type": "enum", "values": ["promoter", "passive", "detractor"]},
      "referred_customers": "int64", "tier": {"type": "enum", "values": ["A", "B", "C"]},
      "audiences": {"type": "enum_set", "values": ["promoters", "browse_no_buy"]},
      "last_order": "timestamp", "open_complaints": "int64", "frequency_falls": "bool",
      "orders_90d": "int64", "orders_90d_before": "int64", "spend_12m": "money",
      "purchases_12m": "money", "cooperation_since": "date", "willing_reference": "bool",
      "industry_leader": "bool", "assets": "money", "service_calls_90d": "int64",
      "products": "int64", "consent_profiling": "bool", "orders_all": "int64",
      "previous_gap": "duration", "cycle": "duration", "ltv.p_alive": "double",
      "value": {"type": "enum", "values": ["low", "middle", "high"]}}})");
  for (const char* text :
       {"amount > 0",
        "kind == 'view'",
        "double(complaints_12m) / double(orders_12m)",
        "orders_12m >= 2",
        "views_30d >= 20 && orders_30d == 0",
        "rfm.f >= 4 && rfm.m >= 4 && rfm.r >= 3",
        "rfm.m >= 3 || browses_without_buying",
        "complaint_rate > 0.2 && complaints_12m >= 2",
        "nps.class == 'promoter' && referred_customers == 0",
        "tier == 'A' || tier == 'B'",
        "'promoters' in audiences",
        "age(last_order) > days(180) || open_complaints >= 2",
        "orders_90d_before >= 2 && orders_90d * 2 <= orders_90d_before",
        "orders_90d >= 3 && spend_12m >= 2000",
        "purchases_12m > 1000000 && cooperation_since + years(3) <= now && willing_reference",
        "purchases_12m > 300000 || industry_leader",
        "(has(assets) ? double(assets) : 0.0) / 10000.0 + 20.0 * double(service_calls_90d) + "
        "15.0 * double(products)",
        "previous_gap > days(180) && age(last_order) <= days(30)",
        "orders_all == 1 && age(last_order) <= days(60)",
        "ltv.p_alive < 0.5 && value == 'high'",
        "age(last_order) > cycle * 2 && orders_all >= 3"}) {
    const CheckedExpression checked = Expression::check(text, schema);
    EXPECT_TRUE(checked.expression) << text << "\n"
                                    << format_diagnostics(text, checked.diagnostics);
    EXPECT_TRUE(checked.diagnostics.empty()) << text;
  }
}

TEST(Expression, AnyBytesGiveADiagnostic) {
  Dice dice(5);
  const std::string pieces[] = {"a",  "(", ")",  "'",    "\"",   "\\", " ",    "&&",  "||",
                                "i",  "1", ".",  "\xC3", "\xA9", "[",  "]",    ",",   "?",
                                ":",  "-", "!",  "b",    "st",   "in", "null", "now", "1e9",
                                "0x", "u", "==", "<",    "{",    "}",  "\n",   "\0",  "//"};
  for (int n = 0; n < cases(20'000); ++n) {
    std::string text;
    for (int64_t k = dice.below(12); k >= 0; --k) {
      text += pieces[static_cast<size_t>(dice.below(36))];
    }
    const CheckedExpression checked = Expression::check(text, world());
    if (!checked.expression) {
      ASSERT_FALSE(checked.diagnostics.empty());
    }
    for (const Diagnostic& d : checked.diagnostics) {
      ASSERT_LE(d.begin, d.end);
      ASSERT_LE(d.end, static_cast<int64_t>(text.size()));
      ASSERT_FALSE(d.message.empty());
    }
    (void)format_diagnostics(text, checked.diagnostics);
  }
}

}  // namespace
}  // namespace patron::test
