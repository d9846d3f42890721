// Why somebody is in her class, through the C interface: text for people, JSON for programs.
#include <gtest/gtest.h>

#include <string>

#include "tests/capi/world.h"

namespace patron::test {
namespace {

std::string taken(patron_buffer* buffer) { return text(patron_buffer_text(Buffer(buffer).get())); }

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Customer 1 spent 50.00 in the 90 days; gold is from 80.00 on.
TEST(ExplainCapi, SaysWhatIsMissingAsTextAndAsJson) {
  const Engine engine = make_engine();
  patron_error error = PATRON_ERROR_INIT;
  patron_buffer *words = nullptr, *json = nullptr;
  ASSERT_EQ(
      patron_engine_explain(engine.get(), 1, nullptr, 0, "tier", 4, "en", 2, &words, &json, &error),
      PATRON_OK)
      << error.message;
  const std::string said = taken(words), data = taken(json);
  EXPECT_TRUE(has(said, "gold")) << said;
  EXPECT_TRUE(has(said, "30.00")) << said;
  EXPECT_TRUE(has(data, R"("customer": 1, "classification": "tier")")) << data;
  EXPECT_TRUE(has(data, R"("kind": "ladder")")) << data;
  EXPECT_TRUE(has(data, R"("classes": ["guest"])")) << data;
  EXPECT_TRUE(has(data, R"("name": "gold")")) << data;
  EXPECT_TRUE(has(data, R"("how": "by_facts")")) << data;
  EXPECT_TRUE(has(data, R"("text": "spend >= 80")")) << data;
}

TEST(ExplainCapi, AnyOfTheTwoMayBeLeftOutAndChineseIsAnotherText) {
  const Engine engine = make_engine();
  patron_buffer* words = nullptr;
  ASSERT_EQ(patron_engine_explain(engine.get(), 1, nullptr, 0, "tier", 4, nullptr, 0, &words,
                                  nullptr, nullptr),
            PATRON_OK);
  const std::string english = taken(words);
  ASSERT_EQ(patron_engine_explain(engine.get(), 1, nullptr, 0, "tier", 4, "zh", 2, &words, nullptr,
                                  nullptr),
            PATRON_OK);
  EXPECT_NE(taken(words), english);
  EXPECT_EQ(patron_engine_explain(engine.get(), 1, nullptr, 0, "tier", 4, nullptr, 0, nullptr,
                                  nullptr, nullptr),
            PATRON_OK);
}

TEST(ExplainCapi, WhoOrWhatIsNotThereIsRefused) {
  const Engine engine = make_engine();
  patron_buffer *words = nullptr, *json = nullptr;
  const auto explain = [&](int64_t customer, std::string_view name, std::string_view language) {
    return patron_engine_explain(engine.get(), customer, nullptr, 0, name.data(), name.size(),
                                 language.data(), language.size(), &words, &json, nullptr);
  };
  EXPECT_EQ(explain(77, "tier", "en"), PATRON_E_ARGUMENT);
  EXPECT_EQ(explain(1, "teir", "en"), PATRON_E_COLUMN);
  EXPECT_EQ(explain(1, "tier", "xx"), PATRON_E_ARGUMENT);
  EXPECT_EQ(explain(1, "\xff", "en"), PATRON_E_UTF8);
  EXPECT_EQ(explain(1, "tier", "\xff"), PATRON_E_UTF8);
  EXPECT_EQ(words, nullptr);
  EXPECT_EQ(json, nullptr);
}

TEST(ExplainCapi, TransitionsAndForecastsSayWhatDecidedThem) {
  const Engine engine = make_engine();
  patron_table* out = nullptr;
  ASSERT_EQ(patron_engine_history(engine.get(), 3, nullptr, 0, &out, nullptr), PATRON_OK);
  const Table history(out);
  EXPECT_TRUE(has(texts_of(history.get(), "because")[1], R"("text": "spend >= 80")"))
      << texts_of(history.get(), "because")[1];
  ASSERT_EQ(patron_engine_forecast(engine.get(), 2 * kLiveNow, "tier", 4, nullptr, &out, nullptr),
            PATRON_OK);
  const Table coming(out);
  EXPECT_TRUE(has(texts_of(coming.get(), "because")[0], R"("text": "spend >= 80")"))
      << texts_of(coming.get(), "because")[0];
}

}  // namespace
}  // namespace patron::test
