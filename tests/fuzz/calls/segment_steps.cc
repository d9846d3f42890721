// Segment tables and the buffers that JSON comes out in.
#include <string>

#include "tests/fuzz/calls/play.h"
#include "tests/fuzz/calls/result_checks.h"

namespace patron::fuzz {
namespace {

void named(Play& play) {
  const int32_t count = SAY(play, patron_segments_named_count);
  const auto index = static_cast<int32_t>(play.choices.number());
  const patron_str name = SAY(play, patron_segments_named_name, index);
  FUZZ_CHECK((name.data != nullptr) == (index >= 0 && index < count));
  const patron_str wanted = name.data != nullptr ? name : play.text({"eleven", "elevn", ""});
  patron_segments* segments = nullptr;
  const bool ok = PLAY(play, patron_segments_named, wanted.data, wanted.size, &segments);
  if (play.keep(ok, segments, &play.segments) && play.choices.one_in(3)) check_segments(segments);
}

/// JSON with pieces of the input in it, so that most of it is nearly right.
patron_str json(Play& play) {
  std::string text = "[";
  const size_t rows = play.choices.below(5);
  const char* const axes[] = {"r", "f", "m", "fm", "codes", "advice"};
  for (size_t i = 0; i < rows; i++) {
    text += (i > 0 ? ",{\"name\":\"" : "{\"name\":\"") + std::to_string(i % 3) + "\"";
    for (size_t left = play.choices.below(4); left > 0; left--) {
      const char* axis = play.choices.one_of(axes);
      text += std::string(",\"") + axis + "\":";
      const auto low = std::to_string(play.choices.below(7));
      text += play.choices.one_in(4)
                  ? low
                  : "[" + low + "," + std::to_string(play.choices.below(12)) + "]";
    }
    text += "}";
  }
  return play.copy(text + "]");
}

void parse(Play& play) {
  static constexpr std::string_view kAll =
      R"([{"name":"top","label_zh":"高","codes":[555,554]},{"name":"rest","r":[1,5],"f":[1,5]}])";
  const patron_str text = play.choices.one_in(3) ? play.text({kAll, "[]", "{"}) : json(play);
  const auto bins = static_cast<int32_t>(play.choices.below(14)) - 1;
  patron_segments* segments = nullptr;
  const bool ok = PLAY(play, patron_segments_parse, text.data, text.size, bins, &segments);
  if (play.keep(ok, segments, &play.segments)) check_segments(segments);
}

void to_json(Play& play) {
  const patron_segments* segments = play.pick(play.segments);
  patron_buffer* buffer = nullptr;
  const bool ok = PLAY(play, patron_segments_to_json, segments, &buffer);
  if (!play.keep(ok, buffer, &play.buffers)) return;
  const patron_str text = patron_buffer_text(buffer);
  patron_segments* again = nullptr;
  const int32_t bins = patron_segments_bins(segments);
  FUZZ_CHECK(patron_segments_parse(text.data, text.size, bins, &again, nullptr) == PATRON_OK);
  FUZZ_CHECK(patron_segments_rows(again) == patron_segments_rows(segments));
  patron_segments_close(again);
}

void look(Play& play) {
  const patron_segments* segments = play.pick(play.segments);
  const bool right = !play.expects_failure();
  const int32_t rows = SAY(play, patron_segments_rows, segments);
  const int32_t bins = SAY(play, patron_segments_bins, segments);
  const int32_t grid = SAY(play, patron_segments_grid, segments);
  FUZZ_CHECK(right ? rows > 0 && bins >= 2 && grid >= 0 : rows == -1 && bins == -1 && grid == -1);
  const auto index = static_cast<int32_t>(play.choices.number());
  patron_segment_row* row = play.output<patron_segment_row>(PATRON_SEGMENT_ROW_INIT);
  const bool ok = PLAY(play, patron_segments_row, segments, index, row);
  if (ok) FUZZ_CHECK(index >= 0 && index < rows && row->name.size > 0);
}

void find(Play& play) {
  const patron_segments* segments = play.pick(play.segments);
  int32_t scores[3];
  for (int32_t& score : scores) score = static_cast<int32_t>(play.choices.number());
  int32_t row = -7;
  const bool ok = PLAY(play, patron_segments_find, segments, scores[0], scores[1], scores[2], &row);
  FUZZ_CHECK(ok ? row >= -1 && row < patron_segments_rows(segments) : row == -7);
}

void lint(Play& play) {
  const patron_segments* segments = play.pick(play.segments);
  patron_lint_counts* counts =
      play.choices.one_in(4) ? nullptr : play.output<patron_lint_counts>(PATRON_LINT_COUNTS_INIT);
  patron_table* findings = nullptr;
  const bool ok = PLAY(play, patron_segments_lint, segments, counts, &findings);
  if (!play.keep(ok, findings, &play.tables)) return;
  check_table(findings);
}

void close(Play& play) {
  if (play.segments.size() == 0) return;
  play.reached("patron_segments_close");
  play.segments.take(play.choices.below(play.segments.size()));
}

void buffer(Play& play) {
  const patron_buffer* buffer = play.own(play.buffers);
  const patron_str text = SAY(play, patron_buffer_text, buffer);
  FUZZ_CHECK((text.data != nullptr) == (buffer != nullptr));
  if (buffer == nullptr || play.choices.one_in(2)) return;
  play.reached("patron_buffer_close");
  play.buffers.take(play.choices.below(play.buffers.size()));
}

}  // namespace

std::vector<Step> segment_steps() {
  return {{"segments named", named}, {"segments parse", parse}, {"segments to json", to_json},
          {"segments look", look},   {"segments find", find},   {"segments lint", lint},
          {"segments close", close}, {"buffer", buffer}};
}

}  // namespace patron::fuzz
