/* For authors of bindings: Arrow structs that patron owns until somebody consumes them.

   A Python binding hands patron the addresses of PyCapsule_IsValid and PyCapsule_GetPointer once,
   wraps each struct into a capsule whose destructor is patron_python_capsule_destroy, and is done:
   the destructor needs no interpreter. Here a struct of our own plays the capsule. */
#include "check.h"

struct capsule {
  const char* name;
  void* pointer;
};

static int capsule_is_valid(void* object, const char* name) {
  return strcmp(((const struct capsule*)object)->name, name) == 0;
}

static void* capsule_get_pointer(void* object, const char* name) {
  (void)name;
  return ((const struct capsule*)object)->pointer;
}

/* ISO C has no cast from a function to a void*; POSIX promises that the bytes are the same. */
static void* address(const void* function_pointer) {
  void* out;
  memcpy(&out, function_pointer, sizeof(out));
  return out;
}

int main(void) {
  patron_error error = PATRON_ERROR_INIT;
  int (*is_valid)(void*, const char*) = capsule_is_valid;
  void* (*get_pointer)(void*, const char*) = capsule_get_pointer;
  patron_python_attach(address(&is_valid), address(&get_pointer));

  patron_table* empty;
  struct capsule capsule = {"arrow_array_stream", NULL};
  check(patron_table_create(NULL, 0, &empty, &error), &error);
  check(patron_arrow_create(PATRON_ARROW_STREAM, &capsule.pointer, &error), &error);
  check(patron_table_export_stream(empty, (struct ArrowArrayStream*)capsule.pointer, &error),
        &error);
  patron_table_close(empty);
  patron_python_capsule_destroy(&capsule); /* releases the stream, frees the struct */

  /* The same without capsules. */
  void* schema;
  check(patron_arrow_create(PATRON_ARROW_SCHEMA, &schema, &error), &error);
  expect(((struct ArrowSchema*)schema)->release == NULL, "a new struct holds nothing");
  patron_arrow_close(PATRON_ARROW_SCHEMA, schema);
  printf("nothing leaked\n");
  return 0;
}
