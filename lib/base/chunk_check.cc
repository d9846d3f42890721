#include "lib/base/chunk_check.h"

#include <cstring>
#include <string>
#include <type_traits>
#include <utility>

#include "lib/base/bitmap.h"
#include "lib/base/buffer.h"
#include "lib/base/table_data.h"
#include "lib/base/utf8.h"

namespace patron::internal {
namespace {

using Owners = std::vector<std::shared_ptr<const void>>;

constexpr int64_t kInlineView = 12;

// The words of an Arrow string view of more than 12 bytes.
struct View {
  int32_t length;
  uint8_t prefix[4];
  int32_t buffer;
  int32_t offset;
};
static_assert(sizeof(View) == 16);

// `row` is of the chunk; -1 where the fault is the chunk's as a whole.
Status fault(Code code, const ChunkPlace& place, const std::string& what, int64_t row) {
  std::string message = "column " + quoted(place.column);
  if (place.dictionary) message += ", dictionary";
  if (row < 0) return {code, message + ": " + what};
  message += (place.dictionary ? " value " : ", row ") + std::to_string(place.first_row + row);
  return {code, message + ": " + what, place.dictionary ? -1 : place.first_row + row};
}

Status broken(const ChunkPlace& place, const std::string& what, int64_t row = -1) {
  return fault(Code::kArrow, place, what, row);
}

Status not_utf8(const ChunkPlace& place, int64_t row, size_t byte) {
  return fault(Code::kUtf8, place,
               "the text is no UTF-8 from byte " + std::to_string(byte) + " on; encode it as UTF-8",
               row);
}

std::shared_ptr<Buffer> own(Owners& owners, size_t bytes) {
  auto buffer = std::make_shared<Buffer>(bytes);
  owners.push_back(buffer);
  return buffer;
}

const uint8_t* advance(const void* pointer, int64_t bytes) {
  return pointer == nullptr ? nullptr : static_cast<const uint8_t*>(pointer) + bytes;
}

// Moves the pointers so that the offset is below 8: copies and masks then cost the rows, not the
// place where a slice begins.
void rebase(const DataType& type, Chunk& chunk) {
  const int64_t skip = chunk.offset & ~int64_t{7};
  if (skip == 0) return;
  chunk.offset -= skip;
  chunk.validity = advance(chunk.validity, skip / 8);
  if (type.type == Type::kBool) {
    chunk.values = advance(chunk.values, skip / 8);
  } else {
    chunk.values = advance(
        chunk.values, skip * byte_width(type.type == Type::kDictionary ? type.index : type.type));
  }
  chunk.offsets = advance(chunk.offsets, skip * (type.type == Type::kLargeString ? 8 : 4));
}

// A copy where the address does not suit the width.
void align(const void*& pointer, int64_t values, int width, Owners& owners) {
  const int alignment = width < 8 ? width : 8;
  if (alignment == 0 ||
      reinterpret_cast<uintptr_t>(pointer) % static_cast<size_t>(alignment) == 0) {
    return;
  }
  const size_t bytes = static_cast<size_t>(values) * static_cast<size_t>(width);
  const std::shared_ptr<Buffer> copy = own(owners, bytes);
  std::memcpy(copy->data(), pointer, bytes);
  pointer = copy->data();
}

// A validity bitmap of the chunk's own that the caller may clear bits in.
uint8_t* private_validity(Owners& owners, Chunk& chunk) {
  const size_t bytes = static_cast<size_t>((chunk.offset + chunk.length + 7) / 8);
  const std::shared_ptr<Buffer> copy = own(owners, bytes);
  if (chunk.validity == nullptr) {
    std::memset(copy->data(), 0xFF, bytes);
  } else {
    std::memcpy(copy->data(), chunk.validity, bytes);
  }
  chunk.validity = copy->data();
  return copy->data();
}

void count_nulls(Chunk& chunk) {
  chunk.null_count = chunk.validity == nullptr
                         ? 0
                         : chunk.length - count_bits(chunk.validity, chunk.offset, chunk.length);
  if (chunk.null_count == 0) chunk.validity = nullptr;
}

void apply_mask(const RowMask& mask, Owners& owners, Chunk& chunk) {
  if (mask.bits == nullptr) return;
  if (count_bits(mask.bits, mask.offset, chunk.length) == chunk.length) return;
  uint8_t* validity = private_validity(owners, chunk);
  for (int64_t i = 0; i < chunk.length; ++i) {
    if (!get_bit(mask.bits, mask.offset + i)) clear_bit(validity, chunk.offset + i);
  }
}

template <typename Offset>
Status check_text(const ChunkPlace& place, const Chunk& chunk) {
  const Offset* offsets = static_cast<const Offset*>(chunk.offsets) + chunk.offset;
  bool falling = false;
  for (int64_t i = 0; i < chunk.length; ++i) falling |= offsets[i + 1] < offsets[i];
  if (falling || offsets[0] < 0) {
    int64_t row = 0;
    while (offsets[row] >= 0 && offsets[row + 1] >= offsets[row]) ++row;
    return broken(place,
                  "the string offsets go from " + std::to_string(offsets[row]) + " to " +
                      std::to_string(offsets[row + 1]) + "; they must not be negative or decrease",
                  row);
  }
  const size_t size = static_cast<size_t>(offsets[chunk.length] - offsets[0]);
  if (size == 0) return {};
  if (chunk.bytes == nullptr) return broken(place, "the buffer of string bytes is missing");
  const uint8_t* bytes = chunk.bytes + offsets[0];
  if (is_ascii(bytes, size)) return {};
  // Sound as a whole and no string that begins inside a sequence: then every string is sound.
  bool suspicious = find_invalid_utf8(bytes, size) != kValidUtf8;
  for (int64_t i = 1; i < chunk.length && !suspicious; ++i) {
    suspicious = offsets[i] < offsets[chunk.length] && (chunk.bytes[offsets[i]] & 0xC0) == 0x80;
  }
  if (!suspicious) return {};
  // Null rows may hold anything, so it takes a look at each row.
  for (int64_t i = 0; i < chunk.length; ++i) {
    if (!chunk.valid(i)) continue;
    const size_t bad = find_invalid_utf8(chunk.bytes + offsets[i],
                                         static_cast<size_t>(offsets[i + 1] - offsets[i]));
    if (bad != kValidUtf8) return not_utf8(place, i, bad);
  }
  return {};
}

Status check_view(const ChunkPlace& place, const Chunk& chunk, int64_t row) {
  const uint8_t* at = static_cast<const uint8_t*>(chunk.values) + 16 * (chunk.offset + row);
  View view;
  std::memcpy(&view, at, sizeof(view));
  if (view.length < 0) {
    return broken(place, "a view of length " + std::to_string(view.length), row);
  }
  const uint8_t* bytes = at + 4;
  if (view.length > kInlineView) {
    const auto buffers = static_cast<int64_t>(chunk.view_buffers.size());
    if (view.buffer < 0 || view.buffer >= buffers) {
      return broken(
          place,
          "a view into buffer " + std::to_string(view.buffer) + " of " + std::to_string(buffers),
          row);
    }
    const int64_t size = chunk.view_sizes[static_cast<size_t>(view.buffer)];
    if (view.offset < 0 || int64_t{view.offset} + view.length > size) {
      return broken(place,
                    "a view of bytes " + std::to_string(view.offset) + " to " +
                        std::to_string(int64_t{view.offset} + view.length) + " of a buffer of " +
                        std::to_string(size),
                    row);
    }
    bytes = chunk.view_buffers[static_cast<size_t>(view.buffer)] + view.offset;
    if (std::memcmp(bytes, view.prefix, 4) != 0) {
      return broken(place, "a view whose prefix differs from its text", row);
    }
  }
  const size_t bad = find_invalid_utf8(bytes, static_cast<size_t>(view.length));
  return bad == kValidUtf8 ? Status() : not_utf8(place, row, bad);
}

uint64_t load8(const uint8_t* p) {
  uint64_t word;
  std::memcpy(&word, p, sizeof(word));
  return word;
}

// Whether a view is plainly sound: within bounds, and ASCII. What it does not pass, check_view
// judges.
bool plain_view(const Chunk& chunk, const uint8_t* at) {
  constexpr uint64_t kHighBits = 0x8080808080808080u;
  View view;
  std::memcpy(&view, at, sizeof(view));
  if (static_cast<uint32_t>(view.length) <= kInlineView) {
    return ((load8(at) >> 32 | load8(at + 8)) & kHighBits) == 0;
  }
  if (view.length < 0 || static_cast<uint32_t>(view.buffer) >= chunk.view_buffers.size()) {
    return false;
  }
  const auto buffer = static_cast<size_t>(view.buffer);
  if (view.offset < 0 || int64_t{view.offset} + view.length > chunk.view_sizes[buffer])
    return false;
  const uint8_t* bytes = chunk.view_buffers[buffer] + view.offset;
  if (std::memcmp(bytes, view.prefix, sizeof(view.prefix)) != 0) return false;
  const uint8_t* last = bytes + view.length - 8;
  uint64_t high = load8(last);
  for (; bytes < last; bytes += 8) high |= load8(bytes);
  return (high & kHighBits) == 0;
}

Status check_views(const ChunkPlace& place, const Chunk& chunk) {
  if (chunk.view_sizes.size() != chunk.view_buffers.size()) {
    return broken(place, "the sizes of the view buffers are missing");
  }
  for (size_t i = 0; i < chunk.view_buffers.size(); ++i) {
    if (chunk.view_sizes[i] < 0) return broken(place, "a view buffer of negative size");
    if (chunk.view_sizes[i] > 0 && chunk.view_buffers[i] == nullptr) {
      return broken(place, "view buffer " + std::to_string(i) + " is missing");
    }
  }
  const uint8_t* views = static_cast<const uint8_t*>(chunk.values) + 16 * chunk.offset;
  for (int64_t i = 0; i < chunk.length; ++i) {
    if (!chunk.valid(i) || plain_view(chunk, views + 16 * i)) continue;
    Status status = check_view(place, chunk, i);
    if (!status.ok()) return status;
  }
  return {};
}

// Indices compare as unsigned numbers of their own width, so that negative ones are too large.
template <typename Index>
Status check_indices(const ChunkPlace& place, Owners& owners, Chunk& chunk) {
  using Unsigned = std::make_unsigned_t<Index>;
  const Index* indices = static_cast<const Index*>(chunk.values) + chunk.offset;
  const Chunk& dictionary = *chunk.dictionary;
  Unsigned largest = 0;
  for (int64_t i = 0; i < chunk.length; ++i) {
    const auto index = static_cast<Unsigned>(indices[i]);
    largest = index > largest ? index : largest;
  }
  const auto size = static_cast<uint64_t>(dictionary.length);
  if (largest >= size) {
    for (int64_t i = 0; i < chunk.length; ++i) {
      if (chunk.valid(i) && static_cast<Unsigned>(indices[i]) >= size) {
        return broken(place,
                      "dictionary index " + std::to_string(indices[i]) + " of " +
                          std::to_string(size) + " values",
                      i);
      }
    }
  }
  if (dictionary.null_count == 0) return {};
  uint8_t* validity = private_validity(owners, chunk);
  for (int64_t i = 0; i < chunk.length; ++i) {
    if (get_bit(validity, chunk.offset + i) &&
        !dictionary.valid(static_cast<int64_t>(indices[i]))) {
      clear_bit(validity, chunk.offset + i);
    }
  }
  count_nulls(chunk);
  return {};
}

Status check_dictionary(const DataType& type, const ChunkPlace& place, Owners& owners,
                        Chunk& chunk) {
  if (chunk.dictionary == nullptr) return broken(place, "the dictionary is missing");
  switch (type.index) {
    case Type::kInt8:
      return check_indices<int8_t>(place, owners, chunk);
    case Type::kInt16:
      return check_indices<int16_t>(place, owners, chunk);
    case Type::kInt32:
      return check_indices<int32_t>(place, owners, chunk);
    case Type::kInt64:
      return check_indices<int64_t>(place, owners, chunk);
    case Type::kUint8:
      return check_indices<uint8_t>(place, owners, chunk);
    case Type::kUint16:
      return check_indices<uint16_t>(place, owners, chunk);
    case Type::kUint32:
      return check_indices<uint32_t>(place, owners, chunk);
    case Type::kUint64:
      return check_indices<uint64_t>(place, owners, chunk);
    default:
      return broken(place, "the dictionary indices are no integers");
  }
}

}  // namespace

Status check_chunk(const DataType& type, const ChunkPlace& place, const RowMask& mask,
                   Owners& owners, Chunk& chunk) {
  if (chunk.length < 0 || chunk.offset < 0 || chunk.offset > kMaxChunkEnd ||
      chunk.length > kMaxChunkEnd - chunk.offset) {
    return broken(place, "length " + std::to_string(chunk.length) + " at offset " +
                             std::to_string(chunk.offset) + " is out of range");
  }
  if (type.type == Type::kNull || type.type == Type::kUnsupported) {
    Chunk empty;
    empty.length = chunk.length;
    empty.null_count = chunk.length;
    chunk = empty;
    return {};
  }
  if (chunk.length == 0) {
    Chunk empty;
    empty.dictionary = chunk.dictionary;
    chunk = empty;
    return {};
  }
  if (chunk.validity == nullptr && chunk.null_count > 0) {
    return broken(place, std::to_string(chunk.null_count) +
                             " nulls are announced and the validity bitmap is missing");
  }
  const bool text = type.type == Type::kString || type.type == Type::kLargeString;
  if (text ? chunk.offsets == nullptr : chunk.values == nullptr) {
    return broken(place, text ? "the buffer of string offsets is missing"
                              : "the buffer of values is missing");
  }
  rebase(type, chunk);
  apply_mask(mask, owners, chunk);
  count_nulls(chunk);
  const int64_t end = chunk.offset + chunk.length;
  if (text) {
    const bool large = type.type == Type::kLargeString;
    align(chunk.offsets, end + 1, large ? 8 : 4, owners);
    return large ? check_text<int64_t>(place, chunk) : check_text<int32_t>(place, chunk);
  }
  const bool dictionary = type.type == Type::kDictionary;
  align(chunk.values, end, byte_width(dictionary ? type.index : type.type), owners);
  if (dictionary) return check_dictionary(type, place, owners, chunk);
  if (type.type == Type::kStringView) return check_views(place, chunk);
  return {};
}

}  // namespace patron::internal
