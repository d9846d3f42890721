// Segment tables and buffers.
#include "tests/allocation/attempt.h"

namespace patron::test {
namespace {

constexpr std::string_view kOverlapping = R"([
  {"name": "regular", "r": [2, 3], "f": [2, 3], "advice": "thank them", "label_zh": "常客"},
  {"name": "lapsed", "r": 1, "f": [1, 3]},
  {"name": "fading", "r": 2, "f": [1, 3]},
  {"name": "never seen", "r": 1, "f": 1}])";
constexpr std::string_view kCodes =
    R"([{"name": "best", "codes": [333, 332]}, {"name": "all", "r": [1, 3], "f": [1, 3]}])";
constexpr std::string_view kMeans = R"([{"name": "all", "r": [1, 3], "fm": [1, 3]}])";

Segments table_of(std::string_view json) {
  patron_segments* segments = nullptr;
  EXPECT_EQ(patron_segments_parse(json.data(), json.size(), 3, &segments, nullptr), PATRON_OK);
  return Segments(segments);
}

Case named(const char* name, std::string table, patron_status expected = PATRON_OK) {
  return {"patron_segments_named", name,
          [table](Attempt& attempt) {
            attempt.hand_out<patron_segments>([&](patron_segments** out, patron_error* error) {
              return patron_segments_named(table.data(), table.size(), out, error);
            });
          },
          expected};
}

Case parse(const char* name, std::string json, patron_status expected = PATRON_OK) {
  return {"patron_segments_parse", name,
          [json](Attempt& attempt) {
            attempt.hand_out<patron_segments>([&](patron_segments** out, patron_error* error) {
              return patron_segments_parse(json.data(), json.size(), 3, out, error);
            });
          },
          expected};
}

std::vector<Case> made() {
  return {
      named("eleven", "eleven"),
      named("cells of R and the mean of F and M", "putler"),
      named("no such table", "elevn", PATRON_E_DOCUMENT),
      parse("ranges", std::string(kOverlapping)),
      parse("codes", std::string(kCodes)),
      parse("means", std::string(kMeans)),
      parse("no JSON", R"([{"name": "a", )", PATRON_E_SYNTAX),
      parse("no name", R"([{"r": 1, "f": 1}])", PATRON_E_DOCUMENT),
      parse("an unknown key", R"([{"name": "a", "rr": 1, "f": 1}])", PATRON_E_DOCUMENT),
      parse("a key twice", R"([{"name": "a", "name": "b", "r": 1, "f": 1}])", PATRON_E_DOCUMENT),
      parse("scores above the bins", R"([{"name": "a", "r": 4, "f": 1}])", PATRON_E_DOCUMENT),
      parse("a code that is none", R"([{"name": "a", "codes": [3333]}])", PATRON_E_DOCUMENT),
      parse("escapes",
            R"([{"name": "\u5ba2 a name with \"quotes\" that is long", "r": 1, "f": 1}])"),
  };
}

template <typename Get>
Case number(const char* function, Get get) {
  return {function, "a table", [get](Attempt& attempt) {
            const Segments segments = table_of(kOverlapping);
            attempt.value([&] { return get(segments.get()); });
          }};
}

Case row(const char* name, int32_t index, patron_status expected = PATRON_OK) {
  return {"patron_segments_row", name,
          [index](Attempt& attempt) {
            const Segments segments = table_of(kOverlapping);
            patron_segment_row row = PATRON_SEGMENT_ROW_INIT;
            attempt.call(
                [&](patron_error* error) {
                  return patron_segments_row(segments.get(), index, &row, error);
                },
                [&] { return text(row.name) + text(row.label_zh) + text(row.advice); });
          },
          expected};
}

Case find(const char* name, int32_t r, patron_status expected = PATRON_OK) {
  return {"patron_segments_find", name,
          [r](Attempt& attempt) {
            const Segments segments = table_of(kOverlapping);
            int32_t found = -7;
            attempt.call(
                [&](patron_error* error) {
                  return patron_segments_find(segments.get(), r, 3, 1, &found, error);
                },
                [&] { return std::to_string(found); });
          },
          expected};
}

Case lint(const char* name, std::string_view json) {
  return {"patron_segments_lint", name, [json](Attempt& attempt) {
            const Segments segments = table_of(json);
            patron_lint_counts counts = PATRON_LINT_COUNTS_INIT;
            attempt.hand_out<patron_table>([&](patron_table** out, patron_error* error) {
              return patron_segments_lint(segments.get(), &counts, out, error);
            });
            attempt.bytes += std::to_string(counts.gaps) + std::to_string(counts.overlaps) +
                             std::to_string(counts.unreachable);
          }};
}

std::vector<Case> asked() {
  return {
      number("patron_segments_bins", patron_segments_bins),
      number("patron_segments_grid", patron_segments_grid),
      number("patron_segments_rows", patron_segments_rows),
      row("a row", 0),
      row("no such row", 9, PATRON_E_ARGUMENT),
      find("a row", 2),
      find("no such score", 4, PATRON_E_ARGUMENT),
      lint("a partition", kMeans),
      lint("gaps, overlaps and a hidden row", kOverlapping),
      {"patron_segments_to_json", "ranges and texts",
       [](Attempt& attempt) {
         const Segments segments = table_of(kOverlapping);
         attempt.hand_out<patron_buffer>([&](patron_buffer** out, patron_error* error) {
           return patron_segments_to_json(segments.get(), out, error);
         });
       }},
      {"patron_segments_to_json", "codes",
       [](Attempt& attempt) {
         const Segments segments = table_of(kCodes);
         attempt.hand_out<patron_buffer>([&](patron_buffer** out, patron_error* error) {
           return patron_segments_to_json(segments.get(), out, error);
         });
       }},
      {"patron_segments_close", "a table",
       [](Attempt& attempt) {
         patron_segments* segments = table_of(kCodes).release();
         attempt.nothing([&] { patron_segments_close(segments); });
       }},
  };
}

patron_buffer* new_buffer() {
  patron_buffer* json = nullptr;
  EXPECT_EQ(patron_segments_to_json(table_of(kCodes).get(), &json, nullptr), PATRON_OK);
  return json;
}

std::vector<Case> buffers() {
  return {
      {"patron_buffer_text", "a document",
       [](Attempt& attempt) {
         const Buffer buffer(new_buffer());
         attempt.value([&] { return patron_buffer_text(buffer.get()); });
       }},
      {"patron_buffer_close", "a document",
       [](Attempt& attempt) {
         patron_buffer* buffer = new_buffer();
         attempt.nothing([&] { patron_buffer_close(buffer); });
       }},
  };
}

}  // namespace

std::vector<Case> segments_cases() {
  std::vector<Case> out = made();
  for (const auto& more : {asked(), buffers()}) out.insert(out.end(), more.begin(), more.end());
  return out;
}

}  // namespace patron::test
