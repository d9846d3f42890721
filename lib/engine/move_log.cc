#include "lib/engine/move_log.h"

#include <algorithm>

namespace patron::internal {

void MoveLog::make_odd_room(size_t more) {
  odd_.reserve(std::max(odd_.size() * 2, odd_.size() + more));
}

// Of the next record.
void MoveLog::keep_odd(MoveFacts move, std::string_view because) {
  EngineMove& rest = odd_.emplace_back(records_.size(), EngineMove()).second;
  rest.before = move.before;
  rest.sequence = move.sequence;
  rest.calibration = move.calibration;
  rest.policy = move.policy;
  rest.move = move.move;
  rest.because = because;
}

const EngineMove& MoveLog::odd(size_t i) const {
  const auto at = std::lower_bound(odd_.begin(), odd_.end(), i,
                                   [](const auto& one, size_t index) { return one.first < index; });
  return at->second;
}

EngineMove MoveLog::plain(size_t i) const {
  const Record& record = records_[i];
  EngineMove out;
  if (record.odd != 0) {
    const EngineMove& rest = odd(i);
    out.before = rest.before;
    out.sequence = rest.sequence;
    out.calibration = rest.calibration;
    out.policy = rest.policy;
    out.move = rest.move;
  } else {
    out.before = record.before == kNone ? kNoMove : size_t{record.before};
    out.sequence = static_cast<int64_t>(record.sequence);
    out.calibration = record.calibration;
    out.policy = record.policy;
    out.move = {record.classification, record.from, record.to, record.by_override != 0};
  }
  out.customer = record.customer;
  out.at = record.at;
  if (record.fact_time != kEndTime) out.fact_time = record.fact_time;
  out.cause = static_cast<Cause>(record.cause);
  out.quiet = record.quiet != 0;
  return out;
}

EngineMove MoveLog::operator[](size_t i) const {
  EngineMove out = plain(i);
  out.because = because(i);
  return out;
}

size_t MoveLog::before(size_t i) const {
  const Record& record = records_[i];
  if (record.odd != 0) return odd(i).before;
  return record.before == kNone ? kNoMove : size_t{record.before};
}

std::string_view MoveLog::because(size_t i) const {
  const Record& record = records_[i];
  if (record.odd != 0) return odd(i).because;
  return texts_.view(record.text, record.text_size);
}

std::vector<EngineMove> MoveLog::since(size_t first) const {
  std::vector<EngineMove> out;
  out.reserve(size() - first);
  for (size_t i = first; i < size(); ++i) out.push_back((*this)[i]);
  return out;
}

void MoveLog::forget(size_t i) {
  Record& record = records_[i];
  if (record.odd != 0) {
    EngineMove& rest = const_cast<EngineMove&>(odd(i));
    std::fill(rest.because.begin(), rest.because.end(), '\0');
    rest = EngineMove();
  } else {
    texts_.wipe(record.text, record.text_size);
  }
  record = Record();
}

size_t MoveLog::bytes() const {
  return records_.capacity() * sizeof(Record) + texts_.bytes() + odd_.capacity() * sizeof(odd_[0]);
}

}  // namespace patron::internal
