#include "lib/engine/saved/saved_moves.h"

#include <algorithm>
#include <span>

#include "lib/base/utf8.h"
#include "lib/book/layout.h"
#include "lib/book/saved/packed_cells.h"
#include "lib/book/saved/sections.h"

namespace patron::internal {
namespace {

constexpr size_t kMovesOfSection = size_t{1} << 14;
constexpr uint8_t kByOverride = 1, kQuiet = 2;
constexpr int kCauseBits = 2;
constexpr auto kLastCause = static_cast<uint8_t>(Cause::kMerge);
// That no cell is: a column without nulls.
constexpr uint8_t kNoByte = 0xFF;
constexpr uint32_t kNoSize = UINT32_MAX;
constexpr int32_t kNoNumber = INT32_MIN;

template <typename T>
void put(const std::vector<T>& cells, T null, unsigned least, BookByteWriter& out) {
  pack_cells<T>(std::span<const T>(cells), null, least, out);
}

template <typename T>
bool take(BookByteReader& in, T null, unsigned least, size_t count, std::vector<T>& cells) {
  cells.resize(count);
  return unpack_cells<T>(in, null, least, std::span<T>(cells));
}

}  // namespace

size_t put_moves(const MoveLog& moves, size_t first, BookByteWriter& out) {
  const size_t most = std::min(moves.size() - first, kMovesOfSection);
  size_t count = 0, bytes = 0;
  for (; count < most && bytes < kSectionBytes; ++count) {
    bytes += moves.because(first + count).size();
  }
  std::vector<uint32_t> customers(count), sizes(count);
  std::vector<int64_t> times(count), fact_times(count), calibrations(count);
  std::vector<uint8_t> classifications(count), flags(count);
  std::vector<int32_t> from(count), to(count), policies(count);
  for (size_t i = 0; i < count; ++i) {
    const EngineMove move = moves.plain(first + i);
    customers[i] = move.customer;
    times[i] = move.at;
    classifications[i] = static_cast<uint8_t>(move.move.classification);
    from[i] = move.move.from;
    to[i] = move.move.to;
    flags[i] =
        static_cast<uint8_t>((move.move.by_override ? kByOverride : 0) | (move.quiet ? kQuiet : 0) |
                             static_cast<uint8_t>(move.cause) << kCauseBits);
    calibrations[i] = move.calibration;
    policies[i] = move.policy;
    fact_times[i] = move.fact_time.value_or(kNullInt);
    sizes[i] = static_cast<uint32_t>(moves.because(first + i).size());
  }
  out.bytes.reserve(out.bytes.size() + bytes + 16 * count);  // most take less
  out.put(static_cast<uint32_t>(count));
  put(customers, kNoCustomer, 1, out);  // a byte each at least: a few bytes are no million moves
  put(times, kNullInt, 0, out);
  put(classifications, kNoByte, 0, out);
  put(from, kNoNumber, 0, out);
  put(to, kNoNumber, 0, out);
  put(flags, kNoByte, 0, out);
  put(calibrations, kNullInt, 0, out);
  put(policies, kNoNumber, 0, out);
  put(fact_times, kNullInt, 0, out);
  put(sizes, kNoSize, 0, out);
  for (size_t i = first; i < first + count; ++i) out.bytes.append(moves.because(i));
  return first + count;
}

bool MoveColumns::read(std::string_view payload) {
  BookByteReader in(payload);
  const auto count = in.take<uint32_t>();
  if (!in.sound() || count == 0 || count > in.left()) return false;
  const bool whole =
      take(in, kNoCustomer, 1, count, customers_) && take(in, kNullInt, 0, count, times_) &&
      take(in, kNoByte, 0, count, classifications_) && take(in, kNoNumber, 0, count, from_) &&
      take(in, kNoNumber, 0, count, to_) && take(in, kNoByte, 0, count, flags_) &&
      take(in, kNullInt, 0, count, calibrations_) && take(in, kNoNumber, 0, count, policies_) &&
      take(in, kNullInt, 0, count, fact_times_) && take(in, kNoSize, 0, count, sizes_);
  if (!whole) return false;
  texts_ = in.take_bytes(in.left());
  ends_.resize(count);
  uint64_t end = 0;
  bool good = true;
  for (size_t i = 0; i < count; ++i) {
    // A text begins where no character is cut.
    good = good && (end >= texts_.size() || sizes_[i] == 0 || (texts_[end] & 0xC0) != 0x80);
    ends_[i] = end += sizes_[i];
    good = good && end <= texts_.size() && flags_[i] >> kCauseBits <= kLastCause;
  }
  return good && end == texts_.size() && is_utf8(texts_);
}

EngineMove MoveColumns::move(size_t i) const {
  EngineMove out;
  out.customer = customers_[i];
  out.at = times_[i];
  out.move = {classifications_[i], from_[i], to_[i], (flags_[i] & kByOverride) != 0};
  out.quiet = (flags_[i] & kQuiet) != 0;
  out.cause = static_cast<Cause>(flags_[i] >> kCauseBits);
  out.calibration = calibrations_[i];
  out.policy = policies_[i];
  if (fact_times_[i] != kNullInt) out.fact_time = fact_times_[i];
  return out;
}

}  // namespace patron::internal
