/* Policies: what is wrong with one, and what it holds. */
#include "expect.h"

void use_policy(void) {
  static const char sound[] =
      "{\"patron\": 1, \"name\": \"shop\", \"attributes\": {\"vip\": {\"type\": \"bool\"}},"
      " \"classifications\": [{\"name\": \"tier\", \"kind\": \"ladder\", \"classes\": ["
      "{\"name\": \"gold\", \"enter\": \"vip\"}, {\"name\": \"guest\"}]}]}";
  static const char broken[] = "{\"patron\": 1, \"nam\": \"shop\"}";
  patron_error error = PATRON_ERROR_INIT;
  patron_policy_info info = PATRON_POLICY_INFO_INIT;
  patron_policy* policy = NULL;
  patron_table *findings = NULL, *tags = NULL, *classes = NULL;
  patron_buffer *shown = NULL, *json = NULL, *sql = NULL;
  int64_t now = 0;
  EXPECT(patron_policy_check(broken, strlen(broken), &findings, &error) == PATRON_OK);
  EXPECT(patron_table_rows(findings) == 2);
  EXPECT(patron_policy_format("x", 1, broken, strlen(broken), &shown, &error) == PATRON_OK);
  EXPECT(patron_buffer_text(shown).size > 20);
  EXPECT(patron_policy_parse(broken, strlen(broken), &policy, &error) == PATRON_E_DOCUMENT);
  EXPECT(patron_policy_parse(sound, strlen(sound), &policy, &error) == PATRON_OK);
  EXPECT(patron_policy_describe(policy, &info, &error) == PATRON_OK);
  EXPECT(is(info.name, "shop") && info.hash.size == 64 && info.tags == 2);
  EXPECT(patron_policy_tags(policy, &tags, &error) == PATRON_OK && patron_table_rows(tags) == 2);
  EXPECT(patron_policy_classes(policy, &classes, &error) == PATRON_OK);
  EXPECT(patron_table_rows(classes) == 2);
  EXPECT(patron_policy_to_json(policy, &json, &error) == PATRON_OK);
  EXPECT(patron_policy_to_sql(policy, "tier", 4, PATRON_SQL_DUCKDB, &now, &sql, &error) ==
         PATRON_OK);
  EXPECT(is(patron_buffer_text(sql), "CASE WHEN \"vip\" THEN 'gold' ELSE 'guest' END AS \"tier\""));
  {
    const patron_expression_options options = PATRON_EXPRESSION_OPTIONS_INIT;
    patron_expression_counts counts = PATRON_EXPRESSION_COUNTS_INIT;
    patron_column vip = PATRON_COLUMN_INIT;
    static const uint8_t bits[1] = {5};
    patron_table *customers = NULL, *called = NULL;
    vip.name = patron_str_of("vip");
    vip.type = PATRON_TYPE_BOOL;
    vip.length = 3;
    vip.values = bits;
    EXPECT(patron_table_create(&vip, 1, &customers, &error) == PATRON_OK);
    EXPECT(patron_policy_classify(policy, "tier", 4, customers, &options, &called, &counts,
                                  &error) == PATRON_OK);
    EXPECT(patron_table_rows(called) == 3 && counts.rows == 3 && counts.unknown_rows == 0);
    patron_table_close(called), patron_table_close(customers);
  }
  patron_table_close(findings), patron_table_close(tags), patron_table_close(classes);
  patron_buffer_close(shown), patron_buffer_close(json), patron_buffer_close(sql);
  patron_policy_close(policy);
}
