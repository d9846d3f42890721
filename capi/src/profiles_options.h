// Which values of whom: the options of profiles, of an engine or of a snapshot.
//
// Thread class: pure.
#pragma once

#include <vector>

#include "capi/src/engine_tables.h"
#include "capi/src/options.h"

namespace patron::capi {

/// NULL leaves `out` as it is; the ids stay where `ids` has them. `customer` is the kind of ids.
/// Code::kUnsupported, kHandle, kState, kArgument, kUtf8, kColumn, kType, kNull.
inline Status read_profiles(const patron_profiles_options* in, Kind customer,
                            std::vector<CustomerId>& ids, ProfilesOptions& out, Call& call) {
  if (in == nullptr) return {};
  patron_profiles_options options = {};
  Status status = read_struct(in, "options", options);
  if (!status.ok()) return status;
  status = first_error({check_optional(options.customers, "options.customers"),
                        read_strings(options.tags, options.tag_count, "options.tags", out.tags),
                        read_optional(options.where, "options.where", out.where),
                        read_threads(options.threads, "options.threads", out.threads),
                        read_control(options.cancel, options.progress, options.progress_context,
                                     out.control, call)});
  if (!status.ok() || options.customers == nullptr) return status;
  Result<std::vector<CustomerId>> read = read_customers(options.customers->table, customer);
  if (!read.ok()) return std::move(read).status();
  ids = *std::move(read);
  out.customers = ids;
  return {};
}

}  // namespace patron::capi
