// The handles of the C API: what stands behind each opaque struct, and how a wrong one is told.
//
// A handle starts with a Tag: a word that says what it is, and the process that made it. Values are
// shared (Table, SegmentTable and so on are cheap copies), so every handle stands alone.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "capi/src/guard.h"
#include "capi/src/input.h"
#include "capi/src/process.h"
#include "patron/calibration.h"
#include "patron/control.h"
#include "patron/engine.h"
#include "patron/engine_snapshot.h"
#include "patron/expression.h"
#include "patron/ltv.h"
#include "patron/ltv_historic.h"
#include "patron/ltv_summary.h"
#include "patron/nps.h"
#include "patron/patron.h"
#include "patron/policy.h"
#include "patron/rank.h"
#include "patron/rfm.h"
#include "patron/schema.h"
#include "patron/segments.h"
#include "patron/status.h"
#include "patron/table.h"
#include "patron/workspace.h"

namespace patron::capi {

class Tag {
 public:
  explicit Tag(uint64_t kind) : kind_(kind), process_(process_id()) {}
  ~Tag();
  Tag(const Tag&) = delete;
  Tag& operator=(const Tag&) = delete;

  bool is(uint64_t kind) const { return kind_ == kind; }
  bool of_this_process() const { return process_ == process_id(); }
  int64_t process() const { return process_; }

 private:
  uint64_t kind_;
  int64_t process_;
};

/// An engine is used by nobody, by a call, or by a call that tells its caller what changed; or it
/// was closed meanwhile, and the call that uses it frees it at its end.
enum class EngineState : uint8_t { kFree, kBusy, kTelling, kClosed };

}  // namespace patron::capi

struct patron_buffer {
  static constexpr uint64_t kKind = 0x7061'7472'6275'6601;
  patron::capi::Tag tag{kKind};
  std::string text;
};

struct patron_table {
  static constexpr uint64_t kKind = 0x7061'7472'7461'6202;
  explicit patron_table(patron::Table value);
  patron::capi::Tag tag{kKind};
  patron::Table table;
  std::vector<std::string> type_names;
  /// For a dictionary column the dictionary of each chunk, ready to be borrowed.
  std::vector<std::vector<patron_column>> dictionaries;
};

struct patron_cancel {
  static constexpr uint64_t kKind = 0x7061'7472'6361'6e03;
  patron::capi::Tag tag{kKind};
  /// Shared with the calls that were given it.
  std::shared_ptr<patron::CancelToken> token = std::make_shared<patron::CancelToken>();
};

struct patron_workspace {
  static constexpr uint64_t kKind = 0x7061'7472'776f'7209;
  patron::capi::Tag tag{kKind};
  patron::Workspace workspace;
};

struct patron_segments {
  static constexpr uint64_t kKind = 0x7061'7472'7365'6704;
  explicit patron_segments(patron::SegmentTable value) : table(std::move(value)) {}
  patron::capi::Tag tag{kKind};
  patron::SegmentTable table;
};

struct patron_cuts {
  static constexpr uint64_t kKind = 0x7061'7472'6375'7405;
  explicit patron_cuts(patron::RfmCuts value) : cuts(std::move(value)) {}
  patron::capi::Tag tag{kKind};
  patron::RfmCuts cuts;
};

struct patron_rfm {
  static constexpr uint64_t kKind = 0x7061'7472'7266'6d06;
  explicit patron_rfm(patron::RfmResult value) : result(std::move(value)) {}
  patron::capi::Tag tag{kKind};
  patron::RfmResult result;
};

struct patron_rank {
  static constexpr uint64_t kKind = 0x7061'7472'7261'6e07;
  explicit patron_rank(patron::RankResult value) : result(std::move(value)) {}
  patron::capi::Tag tag{kKind};
  patron::RankResult result;
};

struct patron_nps {
  static constexpr uint64_t kKind = 0x7061'7472'6e70'7308;
  explicit patron_nps(patron::NpsResult value) : result(std::move(value)) {}
  patron::capi::Tag tag{kKind};
  patron::NpsResult result;
};

struct patron_ltv_summary {
  static constexpr uint64_t kKind = 0x7061'7472'7375'6d0a;
  explicit patron_ltv_summary(patron::LtvSummaryResult value) : result(std::move(value)) {}
  patron::capi::Tag tag{kKind};
  patron::LtvSummaryResult result;
};

struct patron_ltv_historic {
  static constexpr uint64_t kKind = 0x7061'7472'6869'730b;
  explicit patron_ltv_historic(patron::LtvHistoricResult value) : result(std::move(value)) {}
  patron::capi::Tag tag{kKind};
  patron::LtvHistoricResult result;
};

struct patron_ltv {
  static constexpr uint64_t kKind = 0x7061'7472'6c74'760a;
  explicit patron_ltv(patron::Ltv value) : model(std::move(value)) {}
  patron::capi::Tag tag{kKind};
  patron::Ltv model;
};

struct patron_policy {
  static constexpr uint64_t kKind = 0x7061'7472'706f'6c14;
  explicit patron_policy(patron::Policy value) : policy(std::move(value)) {}
  patron::capi::Tag tag{kKind};
  patron::Policy policy;
};

struct patron_engine {
  static constexpr uint64_t kKind = 0x7061'7472'656e'670f;
  explicit patron_engine(patron::Engine value) : engine(std::move(value)) {}
  patron::capi::Tag tag{kKind};
  patron::Engine engine;
  /// Whether a call is using it, and on which thread it tells its caller something: see EngineUse
  /// in capi/src/engine_calls.h.
  mutable std::atomic<patron::capi::EngineState> state{patron::capi::EngineState::kFree};
  mutable std::atomic<std::thread::id> teller{};
  patron::IngestReport report;  ///< of the call that is under way
};

struct patron_calibration {
  static constexpr uint64_t kKind = 0x7061'7472'6361'6c10;
  explicit patron_calibration(patron::Calibration value) : calibration(std::move(value)) {}
  patron::capi::Tag tag{kKind};
  patron::Calibration calibration;
};

struct patron_snapshot {
  static constexpr uint64_t kKind = 0x7061'7472'736e'6115;
  explicit patron_snapshot(patron::EngineSnapshot value) : snapshot(std::move(value)) {}
  patron::capi::Tag tag{kKind};
  patron::EngineSnapshot snapshot;
};

struct patron_schema {
  static constexpr uint64_t kKind = 0x7061'7472'7363'680c;
  explicit patron_schema(patron::Schema value) : schema(std::move(value)) {}
  patron::capi::Tag tag{kKind};
  patron::Schema schema;
};

struct patron_expression {
  static constexpr uint64_t kKind = 0x7061'7472'6578'700d;
  explicit patron_expression(patron::Expression value) : expression(std::move(value)) {}
  patron::capi::Tag tag{kKind};
  patron::Expression expression;
};

namespace patron::capi {

/// Whether a handle is one of this type (as far as its first word tells) and of this process.
template <typename Handle>
bool usable_handle(const Handle* handle) {
  return handle != nullptr && handle->tag.is(Handle::kKind) && handle->tag.of_this_process();
}

/// Why it is not: Code::kHandle for NULL and for what is no handle of this type, Code::kState for
/// one of another process.
template <typename Handle>
Status handle_fault(const Handle* handle, const char* name) {
  if (handle == nullptr) return {Code::kHandle, std::string(name) + " is NULL"};
  if (!handle->tag.is(Handle::kKind)) {
    return {Code::kHandle, std::string(name) + " is no handle of this type, or it was closed"};
  }
  return {Code::kState, std::string(name) + " belongs to process " +
                            std::to_string(handle->tag.process()) +
                            "; after fork() it can only be closed: make a new one"};
}
template <typename Handle>
Status check_handle(const Handle* handle, const char* name) {
  return usable_handle(handle) ? Status() : handle_fault(handle, name);
}

/// The same for a handle that may be left out, as NULL.
template <typename Handle>
Status check_optional(const Handle* handle, const char* name) {
  return handle == nullptr ? Status() : check_handle(handle, name);
}

/// Nothing was made yet: what a failed call leaves behind.
template <typename T>
void clear(T** out) {
  if (out != nullptr) *out = nullptr;
}

/// Frees a handle; NULL and what is none are left alone.
template <typename Handle>
void close(Handle* handle) {
  if (handle != nullptr && handle->tag.is(Handle::kKind)) delete handle;
}

/// Hands a value out as a new handle.
template <typename Handle, typename Value>
Status hand_out(Value&& value, Handle** out) {
  *out = new Handle(std::forward<Value>(value));
  return {};
}

/// The whole of a function that hands out a part of a result as a handle of its own:
///
///   return hand_out_part(rfm, "rfm", &patron::RfmResult::refused, refused, "refused", error);
template <typename Handle, typename Result, typename Part, typename Out>
patron_status hand_out_part(const Handle* from, const char* from_name, Part Result::*part,
                            Out** out, const char* out_name, patron_error* error) noexcept {
  clear(out);
  return guard(error, [&]() -> Status {
    Status status = first_error({check_handle(from, from_name), require(out, out_name)});
    return status.ok() ? hand_out(from->result.*part, out) : status;
  });
}

/// Hands a table out as a new handle, where there is one.
Status hand_out_table(Result<Table> table, patron_table** out);

/// Hands text out as a new buffer.
Status hand_out_text(std::string text, patron_buffer** out);

}  // namespace patron::capi
