#include <array>
#include <cerrno>
#include <cstring>
#include <new>
#include <string>
#include <utility>

#include "lib/base/arrow_format.h"
#include "lib/base/table_data.h"
#include "lib/base/utf8.h"
#include "patron/table.h"

namespace patron {
inline namespace v0 {
namespace {

using internal::TableData;
using Shared = std::shared_ptr<const TableData>;

// Given where a buffer is empty: some consumers take a null pointer for an error.
alignas(64) constexpr std::array<uint8_t, 64> kNoBytes{};

// What hangs on private_data. Each struct, children and dictionaries included, owns itself, because
// a consumer may move a child out and release it when the parent is long gone.
struct SchemaNode {
  std::string format;
  std::string name;
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> pointers;
  ArrowSchema dictionary{};
};

struct ArrayNode {
  Shared data;
  std::vector<const void*> buffers;
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> pointers;
  ArrowArray dictionary{};
};

struct StreamNode {
  Shared data;
  size_t next = 0;
};

// Destroying a node releases what the consumer has not moved out of it.
template <typename Node, typename Arrow>
void release_node(Arrow* self) {
  if (self == nullptr || self->release == nullptr) return;
  auto* node = static_cast<Node*>(self->private_data);
  for (Arrow& child : node->children) {
    if (child.release != nullptr) child.release(&child);
  }
  if (node->dictionary.release != nullptr) node->dictionary.release(&node->dictionary);
  self->release = nullptr;
  delete node;
}

void release_schema(ArrowSchema* self) { release_node<SchemaNode>(self); }
void release_array(ArrowArray* self) { release_node<ArrayNode>(self); }

// Releases a struct half built when an allocation fails on the way.
template <typename Arrow>
class Guard {
 public:
  explicit Guard(Arrow& arrow) : arrow_(&arrow) {}
  ~Guard() {
    if (arrow_ != nullptr && arrow_->release != nullptr) arrow_->release(arrow_);
  }
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;
  void keep() { arrow_ = nullptr; }

 private:
  Arrow* arrow_;
};

SchemaNode& new_schema(ArrowSchema& out, std::string format, std::string name) {
  out = ArrowSchema{};
  auto node = std::make_unique<SchemaNode>();
  node->format = std::move(format);
  node->name = std::move(name);
  out.format = node->format.c_str();
  out.name = node->name.c_str();
  out.flags = ARROW_FLAG_NULLABLE;
  out.release = release_schema;
  out.private_data = node.get();
  return *node.release();
}

void export_field(const Field& field, ArrowSchema& out) {
  SchemaNode& node = new_schema(out, internal::arrow_format(field.type), field.name);
  if (field.type.type != Type::kDictionary) return;
  if (field.type.ordered) out.flags |= ARROW_FLAG_DICTIONARY_ORDERED;
  DataType values;
  values.type = field.type.value;
  new_schema(node.dictionary, internal::arrow_format(values), "");
  out.dictionary = &node.dictionary;
}

void export_schema(const TableData& data, ArrowSchema& out) {
  SchemaNode& node = new_schema(out, "+s", "");
  Guard<ArrowSchema> guard(out);
  out.flags = 0;
  node.children.resize(data.fields.size());
  node.pointers.reserve(data.fields.size());
  for (size_t i = 0; i < data.fields.size(); ++i) {
    export_field(data.fields[i], node.children[i]);
    node.pointers.push_back(&node.children[i]);
  }
  out.n_children = static_cast<int64_t>(node.pointers.size());
  out.children = node.pointers.data();
  guard.keep();
}

ArrayNode& new_array(ArrowArray& out, const Shared& data, int64_t length) {
  out = ArrowArray{};
  auto node = std::make_unique<ArrayNode>();
  node->data = data;
  out.length = length;
  out.release = release_array;
  out.private_data = node.get();
  return *node.release();
}

const void* present(const void* pointer) { return pointer == nullptr ? kNoBytes.data() : pointer; }

void export_chunk(const Shared& data, const DataType& type, const Chunk& chunk, ArrowArray& out) {
  ArrayNode& node = new_array(out, data, chunk.length);
  out.offset = chunk.offset;
  out.null_count = chunk.null_count;
  if (type.type != Type::kNull) {
    node.buffers.reserve(3 + chunk.view_buffers.size());
    node.buffers.push_back(chunk.validity);
    if (type.type == Type::kString || type.type == Type::kLargeString) {
      node.buffers.push_back(present(chunk.offsets));
      node.buffers.push_back(present(chunk.bytes));
    } else {
      node.buffers.push_back(present(chunk.values));
    }
    if (type.type == Type::kStringView) {
      for (const uint8_t* bytes : chunk.view_buffers) node.buffers.push_back(present(bytes));
      node.buffers.push_back(present(chunk.view_sizes.data()));
    }
  }
  out.n_buffers = static_cast<int64_t>(node.buffers.size());
  out.buffers = node.buffers.data();
  if (type.type == Type::kDictionary) {
    DataType values;
    values.type = type.value;
    export_chunk(data, values, *chunk.dictionary, node.dictionary);
    out.dictionary = &node.dictionary;
  }
}

void export_batch(const Shared& data, size_t k, ArrowArray& out) {
  ArrayNode& node = new_array(out, data, data->chunks.front()[k].length);
  Guard<ArrowArray> guard(out);
  node.buffers.push_back(nullptr);
  const size_t columns = data->fields.size();
  node.children.resize(columns);
  node.pointers.reserve(columns);
  for (size_t i = 0; i < columns; ++i) {
    export_chunk(data, data->fields[i].type, data->chunks[i][k], node.children[i]);
    node.pointers.push_back(&node.children[i]);
  }
  out.n_buffers = 1;
  out.buffers = node.buffers.data();
  out.n_children = static_cast<int64_t>(columns);
  out.children = node.pointers.data();
  guard.keep();
}

// Runs what may throw for want of memory behind a C callback.
template <typename Export>
int guarded(ArrowArrayStream* self, Export export_one) noexcept {
  if (self == nullptr || self->release == nullptr) return EINVAL;
  try {
    export_one(*static_cast<StreamNode*>(self->private_data));
    return 0;
  } catch (...) {
    return ENOMEM;
  }
}

int stream_get_schema(ArrowArrayStream* self, ArrowSchema* out) {
  return guarded(self, [out](StreamNode& node) { export_schema(*node.data, *out); });
}

int stream_get_next(ArrowArrayStream* self, ArrowArray* out) {
  return guarded(self, [out](StreamNode& node) {
    if (node.data->chunks.empty() || node.next >= node.data->chunks.front().size()) {
      *out = ArrowArray{};
      return;
    }
    export_batch(node.data, node.next, *out);
    ++node.next;
  });
}

const char* stream_get_last_error(ArrowArrayStream* self) {
  return self == nullptr || self->release == nullptr ? nullptr : "out of memory";
}

void stream_release(ArrowArrayStream* self) {
  if (self == nullptr || self->release == nullptr) return;
  delete static_cast<StreamNode*>(self->private_data);
  self->release = nullptr;
}

}  // namespace

Status Table::export_stream(ArrowArrayStream* out) const {
  if (out == nullptr) return {Code::kArgument, "no Arrow stream to export into was given"};
  *out = ArrowArrayStream{};
  for (int i = 0; i < columns(); ++i) {
    if (field(i).type.type != Type::kUnsupported) continue;
    return {Code::kType, "column " + internal::quoted(field(i).name) + " is " +
                             type_name(field(i).type) +
                             ", which patron does not hand out; select the other columns first"};
  }
  auto node = std::make_unique<StreamNode>();
  node->data = data_ != nullptr ? data_ : std::make_shared<const TableData>();
  out->get_schema = stream_get_schema;
  out->get_next = stream_get_next;
  out->get_last_error = stream_get_last_error;
  out->release = stream_release;
  out->private_data = node.release();
  return {};
}

}  // namespace v0
}  // namespace patron
