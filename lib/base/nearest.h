// The name somebody probably meant: for messages about unknown columns, keys and zones.
//
//   nearest_name("amuont", {"customer", "time", "amount"});   // "amount"
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace patron::internal {

/// The known name with the fewest edits (insert, delete, replace, swap of neighbours; ASCII case is
/// free) from `name`, the first of equals; empty where even that one needs more than a third of the
/// letters plus one. Bytes beyond the first 64 of a name are not looked at. Thread class: pure.
/// Cost: |name| x the sum of the known lengths.
std::string_view nearest_name(std::string_view name, std::span<const std::string_view> known);

/// `; did you mean "amount"?`, or nothing where nearest_name() finds nothing.
std::string did_you_mean(std::string_view name, std::span<const std::string_view> known);

/// The same, and which names there are: `; did you mean "amount"? The columns are "customer",
/// "amount"`, or `; the columns are "customer", "amount"`, or `; there are no columns`. Of more
/// than 20 the nearest stand there, and how many more there are.
std::string known_names(std::string_view name, std::string_view noun,
                        std::span<const std::string_view> known);

}  // namespace patron::internal
