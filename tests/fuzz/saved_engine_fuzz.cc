// Saved engines: any bytes get a reason why they are none, or an engine that can be used and saved.
#include <cstring>
#include <string>

#include "lib/base/crc32c.h"
#include "lib/engine/engine_data.h"
#include "patron/engine.h"
#include "tests/fuzz/fuzz.h"

namespace {

constexpr size_t kHead = 12;
constexpr size_t kSection = 16;
constexpr uint32_t kLastOfEngine = 8;

// Who changes bytes on purpose also changes the checksum: what stands behind it is to be tried.
// Behind the sections of the engine stand those of its book.
void mend_checksums(std::string& bytes) {
  size_t at = kHead;
  for (bool book = false; at + kSection <= bytes.size();) {
    uint64_t size = 0;
    uint32_t tag = 0;
    std::memcpy(&tag, bytes.data() + at, sizeof tag);
    std::memcpy(&size, bytes.data() + at + 8, sizeof size);
    if (size > bytes.size() - at - kSection) return;
    const std::string head = bytes.substr(at, 4) + bytes.substr(at + 8, 8);
    const uint32_t sum = patron::internal::crc32c(
        std::string_view(bytes).substr(at + kSection, size), patron::internal::crc32c(head));
    std::memcpy(bytes.data() + at + 4, &sum, sizeof sum);
    at += kSection + size;
    if (!book && tag == kLastOfEngine) book = true, at += kHead;
  }
}

}  // namespace

// The first byte: whether checksums stay as they are.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0 || size > 65'536) return 0;
  std::string bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  if ((data[0] & 1) == 0) mend_checksums(bytes);
  patron::EngineOptions options;
  options.memory_limit = int64_t{64} << 20;
  patron::Result<patron::Engine> engine = patron::Engine::load(bytes, options);
  if (!engine.ok()) {
    FUZZ_CHECK(!engine.status().message().empty());
    FUZZ_CHECK(engine.status().byte_offset() <= static_cast<int64_t>(bytes.size()));
    return 0;
  }
  const std::string saved = engine->save();
  patron::Result<patron::Engine> again = patron::Engine::load(saved, options);
  FUZZ_CHECK(again.ok() && again->save() == saved);
  FUZZ_CHECK(again->state_hash() == engine->state_hash());
  FUZZ_CHECK(patron::internal::EngineData::load(saved, options).ok());
  // It lives on: what is due in the next days, but not for ever.
  const patron::Micros clock = engine->clock();
  if (clock < 0 || clock > patron::kEndTime - 400 * patron::kMicrosPerDay) return 0;
  for (const int days : {0, 1, 40}) {
    const patron::Micros t = clock + days * patron::kMicrosPerDay;
    const patron::Status one = engine->advance(t), other = again->advance(t);
    FUZZ_CHECK(one.code() == other.code());
    FUZZ_CHECK(engine->state_hash() == again->state_hash());
  }
  FUZZ_CHECK(engine->save() == again->save());
  FUZZ_CHECK(engine->profiles().ok() && engine->classes().ok());
  for (const auto& one : engine->policy().classifications()) {
    FUZZ_CHECK(engine->distribution(one.name).ok());
    FUZZ_CHECK(engine->distribution(one.name, clock).ok());
  }
  return 0;
}
