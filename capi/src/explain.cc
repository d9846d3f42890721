#include "capi/src/engine_calls.h"
#include "capi/src/explain_json.h"

using namespace patron::capi;  // NOLINT
using patron::ClassExplanation;
using patron::CustomerId;
using patron::Result;
using patron::Status;

patron_status patron_engine_explain(const patron_engine* engine, int64_t number,
                                    const char* customer, uint64_t customer_size,
                                    const char* classification, uint64_t classification_size,
                                    const char* language, uint64_t language_size,
                                    patron_buffer** text, patron_buffer** json,
                                    patron_error* error) noexcept {
  clear(text);
  clear(json);
  return engine_call(engine, error, [&](Call&) -> Status {
    const Result<CustomerId> id = read_id(engine->engine, number, customer, customer_size);
    if (!id.ok()) return id.status();
    const Result<std::string_view> name =
        read_text(classification, classification_size, "classification");
    if (!name.ok()) return name.status();
    const Result<std::string_view> wanted = read_text(language, language_size, "language");
    if (!wanted.ok()) return wanted.status();
    Result<ClassExplanation> found =
        engine->engine.explain(*id, *name, wanted->empty() ? "en" : *wanted);
    if (!found.ok()) return found.status();
    std::unique_ptr<patron_buffer> words, data;
    if (text != nullptr) words = std::make_unique<patron_buffer>();
    if (json != nullptr) data = std::make_unique<patron_buffer>();
    if (data != nullptr) {
      data->text = explanation_json(*found, engine->engine.layout().spec().customer);
    }
    if (words != nullptr) words->text = std::move(found->text);
    if (text != nullptr) *text = words.release();
    if (json != nullptr) *json = data.release();
    return {};
  });
}
