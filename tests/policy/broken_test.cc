// Variants of the shipped policies, each with one fault: the check finds that one, at its place,
// and says what to do.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "patron/policy.h"
#include "tests/policy/shared_policies.h"

namespace patron {
namespace {

struct Fault {
  const char* policy;
  const char* from;  ///< the first occurrence of this text ...
  const char* to;    ///< ... becomes this
  const char* code;
  const char* pointer;
  const char* says;  ///< a part of the message
};

const std::vector<Fault>& faults() {
  static const std::vector<Fault> all{
      // Keys.
      {"retail", "\"timezone\"", "\"timezon\"", "unknown_key", "/timezon",
       "did you mean \"timezone\""},
      {"retail", "\"key\": \"order_id\"", "\"keys\": \"order_id\"", "unknown_key",
       "/streams/orders/keys", "did you mean \"key\""},
      {"retail", "\"window\": \"730d\", \"scores\"", "\"windw\": \"730d\", \"scores\"",
       "unknown_key", "/models/rfm/windw", "did you mean \"window\""},
      {"baby", "\"min_dwell\"", "\"min_dwel\"", "unknown_key",
       "/classifications/0/classes/1/min_dwel", "did you mean \"min_dwell\""},
      {"b2b", "\"grace\": \"90d\"", "\"gracee\": \"90d\"", "unknown_key",
       "/classifications/0/classes/1/gracee", "did you mean \"grace\""},
      {"bank", "\"name\": \"bank\",", "", "missing_key", "", "\"name\" is missing"},
      {"b2b", "\"patron\": 1,", "\"patron\": 2,", "version", "/patron", "want 1"},
      {"ecommerce", "\"version\": \"1\",", "\"version\": 1,", "type", "/version", "want a string"},
      {"ecommerce", "\"streams\": {\"orders\": {}, \"interactions\": {}}",
       "\"streams\": {\"orders\": {}, \"interactions\": []}", "type", "/streams/interactions",
       "want an object"},
      // The head.
      {"retail", "Asia/Shanghai", "Asia/Shangai", "zone", "/timezone", "Asia/Shanghai"},
      {"retail", "\"CNY\"", "\"Yuan\"", "value", "/money/currency", "three capital letters"},
      {"retail", "\"scale\": 2", "\"scale\": 12", "value", "/money/scale", "want 0 to 9"},
      {"retail", "{\"id\": \"string\"}", "{\"id\": \"text\"}", "value", "/customer/id",
       "\"int64\" or \"string\""},
      {"retail", "\"member_no\", \"phone\"", "\"phone\", \"phone\"", "name_taken",
       "/identities/keys/1", "the strongest first"},
      {"bank", "\"every\": \"month\"", "\"every\": \"fortnight\"", "value", "/calibrate/every",
       "\"day\", \"week\""},
      // Metrics.
      {"bank", "\"count\": \"interactions\"", "\"tally\": \"interactions\"", "missing_key",
       "/tags/0/metric", "\"tally\" is no verb; want one of"},
      {"bank", "\"count\": \"interactions\"", "\"cuont\": \"interactions\"", "missing_key",
       "/tags/0/metric", "\"cuont\" is no verb; did you mean \"count\"?"},
      {"bank", "kind == 'service_call'", "products > 1", "expression.unknown_name",
       "/tags/0/metric/where",
       "\"products\" is no column of interactions; a filter of events sees no tags, but the "
       "columns "
       "of its stream: want \"time\", "},
      // Streams and attributes.
      {"retail", "\"coupon\": \"money\"", "\"coupon\": \"mony\"", "type",
       "/streams/orders/columns/coupon", "did you mean \"money\""},
      {"retail", "{\"category\": \"enum\", \"channel\": \"enum\", \"coupon\"",
       "{\"category\": \"int64\", \"channel\": \"enum\", \"coupon\"", "type",
       "/streams/orders/columns/category", "is always enum"},
      {"retail", "\"ordered\": true, ", "\"ordered\": 1, ", "type",
       "/attributes/income_level/ordered", "want true or false"},
      {"retail", "[\"low\", \"middle\", \"high\"]", "[\"low\", \"middle\", \"low\"]", "value",
       "/attributes/income_level/values/2", "twice"},
      {"retail", "{\"type\": \"date\", \"category\": \"basic\"",
       "{\"type\": \"day\", \"category\": \"basic\"", "type", "/attributes/birth_date/type",
       "is no type"},
      {"b2b", "\"category\": \"influence\"", "\"category\": \"influense\"", "value",
       "/attributes/industry_leader/category", "did you mean \"influence\""},
      {"b2b", "\"custom_requirements\": {", "\"custom requirements\": {", "name",
       "/attributes/custom requirements", "custom requirements"},
      {"retail", "\"occupation\": {", "\"null\": {", "name", "/attributes/null", "null"},
      // Tags.
      {"retail", "{\"name\": \"browse_time_30d\"", "{\"name\": \"gender\"", "name_taken",
       "/tags/6/name", "one name space"},
      {"retail", "\"orders.amount\", \"window\": \"365d\"}}",
       "\"orders.amuont\", \"window\": \"365d\"}}", "unknown_column", "/tags/0/metric/sum",
       "did you mean \"amount\""},
      {"retail", "{\"sum\": \"orders.amount\", \"window\": \"365d\"}}",
       "{\"sum\": \"order.amount\", \"window\": \"365d\"}}", "unknown_stream", "/tags/0/metric/sum",
       "did you mean \"orders\""},
      {"retail", "{\"sum\": \"orders.amount\", \"window\": \"365d\"}}",
       "{\"sum\": \"orders.amount\", \"window\": \"365\"}}", "period", "/tags/0/metric/window",
       "365d"},
      {"retail", "{\"sum\": \"orders.amount\", \"window\": \"365d\"}}",
       "{\"sum\": \"orders.category\", \"window\": \"365d\"}}", "type", "/tags/0/metric/sum",
       "wants int64, double, money or duration"},
      {"retail", "{\"sum\": \"orders.amount\", \"window\": \"365d\"}}",
       "{\"sum\": \"orders\", \"window\": \"365d\"}}", "value", "/tags/0/metric/sum",
       "is of a column"},
      {"retail", "{\"sum\": \"orders.amount\", \"window\": \"365d\"}}",
       "{\"summ\": \"orders.amount\", \"window\": \"365d\"}}", "missing_key", "/tags/0/metric",
       "did you mean \"sum\""},
      {"retail", "{\"count\": \"referrals\", \"window\": \"365d\"}",
       "{\"count\": \"referrals\", \"sum\": \"orders.amount\", \"window\": \"365d\"}", "value",
       "/tags/13/metric/sum", "one verb"},
      {"retail", "{\"count\": \"referrals\", \"window\": \"365d\"}",
       "{\"count\": \"referrals\", \"by\": \"orders.amount\"}", "key_not_allowed",
       "/tags/13/metric/by", "does not go with \"count\""},
      {"retail", "{\"calendar\": \"year\", \"previous\": 1}",
       "{\"calendar\": \"years\", \"previous\": 1}", "value", "/tags/14/metric/window/calendar",
       "\"month\", \"quarter\" or \"year\""},
      {"retail", "{\"calendar\": \"year\", \"previous\": 1}",
       "{\"from\": \"2026-07-01\", \"to\": \"2026-01-01\"}", "value", "/tags/14/metric/window",
       "the window is empty"},
      {"retail", "{\"calendar\": \"year\", \"previous\": 1}", "{\"since\": {\"class\": \"teer\"}}",
       "unknown_name", "/tags/14/metric/window/since/class", "did you mean \"tier\""},
      {"retail", "{\"calendar\": \"year\", \"previous\": 1}",
       "{\"since\": {\"class\": \"audiences\"}}", "value", "/tags/14/metric/window/since/class",
       "is of kind flags"},
      {"retail", "\"window\": \"365d\", \"where\": \"amount > 0\"",
       "\"window\": \"365d\", \"where\": \"amount\"", "type", "/tags/1/metric/where",
       "want a condition"},
      {"retail", "\"window\": \"30d\", \"where\": \"kind == 'view'\"",
       "\"window\": \"30d\", \"where\": \"kindd == 'view'\"", "expression.unknown_name",
       "/tags/6/metric/where", "kind"},
      {"retail", "double(complaints_12m) / double(orders_12m)",
       "double(complaints_12m) / double(orders_12)", "expression.unknown_name",
       "/tags/12/expression", "orders_12m"},
      {"retail", "\"orders_12m >= 2\"", "\"orders_12m >= 'two'\"", "expression.type",
       "/tags/15/expression", ""},
      {"retail", "\"views_30d >= 20 && orders_30d == 0\"",
       "\"views_30d >= 20 && (orders_30d == 0\"", "expression.syntax", "/tags/16/expression", ""},
      {"retail", "\"orders_12m >= 2\"", "\"repeat_buyer\"", "cycle", "/tags/15",
       "repeat_buyer reads repeat_buyer"},
      {"baby", "\"window\": \"90d\", \"offset\": \"90d\"", "\"offset\": \"90d\"", "key_not_allowed",
       "/tags/1/metric/offset", "rolling window"},
      {"baby", ", \"key\": \"ticket\"", "", "missing_key", "/tags/4/metric",
       "needs the key \"key\""},
      {"baby", "\"key\": \"ticket\"", "\"key\": \"tiket\"", "unknown_column", "/tags/4/metric/key",
       "did you mean \"ticket\""},
      {"b2b", "\"annual_spend\": \"purchases_12m\"", "\"annual_spend\": \"product_lines\"", "type",
       "/tags/5/plain_ltv/annual_spend", "want money"},
      {"b2b", "\"years\": 5", "\"years\": -5", "value", "/tags/5/plain_ltv/years", "above 0"},
      {"bank", "\"metric\": {\"distinct\": \"orders.product\"}",
       "\"metric\": {\"distinct\": \"orders.product\"}, \"expression\": \"1\"", "value",
       "/tags/1/expression", "one source"},
      {"bank", ", \"expression\": \"(has(assets)", ", \"expresion\": \"(has(assets)", "unknown_key",
       "/tags/3/expresion", "did you mean \"expression\""},
      // Models.
      {"retail", "\"scores\": 5", "\"scores\": 4", "value", "/models/rfm/scores",
       "5 scores an axis"},
      {"retail", "\"table\": \"eleven\"", "\"table\": \"twelve\"", "value", "/models/rfm/table",
       "\"eleven\""},
      {"retail", "\"model\": \"mbg_nbd\"", "\"model\": \"mbgnbd\"", "value", "/models/ltv/model",
       "did you mean \"mbg_nbd\""},
      {"retail", "\"discount_per_year\": 0.10", "\"discount_per_year\": 10.5", "value",
       "/models/ltv/discount_per_year", "ten per cent"},
      {"retail", "\"discount_per_year\": 0.10", "\"penalty\": -0.1", "value", "/models/ltv/penalty",
       "0.001 is a gentle one"},
      {"retail", "\"discount_per_year\": 0.10", "\"penalty\": \"gentle\"", "type",
       "/models/ltv/penalty", "number"},
      {"retail", "\"of\": [\"spend_12m\", \"ltv.value\"", "\"of\": [\"spend_12m\", \"ltv.valu\"",
       "unknown_name", "/models/score/of/1", "did you mean \"ltv.value\""},
      {"b2b", "[[1, 3, 5], [0.3333333333333333, 1, 2]", "[[1, 3, 5], [0.3333333333333333, 1, 20]",
       "value", "/models/importance/weights/ahp", ""},
      {"b2b", "[0.2, 0.5, 1]]", "[0.2, 0.5]]", "value", "/models/importance/weights/ahp/2",
       "2 comparisons"},
      // Classifications: what rule 36 and its neighbours say.
      {"b2b", "\"kind\": \"ladder\"", "\"kind\": \"laddr\"", "value", "/classifications/0/kind",
       "did you mean \"ladder\""},
      {"b2b", "\"kind\": \"rank\", \"by\"", "\"kind\": \"rank\", \"on_unknown\": \"hold\", \"by\"",
       "key_not_allowed", "/classifications/1/on_unknown", "does not go with a rank"},
      {"b2b", "{\"name\": \"A\", \"share\": 0.8}",
       "{\"name\": \"A\", \"share\": 0.8, \"grace\": \"9d\"}", "key_not_allowed",
       "/classifications/1/classes/0/grace", "does not go with a rank"},
      {"b2b", "\"share\": 0.95", "\"share\": 0.75", "order", "/classifications/1/classes/1/share",
       "cumulative"},
      {"b2b", "\"leave\": \"one_step\"", "\"leave\": \"one-step\"", "value",
       "/classifications/0/classes/1/leave", "\"one_step\""},
      {"b2b", "\"leave\": \"one_step\"", "\"leave\": {\"to\": \"strategic\"}", "order",
       "/classifications/0/classes/1/leave/to", "goes to a later one"},
      {"b2b", "{\"name\": \"standard\"}", "{\"name\": \"standard\", \"grace\": \"9d\"}",
       "key_not_allowed", "/classifications/0/classes/2/grace", "takes the rest"},
      {"b2b", "{\"name\": \"standard\"}", "{\"name\": \"key\"}", "name_taken",
       "/classifications/0/classes/2/name", "two classes"},
      {"b2b", "\"enter\": \"purchases_12m > 300000 || industry_leader\"",
       "\"keep\": \"industry_leader\"", "missing_key", "/classifications/0/classes/1",
       "takes everybody"},
      {"b2b", "\"by\": \"margin_12m\"", "\"by\": \"willing_reference\"", "type",
       "/classifications/1/by", "want a number or money"},
      {"b2b", "purchases_12m > 300000 || industry_leader", "account_class == 'key'", "cycle",
       "/classifications/0", "account_class reads account_class"},
      {"ecommerce", "\"cuts\": [50, 200]", "\"cuts\": [200, 50]", "order",
       "/classifications/1/cuts/1", "cuts rise"},
      {"ecommerce", "\"cuts\": [50, 200]", "\"cuts\": [50]", "value", "/classifications/1/cuts",
       "1 cuts make 2 classes"},
      {"ecommerce", "\"hysteresis\": 0.1", "\"hysteresis\": 1.5", "value",
       "/classifications/1/hysteresis", "below 1"},
      {"ecommerce", "value == 'high'", "value == 'hihg'", "expression.unknown_value",
       "/classifications/2/classes/0/enter", "high"},
      {"ecommerce", "[\"save_offer\"]", "[\"save_ofer\"]", "unknown_action",
       "/classifications/2/classes/0/on_enter/0", "did you mean \"save_offer\""},
      {"ecommerce", "\"keep\": \"ltv.p_alive < 0.6\"", "\"leave\": \"now\"", "key_not_allowed",
       "/classifications/2/classes/0/leave", "does not go with flags"},
      {"retail", "\"table\": \"rfm.eleven\"", "\"table\": \"rfm.twelve\"", "unknown_name",
       "/classifications/0/table", "eleven"},
      {"retail", "nps.class == 'promoter'", "nps.class == 'fan'", "expression.unknown_value",
       "/classifications/2/classes/2/enter", ""},
      // Actions.
      {"retail", "\"on_date\": \"birth_date\"", "\"on_date\": \"gender\"", "type",
       "/actions/birthday_gift/on_date", "a date or timestamp"},
      {"retail", "\"lead\": \"7d\"", "\"lead\": 7", "type", "/actions/birthday_gift/lead",
       "a string"},
      {"baby", "\"once\": true", "\"once\": true, \"every\": \"3mo\"", "key_not_allowed",
       "/actions/invite_community/every", "\"on_date\""},
      {"baby", "\"every\": \"3mo\", \"until\"", "\"until\"", "key_not_allowed",
       "/actions/next_size_reminder/until", "say \"every\""},
  };
  return all;
}

TEST(BrokenPolicy, EachHasTheOneRightMessage) {
  int tried = 0;
  for (const Fault& fault : faults()) {
    std::string text = test::policy_text(fault.policy);
    const size_t at = text.find(fault.from);
    ASSERT_NE(at, std::string::npos) << fault.policy << " has no " << fault.from;
    text.replace(at, std::string(fault.from).size(), fault.to);
    const CheckedPolicy checked = Policy::check(text);
    std::vector<PolicyFinding> errors;
    for (const PolicyFinding& one : checked.findings) {
      if (one.severity == Severity::kError) errors.push_back(one);
    }
    const std::string shown = std::string(fault.policy) + ": " + fault.to + "\n" +
                              format_findings(fault.policy, text, checked.findings);
    EXPECT_FALSE(checked.policy) << shown;
    ++tried;
    ASSERT_FALSE(errors.empty()) << shown;
    EXPECT_EQ(errors.size(), 1U) << shown;
    EXPECT_EQ(errors[0].code, fault.code) << shown;
    EXPECT_EQ(errors[0].pointer, fault.pointer) << shown;
    EXPECT_NE(errors[0].message.find(fault.says), std::string::npos)
        << shown << "want: " << fault.says;
    // The place is in the document, at the value or its key.
    EXPECT_GE(errors[0].offset, 0);
    EXPECT_LT(errors[0].offset, static_cast<int64_t>(text.size()));
  }
  EXPECT_GE(tried, 60);
}

}  // namespace
}  // namespace patron
