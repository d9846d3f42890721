/* A small customer relationship system with an engine inside. It starts from its file, takes orders
   as they come, moves the clock on a timer, acts on every change of tier, answers its screens from
   a snapshot while the engine goes on, and keeps everything it knows. */
#define _XOPEN_SOURCE 700 /* fsync, mkdtemp */
#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

#include "columns.h"

#define DAY (INT64_C(86400) * 1000000)
#define JANUARY (20454 * DAY) /* 2026-01-01 */
#define MOST_COLUMNS 32
#define FOLDER P_tmpdir "/crm-XXXXXX"

static const char kPolicy[] =
    "{\"patron\": 1, \"name\": \"crm\", \"timezone\": \"Europe/Berlin\","
    " \"money\": {\"currency\": \"EUR\", \"scale\": 2}, \"customer\": {\"id\": \"string\"},"
    " \"streams\": {\"orders\": {\"key\": \"order_id\"}},"
    " \"tags\": [{\"name\": \"spend_90d\","
    " \"metric\": {\"sum\": \"orders.amount\", \"window\": \"90d\"}}],"
    " \"classifications\": [{\"name\": \"tier\", \"kind\": \"ladder\", \"classes\": ["
    "{\"name\": \"gold\", \"enter\": \"spend_90d >= 500\", \"grace\": \"14d\"},"
    " {\"name\": \"silver\", \"enter\": \"spend_90d >= 100\"}, {\"name\": \"guest\"}]}]}";

typedef struct {
  patron_engine* engine;
  int32_t orders;                   /* the stream */
  patron_cell values[MOST_COLUMNS]; /* of an order, most of them unknown */
  uint64_t count, amount, key;      /* how many, and where these two stand */
  int64_t last_told;                /* the number of the last transition that was acted on */
} crm;

static void show_time(int64_t time) {
  patron_error error = PATRON_ERROR_INIT;
  char text[40];
  uint64_t needed;
  check(patron_time_format(time, text, sizeof text, &needed, &error), &error);
  printf("%.10s", text);
}

/* Everything that is done once, whether the engine is new or comes from a file. */
static void prepare(crm* me) {
  patron_error error = PATRON_ERROR_INIT;
  patron_table* columns;
  me->orders = patron_engine_find_stream(me->engine, "orders", 6);
  check(patron_engine_columns(me->engine, me->orders, &columns, &error), &error);
  const patron_column names = column_of(columns, "name");
  me->count = (uint64_t)names.length;
  expect(me->count <= MOST_COLUMNS, "an order has few columns");
  for (uint64_t i = 0; i < me->count; ++i) {
    const patron_cell unknown = PATRON_CELL_INIT;
    me->values[i] = unknown;
    if (is(text_at(&names, (int64_t)i), "amount")) me->amount = i;
    if (is(text_at(&names, (int64_t)i), "order_id")) me->key = i;
  }
  me->values[me->amount].known = me->values[me->key].known = 1;
  patron_table_close(columns);
}

/* [store] */
static int32_t write_piece(void* file, const uint8_t* bytes, uint64_t size) {
  return fwrite(bytes, 1, size, (FILE*)file) == size ? 0 : 1;
}

/* The new file takes the place of the old one once it is whole and on the disk: whatever stops the
   program on the way, one of the two can be loaded. */
static void keep(const crm* me, const char* path) {
  patron_error error = PATRON_ERROR_INIT;
  patron_sink sink = PATRON_SINK_INIT;
  char beside[sizeof FOLDER + 32];
  snprintf(beside, sizeof beside, "%s.new", path);
  FILE* file = fopen(beside, "wb");
  expect(file != NULL, "a file can be written");
  sink.write = write_piece;
  sink.context = file;
  check(patron_engine_save_to(me->engine, &sink, &error), &error);
  expect(fflush(file) == 0 && fsync(fileno(file)) == 0 && fclose(file) == 0, "it is on the disk");
  expect(rename(beside, path) == 0, "it takes the place of the old one");
}

/* Without a file it is the first day. */
static void start(crm* me, const char* path) {
  patron_error error = PATRON_ERROR_INIT;
  FILE* file = fopen(path, "rb");
  expect(file != NULL || errno == ENOENT, "the file can be read");
  if (file != NULL) {
    fseek(file, 0, SEEK_END);
    const long size = ftell(file);
    char* bytes = size > 0 ? (char*)malloc((size_t)size) : NULL;
    rewind(file);
    expect(bytes != NULL && fread(bytes, 1, (size_t)size, file) == (size_t)size, "it is read");
    check(patron_engine_load(bytes, (uint64_t)size, NULL, &me->engine, &error), &error);
    free(bytes);
    fclose(file);
  } else {
    patron_policy* policy;
    check(patron_policy_parse(kPolicy, strlen(kPolicy), &policy, &error), &error);
    check(patron_engine_open(policy, NULL, &me->engine, &error), &error);
    patron_policy_close(policy);
  }
  prepare(me);
}
/* [/store] */

static void order(crm* me, const char* customer, int64_t time, const char* id, int64_t cents) {
  patron_error error = PATRON_ERROR_INIT;
  patron_event event = PATRON_EVENT_INIT;
  event.customer = patron_str_of(customer);
  event.time = time;
  me->values[me->amount].integer = cents;
  me->values[me->key].text = patron_str_of(id);
  event.values = me->values;
  event.value_count = me->count;
  check(patron_engine_add(me->engine, me->orders, &event, 1, NULL, NULL, NULL, &error), &error);
}

/* Called by patron while the clock moves on: whoever changed her tier gets a letter. */
static int32_t act(void* context, const patron_table* transitions) {
  crm* me = (crm*)context;
  const patron_column number = column_of(transitions, "number"), at = column_of(transitions, "at");
  const patron_column who = column_of(transitions, "customer"), to = column_of(transitions, "to");
  const patron_column cause = column_of(transitions, "cause");
  for (int64_t i = 0; i < number.length; ++i) {
    const patron_str name = text_at(&who, i), tier = text_at(&to, i), why = text_at(&cause, i);
    show_time(integer_at(&at, i));
    printf("  %.*s is now %.*s, by %.*s\n", (int)name.size, name.data, (int)tier.size, tier.data,
           (int)why.size, why.data);
    me->last_told = integer_at(&number, i);
  }
  return 0;
}

/* [tick] */
static void tick(crm* me, int64_t now) {
  patron_error error = PATRON_ERROR_INIT;
  patron_advance_options options = PATRON_ADVANCE_OPTIONS_INIT;
  options.on_transitions = act;
  options.transitions_context = me;
  check(patron_engine_advance(me->engine, now, &options, &error), &error);
}
/* [/tick] */

/* [screens] */
/* What a screen shows, on any thread: the snapshot does not change while the engine goes on. */
static void draw(const patron_snapshot* seen) {
  patron_error error = PATRON_ERROR_INIT;
  patron_snapshot_info info = PATRON_SNAPSHOT_INFO_INIT;
  patron_profiles_options some = PATRON_PROFILES_OPTIONS_INIT;
  patron_table *tiers, *best, *anna, *classes;
  check(patron_snapshot_describe(seen, &info, &error), &error);
  check(patron_snapshot_distribution(seen, "tier", 4, &tiers, &error), &error);
  const patron_column name = column_of(tiers, "class"), count = column_of(tiers, "customers");
  show_time(info.clock);
  for (int64_t i = 0; i < name.length; ++i) {
    const patron_str tier = text_at(&name, i);
    printf("  %.*s %" PRId64, (int)tier.size, tier.data, integer_at(&count, i));
  }
  some.where = patron_str_of("spend_90d >= 100 && tier != 'gold'");
  check(patron_snapshot_profiles(seen, &some, &best, &error), &error);
  printf("; %" PRId64 " of %" PRId64 " may be won\n", patron_table_rows(best), info.customers);
  check(patron_snapshot_profile(seen, 0, "anna", 4, &anna, &error), &error);
  const patron_column cents = column_of(anna, "integer");
  printf("            anna spent %" PRId64 " cents in 90 days\n", integer_at(&cents, 0));
  check(patron_snapshot_classes(seen, NULL, &classes, &error), &error);
  expect(patron_table_rows(classes) == info.customers, "a row for everybody");
  patron_table_close(tiers), patron_table_close(best), patron_table_close(anna);
  patron_table_close(classes);
}
/* [/screens] */

/* [publish] */
/* The board wants gold for 400: who would move, and then it is so. */
static void lower_gold(crm* me) {
  patron_error error = PATRON_ERROR_INIT;
  char json[sizeof kPolicy];
  patron_policy* lower;
  patron_table *moves, *now, *before, *ways, *policies;
  memcpy(json, kPolicy, sizeof json);
  *strstr(json, "500") = '4';
  check(patron_policy_parse(json, strlen(json), &lower, &error), &error);
  check(patron_engine_compare(me->engine, lower, NULL, 0, NULL, &moves, &error), &error);
  expect(patron_table_rows(moves) == 0, "nobody spent 400 in the last 90 days");
  check(patron_engine_publish(me->engine, lower, NULL, 0, NULL, NULL, &error), &error);
  tick(me, JANUARY + 121 * DAY);
  check(patron_engine_policies(me->engine, &policies, &error), &error);
  expect(patron_table_rows(policies) == 2, "the second is in force");
  check(patron_engine_distribution_at(me->engine, "tier", 4, JANUARY + 40 * DAY, &before, &error),
        &error);
  check(patron_engine_distribution(me->engine, "tier", 4, &now, &error), &error);
  check(patron_engine_migration(me->engine, "tier", 4, JANUARY + 40 * DAY, JANUARY + 121 * DAY,
                                &ways, &error),
        &error);
  const patron_column then = column_of(before, "customers"), is_now = column_of(now, "customers");
  expect(integer_at(&then, 0) == 1 && integer_at(&is_now, 0) == 0, "anna was gold in February");
  patron_policy_close(lower), patron_table_close(moves), patron_table_close(policies);
  patron_table_close(before), patron_table_close(now), patron_table_close(ways);
}
/* [/publish] */

/* [why] */
/* What the desk reads out when somebody asks for her tier. */
static void say_why(const patron_engine* engine, const char* customer) {
  patron_error error = PATRON_ERROR_INIT;
  patron_buffer* words;
  check(patron_engine_explain(engine, 0, customer, strlen(customer), "tier", 4, "en", 2, &words,
                              NULL, &error),
        &error);
  const patron_str text = patron_buffer_text(words);
  printf("%.*s", (int)text.size, text.data);
  patron_buffer_close(words);
}
/* [/why] */

int main(void) {
  patron_error error = PATRON_ERROR_INIT;
  char folder[] = FOLDER, path[sizeof FOLDER + 16];
  patron_snapshot* seen;
  crm me = {0};
  expect(mkdtemp(folder) != NULL, "a folder");
  snprintf(path, sizeof path, "%s/crm.patron", folder);
  start(&me, path);
  order(&me, "anna", JANUARY + 9 * DAY, "o1", 45000);
  order(&me, "ben", JANUARY + 11 * DAY, "o2", 12050);
  tick(&me, JANUARY + 20 * DAY);
  order(&me, "anna", JANUARY + 31 * DAY, "o3", 8000);
  tick(&me, JANUARY + 40 * DAY);
  say_why(me.engine, "ben");
  check(patron_engine_snapshot(me.engine, &seen, &error), &error);
  keep(&me, path);
  patron_engine_close(me.engine);

  crm next = {0}; /* the next morning */
  start(&next, path);
  next.last_told = me.last_told;
  tick(&next, JANUARY + 120 * DAY);
  draw(seen); /* the screen of yesterday still is what it was */
  patron_snapshot_close(seen);
  check(patron_engine_snapshot(next.engine, &seen, &error), &error);
  draw(seen);
  patron_snapshot_close(seen);

  lower_gold(&next);
  patron_table* ways; /* how often everybody moved, for the analysts */
  check(patron_engine_history_table(next.engine, &ways, &error), &error);
  expect(patron_table_rows(ways) == 2, "a row for everybody");
  patron_table_close(ways);
  int32_t found; /* ben leaves; the file that is kept without him is a shorter one */
  check(patron_engine_forget(next.engine, 0, "ben", strlen("ben"), &found, &error), &error);
  keep(&next, path);
  patron_engine_close(next.engine);
  start(&next, path);
  expect(found, "ben was there");
  patron_buffer* bytes; /* the same bytes, where there is no file */
  patron_policy* policy;
  check(patron_engine_save(next.engine, &bytes, &error), &error);
  check(patron_engine_policy(next.engine, &policy, &error), &error);
  patron_policy_close(policy), patron_buffer_close(bytes);
  patron_engine_close(next.engine);
  remove(path), rmdir(folder);
  return 0;
}
