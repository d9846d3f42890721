/* A host that loads and unloads a plugin again and again: patron leaves nothing behind. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <malloc.h>
#include <stdio.h>

/* Loads the library, calls it, unloads it; 0 where it is gone afterwards. */
static int round_trip(const char* path) {
  void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    printf("%s\n", dlerror());
    return 1;
  }
  const char* (*version)(void) = (const char* (*)(void))dlsym(library, "patron_version");
  if (!version || !version()[0]) return 1;
  dlclose(library);
  return dlopen(path, RTLD_NOW | RTLD_NOLOAD) != NULL;
}

int main(int count, char** arguments) {
  if (count != 2) return 2;
  for (int i = 0; i < 20; ++i) {
    if (round_trip(arguments[1])) return 1;
  }
  const size_t before = mallinfo2().uordblks;
  for (int i = 0; i < 50; ++i) {
    if (round_trip(arguments[1])) return 1;
  }
  const size_t after = mallinfo2().uordblks;
  if (after > before) {
    printf("50 rounds of loading and unloading leave %zu bytes behind\n", after - before);
    return 1;
  }
  printf("loaded and unloaded 70 times: nothing is left behind\n");
  return 0;
}
