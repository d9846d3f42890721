#include "lib/models/nps/labels.h"

#include <algorithm>
#include <string>
#include <type_traits>

#include "lib/base/bitmap.h"
#include "lib/base/simd.h"
#include "lib/base/table_data.h"

namespace patron::internal {
namespace {

constexpr uint64_t kLargestWindow = uint64_t{1} << 17;
constexpr uint32_t kSpread = 8;

/// Codes of integers in the window; false where one lies outside.
template <typename T>
PATRON_SIMD_INLINE bool code_in_window(const T* values, int64_t n, int64_t base, uint64_t window,
                                       uint32_t* codes) {
  uint64_t outside = 0;
  for (int64_t i = 0; i < n; i++) {
    const uint64_t distance = static_cast<uint64_t>(values[i]) - static_cast<uint64_t>(base);
    outside |= distance >= window;
    codes[i] = static_cast<uint32_t>(distance) + 1;
  }
  return outside == 0;
}

/// The same for narrow integers and a window below 2^31, where no distance wraps into the window.
template <typename T>
PATRON_SIMD_INLINE bool code_narrow(const T* values, int64_t n, int64_t base, uint64_t window,
                                    uint32_t* codes) {
  const uint32_t from = static_cast<uint32_t>(base), limit = static_cast<uint32_t>(window);
  uint32_t outside = 0;
  for (int64_t i = 0; i < n; i++) {
    const uint32_t distance = static_cast<uint32_t>(values[i]) - from;
    outside |= distance >= limit;
    codes[i] = distance + 1;
  }
  return outside == 0;
}

}  // namespace

std::strong_ordering Label::operator<=>(const Label& other) const {
  if (null || other.null) return null <=> other.null;
  if (is_text) return text.compare(other.text) <=> 0;
  return number <=> other.number;
}

Result<Labels> Labels::open(const Table& table, int column, bool flags) {
  const Field& field = table.field(column);
  Labels labels;
  labels.type_ = field.type;
  labels.chunks_ = table.chunks(column);
  if (flags && field.type.type == Type::kBool) {
    labels.form_ = Form::kFlag;
  } else if (IntReader::reads(field.type)) {
    Result<IntReader> ints = IntReader::open(table, column);
    if (!ints.ok()) return ints.status();
    labels.ints_ = *ints;
    labels.form_ = Form::kInt;
    const Type type = field.type.type == Type::kDictionary ? field.type.value : field.type.type;
    labels.can_overflow_ = type == Type::kUint64;
  } else if (TextReader::reads(field.type)) {
    Result<TextReader> texts = TextReader::open(table, column);
    if (!texts.ok()) return texts.status();
    labels.texts_ = *texts;
    labels.form_ = field.type.type == Type::kDictionary ? Form::kDictionary : Form::kText;
  } else {
    return Status(Code::kType, "column \"" + field.name + "\" is " + type_name(field.type) +
                                   "; it must be integers or text" + (flags ? ", or bool" : ""));
  }
  return labels;
}

void Labels::read_states(int chunk, int64_t begin, int64_t n, CellState* states) const {
  std::fill_n(states, n, CellState::kOk);
  if (form_ == Form::kNone) return;
  const Chunk& c = chunks_[static_cast<size_t>(chunk)];
  if (can_overflow_) {
    int64_t values[kBlockResponses];
    ints_.read(chunk, begin, n, values, states);
    return;
  }
  if (c.null_count == 0) return;
  for (int64_t i = 0; i < n; i++) {
    if (!c.valid(begin + i)) states[i] = CellState::kNull;
  }
}

const char* Labels::address(int chunk, int64_t row, int* width) const {
  *width = form_ == Form::kNone ? 0 : byte_width(type_.type);
  if (*width == 0) return nullptr;
  const Chunk& c = chunks_[static_cast<size_t>(chunk)];
  return static_cast<const char*>(c.values) + (c.offset + row) * *width;
}

Label Labels::at(int chunk, int64_t row) const {
  if (form_ == Form::kNone) return {};
  const Chunk& c = chunks_[static_cast<size_t>(chunk)];
  if (!c.valid(row)) return {};
  Label label;
  label.null = false;
  if (form_ == Form::kFlag) {
    label.null = !get_bit(static_cast<const uint8_t*>(c.values), c.offset + row);
    label.number = 1;
  } else if (form_ == Form::kInt) {
    CellState state;
    ints_.read(chunk, row, 1, &label.number, &state);
  } else {
    label.is_text = true;
    label.text = texts_.at(c, row);
  }
  return label;
}

Coder::Coder(const Labels& labels, bool spread, uint32_t most)
    : labels_(&labels),
      spread_(spread && labels.form() == Labels::Form::kNone),
      ints_(most),
      words_(most) {}

void Coder::renew() {
  base_ = next_base_;
  window_ = next_window_;
  mapped_ = window_ == 0;
}

uint32_t Coder::size() const {
  switch (labels_->form()) {
    case Labels::Form::kNone:
      return kSpread;
    case Labels::Form::kFlag:
      return 2;
    case Labels::Form::kDictionary:
    case Labels::Form::kText:
      return words_.size() + 1;
    default:
      return 1 + (mapped_ ? ints_.size() : static_cast<uint32_t>(window_));
  }
}

Label Coder::label(uint32_t code) const {
  Label label;
  if (code == 0 || labels_->form() == Labels::Form::kNone) return label;
  label.null = false;
  label.is_text = labels_->is_text();
  if (label.is_text)
    label.text = words_.id(code - 1);
  else if (labels_->form() == Labels::Form::kFlag)
    label.number = 1;
  else
    label.number = mapped_ ? ints_.id(code - 1) : base_ + (code - 1);
  return label;
}

bool Coder::code(int chunk_index, int64_t begin, int64_t n, uint32_t* codes) {
  if (labels_->form() == Labels::Form::kNone) {
    for (int64_t i = 0; i < n; i++) codes[i] = spread_ ? static_cast<uint32_t>(i) % kSpread : 0;
    return true;
  }
  const Chunk& chunk = labels_->chunks_[static_cast<size_t>(chunk_index)];
  switch (labels_->form()) {
    case Labels::Form::kFlag: {
      const auto* bits = static_cast<const uint8_t*>(chunk.values);
      for (int64_t i = 0; i < n; i++) codes[i] = get_bit(bits, chunk.offset + begin + i) ? 1 : 0;
      break;
    }
    case Labels::Form::kDictionary:
      code_dictionary(chunk, begin, n, codes);
      return true;
    case Labels::Form::kText:
      code_text(chunk, begin, n, codes);
      return true;
    default:
      return code_ints(chunk, chunk_index, begin, n, codes);
  }
  if (chunk.null_count != 0) {
    for (int64_t i = 0; i < n; i++) codes[i] = chunk.valid(begin + i) ? codes[i] : 0;
  }
  return true;
}

bool Coder::code_ints(const Chunk& chunk, int chunk_index, int64_t begin, int64_t n,
                      uint32_t* codes) {
  const auto direct = [&]<typename T>(T) {
    const T* values = static_cast<const T*>(chunk.values) + chunk.offset + begin;
    return run_with_best_simd([&] {
      if constexpr (sizeof(T) < 4 || std::is_same_v<T, int32_t>) {
        if (base_ + static_cast<int64_t>(window_) <= INT32_MAX)
          return code_narrow(values, n, base_, window_, codes);
      }
      return code_in_window(values, n, base_, window_, codes);
    });
  };
  if (!mapped_ && window_ != 0 && chunk.null_count == 0) {
    bool inside = false;
    switch (labels_->type_.type) {
      case Type::kInt8:
        inside = direct(int8_t{});
        break;
      case Type::kInt16:
        inside = direct(int16_t{});
        break;
      case Type::kInt32:
        inside = direct(int32_t{});
        break;
      case Type::kInt64:
        inside = direct(int64_t{});
        break;
      case Type::kUint8:
        inside = direct(uint8_t{});
        break;
      case Type::kUint16:
        inside = direct(uint16_t{});
        break;
      case Type::kUint32:
        inside = direct(uint32_t{});
        break;
      default:
        break;  // unsigned numbers may not be labels, and dictionaries have to be looked up
    }
    if (inside) return true;
  }
  int64_t values[kBlockResponses];
  CellState states[kBlockResponses];
  if (labels_->ints_.read(chunk_index, begin, n, values, states))
    return code_values(values, n, codes);
  int64_t labelled[kBlockResponses];
  int64_t count = 0;
  for (int64_t i = 0; i < n; i++) {
    if (states[i] == CellState::kOk) labelled[count++] = values[i];
  }
  uint32_t found[kBlockResponses];
  if (count > 0 && !code_values(labelled, count, found)) return false;
  count = 0;
  for (int64_t i = 0; i < n; i++) codes[i] = states[i] == CellState::kOk ? found[count++] : 0;
  return true;
}

bool Coder::code_values(const int64_t* values, int64_t n, uint32_t* codes) {
  if (mapped_) {
    const std::span<uint32_t> rows(codes, static_cast<size_t>(n));
    if (!ints_.resolve({values, static_cast<size_t>(n)}, rows).ok()) {
      full_ = true;
      std::fill_n(codes, n, 0);
      return true;
    }
    for (uint32_t& row : rows) row++;
    return true;
  }
  if (window_ != 0 && code_in_window(values, n, base_, window_, codes)) return true;

  const auto [low, high] = std::minmax_element(values, values + n);
  int64_t first = *low, last = *high;
  if (window_ != 0) {
    first = std::min(first, base_);
    last = std::max(last, base_ + static_cast<int64_t>(window_ - 1));
  }
  const uint64_t range = static_cast<uint64_t>(last) - static_cast<uint64_t>(first);
  if (range >= kLargestWindow) {
    next_window_ = 0;
  } else {
    // Twice the room, so that ids that keep growing do not renew at every block; but no integer
    // beyond the last of int64.
    const uint64_t room = static_cast<uint64_t>(INT64_MAX) - static_cast<uint64_t>(last);
    next_base_ = first;
    next_window_ = range + 1 + std::min(range + 64, room);
  }
  const bool fresh = window_ == 0;
  if (!fresh) return false;
  renew();
  return code_values(values, n, codes);
}

void Coder::code_dictionary(const Chunk& chunk, int64_t begin, int64_t n, uint32_t* codes) {
  if (dictionary_ != chunk.dictionary) {
    codes_of_words_.assign(static_cast<size_t>(chunk.dictionary->length), 0);
    dictionary_ = chunk.dictionary;
  }
  switch (labels_->type_.index) {
    case Type::kInt8:
      return code_words<int8_t>(chunk, begin, n, codes);
    case Type::kInt16:
      return code_words<int16_t>(chunk, begin, n, codes);
    case Type::kInt32:
      return code_words<int32_t>(chunk, begin, n, codes);
    case Type::kUint8:
      return code_words<uint8_t>(chunk, begin, n, codes);
    case Type::kUint16:
      return code_words<uint16_t>(chunk, begin, n, codes);
    case Type::kUint32:
      return code_words<uint32_t>(chunk, begin, n, codes);
    default:
      return code_words<int64_t>(chunk, begin, n, codes);
  }
}

template <typename Index>
void Coder::code_words(const Chunk& chunk, int64_t begin, int64_t n, uint32_t* codes) {
  const Index* indices = static_cast<const Index*>(chunk.values) + chunk.offset + begin;
  uint32_t* words = codes_of_words_.data();
  if (chunk.null_count == 0) {
    uint32_t unknown = 0;
    for (int64_t i = 0; i < n; i++) {
      codes[i] = words[indices[i]];
      unknown |= codes[i] == 0;
    }
    if (unknown == 0) return;
  }
  for (int64_t i = 0; i < n; i++) {
    codes[i] = 0;
    if (!chunk.valid(begin + i)) continue;  // its index may be anything
    uint32_t& word = words[indices[i]];
    if (word == 0) {
      word = words_.find_or_insert(labels_->texts_.at(chunk, begin + i)) + 1;
      full_ |= word == 0;  // kNoRow and one
    }
    codes[i] = word;
  }
}

void Coder::code_text(const Chunk& chunk, int64_t begin, int64_t n, uint32_t* codes) {
  std::string_view texts[kBlockResponses];
  int64_t count = 0;
  for (int64_t i = 0; i < n; i++) {
    if (chunk.null_count == 0 || chunk.valid(begin + i))
      texts[count++] = labels_->texts_.at(chunk, begin + i);
  }
  uint32_t found[kBlockResponses];
  const auto size = static_cast<size_t>(count);
  if (!words_.resolve({texts, size}, {found, size}).ok()) {
    full_ = true;
    std::fill_n(found, count, kNoRow);  // and one more is code 0
  }
  count = 0;
  for (int64_t i = 0; i < n; i++) {
    const bool there = chunk.null_count == 0 || chunk.valid(begin + i);
    codes[i] = there ? found[count++] + 1 : 0;
  }
}

}  // namespace patron::internal
