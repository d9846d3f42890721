// One call of one exported function, made on a heap that may fail.
//
//   Case{"patron_zone_check", "a zone that there is", [](Attempt& attempt) {
//     attempt.call([](patron_error* error) { return patron_zone_check("UTC", 3, error); });
//   }};
//
// The body prepares its inputs, makes the one call through the attempt, and says what came out as
// bytes. It runs once for every allocation of the call, so it must always do the same.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "tests/allocation/heap.h"
#include "tests/capi/world.h"

namespace patron::test {

/// What a handle holds, as bytes: of a table names, types, chunks, and every value that is not
/// null; of the others what their functions say of them.
std::string contents_of(const patron_table* table);
std::string contents_of(const patron_buffer* buffer);
std::string contents_of(const patron_cancel* cancel);
std::string contents_of(const patron_workspace* workspace);
std::string contents_of(const patron_segments* segments);
std::string contents_of(const patron_cuts* cuts);
std::string contents_of(const patron_rfm* rfm);
std::string contents_of(const patron_rank* rank);
std::string contents_of(const patron_nps* nps);
std::string contents_of(const patron_ltv* ltv);
std::string contents_of(const patron_ltv_summary* summary);
std::string contents_of(const patron_ltv_historic* historic);
std::string contents_of(const patron_policy* policy);
std::string contents_of(const patron_engine* engine);
std::string contents_of(const patron_calibration* calibration);
std::string contents_of(const patron_snapshot* snapshot);
std::string contents_of(const patron_schema* schema);
std::string contents_of(const patron_expression* expression);

inline void close_handle(patron_table* table) { patron_table_close(table); }
inline void close_handle(patron_buffer* buffer) { patron_buffer_close(buffer); }
inline void close_handle(patron_cancel* cancel) { patron_cancel_close(cancel); }
inline void close_handle(patron_workspace* workspace) { patron_workspace_close(workspace); }
inline void close_handle(patron_segments* segments) { patron_segments_close(segments); }
inline void close_handle(patron_cuts* cuts) { patron_cuts_close(cuts); }
inline void close_handle(patron_rfm* rfm) { patron_rfm_close(rfm); }
inline void close_handle(patron_rank* rank) { patron_rank_close(rank); }
inline void close_handle(patron_nps* nps) { patron_nps_close(nps); }
inline void close_handle(patron_ltv* ltv) { patron_ltv_close(ltv); }
inline void close_handle(patron_ltv_summary* summary) { patron_ltv_summary_close(summary); }
inline void close_handle(patron_ltv_historic* historic) { patron_ltv_historic_close(historic); }
inline void close_handle(patron_policy* policy) { patron_policy_close(policy); }
inline void close_handle(patron_calibration* calibration) { patron_calibration_close(calibration); }
inline void close_handle(patron_snapshot* snapshot) { patron_snapshot_close(snapshot); }
inline void close_handle(patron_engine* engine) { patron_engine_close(engine); }
inline void close_handle(patron_schema* schema) { patron_schema_close(schema); }
inline void close_handle(patron_expression* expression) { patron_expression_close(expression); }

class Attempt {
 public:
  explicit Attempt(const heap::Plan& plan) : plan_(plan) {}

  /// A function that returns a status. `say` gives the outputs as bytes; a failed call must leave
  /// them as they were before it.
  template <typename Function>
  void call(const Function& function, const std::function<std::string()>& say = {}) {
    const std::string before = say ? say() : std::string();
    patron_error error = PATRON_ERROR_INIT;
    heap::begin(plan_);
    const patron_status got = function(&error);
    heap::end();
    keep(got, error);
    bytes = say ? say() : std::string();
    if (got != PATRON_OK) {
      EXPECT_EQ(bytes, before) << "a failed call changed an output";
    }
  }

  /// The same where it hands out a handle, which is NULL after a failure.
  template <typename Handle, typename Function>
  void hand_out(const Function& function) {
    Handle* handle = reinterpret_cast<Handle*>(&plan_);  // must be overwritten
    patron_error error = PATRON_ERROR_INIT;
    heap::begin(plan_);
    const patron_status got = function(&handle, &error);
    heap::end();
    keep(got, error);
    EXPECT_EQ(handle == nullptr, got != PATRON_OK);
    if (got != PATRON_OK) return;
    bytes = contents_of(handle);
    close_handle(handle);
  }

  /// A function that returns its value and cannot fail.
  template <typename Function>
  void value(const Function& function) {
    heap::begin(plan_);
    const auto got = function();
    heap::end();
    say_value(got);
  }

  /// A function that returns nothing.
  template <typename Function>
  void nothing(const Function& function) {
    heap::begin(plan_);
    function();
    heap::end();
  }

  patron_status status = PATRON_OK;
  std::string message;
  std::string bytes;

 private:
  void keep(patron_status got, const patron_error& error) {
    status = got;
    message = error.message;
    EXPECT_EQ(error.code, got) << "the error holds another code than was returned";
  }
  void say_value(patron_str text) { bytes = test::text(text); }
  void say_value(const char* text) { bytes = text; }
  template <typename Number>
  void say_value(Number number) {
    bytes = std::to_string(number);
  }

  heap::Plan plan_;
};

struct Case {
  std::string function;
  std::string name;  ///< which inputs
  std::function<void(Attempt&)> run;
  patron_status expected = PATRON_OK;  ///< of the call when no allocation fails
};

// The cases by noun: a file each. all_cases() in allocation_test.cc has them all.
std::vector<Case> value_cases();
std::vector<Case> table_cases();
std::vector<Case> import_cases();
std::vector<Case> segments_cases();
std::vector<Case> policy_cases();
std::vector<Case> rfm_cases();
std::vector<Case> rank_cases();
std::vector<Case> weights_cases();
std::vector<Case> nps_cases();
std::vector<Case> ltv_cases();
std::vector<Case> ltv_summary_cases();
std::vector<Case> expression_cases();
std::vector<Case> engine_cases();
std::vector<Case> snapshot_cases();

}  // namespace patron::test
