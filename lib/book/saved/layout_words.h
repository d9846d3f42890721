// What a book can hold, as a list of things and their values, so that two can be compared and what
// differs named.
//
//   {"stream \"orders\", column 0", "amount: money (scale 2, CNY), needed, sums"}
//
// What is personal is left out: it says how messages look, not what the book holds.
//
// Thread class: pure.
#pragma once

#include <string>
#include <vector>

#include "lib/book/saved/bytes.h"
#include "patron/book.h"
#include "patron/status.h"

namespace patron::internal {

struct LayoutWord {
  std::string thing, value;
  bool operator==(const LayoutWord&) const = default;
};

std::vector<LayoutWord> words_of(const BookSpec& spec);
void put_layout(const BookSpec& spec, BookByteWriter& out);
/// Code::kDocument where the written layout is another, with the first thing that differs;
/// Code::kSyntax where the bytes are none, at `offset`.
Status check_layout(BookByteReader in, const BookSpec& spec, int64_t offset);

}  // namespace patron::internal
