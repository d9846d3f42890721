#include "tests/fuzz/calls/play.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "lib/base/utf8.h"
#include "tests/fuzz/calls/documented.h"

namespace patron::fuzz {
namespace {

/// How often each function was called, and with PATRON_FUZZ_REACHED in the environment a look at
/// the end whether the header has one that never was.
class Reached {
 public:
  Reached() { documented(); }  // which thus outlives this
  ~Reached() {
    if (std::getenv("PATRON_FUZZ_REACHED") == nullptr) return;
    bool all = true;
    for (const std::string& function : documented().functions()) {
      if (good_[function] > 0) continue;
      std::fprintf(stderr, "%s: never called with success\n", function.c_str());
      all = false;
    }
    if (!all) std::_Exit(1);
  }
  void good(const char* function) { good_[function]++; }

 private:
  std::map<std::string_view, int64_t> good_;
};

Reached& reached_functions() {
  static Reached instance;
  return instance;
}

}  // namespace

Play::~Play() {
  for (ArrowArrayStream& stream : streams) {
    if (stream.release != nullptr) stream.release(&stream);
  }
}

void Play::expect(std::initializer_list<patron_status> statuses) {
  must_fail_ = true;
  expected_.insert(expected_.end(), statuses);
}

patron_error* Play::error() {
  const uint8_t choice = choices.byte();
  mode_ = choice < 32 ? Error::kNone : choice < 252 ? Error::kGood : Error::kOdd;
  error_ = PATRON_ERROR_INIT;
  error_.row = 4711;
  std::memcpy(error_.message, "before", 7);
  if (mode_ == Error::kOdd) error_.struct_size = choice == 255 ? 1032 : 8;
  before_ = error_;
  return mode_ == Error::kNone ? nullptr : &error_;
}

void Play::drop_call() {
  must_fail_ = false;
  expected_.clear();
}

bool Play::ended(const char* function, patron_status status) {
  const bool must_fail = must_fail_;
  const std::vector<patron_status> expected = std::exchange(expected_, {});
  must_fail_ = false;
  if (status == PATRON_OK) {
    if (must_fail || mode_ == Error::kOdd) {
      std::fprintf(stderr, "%s took what it must refuse\n", function);
      FUZZ_CHECK(!"a call that has to fail");
    }
    FUZZ_CHECK(std::memcmp(&error_, &before_, sizeof error_) == 0);
    reached_functions().good(function);
    return true;
  }
  if (!documented().allows(function, status)) {
    std::fprintf(stderr, "%s returned %s: %s\n", function, patron_status_name(status),
                 error_.message);
    FUZZ_CHECK(!"a status that the header does not list");
  }
  FUZZ_CHECK(status != PATRON_E_INTERNAL && status != PATRON_E_MEMORY);
  if (mode_ == Error::kOdd) {
    FUZZ_CHECK(status == PATRON_E_UNSUPPORTED);
    FUZZ_CHECK(std::memcmp(&error_, &before_, sizeof error_) == 0);
    return false;
  }
  // Texts that come from the input, and several faults at once, may be refused before.
  const auto fits = [&](patron_status wanted) {
    return status == wanted || status == PATRON_E_UTF8 || status == PATRON_E_ARGUMENT ||
           status == PATRON_E_UNSUPPORTED;
  };
  if (must_fail && std::none_of(expected.begin(), expected.end(), fits)) {
    std::fprintf(stderr, "%s returned %s: %s\n", function, patron_status_name(status),
                 error_.message);
    FUZZ_CHECK(!"another status than the wrong argument asks for");
  }
  if (mode_ == Error::kNone) return false;
  FUZZ_CHECK(error_.code == status && error_.struct_size == sizeof error_ && error_.reserved == 0);
  FUZZ_CHECK(error_.byte_offset >= -1 && error_.row >= -1);
  const size_t length = strnlen(error_.message, sizeof error_.message);
  FUZZ_CHECK(length > 0 && length < sizeof error_.message);
  FUZZ_CHECK(internal::is_utf8({error_.message, length}));
  return false;
}

void Play::reached(const char* function) { reached_functions().good(function); }

patron_str Play::copy(std::string_view text) {
  char* bytes = memory<char>(text.size());
  std::copy(text.begin(), text.end(), bytes);
  return {bytes, text.size()};
}

patron_str Play::text(std::initializer_list<std::string_view> good) {
  const uint8_t choice = choices.byte();
  if (choice < 240 && good.size() > 0) return copy(*(good.begin() + choice % good.size()));
  std::string text;
  for (size_t left = choice % 32; left > 0; left--) text += static_cast<char>(choices.byte());
  return copy(text);
}

void* Play::stranger(const void* close) const {
  const auto is = [&](auto* function) { return reinterpret_cast<const void*>(function) == close; };
  if (cancels.size() > 0 && !is(patron_cancel_close)) return cancels.at(0);
  if (segments.size() > 0 && !is(patron_segments_close)) return segments.at(0);
  if (tables.size() > 0 && !is(patron_table_close)) return tables.at(0);
  if (cuts.size() > 0 && !is(patron_cuts_close)) return cuts.at(0);
  return nullptr;
}

const std::vector<Step>& steps() {
  static const std::vector<Step> all = [] {
    std::vector<Step> list;
    for (const auto& part :
         {value_steps(), table_steps(), arrow_steps(), segment_steps(), cuts_steps(), rfm_steps(),
          rank_steps(), weights_steps(), nps_steps(), workspace_steps(), ltv_summary_steps(),
          ltv_steps(), policy_steps(), expression_steps(), classify_steps(), engine_steps(),
          snapshot_steps(), calibration_steps(), identity_steps()}) {
      list.insert(list.end(), part.begin(), part.end());
    }
    return list;
  }();
  return all;
}

}  // namespace patron::fuzz
