#include "tests/engine/oracle/sharded.h"

#include <algorithm>
#include <stdexcept>

namespace patron::oracle {
namespace {

void check(const Status& status, const char* what) {
  if (!status.ok()) throw std::runtime_error(std::string("shards: ") + what + status.message());
}

Micros due_of(const Engine& engine) { return engine.calibration_due().value_or(kEndTime); }

}  // namespace

Sharded::Sharded(const Policy& policy, const Rules& rules, const std::vector<Call>& calls,
                 size_t parts) {
  EngineOptions options;
  options.shard = true;
  for (size_t k = 0; k < parts; ++k) {
    parts_.push_back(std::make_unique<Driver>(policy, rules, options));
  }
  if (parts == 0) throw std::invalid_argument("no parts");
  size_t next = calls.size();
  for (const Call& call : calls) {
    for (const Row& row : call.rows) {
      // Whoever claims a value may be joined with whoever else does.
      if (call.is == Call::Is::kClaim) part_of_.emplace(row.id, 0);
    }
  }
  const auto together = [&](const std::string& a, const std::string& b) {
    part_of_.emplace(a, next++ % parts);
    part_of_.emplace(b, next++ % parts);
    const size_t from = part_of_[b], to = part_of_[a];
    for (auto& [id, part] : part_of_) part = part == from ? to : part;
  };
  for (const Call& call : calls) {
    for (const Row& row : call.rows) {
      part_of_.emplace(row.id, next++ % parts);
      if (call.stream == "referrals") together(row.id, row.cells.at(0).second.s);
    }
    if (call.is < Call::Is::kLink || call.is > Call::Is::kClear) continue;
    part_of_.emplace(call.first, next++ % parts);
    if (call.is == Call::Is::kLink) together(call.first, call.second);
  }
}

Driver& Sharded::of(const std::string& id) { return *parts_[part_of_.at(id)]; }

void Sharded::hand(const Call& call) {
  if (ambiguous_) return;
  for (const Row& row : call.rows) {
    if (call.is == Call::Is::kAdd) of(row.id).add(call.stream, {row}, call.quiet);
    if (call.is == Call::Is::kSet) of(row.id).set(row, call.quiet);
    if (call.is == Call::Is::kClaim) of(row.id).claim(row);
    if (call.is == Call::Is::kRemove) of(row.id).remove(call.stream, {row}, call.quiet);
  }
  if (call.is == Call::Is::kAdvance) advance(call.to);
  if (call.is == Call::Is::kCalibrate && parts_[0]->engine.clock() > kMinTime) {
    std::vector<Driver*> all;
    for (const auto& part : parts_) {
      all.push_back(part.get());
      ambiguous_ = ambiguous_ || due_of(part->engine) == part->engine.clock() + 1;
    }
    if (!ambiguous_) calibrate(all);
  }
  if (call.is == Call::Is::kForget) forget_elsewhere(call.first);
  if (call.is >= Call::Is::kLink && call.is <= Call::Is::kClear) of(call.first).command(call);
}

// The constants of every part name customers of others.
void Sharded::forget_elsewhere(const std::string& id) {
  Driver& own = of(id);
  const std::string survivor = own.survivor(id);
  if (survivor.empty()) return;
  for (const auto& [other, part] : part_of_) {
    if (part != part_of_.at(id) || own.survivor(other) != survivor) continue;
    for (const auto& elsewhere : parts_) {
      if (elsewhere.get() != &own) elsewhere->engine.forget(elsewhere->id(other));
    }
  }
}

void Sharded::all_to(Micros t) {
  for (const auto& part : parts_) {
    if (t >= part->engine.clock()) check(part->engine.advance(t), "advance: ");
  }
}

// A part in which there is nobody yet has no calibration that is due; so nobody goes beyond one of
// the others.
void Sharded::advance(Micros to) {
  for (;;) {
    Micros due = kEndTime, next = kEndTime;
    for (const auto& part : parts_) {
      due = std::min(due, due_of(part->engine));
      next = std::min(next, part->engine.next_due());
    }
    const Micros clock = parts_[0]->engine.clock();
    if (due == kEndTime && next <= to) {
      all_to(std::max(next, clock));
      continue;
    }
    if (due > to) return all_to(to);
    all_to(due - 1);
    std::vector<Driver*> concerned;
    for (const auto& part : parts_) {
      if (due_of(part->engine) == due) concerned.push_back(part.get());
    }
    calibrate(concerned);
    // The instant itself, which stands between the constants and what follows.
    for (Driver* part : concerned) check(part->engine.advance(due), "advance: ");
    all_to(due);
  }
}

void Sharded::calibrate(const std::vector<Driver*>& concerned) {
  for (;;) {
    std::vector<std::string> summaries;
    for (Driver* part : concerned) {
      Result<std::string> summary = part->engine.summary_for_merge();
      check(summary.status(), "summary: ");
      summaries.push_back(*std::move(summary));
    }
    const Result<std::string> merged = Engine::merge_summaries(summaries);
    check(merged.status(), "merge: ");
    std::reverse(summaries.begin(), summaries.end());
    if (*Engine::merge_summaries(summaries) != *merged) {
      throw std::runtime_error("shards: the order of the parts reaches the bytes");
    }
    const Result<Calibration> found = concerned[0]->engine.learn(*merged);
    check(found.status(), "calibration: ");
    const Calibration shipped = *Calibration::parse(found->to_json());
    for (const auto& part : parts_) {
      const bool takes =
          std::find(concerned.begin(), concerned.end(), part.get()) != concerned.end();
      if (takes || shipped.complete()) check(part->engine.set_calibration(shipped), "set: ");
    }
    if (shipped.complete()) return;
  }
}

void Sharded::compare(const Driver& whole) const {
  if (ambiguous_) return;
  std::vector<std::string> moves, expected;
  for (const auto& part : parts_) {
    for (const Move& move : part->moves()) moves.push_back(move.said());
    if (part->engine.calibration().to_json() != whole.engine.calibration().to_json()) {
      throw std::runtime_error("shards: other constants\n" + part->engine.calibration().to_json() +
                               "\n" + whole.engine.calibration().to_json());
    }
  }
  for (const Move& move : whole.moves()) expected.push_back(move.said());
  std::sort(moves.begin(), moves.end());
  std::sort(expected.begin(), expected.end());
  for (size_t k = 0; k < std::max(moves.size(), expected.size()); ++k) {
    const std::string& left = k < moves.size() ? moves[k] : "nothing";
    const std::string& right = k < expected.size() ? expected[k] : "nothing";
    if (left == right) continue;
    std::string message = "shards\n  they say " + left;
    message += "\n  the whole says " + right;
    throw std::runtime_error(message);
  }
}

}  // namespace patron::oracle
