#include "lib/book/enum_texts.h"

namespace patron::internal {

uint32_t EnumTexts::add(std::string_view text) {
  std::string kept(text);
  if (size_ == blocks_.size() * kBlock) blocks_.push_back(std::make_shared<Block>());
  (*blocks_.back())[size_ % kBlock] = std::move(kept);
  return size_++;
}

void EnumTexts::truncate(uint32_t size) {
  while (size_ > size) {
    --size_;
    (*blocks_.back())[size_ % kBlock] = std::string();
    if (size_ % kBlock == 0) blocks_.pop_back();
  }
}

void EnumTexts::blank(uint32_t code) {
  std::shared_ptr<Block>& block = blocks_[code / kBlock];
  block = std::make_shared<Block>(*block);
  (*block)[code % kBlock].clear();
  (*block)[code % kBlock].shrink_to_fit();
}

size_t EnumTexts::memory() const {
  size_t bytes = blocks_.capacity() * sizeof(blocks_[0]) + blocks_.size() * sizeof(Block);
  for (uint32_t code = 0; code < size_; ++code) {
    const std::string& text = (*blocks_[code / kBlock])[code % kBlock];
    if (text.capacity() > std::string().capacity()) bytes += text.capacity() + 1;
  }
  return bytes;
}

}  // namespace patron::internal
