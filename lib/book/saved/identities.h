// Who is who, as it is saved and loaded: the ids of customers by row, and their links.
//
//   customers   all uint32, first uint32, count uint32; packed uint8: 1 where the id is forgotten;
//               packed ids, or packed sizes and then the bytes of texts
//   links       count uint32; packed first, second and token of each, in the order of making
//
// Rows stay what they were, those of forgotten ids too. Thread class: serial.
#pragma once

#include <cstdint>

#include "lib/book/customer_ids.h"
#include "lib/book/links.h"
#include "lib/book/saved/bytes.h"
#include "lib/book/saved/sections.h"

namespace patron::internal {

Status save_customers(const CustomerIds& ids, SectionWriter& out);
/// What is wrong with a section, or null. `most`: no more customers than that can be meant.
const char* load_customers(BookByteReader& in, uint64_t most, CustomerIds& ids, uint32_t& all);

Status save_links(const Links& links, SectionWriter& out);
const char* load_links(BookByteReader& in, const CustomerIds& ids, Links& links);

/// Texts as packed sizes and then their bytes; every one has at least a byte there.
void put_text_column(std::span<const std::string_view> texts, BookByteWriter& out);
/// Views of the bytes; false where they are none, or one is no UTF-8 or longer than `most` bytes.
bool take_text_column(BookByteReader& in, size_t most, std::span<std::string_view> texts);

}  // namespace patron::internal
