#include "tests/fuzz/hostile_arrow.h"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace patron::fuzz {
namespace {

constexpr const char* kFormats[] = {"n",   "b",      "c",         "C",       "s",
                                    "S",   "i",      "I",         "l",       "L",
                                    "f",   "g",      "u",         "U",       "vu",
                                    "tdD", "tdm",    "tsu:",      "tss:UTC", "tsn:Asia/Shanghai",
                                    "tDm", "d:19,2", "d:5,9,256", "tsq:",    "z",
                                    "",    "w:4",    "d:99,0"};

/// Bytes of one value of a fixed-width format; 0 for the others.
size_t width_of(std::string_view format) {
  if (format.starts_with("d:")) return 32;
  if (format.starts_with("vu")) return 16;
  if (format.starts_with("w:")) return 4;
  if (format == "n" || format.empty() || format == "z") return 0;
  return 8;
}

struct Owner {
  std::vector<std::vector<uint64_t>> memory;
  std::vector<const void*> buffers;
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> child_pointers;
  ArrowArray dictionary{};
};

struct SchemaOwner {
  std::string format, name;
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> child_pointers;
  ArrowSchema dictionary{};
};

template <typename Struct, typename Private>
void release(Struct* held) {
  std::unique_ptr<Private> owner(static_cast<Private*>(held->private_data));
  for (Struct& child : owner->children) {
    if (child.release != nullptr) child.release(&child);
  }
  if (owner->dictionary.release != nullptr) owner->dictionary.release(&owner->dictionary);
  held->release = nullptr;
}

void make_schema(ArrowSchema* out, std::string format, std::string name) {
  auto owner = std::make_unique<SchemaOwner>();
  owner->format = std::move(format);
  owner->name = std::move(name);
  *out = {};
  out->format = owner->format.c_str();
  out->name = owner->name.c_str();
  out->flags = ARROW_FLAG_NULLABLE;
  out->release = release<ArrowSchema, SchemaOwner>;
  out->private_data = owner.release();
}

enum class Fill { kAny, kSmall, kAscii };

/// `bytes` of memory from the choices, so that AddressSanitizer knows where it ends.
const void* memory(Owner* owner, size_t bytes, Choices* choices, Fill fill) {
  owner->memory.emplace_back((bytes + 7) / 8 + (bytes == 0 ? 1 : 0));
  auto* data = reinterpret_cast<uint8_t*>(owner->memory.back().data());
  for (size_t i = 0; i < bytes; i++) {
    const uint8_t byte = choices->byte();
    data[i] = fill == Fill::kSmall && i % 8 > 0 ? 0 : fill == Fill::kAscii ? byte & 0x7f : byte;
  }
  return data;
}

/// Offsets that mostly rise, and the size of the bytes they point into.
template <typename Offset>
size_t text_buffers(Owner* owner, int64_t slots, Choices* choices) {
  const size_t bytes = (static_cast<size_t>(slots) + 1) * sizeof(Offset);
  auto* offsets =
      static_cast<Offset*>(const_cast<void*>(memory(owner, bytes, choices, Fill::kAny)));  // NOLINT
  const bool honest = choices->below(8) > 0;
  Offset at = 0;
  Offset largest = 0;
  for (int64_t i = 0; i <= slots; i++) {
    offsets[i] = honest ? at : static_cast<Offset>(offsets[i] % 4096);
    at = static_cast<Offset>(at + static_cast<Offset>(choices->below(5)));
    largest = std::max(largest, offsets[i]);
  }
  owner->buffers.push_back(offsets);
  return static_cast<size_t>(largest);
}

void make_array(ArrowArray* out, std::string_view format, int64_t rows, Choices* choices,
                const char* dictionary) {
  static constexpr int64_t kOdd[] = {-1, std::numeric_limits<int64_t>::min(),
                                     std::numeric_limits<int64_t>::max()};
  auto owner = std::make_unique<Owner>();
  *out = {};
  const int64_t offset = static_cast<int64_t>(choices->below(4));
  const int64_t slots = rows + offset;
  const uint8_t lie = choices->byte();
  const Fill text = choices->below(8) == 7 ? Fill::kAny : Fill::kAscii;

  if (format != "n") {
    const bool nulls = choices->below(3) == 1;
    owner->buffers.push_back(
        nulls ? memory(owner.get(), static_cast<size_t>(slots + 7) / 8, choices, Fill::kAny)
              : nullptr);
    if (format == "u") {
      const size_t bytes = text_buffers<int32_t>(owner.get(), slots, choices);
      owner->buffers.push_back(memory(owner.get(), bytes, choices, text));
    } else if (format == "U") {
      const size_t bytes = text_buffers<int64_t>(owner.get(), slots, choices);
      owner->buffers.push_back(memory(owner.get(), bytes, choices, text));
    } else {
      const Fill fill = choices->below(2) == 1 ? Fill::kSmall : Fill::kAny;
      const size_t bytes = static_cast<size_t>(slots) * width_of(format);
      owner->buffers.push_back(memory(owner.get(), bytes, choices, fill));
      if (format == "vu") {
        const auto* sizes = memory(owner.get(), 8, choices, Fill::kSmall);
        owner->buffers.push_back(memory(owner.get(), 256, choices, text));
        owner->buffers.push_back(sizes);
        if (*static_cast<const int64_t*>(sizes) > 256) owner->buffers.pop_back();
      }
    }
  }
  out->length = rows;
  out->offset = offset;
  out->null_count = lie >= 32 ? -1 : static_cast<int64_t>(choices->below(4));
  out->n_buffers = static_cast<int64_t>(owner->buffers.size());
  switch (lie < 32 ? lie % 8 : 0) {
    case 1:
      out->length = kOdd[lie / 8 % 3];
      break;
    case 2:
      out->offset = kOdd[lie / 8 % 3];
      break;
    case 3:
      out->null_count = kOdd[lie / 8 % 3];
      break;
    case 4:
      out->n_buffers = lie / 8 - 1;
      break;
    case 5:
      if (!owner->buffers.empty()) owner->buffers.back() = nullptr;
      break;
    case 6:
      out->n_children = 3;
      break;
    default:
      break;
  }
  if (out->n_buffers > static_cast<int64_t>(owner->buffers.size())) out->n_buffers = 0;
  out->buffers = owner->buffers.data();
  if (dictionary != nullptr) {
    const auto entries = static_cast<int64_t>(choices->below(6));
    make_array(&owner->dictionary, dictionary, entries, choices, nullptr);
    out->dictionary = &owner->dictionary;
  }
  out->release = release<ArrowArray, Owner>;
  out->private_data = owner.release();
}

/// Batches of one schema, an error at some point, a schema that is asked for but not given.
struct StreamOwner {
  ArrowSchema schema{};
  std::vector<ArrowArray> batches;
  size_t next = 0;
  bool no_schema = false;
  bool silent = false;    ///< no text for its errors
  size_t fails_at = 100;  ///< the batch that cannot be read

  ~StreamOwner() {
    if (schema.release != nullptr) schema.release(&schema);
    for (; next < batches.size(); next++) batches[next].release(&batches[next]);
  }
};

int get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  auto* owner = static_cast<StreamOwner*>(stream->private_data);
  if (owner->no_schema) return EIO;
  *out = owner->schema;
  owner->schema.release = nullptr;
  return 0;
}

int get_next(ArrowArrayStream* stream, ArrowArray* out) {
  auto* owner = static_cast<StreamOwner*>(stream->private_data);
  if (owner->next == owner->fails_at) return EINVAL;
  *out = {};
  if (owner->next < owner->batches.size()) *out = owner->batches[owner->next++];
  return 0;
}

const char* get_last_error(ArrowArrayStream* stream) {
  const auto* owner = static_cast<const StreamOwner*>(stream->private_data);
  return owner->silent ? nullptr : "the producer gave up";
}

void release_stream(ArrowArrayStream* stream) {
  delete static_cast<StreamOwner*>(stream->private_data);
  stream->release = nullptr;
}

}  // namespace

void make_batch(ArrowArray* array, ArrowSchema* schema, Choices* choices) {
  const size_t columns = choices->below(4);
  const auto rows = static_cast<int64_t>(choices->below(9));
  make_schema(schema, "+s", "");
  *array = {};
  auto owner = std::make_unique<Owner>();
  auto* types = static_cast<SchemaOwner*>(schema->private_data);
  owner->buffers.push_back(nullptr);
  owner->children.resize(columns);
  types->children.resize(columns);
  for (size_t c = 0; c < columns; c++) {
    const bool dictionary = choices->below(8) == 1;
    const char* format = dictionary ? "i" : kFormats[choices->below(std::size(kFormats))];
    const char* values = !dictionary ? nullptr : choices->below(2) == 0 ? "u" : "l";
    make_schema(&types->children[c], format, std::string(1, static_cast<char>('a' + c)));
    if (dictionary) {
      auto* child = static_cast<SchemaOwner*>(types->children[c].private_data);
      make_schema(&child->dictionary, values, "");
      types->children[c].dictionary = &child->dictionary;
    }
    make_array(&owner->children[c], format, rows, choices, values);
    owner->child_pointers.push_back(&owner->children[c]);
    types->child_pointers.push_back(&types->children[c]);
  }
  array->length = rows;
  array->n_buffers = 1;
  array->buffers = owner->buffers.data();
  array->n_children = static_cast<int64_t>(columns);
  array->children = owner->child_pointers.data();
  array->release = release<ArrowArray, Owner>;
  schema->n_children = static_cast<int64_t>(columns);
  schema->children = types->child_pointers.data();
  array->private_data = owner.release();
}

void make_stream(ArrowArrayStream* stream, Choices* choices) {
  auto owner = std::make_unique<StreamOwner>();
  const size_t batches = choices->below(4);
  owner->no_schema = choices->byte() == 1;
  owner->silent = choices->one_in(2);
  if (choices->one_in(8)) owner->fails_at = choices->below(3);
  // One batch's schema speaks for all: the others are as it says, or the stream lies.
  Choices again = *choices;
  for (size_t k = 0; k < batches; k++) {
    ArrowSchema schema;
    owner->batches.emplace_back();
    const bool same = k == 0 || !choices->one_in(8);
    Choices from = same ? again : *choices;
    make_batch(&owner->batches.back(), &schema, &from);
    if (k == 0) {
      owner->schema = schema;
      *choices = from;
    } else {
      schema.release(&schema);
    }
  }
  if (batches == 0) {
    ArrowArray unused;
    make_batch(&unused, &owner->schema, choices);
    unused.release(&unused);
  }
  *stream = {};
  stream->get_schema = get_schema;
  stream->get_next = get_next;
  stream->get_last_error = get_last_error;
  stream->release = release_stream;
  stream->private_data = owner.release();
}

}  // namespace patron::fuzz
