// Every function of the C interface as one sensible call that can be bent: a NULL here, a handle of
// another type there, a struct of another size. generate_calls.py writes them from capi/api and
// calls.json, so a new function enters every test of a rule that holds for all.
//
//   World world;
//   for (const Function& function : functions()) {
//     const Outcome outcome = function.run(world, null_for(0), nullptr);
//     EXPECT_EQ(outcome.faults, "");
//   }
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/capi/world.h"

namespace patron::test {

/// What is different from the sensible call.
struct Bend {
  enum class How {
    kNothing,
    kNull,         ///< the pointer `param` is NULL
    kHandle,       ///< the handle `param` is `handle`
    kFieldHandle,  ///< handle field number `place` of the struct `param` is `handle`
    kSize,         ///< struct number `place` of `param` has `size` bytes
    kDefaults,     ///< its bytes from `size` on have their initial values
  };
  How how = How::kNothing;
  int param = -1;
  int place = 0;
  void* handle = nullptr;
  uint32_t size = 0;
  int stain = -1;  ///< kSize: this byte of the struct's memory is 1
};

inline Bend null_for(int param) { return {.how = Bend::How::kNull, .param = param}; }
inline Bend handle_for(int param, void* handle) {
  return {.how = Bend::How::kHandle, .param = param, .handle = handle};
}

/// What came of a call.
struct Outcome {
  patron_status status = PATRON_OK;  ///< PATRON_OK for functions that return none
  bool nothing = false;              ///< the value returned is -1, or a text whose data is NULL
  std::string text;                  ///< everything it returned and wrote, in words
  std::string faults;                ///< promises that hold for every call, and were broken
};

enum class Role { kHandle, kInput, kOutput, kHandedOut, kValue, kError };

struct Param {
  const char* name;
  Role role;
  bool pointer;
  bool optional;
  const char* handle;  ///< the name of the handle type, or ""
};

/// A struct that starts with its size, wherever it is reached from a parameter.
struct SizedStruct {
  int param;
  int place;         ///< 0: the parameter itself; from 1: what its fields point to
  const char* path;  ///< as messages name it: "options.window"
  bool written;
  std::vector<uint32_t> sizes;  ///< that it ever had; the last one is today's
};

/// A field that is a handle.
struct HandleField {
  int param;
  int place;
  const char* path;
  const char* handle;
};

struct Function {
  const char* name;
  std::string_view thread;  ///< pure, shared, serial or any-time
  bool reports;             ///< returns a patron_status
  bool closes;
  std::vector<Param> params;
  std::vector<SizedStruct> structs;
  std::vector<HandleField> fields;
  Outcome (*run)(const World& world, const Bend& bend, patron_error* error);
};
const std::vector<Function>& functions();

/// A handle of each type, from the world.
struct NamedHandle {
  const char* type;
  void* handle;
  void (*close)(void* handle);
};
std::vector<NamedHandle> handles(const World& world);
/// Closes each of them, and leaves the world empty.
void close_all(World& world);

/// Everything that can be asked of the handle, in words.
std::string describe(const World& world, const patron_buffer* buffer);
std::string describe(const World& world, const patron_table* table);

}  // namespace patron::test
