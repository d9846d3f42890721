// Private copies of libpatron.so in one process: beside each other, beside the static C++ core that
// this program has in itself, and beside the system's Abseil. Each works alone, and goes without a
// trace. This program exports all its symbols, so that whatever can get between does.
#include <absl/strings/str_cat.h>
#include <absl/time/time.h>
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <link.h>
#include <malloc.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "patron/patron.h"
#include "patron/rfm.h"
#include "tests/abi/rounds.h"

namespace patron::test {
namespace {

// Sanitizers have their own malloc in the whole process, which these ways of loading do not bear.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

const char* const kFirst = PATRON_COPIES "/libfirst.so";
const char* const kSecond = PATRON_COPIES "/libsecond.so";

class Copy {
 public:
  Copy(const char* path, int flags) : path_(path), library_(dlopen(path, RTLD_NOW | flags)) {
    EXPECT_NE(library_, nullptr) << dlerror();
  }
  explicit Copy(const char* path) : path_(path), library_(dlmopen(LM_ID_NEWLM, path, RTLD_NOW)) {
    EXPECT_NE(library_, nullptr) << dlerror();
  }
  ~Copy() { EXPECT_TRUE(library_ == nullptr || dlclose(library_) == 0); }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;

  void* symbol(const std::string& name) const { return dlsym(library_, name.c_str()); }
  const char* path() const { return path_; }

 private:
  const char* path_;
  void* library_;
};

#define OF(copy, function) reinterpret_cast<decltype(&::function)>((copy).symbol(#function))

const std::vector<int64_t> kCustomer{1, 1, 2, 3, 3, 3};
const std::vector<int32_t> kDay{20454, 20484, 20470, 20460, 20475, 20490};
const std::vector<double> kAmount{30.00, 20.00, 15.50, 9.90, 12.00, 60.10};
// By hand, in cents.
const std::vector<int64_t> kMoney{5000, 1550, 8200};

template <typename T>
patron_column column(const char* name, int32_t type, const std::vector<T>& values) {
  patron_column out = PATRON_COLUMN_INIT;
  out.name = patron_str_of(name);
  out.type = type;
  out.length = static_cast<int64_t>(values.size());
  out.values = values.data();
  return out;
}

// The money of each customer, by RFM on two threads.
std::vector<int64_t> score(const Copy& copy) {
  const patron_column columns[] = {column("customer", PATRON_TYPE_INT64, kCustomer),
                                   column("day", PATRON_TYPE_DATE32, kDay),
                                   column("amount", PATRON_TYPE_DOUBLE, kAmount)};
  patron_rfm_options options = PATRON_RFM_OPTIONS_INIT;
  options.customer = patron_str_of("customer");
  options.time = patron_str_of("day");
  options.amount = patron_str_of("amount");
  options.threads = 2;
  patron_table *orders = nullptr, *customers = nullptr;
  patron_rfm* rfm = nullptr;
  int32_t place = -1;
  patron_column money = PATRON_COLUMN_INIT;
  EXPECT_EQ(OF(copy, patron_table_create)(columns, 3, &orders, nullptr), PATRON_OK);
  EXPECT_EQ(OF(copy, patron_rfm_compute)(orders, &options, &rfm, nullptr), PATRON_OK);
  EXPECT_EQ(OF(copy, patron_rfm_table)(rfm, &customers, nullptr), PATRON_OK);
  EXPECT_EQ(OF(copy, patron_table_find)(customers, "monetary_minor", 14, &place, nullptr),
            PATRON_OK);
  EXPECT_EQ(OF(copy, patron_table_column)(customers, place, 0, &money, nullptr), PATRON_OK);
  const auto* values = static_cast<const int64_t*>(money.values) + money.offset;
  std::vector<int64_t> out(values, values + money.length);
  OF(copy, patron_table_close)(customers);
  OF(copy, patron_rfm_close)(rfm);
  OF(copy, patron_table_close)(orders);
  return out;
}

// Text, time, JSON and an error, and that the numbers are right.
std::string work(const Copy& copy) {
  EXPECT_EQ(score(copy), kMoney);
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(OF(copy, patron_zone_check)("Europe/Pari", 11, &error), PATRON_E_ZONE);
  std::string out = error.message;
  int64_t micros = 0;
  char text[32] = {};
  EXPECT_EQ(OF(copy, patron_time_parse)("2026-03-01", 10, "Asia/Tokyo", 10, &micros, &error),
            PATRON_OK);
  EXPECT_EQ(OF(copy, patron_time_format)(micros, text, sizeof(text), nullptr, &error), PATRON_OK);
  EXPECT_STREQ(text, "2026-02-28T15:00:00Z");
  patron_segments* segments = nullptr;
  patron_buffer* json = nullptr;
  EXPECT_EQ(OF(copy, patron_segments_named)("eleven", 6, &segments, &error), PATRON_OK);
  EXPECT_EQ(OF(copy, patron_segments_to_json)(segments, &json, &error), PATRON_OK);
  const patron_str said = OF(copy, patron_buffer_text)(json);
  out.append(said.data, said.size);
  OF(copy, patron_buffer_close)(json);
  OF(copy, patron_segments_close)(segments);
  return out;
}

// The functions of the version script.
std::vector<std::string> exported() {
  std::ifstream script("capi/patron.map");
  std::vector<std::string> out;
  for (std::string word; script >> word;) {
    if (word.starts_with("patron_")) out.push_back(word.substr(0, word.size() - 1));
  }
  EXPECT_GT(out.size(), 50U);
  return out;
}

void expect_own_functions(const Copy& copy) {
  for (const std::string& name : exported()) {
    Dl_info where = {};
    ASSERT_NE(dladdr(copy.symbol(name), &where), 0) << name;
    EXPECT_STREQ(where.dli_fname, copy.path()) << name;
  }
}

bool mapped(const std::string& path) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    if (line.ends_with(path)) return true;
  }
  return false;
}

std::vector<int> ways_of_loading() {
  std::vector<int> out{RTLD_LOCAL, RTLD_GLOBAL};
  if (!kSanitized) out.push_back(RTLD_LOCAL | RTLD_DEEPBIND);
  return out;
}

TEST(Copies, BesideEachOtherGiveTheSameAndGo) {
  for (const int way : ways_of_loading()) {
    SCOPED_TRACE(way);
    {
      const Copy first(kFirst, way);
      const std::string expected = work(first);
      {
        const Copy second(kSecond, way);
        expect_own_functions(first);
        expect_own_functions(second);
        EXPECT_EQ(work(second), expected);
        EXPECT_EQ(work(first), expected);
      }
      EXPECT_FALSE(mapped(kSecond)) << "closed, but still there";
      EXPECT_EQ(work(first), expected);
    }
    EXPECT_FALSE(mapped(kFirst)) << "closed, but still there";
  }
}

int capsules_seen = 0;
int sees_capsule(void*, const char*) {
  ++capsules_seen;
  return 0;
}
void* no_pointer(void*, const char*) { return nullptr; }

// What patron_python_attach was told is the one thing that a copy keeps between calls.
TEST(Copies, ShareNoState) {
  for (const int way : ways_of_loading()) {
    const Copy first(kFirst, way);
    const Copy second(kSecond, way);
    OF(first, patron_python_attach)
    (reinterpret_cast<void*>(sees_capsule), reinterpret_cast<void*>(no_pointer));
    capsules_seen = 0;
    OF(second, patron_python_capsule_destroy)(nullptr);
    EXPECT_EQ(capsules_seen, 0);
    OF(first, patron_python_capsule_destroy)(nullptr);
    EXPECT_EQ(capsules_seen, 3);
  }
}

TEST(CopiesThread, WorkAtTheSameTime) {
  const Copy first(kFirst, RTLD_LOCAL);
  const Copy second(kSecond, RTLD_LOCAL);
  const std::string expected = work(first);
  const int times = rounds(20);
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (const Copy* copy : {&first, &second, &first, &second}) {
    threads.emplace_back([copy, times, &expected] {
      for (int i = 0; i < times; ++i) EXPECT_EQ(work(*copy), expected);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(Copies, ThatComeAndGoLeaveNothingBehind) {
  size_t settled = 0;
  const int times = std::max(20, rounds(60));
  for (int i = 0; i < times; ++i) {
    {
      const Copy copy(kFirst, i % 2 == 0 ? RTLD_LOCAL : RTLD_GLOBAL);
      work(copy);
    }
    ASSERT_FALSE(mapped(kFirst));
    if (i == 9) settled = mallinfo2().uordblks;
  }
  // What is freed into a thread's cache counts as used: that moves by some thousand bytes.
  EXPECT_TRUE(kSanitized || mallinfo2().uordblks < settled + 16'384) << settled;
}

TEST(Copies, InANamespaceOfTheirOwnGiveTheSame) {
  if (kSanitized) return;  // there is one sanitizer in a process, and it is not in that namespace
  const Copy here(kFirst, RTLD_LOCAL);
  const std::string expected = work(here);
  for (int i = 0; i < 3; ++i) {
    const Copy apart(kFirst);
    EXPECT_NE(apart.symbol("patron_version"), here.symbol("patron_version"));
    EXPECT_EQ(work(apart), expected);
  }
}

int note_library(dl_phdr_info* info, size_t, void* names) {
  static_cast<std::set<std::string>*>(names)->insert(info->dlpi_name);
  return 0;
}

TEST(Copies, WorkBesideTheSystemsAbseil) {
  std::set<std::string> libraries;
  dl_iterate_phdr(note_library, &libraries);
  int64_t abseils = 0;
  for (const std::string& name : libraries) {
    abseils += name.find("libabsl_") != std::string::npos ? 1 : 0;
  }
  EXPECT_GT(abseils, 2) << "Abseil is not there as shared libraries";
  const auto abseil = [] {
    absl::TimeZone tokyo;
    EXPECT_TRUE(absl::LoadTimeZone("Asia/Tokyo", &tokyo));
    const absl::CivilSecond day(2026, 3, 1);
    return absl::StrCat(absl::ToUnixSeconds(absl::FromCivil(day, tokyo)));
  };
  EXPECT_EQ(abseil(), "1772290800");  // date -d 2026-02-28T15:00Z +%s
  {
    const Copy copy(kFirst, RTLD_GLOBAL);
    expect_own_functions(copy);
    work(copy);
    EXPECT_EQ(abseil(), "1772290800");
    work(copy);
  }
  EXPECT_EQ(abseil(), "1772290800");
}

// The C++ core is in this program too, and hidden even from what looks at all of its symbols.
TEST(Copies, WorkBesideTheStaticCore) {
  const char* const load = "_ZN6patron2v08TimeZone4loadESt17basic_string_viewIcSt11char_traitsIcEE";
  EXPECT_EQ(dlsym(RTLD_DEFAULT, load), nullptr);
  const auto core = [] {
    const Table orders = *TableBuilder()
                              .int64("customer", kCustomer)
                              .int64("unused", kCustomer)
                              .doubles("amount", kAmount)
                              .strings("day", std::vector<std::string>(6, "2026-01-01"))
                              .finish();
    RfmOptions options;
    options.customer = "customer", options.time = "day", options.amount = "amount";
    const Result<RfmResult> scored = rfm(orders, options);
    EXPECT_TRUE(scored.ok());
    const Chunk& money = scored->table.chunks(scored->table.find("monetary_minor"))[0];
    const auto* values = static_cast<const int64_t*>(money.values) + money.offset;
    return std::vector<int64_t>(values, values + money.length);
  };
  EXPECT_EQ(core(), kMoney);
  const Copy copy(kFirst, RTLD_GLOBAL);
  expect_own_functions(copy);
  EXPECT_EQ(score(copy), kMoney);
  EXPECT_EQ(core(), kMoney);
}

}  // namespace
}  // namespace patron::test
