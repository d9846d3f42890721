// What holds for whatever a successful call gives back, read through the C API itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "patron/patron.h"

namespace patron::fuzz {

/// Every column has as many rows as the table, in as many chunks; null counts are exact; every text
/// is UTF-8 inside its buffers, every dictionary index inside its dictionary. Reads every value.
void check_table(const patron_table* table);

/// The values of a column of a table of patron's own, as text; absent where null.
std::vector<std::optional<std::string>> texts(const patron_table* table, std::string_view name);
/// The same for whole numbers and timestamps.
std::vector<std::optional<int64_t>> numbers(const patron_table* table, std::string_view name);
std::vector<std::optional<double>> doubles(const patron_table* table, std::string_view name);

/// An RFM result: lengths and counts agree, ids rise, scores are those of the cuts, codes are the
/// scores' digits, segments those of the table (NULL: none), octants named, refused rows listed.
void check_rfm(const patron_rfm* rfm, const patron_rfm_options& options, int64_t rows);

/// A ranking of `rows` rows: ranks and classes agree with each other and with the counts.
void check_rank(const patron_rank* rank, int64_t rows);

/// A segment table: lint and find agree, and so does the table that its JSON makes.
void check_segments(const patron_segments* segments);

/// Cuts: they do not decrease, scores lie in the bins, their JSON makes the same bytes again.
void check_cuts(const patron_cuts* cuts);

}  // namespace patron::fuzz
