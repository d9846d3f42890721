/* Which library is this, and which time zones does it know? */
#include "check.h"

int main(void) {
  /* [version] */
  const uint32_t abi = patron_abi_version();
  if (abi >> 16 != PATRON_ABI_MAJOR || (abi & 0xFFFF) < PATRON_ABI_MINOR) {
    fprintf(stderr, "built for ABI %d.%d, this is %u.%u\n", PATRON_ABI_MAJOR, PATRON_ABI_MINOR,
            abi >> 16, abi & 0xFFFF);
    return 1;
  }
  /* [/version] */
  const patron_str zones = patron_zone_data_version();
  const patron_str hash = patron_zone_data_hash();
  printf("patron %s, ABI %u.%u\n", patron_version(), abi >> 16, abi & 0xFFFF);
  printf("zone data %.*s, SHA-256 %.*s\n", PATRON_STR_ARGS(zones), PATRON_STR_ARGS(hash));
  expect(hash.size == 64, "the hash has 64 digits");

  const int32_t count = patron_zone_count();
  const patron_str first = patron_zone_name(0);
  printf("%d zones, the first is %.*s\n", (int)count, PATRON_STR_ARGS(first));
  expect(patron_zone_name(count).data == NULL, "there is no zone behind the last one");

  /* [error] */
  patron_error error = PATRON_ERROR_INIT;
  patron_status status = patron_zone_check("Asia/Shangai", 12, &error);
  if (status != PATRON_OK) printf("%s: %s\n", patron_status_name(status), error.message);
  /* [/error] */
  expect(status == PATRON_E_ZONE && error.code == PATRON_E_ZONE, "there is no such zone");
  return 0;
}
