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
  patron_table_close(findings), patron_table_close(tags), patron_table_close(classes);
  patron_buffer_close(shown), patron_buffer_close(json), patron_buffer_close(sql);
  patron_policy_close(policy);
}
