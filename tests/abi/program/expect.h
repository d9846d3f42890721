/* A program of its time: it calls every function of the patron.h it is compiled with, as C99 and as
   C++17. When a version is released, this folder is frozen with its header, and both are compiled
   and run against every later library. Numbers are by hand. */
#ifndef PATRON_TESTS_EXPECT_H_
#define PATRON_TESTS_EXPECT_H_

#include <patron/patron.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPECT(holds) expect((holds) ? 1 : 0, #holds, __FILE__, __LINE__)

static inline void expect(int holds, const char* what, const char* file, int line) {
  if (holds) return;
  fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
  exit(1);
}

static inline int is(patron_str text, const char* expected) {
  return text.size == strlen(expected) && memcmp(text.data, expected, strlen(expected)) == 0;
}

/* Customers 1, 1, 2, 3, 3, 3 on days 20454, 20484, 20470, 20460, 20475, 20490 (2026-01-01 is 20454)
   for 30, 20, 15.50, 9.90, 12 and 60.10. */
patron_table* make_orders(void);
/* The place of a column, which must be there. */
int32_t place_of(const patron_table* table, const char* name);

void use_text_and_version(void);
void use_time(void);
void use_money(void);
void use_tables(void);
void use_arrow(void);
void use_cancel(void);
void use_workspace(void);
void use_segments(void);
void use_rfm(void);
void use_cuts(void);
void use_rank(void);
void use_weights(void);
void use_nps(void);
void use_expressions(void);
void use_ltv_summary(void);
void use_ltv(void);
void use_policy(void);
void use_engine(void);

#endif /* PATRON_TESTS_EXPECT_H_ */
