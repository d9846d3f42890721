// Engines through the C interface, saved and loaded again.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/capi/world.h"

namespace patron::test {
namespace {

std::string hash_of(const patron_engine* engine) {
  patron_buffer* hash = nullptr;
  EXPECT_EQ(patron_engine_state_hash(engine, &hash, nullptr), PATRON_OK);
  return text(patron_buffer_text(Buffer(hash).get()));
}

std::string saved(const patron_engine* engine) {
  patron_buffer* bytes = nullptr;
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(patron_engine_save(engine, &bytes, &error), PATRON_OK) << error.message;
  return text(patron_buffer_text(Buffer(bytes).get()));
}

struct Sink {
  std::string bytes;
  patron_engine* engine = nullptr;
  int32_t answer = 0;
  patron_status asked = PATRON_OK;

  static int32_t write(void* context, const uint8_t* bytes, uint64_t size) {
    auto* self = static_cast<Sink*>(context);
    self->bytes.append(reinterpret_cast<const char*>(bytes), size);
    patron_engine_info info = PATRON_ENGINE_INFO_INIT;
    self->asked = patron_engine_describe(self->engine, &info, nullptr);
    return self->answer;
  }
};

TEST(SavedCapi, ALoadedEngineGoesOnAsTheSavedOneWould) {
  const Engine engine = make_engine();
  const std::string bytes = saved(engine.get());
  patron_engine* out = nullptr;
  patron_error error = PATRON_ERROR_INIT;
  ASSERT_EQ(patron_engine_load(bytes.data(), bytes.size(), nullptr, &out, &error), PATRON_OK)
      << error.message;
  const Engine again(out);
  EXPECT_EQ(hash_of(again.get()), hash_of(engine.get()));
  for (const patron_engine* one : {engine.get(), again.get()}) {
    EXPECT_EQ(patron_engine_advance(const_cast<patron_engine*>(one), kLiveNow + 90 * kDay, nullptr,
                                    nullptr),
              PATRON_OK);
  }
  EXPECT_EQ(hash_of(again.get()), hash_of(engine.get()));
  patron_policy* policy = nullptr;
  ASSERT_EQ(patron_engine_policy(again.get(), &policy, &error), PATRON_OK);
  const Policy kept(policy);
  patron_policy_info info = PATRON_POLICY_INFO_INIT;
  ASSERT_EQ(patron_policy_describe(policy, &info, nullptr), PATRON_OK);
  EXPECT_EQ(text(info.name), "live");
}

TEST(SavedCapi, ALoadedEngineMayShareTheHostsPolicy) {
  const Engine engine = make_engine();
  const std::string bytes = saved(engine.get());
  const Policy own = make_policy(kLivePolicy), other = renamed_policy();
  patron_engine* out = nullptr;
  patron_error error = PATRON_ERROR_INIT;
  patron_engine_options options = PATRON_ENGINE_OPTIONS_INIT;
  const auto load = [&](const patron_policy* policy) {
    return patron_engine_load_with_policy(bytes.data(), bytes.size(), policy, &options, &out,
                                          &error);
  };
  ASSERT_EQ(load(own.get()), PATRON_OK) << error.message;
  const Engine again(out);
  EXPECT_EQ(hash_of(again.get()), hash_of(engine.get()));
  EXPECT_EQ(saved(again.get()), bytes);
  EXPECT_EQ(load(other.get()), PATRON_E_ARGUMENT);
  EXPECT_NE(std::string(error.message).find("\"live\""), std::string::npos) << error.message;
  EXPECT_EQ(load(nullptr), PATRON_E_HANDLE);
  EXPECT_EQ(out, nullptr);
  options.memory_limit = 1;
  EXPECT_EQ(load(own.get()), PATRON_E_LIMIT);
  options.memory_limit = -1;
  EXPECT_EQ(load(own.get()), PATRON_E_ARGUMENT);
}

TEST(SavedCapi, ASinkGetsTheSameBytesAndMayEndTheCall) {
  const Engine engine = make_engine();
  Sink to;
  to.engine = engine.get();
  patron_sink sink = PATRON_SINK_INIT;
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(patron_engine_save_to(engine.get(), &sink, &error), PATRON_E_ARGUMENT) << "no write";
  sink.write = Sink::write;
  sink.context = &to;
  ASSERT_EQ(patron_engine_save_to(engine.get(), &sink, &error), PATRON_OK) << error.message;
  EXPECT_EQ(to.bytes, saved(engine.get()));
  EXPECT_EQ(to.asked, PATRON_E_STATE);
  to.answer = 28;
  EXPECT_EQ(patron_engine_save_to(engine.get(), &sink, &error), PATRON_E_CALLBACK);
  EXPECT_EQ(error.detail, 28);
  EXPECT_EQ(patron_engine_save_to(engine.get(), nullptr, &error), PATRON_E_ARGUMENT);
}

TEST(SavedCapi, BytesThatAreNoEngineAreRefused) {
  const Engine engine = make_engine();
  std::string bytes = saved(engine.get());
  patron_engine* out = nullptr;
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(patron_engine_load(nullptr, 0, nullptr, &out, &error), PATRON_E_SYNTAX);
  EXPECT_EQ(patron_engine_load(nullptr, 7, nullptr, &out, &error), PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_engine_load(bytes.data(), bytes.size() / 2, nullptr, &out, &error),
            PATRON_E_SYNTAX);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  EXPECT_EQ(patron_engine_load(bytes.data(), bytes.size(), nullptr, &out, &error), PATRON_E_SYNTAX);
  EXPECT_EQ(out, nullptr);
  patron_engine_options options = PATRON_ENGINE_OPTIONS_INIT;
  options.memory_limit = -1;
  EXPECT_EQ(patron_engine_load(bytes.data(), bytes.size(), &options, &out, &error),
            PATRON_E_ARGUMENT);
  options.memory_limit = 1;
  bytes = saved(engine.get());
  EXPECT_EQ(patron_engine_load(bytes.data(), bytes.size(), &options, &out, &error), PATRON_E_LIMIT);
}

}  // namespace
}  // namespace patron::test
