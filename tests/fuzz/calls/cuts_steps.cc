// Frozen cuts: parsed, written, looked into, applied to one customer.
#include <string>

#include "tests/fuzz/calls/play.h"
#include "tests/fuzz/calls/result_checks.h"

namespace patron::fuzz {
namespace {

/// The JSON of open cuts, perhaps with one byte changed; else a piece of the input.
void parse(Play& play) {
  const patron_cuts* open = play.own(play.cuts);
  patron_str text = play.text({"{}", "null"});
  patron_buffer* json = nullptr;
  if (open != nullptr && patron_cuts_to_json(open, &json, nullptr) == PATRON_OK) {
    const patron_str whole = patron_buffer_text(json);
    text = play.copy({whole.data, whole.size});
    patron_buffer_close(json);
    const size_t at = play.choices.below(256);
    if (at < text.size && play.choices.one_in(2)) {
      const_cast<char*>(text.data)[at] = static_cast<char>(play.choices.byte());  // NOLINT
    }
  }
  patron_cuts* cuts = nullptr;
  const bool ok = PLAY(play, patron_cuts_parse, text.data, text.size, &cuts);
  if (play.keep(ok, cuts, &play.cuts)) check_cuts(cuts);
}

void to_json(Play& play) {
  const patron_cuts* cuts = play.pick(play.cuts);
  patron_buffer* buffer = nullptr;
  const bool ok = PLAY(play, patron_cuts_to_json, cuts, &buffer);
  play.keep(ok, buffer, &play.buffers);
}

void describe(Play& play) {
  const patron_cuts* cuts = play.pick(play.cuts);
  patron_cuts_info* info = play.output<patron_cuts_info>(PATRON_CUTS_INFO_INIT);
  if (PLAY(play, patron_cuts_describe, cuts, info)) {
    FUZZ_CHECK(info->scale >= 0 && info->scale <= 9 && info->customers >= 0);
  }
}

void axis(Play& play) {
  const patron_cuts* cuts = play.pick(play.cuts);
  const auto which = static_cast<int32_t>(play.choices.below(5)) - 1;
  patron_axis_cuts* axis_cuts = play.output<patron_axis_cuts>(PATRON_AXIS_CUTS_INIT);
  const bool ok = PLAY(play, patron_cuts_axis, cuts, which, axis_cuts);
  if (ok) FUZZ_CHECK(which >= 0 && which <= 2);
}

/// A score against a count of the cuts, one by one.
void score(Play& play) {
  const patron_cuts* cuts = play.pick(play.cuts);
  const int64_t values[3] = {play.choices.number(), play.choices.number(), play.choices.number()};
  patron_scores* scores = play.output<patron_scores>(PATRON_SCORES_INIT);
  if (!PLAY(play, patron_cuts_score, cuts, values[0], values[1], values[2], scores)) return;
  const int32_t found[3] = {scores->r, scores->f, scores->m};
  for (int32_t a = 0; a < 3; a++) {
    patron_axis_cuts of = PATRON_AXIS_CUTS_INIT;
    FUZZ_CHECK(patron_cuts_axis(cuts, a, &of, nullptr) == PATRON_OK);
    int32_t below = 0;
    for (uint64_t k = 0; k < of.count; k++) below += of.cuts[k] < values[a];
    FUZZ_CHECK(found[a] == (a == 0 ? static_cast<int32_t>(of.count) + 1 - below : 1 + below));
    const bool high = (values[a] > of.octant_split) != (a == 0);
    FUZZ_CHECK(((scores->octant >> (2 - a) & 1) != 0) == high);
  }
}

void close(Play& play) {
  if (play.cuts.size() == 0) return;
  play.reached("patron_cuts_close");
  play.cuts.take(play.choices.below(play.cuts.size()));
}

}  // namespace

std::vector<Step> cuts_steps() {
  return {{"cuts parse", parse}, {"cuts to json", to_json}, {"cuts describe", describe},
          {"cuts axis", axis},   {"cuts score", score},     {"cuts close", close}};
}

}  // namespace patron::fuzz
