// Locale, time zone and environment of the process change nothing: the same bytes everywhere.
#include <sys/wait.h>
#include <unistd.h>

#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <locale>
#include <sstream>

#include "tests/abi/transcript.h"
#include "tests/capi/world.h"

#if defined(__SANITIZE_ADDRESS__)
// glibc's setlocale loses its copy of LOCPATH.
extern "C" const char* __lsan_default_suppressions() { return "leak:__argz_add_sep\n"; }
#endif

namespace patron::test {
namespace {

namespace fs = std::filesystem;

// The locales are compiled into the build folder.
class InLocale {
 public:
  explicit InLocale(const char* name) : before_(std::locale()) {
    setenv("LOCPATH", PATRON_LOCALES, 1);
    usable_ = std::setlocale(LC_ALL, name) != nullptr;
    if (usable_) std::locale::global(std::locale(name));
  }
  ~InLocale() {
    std::locale::global(before_);
    std::setlocale(LC_ALL, "C");
    unsetenv("LOCPATH");
  }
  bool usable() const { return usable_; }

 private:
  std::locale before_;
  bool usable_ = false;
};

TEST(Locale, OfTheProcessChangesNoByte) {
  const std::string expected = transcript();
  EXPECT_GT(expected.size(), 10'000U);
  for (const char* name : {"de_DE.UTF-8", "tr_TR.UTF-8"}) {
    const InLocale locale(name);
    ASSERT_TRUE(locale.usable()) << name << ": was it compiled into " << PATRON_LOCALES << "?";
    char text[16];
    std::snprintf(text, sizeof(text), "%.1f", 1.5);
    ASSERT_STREQ(text, "1,5") << "the locale is on";
    std::ostringstream stream;
    stream << 12345;
    ASSERT_EQ(stream.str(), "12.345");
    EXPECT_EQ(transcript(), expected) << name;
  }
}

TEST(TimeZoneOfTheProcess, ChangesNoByte) {
  const std::string expected = transcript();
  for (const char* zone : {"Asia/Tokyo", ":/nonexistent", "garbage", "", "<+14>-14"}) {
    setenv("TZ", zone, 1);
    setenv("TZDIR", "/nonexistent", 1);
    tzset();
    EXPECT_EQ(transcript(), expected) << zone;
  }
  unsetenv("TZ");
  unsetenv("TZDIR");
  tzset();
}

// What transcript_of() runs below; by itself it only sees that there is something to write.
TEST(Process, WritesItsTranscript) {
  std::setlocale(LC_ALL, "");
  const std::string said = transcript();
  EXPECT_GT(said.size(), 10'000U);
  if (const char* file = std::getenv("PATRON_TEST_TRANSCRIPT")) {
    std::ofstream(file, std::ios::binary) << said;
  }
  std::setlocale(LC_ALL, "C");
}

#ifndef PATRON_EMULATED
// This program once more, as a process that starts in other surroundings; what it writes down.
std::string transcript_of(const std::vector<std::string>& environment) {
  const fs::path file = fs::temp_directory_path() / ("patron-" + std::to_string(getpid()));
  const pid_t child = fork();
  EXPECT_GE(child, 0);
  if (child == 0) {
    for (const std::string& setting : environment) {
      const size_t equals = setting.find('=');
      setenv(setting.substr(0, equals).c_str(), setting.c_str() + equals + 1, 1);
    }
    setenv("PATRON_TEST_TRANSCRIPT", file.c_str(), 1);
    const char* only = "--gtest_filter=Process.WritesItsTranscript";
    execl("/proc/self/exe", "abi_tests", only, "--gtest_output=", nullptr);
    _exit(127);
  }
  int outcome = -1;
  EXPECT_EQ(waitpid(child, &outcome, 0), child);
  EXPECT_TRUE(WIFEXITED(outcome) && WEXITSTATUS(outcome) == 0) << outcome;
  std::ifstream in(file, std::ios::binary);
  std::string said((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  fs::remove(file);
  return said;
}

TEST(Process, SaysTheSameBytesInAnySurroundings) {
  const std::string expected = transcript();
  const std::string locales = std::string("LOCPATH=") + PATRON_LOCALES;
  for (const std::vector<std::string>& environment :
       std::vector<std::vector<std::string>>{{"LC_ALL=de_DE.UTF-8", locales},
                                             {"LC_ALL=tr_TR.UTF-8", locales, "TZ=Europe/Istanbul"},
                                             {"TZ=:/nonexistent", "TZDIR=/nonexistent"},
                                             {"TZ=garbage", "LANG=xx_YY", "LC_ALL=nonsense"},
                                             {"TZ=Asia/Tokyo", "TZDIR=/"}}) {
    EXPECT_EQ(transcript_of(environment), expected) << environment.front();
  }
}
#endif  // PATRON_EMULATED

}  // namespace
}  // namespace patron::test
