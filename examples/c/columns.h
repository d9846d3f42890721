/* Values out of the tables that patron hands out. */
#ifndef PATRON_EXAMPLES_COLUMNS_H_
#define PATRON_EXAMPLES_COLUMNS_H_

#include <string.h>

#include "check.h"

/* The only chunk of a column, by its name. */
static inline patron_column column_of(const patron_table* table, const char* name) {
  patron_error error = PATRON_ERROR_INIT;
  patron_column column = PATRON_COLUMN_INIT;
  int32_t index;
  check(patron_table_find(table, name, strlen(name), &index, &error), &error);
  check(patron_table_column(table, index, 0, &column, &error), &error);
  return column;
}

static inline int is_known(const patron_column* column, int64_t i) {
  const int64_t bit = column->offset + i;
  return column->validity == NULL || (column->validity[bit / 8] >> (bit % 8) & 1) != 0;
}

/* The text of row i; where it is null, none. Its offsets are of 32 bits or of 64. */
static inline patron_str text_at(const patron_column* column, int64_t i) {
  patron_str text = {NULL, 0};
  const int64_t at = column->offset + i;
  expect(column->type == PATRON_TYPE_STRING || column->type == PATRON_TYPE_LARGE_STRING, "a text");
  if (!is_known(column, i)) return text;
  const int wide = column->type == PATRON_TYPE_LARGE_STRING;
  const int64_t begin =
      wide ? ((const int64_t*)column->offsets)[at] : ((const int32_t*)column->offsets)[at];
  const int64_t end =
      wide ? ((const int64_t*)column->offsets)[at + 1] : ((const int32_t*)column->offsets)[at + 1];
  text.data = (const char*)column->bytes + begin;
  text.size = (uint64_t)(end - begin);
  return text;
}

static inline int64_t integer_at(const patron_column* column, int64_t i) {
  return ((const int64_t*)column->values)[column->offset + i];
}

static inline int is(patron_str text, const char* word) {
  return text.size == strlen(word) && memcmp(text.data, word, text.size) == 0;
}

#endif /* PATRON_EXAMPLES_COLUMNS_H_ */
