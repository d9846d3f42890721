// Functions without tables: errors, texts, time, money, versions, cancel tokens, Arrow structs.
#include "tests/allocation/attempt.h"

namespace patron::test {
namespace {

Case getter(const char* function, const char* name, patron_str (*get)()) {
  return {function, name, [get](Attempt& attempt) { attempt.value(get); }};
}

std::vector<Case> constants() {
  return {
      {"patron_status_name", "a status",
       [](Attempt& attempt) { attempt.value([] { return patron_status_name(PATRON_E_MEMORY); }); }},
      {"patron_version", "", [](Attempt& attempt) { attempt.value(patron_version); }},
      {"patron_abi_version", "", [](Attempt& attempt) { attempt.value(patron_abi_version); }},
      getter("patron_zone_data_version", "", patron_zone_data_version),
      getter("patron_zone_data_hash", "", patron_zone_data_hash),
      {"patron_zone_count", "", [](Attempt& attempt) { attempt.value(patron_zone_count); }},
      getter("patron_zone_name", "the first", [] { return patron_zone_name(0); }),
      getter("patron_zone_name", "none", [] { return patron_zone_name(-1); }),
      getter("patron_refusal_reason", "a reason",
             [] { return patron_refusal_reason(PATRON_REFUSAL_NULL_AMOUNT); }),
      getter("patron_octant_name", "a name",
             [] { return patron_octant_name(PATRON_OCTANTS_CLASSIC, 7, PATRON_LANGUAGE_ZH); }),
      {"patron_segments_named_count", "",
       [](Attempt& attempt) { attempt.value(patron_segments_named_count); }},
      getter("patron_segments_named_name", "the first",
             [] { return patron_segments_named_name(0); }),
  };
}

Case time_parse(const char* name, std::string text, std::string zone,
                patron_status expected = PATRON_OK) {
  return {"patron_time_parse", name,
          [text, zone](Attempt& attempt) {
            int64_t micros = -7;
            attempt.call(
                [&](patron_error* error) {
                  return patron_time_parse(text.data(), text.size(), zone.data(), zone.size(),
                                           &micros, error);
                },
                [&] { return std::to_string(micros); });
          },
          expected};
}

Case time_format(const char* name, int64_t micros, size_t room,
                 patron_status expected = PATRON_OK) {
  return {"patron_time_format", name,
          [micros, room](Attempt& attempt) {
            char buffer[32] = "as it was";
            attempt.call(
                [&](patron_error* error) {
                  return patron_time_format(micros, buffer, room, nullptr, error);
                },
                [&] { return std::string(buffer); });
          },
          expected};
}

Case period_parse(const char* name, std::string text, patron_status expected = PATRON_OK) {
  return {
      "patron_period_parse", name,
      [text](Attempt& attempt) {
        patron_period period = PATRON_PERIOD_INIT;
        attempt.call(
            [&](patron_error* error) {
              return patron_period_parse(text.data(), text.size(), &period, error);
            },
            [&] { return std::to_string(period.months) + " " + std::to_string(period.micros); });
      },
      expected};
}

Case zone_check(const char* name, std::string zone, patron_status expected = PATRON_OK) {
  return {"patron_zone_check", name,
          [zone](Attempt& attempt) {
            attempt.call([&](patron_error* error) {
              return patron_zone_check(zone.data(), zone.size(), error);
            });
          },
          expected};
}

std::vector<Case> times() {
  return {
      time_parse("UTC", "2026-03-01T08:30:00.25Z", ""),
      time_parse("a date in a zone", "2026-03-01", "Asia/Shanghai"),
      time_parse("no such day", "2026-02-30", "Asia/Shanghai", PATRON_E_TIME),
      time_parse("no such zone", "2026-03-01", "Asia/Shangai", PATRON_E_ZONE),
      time_parse("no UTF-8", "\xFF", "", PATRON_E_UTF8),
      time_format("an instant", 1'772'353'800'250'000, 32),
      time_format("no room", 1'772'353'800'250'000, 4, PATRON_E_BUFFER),
      time_format("out of range", INT64_MAX, 32, PATRON_E_TIME),
      period_parse("days", "365d"),
      period_parse("no unit", "90", PATRON_E_SYNTAX),
      zone_check("a zone", "Europe/Paris"),
      zone_check("no such zone", "Europe/Pariss", PATRON_E_ZONE),
      zone_check("no such zone, a long name", std::string(300, 'z'), PATRON_E_ZONE),
  };
}

Case money_parse(const char* name, std::string text, patron_status expected = PATRON_OK) {
  return {"patron_money_parse", name,
          [text](Attempt& attempt) {
            int64_t minor = -7;
            int32_t rounded = -7;
            attempt.call(
                [&](patron_error* error) {
                  return patron_money_parse(text.data(), text.size(), 2, &minor, &rounded, error);
                },
                [&] { return std::to_string(minor) + " " + std::to_string(rounded); });
          },
          expected};
}

Case money_from_double(const char* name, double value, patron_status expected = PATRON_OK) {
  return {"patron_money_from_double", name,
          [value](Attempt& attempt) {
            int64_t minor = -7;
            attempt.call(
                [&](patron_error* error) {
                  return patron_money_from_double(value, 2, &minor, nullptr, error);
                },
                [&] { return std::to_string(minor); });
          },
          expected};
}

Case money_format(const char* name, std::string currency, patron_status expected = PATRON_OK) {
  return {"patron_money_format", name,
          [currency](Attempt& attempt) {
            char buffer[32] = "as it was";
            attempt.call(
                [&](patron_error* error) {
                  return patron_money_format(-123'450, 2, currency.data(), currency.size(), buffer,
                                             sizeof(buffer), nullptr, error);
                },
                [&] { return std::string(buffer); });
          },
          expected};
}

Case money_sum(const char* name, std::vector<int64_t> amounts, patron_status expected = PATRON_OK) {
  return {"patron_money_sum", name,
          [amounts](Attempt& attempt) {
            int64_t sum = -7;
            attempt.call(
                [&](patron_error* error) {
                  return patron_money_sum(amounts.data(), amounts.size(), &sum, error);
                },
                [&] { return std::to_string(sum); });
          },
          expected};
}

std::vector<Case> money() {
  return {
      money_parse("an amount", "-0.07"),
      money_parse("rounded", "12.345"),
      money_parse("no amount", "12,5", PATRON_E_SYNTAX),
      money_parse("too much", "99999999999999999999", PATRON_E_OVERFLOW),
      money_from_double("an amount", 12.34),
      money_from_double("too much", 1e300, PATRON_E_OVERFLOW),
      money_format("without a currency", ""),
      money_format("with a currency", "EUR"),
      money_format("no currency", "eur", PATRON_E_ARGUMENT),
      money_sum("a sum", {1, 2, INT64_MAX, -4}),
      money_sum("too much", {INT64_MAX, 1}, PATRON_E_OVERFLOW),
  };
}

patron_cancel* new_token() {
  patron_cancel* token = nullptr;
  EXPECT_EQ(patron_cancel_create(&token, nullptr), PATRON_OK);
  return token;
}

Case on_token(const char* function, void (*act)(patron_cancel*)) {
  return {function, "a token", [act](Attempt& attempt) {
            const Cancel token(new_token());
            attempt.nothing([&] { act(token.get()); });
            attempt.bytes = contents_of(token.get());
          }};
}

patron_workspace* new_workspace() {
  patron_workspace* workspace = nullptr;
  EXPECT_EQ(patron_workspace_create(&workspace, nullptr), PATRON_OK);
  return workspace;
}

Case arrow_create(const char* name, int32_t kind, patron_status expected = PATRON_OK) {
  return {
      "patron_arrow_create", name,
      [kind](Attempt& attempt) {
        void* arrow = &attempt;
        attempt.call([&](patron_error* error) { return patron_arrow_create(kind, &arrow, error); });
        EXPECT_EQ(arrow == nullptr, attempt.status != PATRON_OK);
        patron_arrow_close(kind, arrow);
      },
      expected};
}

void* new_stream() {
  void* arrow = nullptr;
  EXPECT_EQ(patron_arrow_create(PATRON_ARROW_STREAM, &arrow, nullptr), PATRON_OK);
  return arrow;
}

// What stands in for a PyCapsule: a stream.
int capsule_is_stream(void*, const char* name) {
  return std::string_view(name) == "arrow_array_stream" ? 1 : 0;
}
void* capsule_pointer(void* capsule, const char*) { return capsule; }

std::vector<Case> tokens_and_structs() {
  return {
      {"patron_cancel_create", "",
       [](Attempt& attempt) {
         attempt.hand_out<patron_cancel>([](patron_cancel** out, patron_error* error) {
           return patron_cancel_create(out, error);
         });
       }},
      on_token("patron_cancel_request", patron_cancel_request),
      on_token("patron_cancel_reset", patron_cancel_reset),
      {"patron_cancel_requested", "a token",
       [](Attempt& attempt) {
         const Cancel token(new_token());
         attempt.value([&] { return patron_cancel_requested(token.get()); });
       }},
      {"patron_cancel_close", "a token",
       [](Attempt& attempt) {
         patron_cancel* token = new_token();
         attempt.nothing([&] { patron_cancel_close(token); });
       }},
      {"patron_workspace_create", "",
       [](Attempt& attempt) {
         attempt.hand_out<patron_workspace>([](patron_workspace** out, patron_error* error) {
           return patron_workspace_create(out, error);
         });
       }},
      {"patron_workspace_bytes", "a workspace",
       [](Attempt& attempt) {
         const Workspace workspace(new_workspace());
         attempt.value([&] { return patron_workspace_bytes(workspace.get()); });
       }},
      {"patron_workspace_close", "a workspace",
       [](Attempt& attempt) {
         patron_workspace* workspace = new_workspace();
         attempt.nothing([&] { patron_workspace_close(workspace); });
       }},
      arrow_create("a stream", PATRON_ARROW_STREAM),
      arrow_create("a schema", PATRON_ARROW_SCHEMA),
      arrow_create("an array", PATRON_ARROW_ARRAY),
      arrow_create("no such kind", 3, PATRON_E_ARGUMENT),
      {"patron_arrow_close", "a stream",
       [](Attempt& attempt) {
         void* arrow = new_stream();
         attempt.nothing([&] { patron_arrow_close(PATRON_ARROW_STREAM, arrow); });
       }},
      {"patron_python_attach", "",
       [](Attempt& attempt) {
         attempt.nothing([] {
           patron_python_attach(reinterpret_cast<void*>(capsule_is_stream),
                                reinterpret_cast<void*>(capsule_pointer));
         });
       }},
      {"patron_python_capsule_destroy", "a stream",
       [](Attempt& attempt) {
         patron_python_attach(reinterpret_cast<void*>(capsule_is_stream),
                              reinterpret_cast<void*>(capsule_pointer));
         void* capsule = new_stream();
         attempt.nothing([&] { patron_python_capsule_destroy(capsule); });
       }},
  };
}

}  // namespace

std::vector<Case> value_cases() {
  std::vector<Case> out = constants();
  for (const auto& more : {times(), money(), tokens_and_structs()}) {
    out.insert(out.end(), more.begin(), more.end());
  }
  return out;
}

}  // namespace patron::test
