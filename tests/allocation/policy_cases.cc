// Policies: checked, refused, described.
#include "tests/allocation/attempt.h"
#include "tests/allocation/inputs.h"

namespace patron::test {
namespace {

const std::string& sound() {
  static const std::string text = R"({"patron": 1, "name": "a shop with a long name",
    "streams": {"orders": {"key": "order_number", "columns": {"channel": "enum"}}},
    "attributes": {"region": {"type": "enum", "values": ["a long region", "another region"]}},
    "tags": [{"name": "spend", "metric": {"sum": "orders.amount", "window": "12mo", "where": "amount > 0"}},
             {"name": "rich", "expression": "spend > 1000"}],
    "models": {"rfm": {}, "score": {"weights": "entropy", "of": ["spend", "rfm.f"]}},
    "classifications": [
      {"name": "segment", "kind": "grid", "table": "rfm.eleven"},
      {"name": "tier", "kind": "ladder", "classes": [{"name": "gold", "enter": "rich", "on_enter": ["hello"]},
                                                     {"name": "guest"}]}],
    "actions": {"hello": {"params": {"template": "a long template name"}}}})";
  return text;
}

const std::string& broken() {
  static const std::string text = R"({"patron": 1, "name": "shop", "streams": {"orders": {}},
    "tags": [{"name": "spend", "metric": {"sum": "orders.amuont"}}, {"name": "b", "expression": "c + 1"}]})";
  return text;
}

patron_policy* parsed() {
  patron_policy* out = nullptr;
  EXPECT_EQ(patron_policy_parse(sound().data(), sound().size(), &out, nullptr), PATRON_OK);
  return out;
}

Case parse(const char* name, const std::string& text, patron_status expected = PATRON_OK) {
  return {"patron_policy_parse", name,
          [text](Attempt& attempt) {
            attempt.hand_out<patron_policy>([&](patron_policy** out, patron_error* error) {
              return patron_policy_parse(text.data(), text.size(), out, error);
            });
          },
          expected};
}

template <typename Handle, typename Function>
Case of_policy(const char* name, const Function& function) {
  return {name, "a policy", [function](Attempt& attempt) {
            const Policy policy(parsed());
            attempt.hand_out<Handle>([&](Handle** out, patron_error* error) {
              return function(policy.get(), out, error);
            });
          }};
}

Case classify(const char* name, const std::string& classification, int32_t threads,
              patron_status expected = PATRON_OK) {
  return {"patron_policy_classify", name,
          [classification, threads](Attempt& attempt) {
            const Policy policy(parsed());
            Inputs facts;
            facts.add("rich", PATRON_TYPE_BOOL, std::vector<uint8_t>{5, 0, 0});
            facts.nulls("101");
            const patron_table* table = facts.table();
            patron_expression_options options = PATRON_EXPRESSION_OPTIONS_INIT;
            options.threads = threads;
            patron_expression_counts counts = PATRON_EXPRESSION_COUNTS_INIT;
            attempt.hand_out<patron_table>([&](patron_table** out, patron_error* error) {
              return patron_policy_classify(policy.get(), classification.data(),
                                            classification.size(), table, &options, out, &counts,
                                            error);
            });
            attempt.bytes += std::to_string(counts.rows) + std::to_string(counts.unknown_rows);
          },
          expected};
}

}  // namespace

std::vector<Case> policy_cases() {
  return {
      parse("a sound document", sound()),
      parse("a broken document", broken(), PATRON_E_DOCUMENT),
      parse("no document", "{", PATRON_E_SYNTAX),
      {"patron_policy_check", "two findings",
       [](Attempt& attempt) {
         attempt.hand_out<patron_table>([&](patron_table** out, patron_error* error) {
           return patron_policy_check(broken().data(), broken().size(), out, error);
         });
       }},
      {"patron_policy_format", "two findings",
       [](Attempt& attempt) {
         attempt.hand_out<patron_buffer>([&](patron_buffer** out, patron_error* error) {
           return patron_policy_format("x.json", 6, broken().data(), broken().size(), out, error);
         });
       }},
      of_policy<patron_buffer>("patron_policy_to_json", patron_policy_to_json),
      of_policy<patron_table>("patron_policy_tags", patron_policy_tags),
      of_policy<patron_table>("patron_policy_classes", patron_policy_classes),
      of_policy<patron_buffer>(
          "patron_policy_to_sql",
          [](const patron_policy* policy, patron_buffer** out, patron_error* error) {
            return patron_policy_to_sql(policy, "tier", 4, PATRON_SQL_DUCKDB, nullptr, out, error);
          }),
      {"patron_policy_describe", "a policy",
       [](Attempt& attempt) {
         const Policy policy(parsed());
         patron_policy_info info = PATRON_POLICY_INFO_INIT;
         attempt.call(
             [&](patron_error* error) {
               return patron_policy_describe(policy.get(), &info, error);
             },
             [&] { return text(info.hash); });
       }},
      classify("a tier", "tier", 2),
      classify("no such name", "teir", 1, PATRON_E_ARGUMENT),
      classify("not by conditions", "segment", 1, PATRON_E_UNSUPPORTED),
      {"patron_policy_close", "a policy",
       [](Attempt& attempt) {
         patron_policy* policy = parsed();
         attempt.nothing([&] { patron_policy_close(policy); });
       }},
  };
}

}  // namespace patron::test
