/* A policy is checked before it touches a customer: what is wrong with it, and what it holds. */
#include "check.h"

static const char kSound[] =
    "{\"patron\": 1, \"name\": \"corner shop\", \"timezone\": \"Europe/Berlin\","
    " \"money\": {\"currency\": \"EUR\", \"scale\": 2}, \"streams\": {\"orders\": {}},"
    " \"tags\": [{\"name\": \"spend_12m\", \"metric\": {\"sum\": \"orders.amount\", \"window\": "
    "\"12mo\"}}],"
    " \"classifications\": [{\"name\": \"tier\", \"kind\": \"ladder\", \"classes\": ["
    "  {\"name\": \"gold\", \"enter\": \"spend_12m >= 1000\", \"keep\": \"spend_12m >= 800\"},"
    "  {\"name\": \"guest\"}]}]}";
static const char kBroken[] =
    "{\"patron\": 1, \"name\": \"shop\", \"streams\": {\"orders\": {}},\n"
    " \"tags\": [{\"name\": \"spend\", \"metric\": {\"sum\": \"orders.amuont\"}}]}";

static uint64_t length(const char* text) { return patron_str_of(text).size; }

int main(void) {
  patron_error error = PATRON_ERROR_INIT;
  patron_table *findings, *tags, *classes;
  patron_buffer *text, *json, *sql;
  patron_policy* policy;
  patron_str shown;

  /* [check] */
  check(patron_policy_check(kBroken, length(kBroken), &findings, &error), &error);
  printf("%d finding\n", (int)patron_table_rows(findings));
  check(patron_policy_format("shop.json", 9, kBroken, length(kBroken), &text, &error), &error);
  shown = patron_buffer_text(text);
  printf("%.*s", (int)shown.size, shown.data); /* shop.json:2:49: error: /tags/0/metric/sum: ... */
  /* [/check] */
  expect(patron_table_rows(findings) == 1, "one fault, one finding");
  expect(shown.size > 13 && shown.data[0] == 's' && shown.data[10] == '2', "in the second line");
  expect(patron_policy_parse(kBroken, length(kBroken), &policy, &error) == PATRON_E_DOCUMENT,
         "a policy with errors is refused");
  patron_buffer_close(text);
  patron_table_close(findings);

  /* [parse] */
  check(patron_policy_parse(kSound, length(kSound), &policy, &error), &error);
  patron_policy_info info = PATRON_POLICY_INFO_INIT;
  check(patron_policy_describe(policy, &info, &error), &error);
  printf("%.*s: %d values, %.12s\n", (int)info.name.size, info.name.data, (int)info.tags,
         info.hash.data);
  /* [/parse] */
  expect(info.tags == 2 && info.classifications == 1 && info.hash.size == 64, "a tag and a tier");
  check(patron_policy_tags(policy, &tags, &error), &error);
  check(patron_policy_classes(policy, &classes, &error), &error);
  expect(patron_table_rows(tags) == 2 && patron_table_rows(classes) == 2, "gold and guest");
  check(patron_policy_to_json(policy, &json, &error), &error);
  check(patron_policy_to_sql(policy, "tier", 4, PATRON_SQL_DUCKDB, NULL, &sql, &error), &error);
  shown = patron_buffer_text(sql);
  printf("%.*s\n", (int)shown.size, shown.data);

  /* [classify] */
  static const double kSpend[3] = {1500, 999.99, 80};
  patron_table *customers, *called;
  patron_column spend = PATRON_COLUMN_INIT, held = PATRON_COLUMN_INIT;
  spend.name = patron_str_of("spend_12m");
  spend.type = PATRON_TYPE_DOUBLE; /* major units */
  spend.length = 3;
  spend.values = kSpend;
  check(patron_table_create(&spend, 1, &customers, &error), &error);
  patron_expression_options options = PATRON_EXPRESSION_OPTIONS_INIT;
  patron_expression_counts counts = PATRON_EXPRESSION_COUNTS_INIT;
  check(patron_policy_classify(policy, "tier", 4, customers, &options, &called, &counts, &error),
        &error);
  check(patron_table_column(called, 1, 0, &held, &error), &error); /* bit 0: gold */
  printf("%d of %d customers are gold\n", ((const uint8_t*)held.values)[0], (int)counts.rows);
  /* [/classify] */
  expect(((const uint8_t*)held.values)[0] == 1 && ((const uint8_t*)held.values)[1] == 0,
         "the first is gold, and only she");

  patron_table_close(called);
  patron_table_close(customers);
  patron_buffer_close(json);
  patron_buffer_close(sql);
  patron_table_close(tags);
  patron_table_close(classes);
  patron_policy_close(policy);
  return 0;
}
