// RFM and the tokens and callbacks that stop it.
#include "tests/fuzz/calls/play.h"
#include "tests/fuzz/calls/result_checks.h"

namespace patron::fuzz {
namespace {

/// What the progress callback is told to do, and what it saw.
struct Progress {
  int32_t calls_left = 0;           ///< after so many it stops the call
  int32_t number = 0;               ///< with this
  patron_cancel* cancel = nullptr;  ///< or sets this token
  double share = 0;
  bool stopped = false;
};

int32_t on_progress(void* context, double share) {
  auto* progress = static_cast<Progress*>(context);
  FUZZ_CHECK(share >= progress->share && share <= 1 && !progress->stopped);
  progress->share = share;
  FUZZ_CHECK(patron_zone_count() > 0);  // a callback may call patron
  if (progress->calls_left-- > 0) return 0;
  if (progress->cancel != nullptr) patron_cancel_request(progress->cancel);
  progress->stopped = progress->number != 0;
  return progress->number;
}

patron_rfm_axis* axis(Play& play, bool fixed) {
  patron_rfm_axis value = PATRON_RFM_AXIS_INIT;
  value.method = static_cast<int32_t>(play.choices.below(fixed ? 4 : 2));
  value.octant_split = static_cast<int32_t>(play.choices.below(fixed ? 4 : 2));
  if (play.choices.one_in(3)) value.bins = static_cast<int32_t>(play.choices.below(12));
  value.octant_value = static_cast<double>(play.choices.below(50));
  value.cut_count = static_cast<uint64_t>(value.bins > 0 ? value.bins - 1 : 0);
  auto* cuts = play.memory<double>(value.cut_count);
  double at = 0;
  for (uint64_t k = 0; k < value.cut_count; k++) cuts[k] = at += play.choices.below(9) - 0.5;
  value.cuts = cuts;
  return play.sized(value);
}

void choose(Play& play, patron_rfm_options* options) {
  const uint8_t how = play.choices.byte();
  if (how < 64) return;
  options->refunds = static_cast<int32_t>(play.choices.below(3));
  options->zero = static_cast<int32_t>(play.choices.below(2));
  options->octant_names = static_cast<int32_t>(play.choices.below(2));
  options->language = static_cast<int32_t>(play.choices.below(2));
  options->on_gap = static_cast<int32_t>(play.choices.below(2));
  options->on_overlap = static_cast<int32_t>(play.choices.below(2));
  options->on_bad_row = static_cast<int32_t>(play.choices.one_in(6));
  if (how > 128) {
    options->timezone = play.text({"", "Asia/Shanghai", "Pacific/Apia", "America/St_Johns"});
  }
  if (how > 250) options->zero = static_cast<int32_t>(play.choices.number());
  if (how % 4 == 1) {
    auto* as_of = play.memory<int64_t>(1);
    *as_of = wrapping_product(wrapping_sum(20'000, play.choices.number()), 21'600'000'000);
    options->as_of = as_of;
  }
  if (how % 8 > 5) {
    patron_period window = PATRON_PERIOD_INIT;
    window.micros = wrapping_product(play.choices.number(), 86'400'000'000);
    if (how % 16 > 8) window = {window.struct_size, static_cast<int32_t>(play.choices.number()), 0};
    options->window = play.sized(window);
  }
}

void compute(Play& play) {
  const patron_table* table = play.pick(play.tables);
  patron_rfm_options value = PATRON_RFM_OPTIONS_INIT;
  value.customer = patron_str_of("customer");
  value.time = patron_str_of("time");
  value.amount = patron_str_of("amount");
  if (play.choices.one_in(16)) value.amount = play.text({"customer", "", "amont"});
  if (play.choices.one_in(4)) value.order = patron_str_of("order");
  if (play.choices.one_in(4)) value.scale = static_cast<int32_t>(play.choices.below(11));
  if (play.choices.one_in(32)) value.threads = 2;
  choose(play, &value);
  const uint8_t extra = play.choices.byte();
  if (extra % 4 == 1) value.recency = axis(play, extra >= 128);
  if (extra % 4 == 2) value.frequency = axis(play, extra >= 128);
  if (extra % 8 > 5) value.monetary = axis(play, extra >= 128);
  if (extra / 8 % 4 == 1) value.cuts = play.pick_optional(play.cuts);
  if (extra / 8 % 8 > 5) value.segments = play.pick_optional(play.segments);
  Progress progress;
  bool cancelled = false;
  if (play.choices.one_in(4)) {
    patron_cancel* token = play.pick_optional(play.cancels);
    value.cancel = token;
    cancelled = patron_cancel_requested(token) == 1;
  }
  // Without a workspace no byte is asked, so that older files of the corpus keep their meaning.
  if (play.workspaces.size() > 0 && play.choices.one_in(2)) {
    value.workspace = play.pick_optional(play.workspaces);
  }
  if (play.choices.one_in(4)) {
    progress.calls_left = static_cast<int32_t>(play.choices.below(12));
    if (play.choices.one_in(3)) progress.number = 42;
    if (play.choices.one_in(3)) progress.cancel = play.own(play.cancels);
    value.progress = on_progress;
    value.progress_context = &progress;
  }
  const patron_rfm_options* options = play.sized(value);
  const bool sound = !play.expects_failure();
  patron_rfm* rfm = nullptr;
  const bool ok = PLAY(play, patron_rfm_compute, table, options, &rfm);
  if (progress.stopped) {
    FUZZ_CHECK(!ok && (play.last_error().code == 0 || play.last_error().detail == 42 ||
                       play.last_error().code == PATRON_E_CANCELLED));
  }
  if (!play.keep(ok, rfm, &play.rfms)) return;
  FUZZ_CHECK(sound && !cancelled && !progress.stopped);
  check_rfm(rfm, value, patron_table_rows(table));
}

void table(Play& play) {
  const patron_rfm* rfm = play.pick(play.rfms);
  patron_table* out = nullptr;
  const bool ok = PLAY(play, patron_rfm_table, rfm, &out);
  play.keep(ok, out, &play.tables);
}

void refused(Play& play) {
  const patron_rfm* rfm = play.pick(play.rfms);
  patron_table* out = nullptr;
  const bool ok = PLAY(play, patron_rfm_refused, rfm, &out);
  play.keep(ok, out, &play.tables);
}

void cuts(Play& play) {
  const patron_rfm* rfm = play.pick(play.rfms);
  patron_cuts* out = nullptr;
  const bool ok = PLAY(play, patron_rfm_cuts, rfm, &out);
  play.keep(ok, out, &play.cuts);
}

void counts(Play& play) {
  const patron_rfm* rfm = play.pick(play.rfms);
  patron_rfm_summary* summary = play.output<patron_rfm_summary>(PATRON_RFM_SUMMARY_INIT);
  if (PLAY(play, patron_rfm_counts, rfm, summary)) {
    FUZZ_CHECK(summary->customers > 0 && summary->rows >= summary->customers);
  }
}

void close(Play& play) {
  if (play.rfms.size() == 0) return;
  play.reached("patron_rfm_close");
  play.rfms.take(play.choices.below(play.rfms.size()));
}

void cancel_create(Play& play) {
  patron_cancel* cancel = nullptr;
  const bool ok = PLAY(play, patron_cancel_create, &cancel);
  if (play.keep(ok, cancel, &play.cancels)) FUZZ_CHECK(patron_cancel_requested(cancel) == 0);
}

void cancel_use(Play& play) {
  patron_cancel* cancel = play.own(play.cancels);
  if (play.choices.one_in(2)) {
    SAY(play, patron_cancel_request, cancel);
  } else {
    SAY(play, patron_cancel_reset, cancel);
  }
  FUZZ_CHECK((SAY(play, patron_cancel_requested, cancel) >= 0) == (cancel != nullptr));
  if (cancel == nullptr || !play.choices.one_in(3)) return;
  play.reached("patron_cancel_close");
  play.cancels.take(play.choices.below(play.cancels.size()));
}

void workspace_create(Play& play) {
  patron_workspace* workspace = nullptr;
  const bool ok = PLAY(play, patron_workspace_create, &workspace);
  if (play.keep(ok, workspace, &play.workspaces))
    FUZZ_CHECK(patron_workspace_bytes(workspace) == 0);
}

void workspace_use(Play& play) {
  patron_workspace* workspace = play.own(play.workspaces);
  FUZZ_CHECK((SAY(play, patron_workspace_bytes, workspace) >= 0) == (workspace != nullptr));
  if (workspace == nullptr || !play.choices.one_in(3)) return;
  play.reached("patron_workspace_close");
  play.workspaces.take(play.choices.below(play.workspaces.size()));
}

}  // namespace

std::vector<Step> rfm_steps() {
  return {{"rfm compute", compute},         {"rfm table", table},
          {"rfm refused", refused},         {"rfm cuts", cuts},
          {"rfm counts", counts},           {"rfm close", close},
          {"cancel create", cancel_create}, {"cancel use", cancel_use}};
}

std::vector<Step> workspace_steps() {
  return {{"workspace create", workspace_create}, {"workspace use", workspace_use}};
}

}  // namespace patron::fuzz
