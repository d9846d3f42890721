// A small Arrow producer whose every part a test can bend: lengths, counts, pointers, errors.
//
//   Counts counts;
//   FakeArray ids = column("l", "id", 3, {std::nullopt, bytes_of<int64_t>({7, 8, 9})});
//   ids.offset = -1;                                      // a lie
//   ArrowArrayStream stream = fake_stream({batch(3, {ids})}, counts);
//   ... patron reads it ...
//   EXPECT_TRUE(counts.balanced());                       // everything released exactly once
//
// Each buffer is a heap block of exactly its size that goes with the array, so that the address
// sanitizer sees every read beyond it or after release. All arrays are made beforehand: the
// callbacks allocate nothing.
#pragma once

#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "patron/arrow.h"

namespace patron::test {

using Bytes = std::string;

template <typename T>
Bytes bytes_of(const std::vector<T>& values) {
  return values.empty()
             ? Bytes()
             : Bytes(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}
template <typename T>
Bytes bytes_of(std::initializer_list<T> values) {
  return bytes_of(std::vector<T>(values));
}

/// A bitmap: "1011" is bit 0 set, bit 1 not, ...
inline Bytes bits(const std::string& digits) {
  Bytes out((digits.size() + 7) / 8, '\0');
  for (size_t i = 0; i < digits.size(); ++i) {
    if (digits[i] == '1') out[i / 8] = static_cast<char>(out[i / 8] | 1 << (i % 8));
  }
  return out;
}

/// An Arrow string view of at most 12 bytes, and one into a data buffer.
inline Bytes inline_view(const std::string& text) {
  Bytes out = bytes_of<int32_t>({static_cast<int32_t>(text.size())}) + text;
  out.resize(16, '\0');
  return out;
}
inline Bytes view_into(int32_t length, const std::string& prefix, int32_t buffer, int32_t offset) {
  return bytes_of<int32_t>({length}) + prefix + bytes_of<int32_t>({buffer, offset});
}

/// What an array and its schema say. Everything not set by hand is told truthfully.
struct FakeArray {
  std::string format;
  std::string name;
  int64_t length = 0;
  int64_t null_count = 0;
  int64_t offset = 0;
  std::vector<std::optional<Bytes>> buffers;  ///< nullopt: a null pointer
  std::vector<FakeArray> children;
  std::vector<FakeArray> dictionary;  ///< none or one
  int64_t flags = ARROW_FLAG_NULLABLE;

  size_t misalign = 0;                ///< bytes by which every buffer is off
  std::optional<int64_t> n_buffers;   ///< a lie about their number
  std::optional<int64_t> n_children;  ///< likewise
  bool null_buffers = false;          ///< the pointer to the buffers is null
  bool null_children = false;
  bool missing = false;   ///< as a child: the parent's pointer to the array is null
  bool released = false;  ///< the array's release is null
  bool schema_released = false;
  bool no_format = false;
  bool no_name = false;
  bool missing_dictionary = false;  ///< the schema has one, the array has not
};

/// What was handed out and what came back.
struct Counts {
  int produced = 0;
  int released = 0;
  bool balanced() const { return produced > 0 && produced == released; }
};

namespace producer {

struct ArrayNode {
  std::vector<std::unique_ptr<char[]>> memory;
  std::vector<const void*> buffers;
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> pointers;
  ArrowArray dictionary{};
  Counts* counts = nullptr;
};

struct SchemaNode {
  std::string format, name;
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> pointers;
  ArrowSchema dictionary{};
  Counts* counts = nullptr;
};

template <typename Node, typename Arrow>
void release(Arrow* self) {
  auto* node = static_cast<Node*>(self->private_data);
  for (Arrow& child : node->children) {
    if (child.release != nullptr) child.release(&child);
  }
  if (node->dictionary.release != nullptr) node->dictionary.release(&node->dictionary);
  ++node->counts->released;
  self->release = nullptr;
  delete node;
}

inline ArrowArray array(const FakeArray& fake, Counts& counts) {
  auto node = std::make_unique<ArrayNode>();
  node->counts = &counts;
  for (const std::optional<Bytes>& buffer : fake.buffers) {
    if (!buffer) {
      node->buffers.push_back(nullptr);
      continue;
    }
    node->memory.push_back(std::make_unique<char[]>(buffer->size() + fake.misalign));
    char* data = node->memory.back().get() + fake.misalign;
    std::memcpy(data, buffer->data(), buffer->size());
    node->buffers.push_back(data);
  }
  node->children.reserve(fake.children.size());
  for (const FakeArray& child : fake.children) {
    node->children.push_back(child.missing ? ArrowArray{} : array(child, counts));
    node->pointers.push_back(child.missing ? nullptr : &node->children.back());
  }
  ArrowArray out{};
  if (!fake.dictionary.empty() && !fake.missing_dictionary) {
    node->dictionary = array(fake.dictionary.front(), counts);
    out.dictionary = &node->dictionary;
  }
  out.length = fake.length;
  out.null_count = fake.null_count;
  out.offset = fake.offset;
  out.n_buffers = fake.n_buffers.value_or(static_cast<int64_t>(node->buffers.size()));
  out.buffers = fake.null_buffers ? nullptr : node->buffers.data();
  out.n_children = fake.n_children.value_or(static_cast<int64_t>(node->children.size()));
  out.children = fake.null_children ? nullptr : node->pointers.data();
  if (fake.released) return out;  // the node goes: nobody would release it
  ++counts.produced;
  out.release = release<ArrayNode, ArrowArray>;
  out.private_data = node.release();
  return out;
}

inline ArrowSchema schema(const FakeArray& fake, Counts& counts) {
  auto node = std::make_unique<SchemaNode>();
  node->counts = &counts;
  node->format = fake.format;
  node->name = fake.name;
  node->children.reserve(fake.children.size());
  for (const FakeArray& child : fake.children) {
    node->children.push_back(schema(child, counts));
    node->pointers.push_back(&node->children.back());
  }
  ArrowSchema out{};
  if (!fake.dictionary.empty()) {
    node->dictionary = schema(fake.dictionary.front(), counts);
    out.dictionary = &node->dictionary;
  }
  out.format = fake.no_format ? nullptr : node->format.c_str();
  out.name = fake.no_name ? nullptr : node->name.c_str();
  out.flags = fake.flags;
  out.n_children = static_cast<int64_t>(node->children.size());
  out.children = node->pointers.data();
  if (fake.schema_released) {
    out.format = nullptr;
    return out;
  }
  ++counts.produced;
  out.release = release<SchemaNode, ArrowSchema>;
  out.private_data = node.release();
  return out;
}

}  // namespace producer

/// What the stream's callbacks do besides handing out their arrays.
struct StreamKnobs {
  int schema_error = 0;  ///< get_schema gives this errno
  int next_error = 0;    ///< get_next gives this errno once the batches are through
  const char* message = nullptr;
  bool no_get_schema = false;
  bool no_get_next = false;
  bool no_get_last_error = false;
};

namespace producer {

struct StreamNode {
  ArrowSchema schema{};
  std::vector<ArrowArray> batches;
  size_t next = 0;
  StreamKnobs knobs;
  Counts* counts = nullptr;
};

inline int get_schema(ArrowArrayStream* self, ArrowSchema* out) {
  auto* node = static_cast<StreamNode*>(self->private_data);
  if (node->knobs.schema_error != 0) return node->knobs.schema_error;
  *out = node->schema;
  node->schema.release = nullptr;
  return 0;
}

inline int get_next(ArrowArrayStream* self, ArrowArray* out) {
  auto* node = static_cast<StreamNode*>(self->private_data);
  if (node->next < node->batches.size()) {
    *out = node->batches[node->next];
    node->batches[node->next++].release = nullptr;
    return 0;
  }
  *out = ArrowArray{};
  return node->knobs.next_error;
}

inline const char* get_last_error(ArrowArrayStream* self) {
  return static_cast<StreamNode*>(self->private_data)->knobs.message;
}

inline void release_stream(ArrowArrayStream* self) {
  auto* node = static_cast<StreamNode*>(self->private_data);
  if (node->schema.release != nullptr) node->schema.release(&node->schema);
  for (ArrowArray& batch : node->batches) {
    if (batch.release != nullptr) batch.release(&batch);
  }
  ++node->counts->released;
  self->release = nullptr;
  delete node;
}

}  // namespace producer

inline FakeArray column(std::string format, std::string name, int64_t length,
                        std::vector<std::optional<Bytes>> buffers) {
  FakeArray out;
  out.format = std::move(format);
  out.name = std::move(name);
  out.length = length;
  out.buffers = std::move(buffers);
  return out;
}

/// A record batch: a struct array over the columns.
inline FakeArray batch(int64_t length, std::vector<FakeArray> columns) {
  FakeArray out = column("+s", "", length, {std::nullopt});
  out.children = std::move(columns);
  return out;
}

/// A stream of batches; the first one, or `schema`, says what the columns are. `counts` must
/// outlive what is handed out.
inline ArrowArrayStream fake_stream(const FakeArray& schema, const std::vector<FakeArray>& batches,
                                    Counts& counts, const StreamKnobs& knobs = {}) {
  auto node = std::make_unique<producer::StreamNode>();
  node->schema = producer::schema(schema, counts);
  for (const FakeArray& fake : batches) node->batches.push_back(producer::array(fake, counts));
  node->knobs = knobs;
  node->counts = &counts;
  ++counts.produced;
  ArrowArrayStream out{};
  out.get_schema = knobs.no_get_schema ? nullptr : producer::get_schema;
  out.get_next = knobs.no_get_next ? nullptr : producer::get_next;
  out.get_last_error = knobs.no_get_last_error ? nullptr : producer::get_last_error;
  out.release = producer::release_stream;
  out.private_data = node.release();
  return out;
}
inline ArrowArrayStream fake_stream(const std::vector<FakeArray>& batches, Counts& counts,
                                    const StreamKnobs& knobs = {}) {
  return fake_stream(batches.front(), batches, counts, knobs);
}

}  // namespace patron::test
