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

/* The text of row i; where it is null, none. */
static inline patron_str text_at(const patron_column* column, int64_t i) {
  const int64_t* ends = (const int64_t*)column->offsets + column->offset;
  const patron_str text = {(const char*)column->bytes + ends[i], (uint64_t)(ends[i + 1] - ends[i])};
  return text;
}

static inline int64_t integer_at(const patron_column* column, int64_t i) {
  return ((const int64_t*)column->values)[column->offset + i];
}

static inline int is(patron_str text, const char* word) {
  return text.size == strlen(word) && memcmp(text.data, word, text.size) == 0;
}

#endif /* PATRON_EXAMPLES_COLUMNS_H_ */
