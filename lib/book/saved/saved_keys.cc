// IdentityKeys as they are saved and loaded.
//
//   values   all uint32, count uint32; packed uint8: 1 where the value is forgotten; texts: the key
//            in four bytes, then the value; packed rows of who had it first
//   holders  count uint32; packed row and value of each holding
//   newest   settled uint32, key uint32, first uint32, count uint32; packed value and instant of
//            each row
//   claims   count uint32; packed instant, key and row; texts
#include <algorithm>
#include <cstring>

#include "lib/book/cell_reader.h"
#include "lib/book/identity_keys.h"
#include "lib/book/saved/identities.h"
#include "lib/book/saved/packed_cells.h"

namespace patron::internal {
namespace {

// The key in four bytes, then the value.
constexpr size_t kMaxKeyBytes = kMaxTextBytes + sizeof(uint32_t);

uint32_t key_of(std::string_view stored) {
  uint32_t key = 0;
  std::memcpy(&key, stored.data(), sizeof key);
  return key;
}

uint32_t count_of(size_t begin, size_t end) {
  return static_cast<uint32_t>(std::min<size_t>(end - begin, kSavedRun));
}

bool there(const CustomerIds& ids, uint32_t row) { return row < ids.size() && !ids.erased(row); }

}  // namespace

Status IdentityKeys::save(SectionWriter& out) const {
  if (Status status = save_values(out); !status.ok()) return status;
  BookByteWriter& body = out.body();
  for (size_t begin = 0; begin < held_.size(); begin += kSavedRun) {
    const uint32_t count = count_of(begin, held_.size());
    std::vector<uint32_t> rows, values;
    for (size_t i = begin; i < begin + count; ++i) {
      rows.push_back(held_[i].row);
      values.push_back(held_[i].value);
    }
    body.put(count);
    pack_cells<uint32_t>(rows, kNoRow, 1, body);
    pack_cells<uint32_t>(values, kNoRow, 0, body);
    if (Status status = out.end_section(SectionTag::kKeyHolders); !status.ok()) return status;
  }
  for (uint32_t key = 0; key < own_.size(); ++key) {
    const std::vector<Held>& own = own_[key];
    for (size_t begin = 0; begin < own.size(); begin += kSavedRun) {
      const uint32_t count = count_of(begin, own.size());
      std::vector<uint32_t> values;
      std::vector<int64_t> times;
      for (size_t i = begin; i < begin + count; ++i) {
        values.push_back(own[i].value);
        times.push_back(own[i].value == kNoRow ? kNullInt : own[i].time);
      }
      body.put(static_cast<uint32_t>(own.size()));
      body.put(key);
      body.put(static_cast<uint32_t>(begin));
      body.put(count);
      pack_cells<uint32_t>(values, kNoRow, 0, body);
      pack_cells<int64_t>(times, kNullInt, 0, body);
      if (Status status = out.end_section(SectionTag::kKeyNewest); !status.ok()) return status;
    }
  }
  return save_claims(out);
}

Status IdentityKeys::save_values(SectionWriter& out) const {
  for (uint32_t begin = 0; begin < values_.size(); begin += kSavedRun) {
    const uint32_t count = count_of(begin, values_.size());
    std::vector<uint8_t> gone;
    std::vector<std::string_view> texts;
    std::vector<uint32_t> holders;
    for (uint32_t i = begin; i < begin + count; ++i) {
      const bool erased = values_.erased(i);
      gone.push_back(erased ? 1 : 0);
      texts.push_back(values_.id(i));
      holders.push_back(erased ? kNoRow : holder_[i]);
    }
    BookByteWriter& body = out.body();
    body.put(count);
    pack_cells<uint8_t>(gone, kNoFlag, 0, body);
    put_text_column(texts, body);
    pack_cells<uint32_t>(holders, kNoRow, 0, body);
    if (Status status = out.end_section(SectionTag::kKeyValues); !status.ok()) return status;
  }
  return {};
}

Status IdentityKeys::save_claims(SectionWriter& out) const {
  for (size_t begin = 0; begin < waiting_.size(); begin += kSavedRun) {
    const uint32_t count = count_of(begin, waiting_.size());
    std::vector<int64_t> times;
    std::vector<uint32_t> keys, rows;
    std::vector<std::string_view> texts;
    for (size_t i = begin; i < begin + count; ++i) {
      times.push_back(waiting_[i].time);
      keys.push_back(waiting_[i].key);
      rows.push_back(waiting_[i].row);
      texts.push_back(waiting_[i].value.view());
    }
    BookByteWriter& body = out.body();
    body.put(count);
    pack_cells<int64_t>(times, kNullInt, 1, body);
    pack_cells<uint32_t>(keys, kNoRow, 0, body);
    pack_cells<uint32_t>(rows, kNoRow, 0, body);
    put_text_column(texts, body);
    if (Status status = out.end_section(SectionTag::kClaims); !status.ok()) return status;
  }
  return {};
}

const char* IdentityKeys::load_values(BookByteReader& in, const CustomerIds& ids) {
  const auto count = in.take<uint32_t>();
  if (!in.sound() || count > in.left()) return "more values of keys than bytes";
  std::vector<uint8_t> gone(count);
  std::vector<std::string_view> texts(count);
  std::vector<uint32_t> holders(count);
  if (!unpack_cells<uint8_t>(in, kNoFlag, 0, gone) || !take_text_column(in, kMaxKeyBytes, texts) ||
      !unpack_cells<uint32_t>(in, kNoRow, 0, holders)) {
    return "values of keys that are none";
  }
  holder_.reserve(holder_.size() + count);
  for (uint32_t i = 0; i < count; ++i) {
    if (gone[i] != 0) {
      if (gone[i] != 1 || !texts[i].empty() || values_.append_erased() == kNoRow) {
        return "a forgotten value of a key that is still there";
      }
    } else {
      const uint32_t expected = values_.size();
      if (texts[i].size() < sizeof(uint32_t) || key_of(texts[i]) >= own_.size()) {
        return "a value of a key that is not there";
      }
      if (!there(ids, holders[i])) return "a key of a customer who is not there";
      if (values_.find_or_insert(texts[i]) != expected) return "a value of a key that comes twice";
    }
    holder_.push_back(holders[i]);
  }
  return nullptr;
}

const char* IdentityKeys::load_holders(BookByteReader& in, const CustomerIds& ids) {
  const auto count = in.take<uint32_t>();
  if (!in.sound() || count > in.left()) return "more holders of keys than bytes";
  std::vector<uint32_t> rows(count), values(count);
  if (!unpack_cells<uint32_t>(in, kNoRow, 1, rows) ||
      !unpack_cells<uint32_t>(in, kNoRow, 0, values)) {
    return "holders of keys that are none";
  }
  held_.reserve(held_.size() + count);
  for (uint32_t i = 0; i < count; ++i) {
    if (!there(ids, rows[i])) return "a key of a customer who is not there";
    if (values[i] >= values_.size() || values_.erased(values[i])) {
      return "a holder of a value that is not there";
    }
    held_.push_back({rows[i], values[i]});
  }
  return nullptr;
}

const char* IdentityKeys::load_newest(BookByteReader& in, const CustomerIds& ids) {
  const auto settled = in.take<uint32_t>();
  const auto key = in.take<uint32_t>();
  const auto first = in.take<uint32_t>();
  const auto count = in.take<uint32_t>();
  if (!in.sound() || settled > ids.size() || key >= own_.size() || first > settled ||
      count > settled - first || first != loaded_) {
    return "newest values of keys that do not belong here";
  }
  std::vector<Held>& own = own_[key];
  if (first == 0 ? !own.empty() : own.size() != settled) return "newest values that come twice";
  std::vector<uint32_t> values(count);
  std::vector<int64_t> times(count);
  if (!unpack_cells<uint32_t>(in, kNoRow, 0, values) ||
      !unpack_cells<int64_t>(in, kNullInt, 0, times)) {
    return "newest values of keys that are none";
  }
  own.resize(settled);
  for (uint32_t i = 0; i < count; ++i) {
    if ((values[i] == kNoRow) != (times[i] == kNullInt)) return "a value of a key without a time";
    if (values[i] == kNoRow) continue;
    if (values[i] >= values_.size() || values_.erased(values[i]) ||
        key_of(values_.id(values[i])) != key || !there(ids, first + i)) {
      return "a newest value that is not there";
    }
    if (times[i] < kMinTime || times[i] >= kEndTime) return "a time out of range";
    own[first + i] = {values[i], times[i]};
  }
  loaded_ = first + count == settled ? 0 : first + count;
  return nullptr;
}

const char* IdentityKeys::load_claims(BookByteReader& in, const CustomerIds& ids) {
  const auto count = in.take<uint32_t>();
  if (!in.sound() || count > in.left()) return "more claims than bytes";
  std::vector<int64_t> times(count);
  std::vector<uint32_t> keys(count), rows(count);
  std::vector<std::string_view> texts(count);
  if (!unpack_cells<int64_t>(in, kNullInt, 1, times) ||
      !unpack_cells<uint32_t>(in, kNoRow, 0, keys) ||
      !unpack_cells<uint32_t>(in, kNoRow, 0, rows) || !take_text_column(in, kMaxTextBytes, texts)) {
    return "claims that are none";
  }
  waiting_.reserve(waiting_.size() + count);
  for (uint32_t i = 0; i < count; ++i) {
    if (times[i] < kMinTime || times[i] >= kEndTime) return "a time out of range";
    if (keys[i] >= own_.size() || !there(ids, rows[i])) return "a claim of what is not there";
    waiting_.push_back({times[i], keys[i], rows[i], WipedText(texts[i])});
  }
  return nullptr;
}

const char* IdentityKeys::finish_loading(const Links* links) {
  if (loaded_ != 0) return "newest values of keys are missing";
  for (size_t key = 0; key < own_.size(); ++key) {
    if (own_[key].size() != own_[0].size()) return "newest values of a key are missing";
    newest_[key] = own_[key];
  }
  if (links == nullptr || own_.empty()) return nullptr;
  for (uint32_t row = 0; row < own_[0].size(); ++row) {
    if (links->linked(row) && links->survivor(row) == row) parted(row, *links);
  }
  return nullptr;
}

}  // namespace patron::internal
