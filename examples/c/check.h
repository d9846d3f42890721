/* How the examples end when a call fails: with its message. */
#ifndef PATRON_EXAMPLES_CHECK_H_
#define PATRON_EXAMPLES_CHECK_H_

#include <patron/patron.h>
#include <stdio.h>
#include <stdlib.h>

static inline void check(patron_status status, const patron_error* error) {
  if (status == PATRON_OK) return;
  fprintf(stderr, "%s: %s\n", patron_status_name(status), error->message);
  exit(1);
}

/* What the example promises to show, so that it fails as a test when it shows something else. */
static inline void expect(int holds, const char* what) {
  if (holds) return;
  fprintf(stderr, "not so: %s\n", what);
  exit(1);
}

#endif /* PATRON_EXAMPLES_CHECK_H_ */
