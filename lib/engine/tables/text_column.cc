#include "lib/engine/tables/text_column.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace patron::internal {
namespace {

// Short texts, which nearly all are, without a call.
void copy_text(std::string_view text, uint8_t* to) {
  const size_t n = text.size();
  if (n - 8 > 8) {
    if (n > 0) std::memcpy(to, text.data(), n);
    return;
  }
  uint64_t head = 0, tail = 0;
  std::memcpy(&head, text.data(), 8);
  std::memcpy(&tail, text.data() + n - 8, 8);
  std::memcpy(to, &head, 8);
  std::memcpy(to + n - 8, &tail, 8);
}

// How many bytes a customer's text has at most.
size_t size_at(const ValueBlock& block, uint32_t k) {
  if (block.known()[k] == 0) return 0;
  if (block.shape() == Shape::kText) return block.text(k).size();
  size_t most = 0;
  for (const std::string_view member : block.set_at(k)) most += member.size() + 1;
  return most;
}

// Writes a customer's text; how many bytes.
size_t put_text(const ValueBlock& block, uint32_t k, uint8_t* to) {
  if (block.known()[k] == 0) return 0;
  if (block.shape() == Shape::kText) {
    const std::string_view text = block.text(k);
    copy_text(text, to);
    return text.size();
  }
  uint8_t* at = to;
  bool first = true;  // which may be empty
  for (const std::string_view member : block.set_at(k)) {
    if (!std::exchange(first, false)) *at++ = ',';
    copy_text(member, at);
    at += member.size();
  }
  return static_cast<size_t>(at - to);
}

}  // namespace

uint8_t* TextStore::room(size_t bytes) {
  if (bytes > left_) {
    // Ever larger ones, of which the largest are huge pages.
    const size_t last = blocks_.empty() ? kFirst / 2 : blocks_.back().size();
    left_ = std::max(bytes, std::min(2 * last, kLargest));
    next_ = blocks_.emplace_back(left_).data();
  }
  return next_;
}

TextColumn::TextColumn(size_t rows, size_t pages, bool in_runs) {
  if (in_runs) {
    runs_.resize(pages);
    offsets_ = Buffer((rows + 1) * sizeof(int64_t));
    offsets_.as<int64_t>()[0] = 0;
  } else {
    views_ = Buffer(rows * sizeof(std::string_view));
  }
}

void TextColumn::put(uint32_t page, const ValueBlock& block, const TablePlaces& places,
                     TextStore& store) {
  if (runs_.empty()) {
    put_views(block, places, store);
  } else if (places.first != kNoPlace && block.names() != nullptr && block.names()->in_slots()) {
    put_names(block, places, runs_[page].first);
  } else {
    put_runs(block, places, store, runs_[page]);
  }
}

// Of a page whose rows follow each other from a place on: of each the code and 1, or 0, stands
// where its text's end will.
void TextColumn::put_names(const ValueBlock& block, const TablePlaces& places, Run& run) {
  const NameTable::Slot* const slots = block.names()->slots();
  const uint8_t* const known = block.known();
  const uint32_t* const codes = block.codes();
  int64_t* const ends = offsets_.as<int64_t>() + places.first + 1;
  size_t size = 0;
  for (uint32_t k = 0; k < places.n; ++k) {
    const uint32_t there = known[k];
    size += slots[codes[k]].size & -size_t{there};
    ends[k] = (int64_t{codes[k]} + 1) & -int64_t{there};
  }
  run = {slots, nullptr, size, places.first, places.n};
}

void TextColumn::put_runs(const ValueBlock& block, const TablePlaces& places, TextStore& store,
                          Runs& runs) {
  size_t most = 0;
  for (uint32_t k = 0; k < places.n; ++k) most += size_at(block, k);
  uint8_t* at = store.room(most);
  const uint8_t* const begin = at;
  Run* run = &runs.first;
  for (uint32_t k = 0; k < places.n; ++k) {
    const uint32_t place = places.place(k);
    if (place == kNoPlace) continue;
    if (run->rows > 0 && place != run->first + run->rows) run = &runs.others.emplace_back();
    if (run->rows == 0) run->bytes = at, run->first = place;
    const size_t size = put_text(block, k, at);
    at += size;
    run->size += size;
    ++run->rows;
    offsets_.as<int64_t>()[place + 1] = static_cast<int64_t>(run->size);
  }
  store.take(static_cast<size_t>(at - begin));
}

void TextColumn::put_views(const ValueBlock& block, const TablePlaces& places, TextStore& store) {
  auto* const views = views_.as<std::string_view>();
  for (uint32_t k = 0; k < places.n; ++k) {
    if (places.place(k) == kNoPlace) continue;
    std::string_view& view = views[places.place(k)];
    if (block.names() != nullptr) {
      view = block.text(k);  // names stay where they are
      continue;
    }
    uint8_t* const bytes = store.room(size_at(block, k));
    const size_t size = put_text(block, k, bytes);
    store.take(size);
    view = {reinterpret_cast<const char*>(bytes), size};
  }
}

void TextColumn::finish(OwnedColumn& out) {
  if (runs_.empty()) {
    set_texts({views_.as<std::string_view>(), views_.size() / sizeof(std::string_view)}, out);
  } else {
    finish_runs(out);
  }
}

void TextColumn::finish_runs(OwnedColumn& out) {
  std::vector<Run> all;
  size_t bytes = 0;
  const auto add = [&](const Run& run) {
    if (run.rows > 0) all.push_back(run), bytes += run.size;
  };
  for (const Runs& runs : runs_) {
    add(runs.first);
    std::for_each(runs.others.begin(), runs.others.end(), add);
  }
  std::sort(all.begin(), all.end(), [](const Run& a, const Run& b) { return a.first < b.first; });
  out.values = Buffer(bytes + NameTable::kSlot);
  size_t before = 0;
  for (const Run& run : all) {
    int64_t* const ends = offsets_.as<int64_t>() + run.first + 1;
    if (run.slots != nullptr) {
      write_names(run, out.values.data(), before, ends);
    } else {
      write_texts(run, out.values.data(), before, ends);
    }
    before += run.size;
  }
  out.values.truncate(bytes);
  out.offsets = std::move(offsets_);
}

// The bytes and ends of a run, of which some may be written behind it: what comes there is written
// later.
void TextColumn::write_names(const Run& run, uint8_t* to, size_t before, int64_t* ends) {
  const NameTable::Slot* const slots = run.slots;
  const size_t rows = run.rows;
  for (size_t i = 0; i < rows; ++i) {
    const int64_t code = ends[i], known = code != 0 ? 1 : 0;
    before += put_slot(slots[code - known], to + before) & static_cast<size_t>(-known);
    ends[i] = static_cast<int64_t>(before);
  }
}

void TextColumn::write_texts(const Run& run, uint8_t* to, size_t before, int64_t* ends) {
  if (run.size > 0) std::memcpy(to + before, run.bytes, run.size);
  for (size_t i = 0; before > 0 && i < run.rows; ++i) ends[i] += static_cast<int64_t>(before);
}

void set_texts(std::span<const std::string_view> texts, OwnedColumn& out) {
  out.offsets = Buffer((texts.size() + 1) * sizeof(int64_t));
  auto* offsets = out.offsets.as<int64_t>();
  size_t bytes = 0;
  for (size_t i = 0; i < texts.size(); ++i) {
    offsets[i] = static_cast<int64_t>(bytes);
    bytes += texts[i].size();
  }
  offsets[texts.size()] = static_cast<int64_t>(bytes);
  out.values = Buffer(bytes);
  for (size_t i = 0; i < texts.size(); ++i) copy_text(texts[i], out.values.data() + offsets[i]);
}

}  // namespace patron::internal
