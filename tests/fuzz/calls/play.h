// The state while one input is played as a sequence of C calls: choices, memory, open handles.
//
//   const patron_table* from = play.pick(play.tables);
//   patron_table* table = nullptr;
//   play.keep(PLAY(play, patron_table_select, from, names, 1, &table), table, &play.tables);
//
// Arguments are chosen before the call: compilers differ in which argument they look at first. PLAY
// appends the error struct (often one, sometimes NULL, rarely one of a wrong size) and checks
// what holds for every call: the error says what the status says, an untouched error on success, a
// status that the header's comment lists. A step that hands in a wrong handle says so with
// `expect`.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <vector>

#include "patron/patron.h"
#include "tests/fuzz/fuzz.h"

#define PLAY(play, function, ...) (play).ended(#function, function(__VA_ARGS__, (play).error()))
/// For a function without a status: only notes that it was called.
#define SAY(play, function, ...) ((play).reached(#function), function(__VA_ARGS__))

namespace patron::fuzz {

/// A few handles of one type. A full pool closes the oldest, so that close happens in any order.
template <typename Handle, void (*close)(Handle*)>
class Pool {
 public:
  static constexpr size_t kMost = 6;

  ~Pool() {
    for (Handle* handle : handles_) close(handle);
  }
  void put(Handle* handle) {
    if (handles_.size() == kMost) take(0);
    handles_.push_back(handle);
  }
  void take(size_t at) {
    close(handles_[at]);
    handles_.erase(handles_.begin() + static_cast<ptrdiff_t>(at));
  }
  size_t size() const { return handles_.size(); }
  Handle* at(size_t i) const { return handles_[i]; }

 private:
  std::vector<Handle*> handles_;
};

class Play {
 public:
  Play(const uint8_t* data, size_t size) : choices(data, size) {}
  Play(const Play&) = delete;
  Play& operator=(const Play&) = delete;
  ~Play();

  Choices choices;
  Pool<patron_buffer, patron_buffer_close> buffers;
  Pool<patron_table, patron_table_close> tables;
  Pool<patron_cancel, patron_cancel_close> cancels;
  Pool<patron_workspace, patron_workspace_close> workspaces;
  Pool<patron_segments, patron_segments_close> segments;
  Pool<patron_cuts, patron_cuts_close> cuts;
  Pool<patron_rfm, patron_rfm_close> rfms;
  Pool<patron_rank, patron_rank_close> ranks;
  Pool<patron_nps, patron_nps_close> nps;
  Pool<patron_ltv, patron_ltv_close> ltvs;
  Pool<patron_policy, patron_policy_close> policies;
  Pool<patron_engine, patron_engine_close> engines;
  Pool<patron_calibration, patron_calibration_close> calibrations;
  Pool<patron_snapshot, patron_snapshot_close> snapshots;
  Pool<patron_ltv_summary, patron_ltv_summary_close> ltv_summaries;
  Pool<patron_ltv_historic, patron_ltv_historic_close> ltv_historics;
  Pool<patron_schema, patron_schema_close> schemas;
  Pool<patron_expression, patron_expression_close> expressions;
  std::vector<ArrowArrayStream> streams;  ///< exported and still open

  /// A handle of the pool; now and then NULL or one of another type, which is then expected to be
  /// refused.
  template <typename Handle, void (*close)(Handle*)>
  Handle* pick(const Pool<Handle, close>& pool) {
    const uint8_t choice = choices.byte();
    if (pool.size() > 0 && choice < 240) return pool.at(choice % pool.size());
    expect({PATRON_E_HANDLE});
    if (choice % 2 == 1) return nullptr;
    return reinterpret_cast<Handle*>(stranger(reinterpret_cast<const void*>(close)));
  }
  /// The same for an option, which may be NULL.
  template <typename Handle, void (*close)(Handle*)>
  Handle* pick_optional(const Pool<Handle, close>& pool) {
    const bool must_fail = must_fail_;
    Handle* handle = pick(pool);
    if (handle == nullptr) must_fail_ = must_fail;
    return handle;
  }
  /// The same without strangers; NULL where the pool is empty.
  template <typename Handle, void (*close)(Handle*)>
  Handle* own(const Pool<Handle, close>& pool) {
    return pool.size() == 0 ? nullptr : pool.at(choices.below(pool.size()));
  }

  /// The call being prepared must fail with one of these (or refuse an error struct, or a NULL that
  /// is checked before).
  void expect(std::initializer_list<patron_status> statuses);
  bool expects_failure() const { return must_fail_; }
  /// The call that was prepared is not made.
  void drop_call();
  /// The error struct as the last call left it.
  const patron_error& last_error() const { return error_; }
  /// Whether the last call was given an error struct that it had to refuse.
  bool odd_error() const { return mode_ == Error::kOdd; }

  /// The error struct of the call being made.
  patron_error* error();
  /// Checks a call that returns a status; true where it succeeded.
  bool ended(const char* function, patron_status status);
  void reached(const char* function);
  /// A handle that a call handed out: kept on success, NULL otherwise.
  template <typename Handle, void (*close)(Handle*)>
  bool keep(bool ok, Handle* handle, Pool<Handle, close>* pool) {
    FUZZ_CHECK((handle != nullptr) == ok);
    if (ok) pool->put(handle);
    return ok;
  }

  /// Text from the input or from a list of good ones, in memory of just its size.
  patron_str text(std::initializer_list<std::string_view> good);
  patron_str copy(std::string_view text);
  /// Memory that lives until the end of the program, which AddressSanitizer knows the end of.
  template <typename T>
  T* memory(size_t count) {
    // One byte at least, so that no pointer is NULL where none was meant.
    std::shared_ptr<char[]> block(new char[count * sizeof(T) + (count == 0 ? 1 : 0)]());
    memory_.push_back(block);
    return reinterpret_cast<T*>(block.get());
  }

  /// A struct that grows, as patron_error-like junk: now and then of a wrong size or with something
  /// behind it that no version knows, which must be refused.
  template <typename Struct>
  Struct* sized(const Struct& value) {
    const uint8_t choice = choices.byte();
    const size_t tail = choice >= 250 ? 8 : 0;
    char* bytes = memory<char>(sizeof(Struct) + tail);
    std::memcpy(bytes, &value, sizeof(Struct));
    auto* out = reinterpret_cast<Struct*>(bytes);
    out->struct_size = static_cast<uint32_t>(sizeof(Struct) + tail);
    if (choice == 249) out->struct_size = 3;
    if (choice == 249 || choice == 250) expect({PATRON_E_UNSUPPORTED});
    if (choice == 250) bytes[sizeof(Struct)] = 1;
    return out;
  }
  /// The same for a struct that is written: a larger one is fine.
  template <typename Struct>
  Struct* output(const Struct& value) {
    const uint8_t choice = choices.byte();
    const size_t tail = choice >= 250 ? 16 : 0;
    char* bytes = memory<char>(sizeof(Struct) + tail);
    std::memcpy(bytes, &value, sizeof(Struct));
    auto* out = reinterpret_cast<Struct*>(bytes);
    out->struct_size = static_cast<uint32_t>(sizeof(Struct) + tail);
    if (choice == 249) {
      out->struct_size = 3;
      expect({PATRON_E_UNSUPPORTED});
    }
    return out;
  }

 private:
  /// A handle of a type other than the one that `close` closes, or NULL.
  void* stranger(const void* close) const;

  enum class Error { kNone, kGood, kOdd };
  Error mode_ = Error::kNone;
  patron_error error_ = PATRON_ERROR_INIT;
  patron_error before_ = PATRON_ERROR_INIT;
  bool must_fail_ = false;
  std::vector<patron_status> expected_;
  std::vector<std::shared_ptr<char[]>> memory_;
};

/// One kind of step; its number is its place in the list, which the corpus is written in: new ones
/// come last.
struct Step {
  const char* what;
  void (*run)(Play&);
};
const std::vector<Step>& steps();

std::vector<Step> value_steps();
std::vector<Step> table_steps();
std::vector<Step> arrow_steps();
std::vector<Step> segment_steps();
std::vector<Step> policy_steps();
std::vector<Step> cuts_steps();
std::vector<Step> rfm_steps();
std::vector<Step> rank_steps();
std::vector<Step> weights_steps();
std::vector<Step> nps_steps();
std::vector<Step> workspace_steps();
std::vector<Step> ltv_summary_steps();
std::vector<Step> ltv_steps();
std::vector<Step> expression_steps();
std::vector<Step> classify_steps();  // at the end: what stands before keeps its number
std::vector<Step> engine_steps();
std::vector<Step> snapshot_steps();
std::vector<Step> calibration_steps();  // behind those, so that the corpus keeps its meaning
std::vector<Step> identity_steps();     // and behind these

}  // namespace patron::fuzz
