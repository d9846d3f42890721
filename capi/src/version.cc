#include "capi/src/guard.h"
#include "capi/src/input.h"
#include "patron/patron.h"
#include "patron/status.h"
#include "patron/time.h"

using namespace patron::capi;  // NOLINT

const char* patron_version() noexcept { return PATRON_VERSION; }

uint32_t patron_abi_version() noexcept {
  return static_cast<uint32_t>(PATRON_ABI_MAJOR) << 16 | PATRON_ABI_MINOR;
}

const char* patron_status_name(patron_status status) noexcept {
  return patron::code_name(static_cast<patron::Code>(status));
}

patron_str patron_zone_data_version() noexcept { return view(patron::zone_data_version()); }

patron_str patron_zone_data_hash() noexcept { return view(patron::zone_data_hash()); }
