// What every function says to a handle that is not what it should be: of another type, no handle at
// all, closed, or of the process that forked.
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>

#include "tests/abi/call.h"
#include "tests/abi/kept_memory.h"

namespace patron::test {
namespace {

// Every place where a function takes a handle: a parameter, or a field of a struct.
struct Place {
  Bend bend;
  const char* path;
  const char* type;
};

std::vector<Place> places(const Function& function) {
  std::vector<Place> out;
  for (int i = 0; i < static_cast<int>(function.params.size()); ++i) {
    const Param& param = function.params[static_cast<size_t>(i)];
    if (param.role == Role::kHandle) {
      out.push_back({{.how = Bend::How::kHandle, .param = i}, param.name, param.handle});
    }
  }
  for (const HandleField& field : function.fields) {
    const Bend bend = {.how = Bend::How::kFieldHandle, .param = field.param, .place = field.place};
    out.push_back({bend, field.path, field.handle});
  }
  return out;
}

// What is wrong with the answer to an unusable handle; empty where nothing is.
std::string wrong_answer(const World& world, const Function& function, const Place& place,
                         void* handle, patron_status status, const std::string& says) {
  Bend bend = place.bend;
  bend.handle = handle;
  patron_error error = PATRON_ERROR_INIT;
  const Outcome outcome = function.run(world, bend, &error);
  const std::string where = std::string(function.name) + ", " + place.path + ": ";
  if (!outcome.faults.empty()) return where + outcome.faults;
  if (!function.reports) {
    const bool told = outcome.nothing || outcome.text.empty();
    return told ? "" : where + "gave " + outcome.text;
  }
  if (outcome.status != status) return where + "status " + std::to_string(outcome.status);
  const std::string message = error.message;
  if (message.rfind(std::string(place.path) + " ", 0) != 0) return where + message;
  return message.find(says) == std::string::npos ? where + message : "";
}

TEST(EveryHandle, OfAnotherTypeIsRefusedByEveryFunction) {
  const World world;
  int64_t seen = 0;
  for (const Function& function : functions()) {
    for (const Place& place : places(function)) {
      for (const NamedHandle& other : handles(world)) {
        if (std::string_view(other.type) == place.type) continue;
        EXPECT_EQ(wrong_answer(world, function, place, other.handle, PATRON_E_HANDLE,
                               "no handle of this type"),
                  "");
        ++seen;
      }
    }
  }
  EXPECT_GT(seen, 200);
  // All of them still work: no close has closed a handle of another type.
  for (const Function& function : functions()) {
    EXPECT_EQ(function.run(world, {}, nullptr).faults, "");
  }
}

TEST(EveryHandle, ThatIsOtherMemoryIsRefusedByEveryFunction) {
  const World world;
  alignas(16) char zeros[256] = {};
  alignas(16) char ones[256];
  std::memset(ones, 0xFF, sizeof(ones));
  for (const Function& function : functions()) {
    for (const Place& place : places(function)) {
      for (char* memory : {zeros, ones}) {
        EXPECT_EQ(
            wrong_answer(world, function, place, memory, PATRON_E_HANDLE, "no handle of this type"),
            "");
      }
    }
  }
}

// As long as nobody else has got the memory, which only the caller can see to.
TEST(EveryHandle, ThatWasClosedIsRefusedWhileItsMemoryIsThere) {
  const World world;
  World closed;
  const std::vector<NamedHandle> gone = handles(closed);
  const KeptMemory memory;
  close_all(closed);
  for (const Function& function : functions()) {
    for (const Place& place : places(function)) {
      for (const NamedHandle& handle : gone) {
        EXPECT_EQ(
            wrong_answer(world, function, place, handle.handle, PATRON_E_HANDLE, "it was closed"),
            "");
      }
    }
  }
  for (const NamedHandle& handle : gone) handle.close(handle.handle);  // a second time
}

// In the child: what is wrong with the functions after fork().
std::string wrong_after_fork(const World& world) {
  const std::string parent = "belongs to process " + std::to_string(getppid());
  const World own;
  for (const Function& function : functions()) {
    if (function.closes) continue;
    for (const Place& place : places(function)) {
      for (const NamedHandle& handle : handles(world)) {
        if (std::string_view(handle.type) != place.type) continue;
        std::string wrong =
            wrong_answer(own, function, place, handle.handle, PATRON_E_STATE, parent);
        if (!wrong.empty()) return wrong;
      }
    }
    patron_error error = PATRON_ERROR_INIT;
    if (function.run(own, {}, &error).status != PATRON_OK) {
      return std::string(function.name) +
             " does not work with handles of the child's own: " + error.message;
    }
  }
  return "";
}

// Runs `child` in a child process; what it says, or how it ended.
template <typename Child>
std::string in_child(const Child& child) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  const pid_t process = fork();
  EXPECT_GE(process, 0);
  if (process == 0) {
    const std::string said = child();
    const ssize_t written = write(ends[1], said.data(), said.size());
    _exit(written == static_cast<ssize_t>(said.size()) ? 0 : 1);
  }
  close(ends[1]);
  std::string said;
  char bytes[512];
  for (ssize_t size; (size = read(ends[0], bytes, sizeof(bytes))) > 0;) {
    said.append(bytes, static_cast<size_t>(size));
  }
  close(ends[0]);
  int outcome = -1;
  EXPECT_EQ(waitpid(process, &outcome, 0), process);
  EXPECT_TRUE(WIFEXITED(outcome) && WEXITSTATUS(outcome) == 0) << "the child ended by " << outcome;
  return said;
}

TEST(EveryHandle, OfTheParentIsRefusedAfterForkAndCanOnlyBeClosed) {
  World world;
  EXPECT_EQ(in_child([&] {
              std::string wrong = wrong_after_fork(world);
              close_all(world);
              return wrong;
            }),
            "");
  for (const Function& function : functions()) {
    const Outcome outcome = function.run(world, {}, nullptr);
    EXPECT_EQ(outcome.status, PATRON_OK) << function.name << " no longer works in the parent";
  }
}

}  // namespace
}  // namespace patron::test
