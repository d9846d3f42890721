#include "lib/book/saved/identities.h"

#include <algorithm>
#include <vector>

#include "lib/base/utf8.h"
#include "lib/book/cell_reader.h"
#include "lib/book/saved/packed_cells.h"

namespace patron::internal {
namespace {

// Ids of the rows begin .. end - 1.
void put_ids(const CustomerIds& ids, uint32_t begin, uint32_t end, BookByteWriter& out) {
  std::vector<uint8_t> gone;
  for (uint32_t row = begin; row < end; ++row) gone.push_back(ids.erased(row) ? 1 : 0);
  pack_cells<uint8_t>(gone, kNoFlag, 0, out);
  if (ids.text()) {
    std::vector<std::string_view> texts;
    for (uint32_t row = begin; row < end; ++row) texts.push_back(ids.id_own(row).text);
    return put_text_column(texts, out);
  }
  WipedVector<int64_t> numbers;
  for (uint32_t row = begin; row < end; ++row) numbers.push_back(ids.id_own(row).number);
  pack_cells<int64_t>(numbers, kNullInt, 1, out);
}

// Adds the ids between those that are forgotten.
template <typename Id>
const char* add_ids(std::span<const Id> values, std::span<const uint8_t> gone, CustomerIds& ids) {
  std::vector<uint32_t> rows(values.size());
  for (size_t at = 0; at < values.size();) {
    if (gone[at] != 0) {
      if (values[at] != Id()) return "a forgotten id that is still there";
      if (ids.append_erased() == kNoRow) return "more customers than there can be";
      ++at;
      continue;
    }
    size_t end = at;
    while (end < values.size() && gone[end] == 0) ++end;
    const uint32_t first = ids.size();
    if (!ids.append(values.subspan(at, end - at), std::span(rows).first(end - at)).ok()) {
      return "more customers than there can be";
    }
    for (size_t i = 0; i < end - at; ++i) {
      if (rows[i] != first + i) return "an id that comes twice";
    }
    at = end;
  }
  return nullptr;
}

}  // namespace

void put_text_column(std::span<const std::string_view> texts, BookByteWriter& out) {
  std::vector<uint32_t> sizes;
  sizes.reserve(texts.size());
  for (const std::string_view text : texts) sizes.push_back(static_cast<uint32_t>(text.size()));
  pack_cells<uint32_t>(sizes, kNoRow, 1, out);
  for (const std::string_view text : texts) out.bytes.append(text);
}

bool take_text_column(BookByteReader& in, size_t most, std::span<std::string_view> texts) {
  if (texts.size() > in.left()) return false;
  std::vector<uint32_t> sizes(texts.size());
  if (!unpack_cells<uint32_t>(in, kNoRow, 1, sizes)) return false;
  for (size_t i = 0; i < texts.size(); ++i) {
    if (sizes[i] > most) return false;
    texts[i] = in.take_bytes(sizes[i]);
    if (!in.sound() || !is_utf8(texts[i])) return false;
    if (texts[i].empty()) texts[i] = std::string_view("", 0);
  }
  return true;
}

Status save_customers(const CustomerIds& ids, SectionWriter& out) {
  for (uint32_t begin = 0; begin < ids.size(); begin += kSavedRun) {
    const uint32_t end = std::min(begin + kSavedRun, ids.size());
    out.body().put(ids.size());
    out.body().put(begin);
    out.body().put(end - begin);
    put_ids(ids, begin, end, out.body());
    if (Status status = out.end_section(SectionTag::kCustomers); !status.ok()) return status;
  }
  return {};
}

const char* load_customers(BookByteReader& in, uint64_t most, CustomerIds& ids, uint32_t& all) {
  const auto total = in.take<uint32_t>();
  const auto first = in.take<uint32_t>();
  const auto count = in.take<uint32_t>();
  if (!in.sound() || total > most || total > kMaxRows) return "a wrong number of customers";
  if (all != 0 && all != total) return "two numbers of customers";
  if (first != ids.size() || count == 0 || count > total - first || count > in.left()) {
    return "customers that do not belong here";
  }
  all = total;
  ids.reserve(total);
  std::vector<uint8_t> gone(count);
  if (!unpack_cells<uint8_t>(in, kNoFlag, 0, gone)) return "marks of forgotten ids that are none";
  if (*std::max_element(gone.begin(), gone.end()) > 1) return "marks that are neither 0 nor 1";
  if (ids.text()) {
    std::vector<std::string_view> texts(count);
    if (!take_text_column(in, kMaxTextBytes, texts)) return "ids of customers that are none";
    return add_ids<std::string_view>(texts, gone, ids);
  }
  WipedVector<int64_t> numbers(count);
  if (!unpack_cells<int64_t>(in, kNullInt, 1, numbers)) return "ids of customers that are none";
  if (std::find(numbers.begin(), numbers.end(), kNullInt) != numbers.end()) {
    return "an id of a customer that is null";
  }
  return add_ids<int64_t>(numbers, gone, ids);
}

Status save_links(const Links& links, SectionWriter& out) {
  std::vector<uint32_t> firsts, seconds;
  std::vector<uint64_t> tokens;
  Status status;
  const auto flush = [&] {
    if (firsts.empty() || !status.ok()) return;
    out.body().put(static_cast<uint32_t>(firsts.size()));
    pack_cells<uint32_t>(firsts, kNoRow, 1, out.body());
    pack_cells<uint32_t>(seconds, kNoRow, 1, out.body());
    pack_cells<uint64_t>(tokens, kNullBits, 0, out.body());
    status = out.end_section(SectionTag::kLinks);
    firsts.clear();
    seconds.clear();
    tokens.clear();
  };
  links.for_each_link([&](uint32_t first, uint32_t second, uint64_t token) {
    firsts.push_back(first);
    seconds.push_back(second);
    tokens.push_back(token);
    if (firsts.size() == kSavedRun) flush();
  });
  flush();
  return status;
}

const char* load_links(BookByteReader& in, const CustomerIds& ids, Links& links) {
  const auto count = in.take<uint32_t>();
  if (!in.sound() || count > in.left()) return "more links than bytes";
  std::vector<uint32_t> firsts(count), seconds(count);
  std::vector<uint64_t> tokens(count);
  if (!unpack_cells<uint32_t>(in, kNoRow, 1, firsts) ||
      !unpack_cells<uint32_t>(in, kNoRow, 1, seconds) ||
      !unpack_cells<uint64_t>(in, kNullBits, 0, tokens)) {
    return "links that are none";
  }
  for (uint32_t i = 0; i < count; ++i) {
    for (const uint32_t row : {firsts[i], seconds[i]}) {
      if (row >= ids.size() || ids.erased(row)) return "a link of a customer who is not there";
    }
    links.reserve(ids.size());
    if (!links.link(firsts[i], seconds[i], tokens[i])) return "a link between two who are one";
  }
  return nullptr;
}

}  // namespace patron::internal
