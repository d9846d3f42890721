// What an Engine holds: its book, where every customer stands, who is due when, and what happened.
//
// Facts that have not taken effect are noted by instant; every customer has at most one instant at
// which time alone may change her. Settling takes them in the order of instants, and at
// one instant in the order of customers' ids, so that rows and arrival reach no result.
//
// Thread class: serial.
#pragma once

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/parallel.h"
#include "lib/base/prefetch.h"
#include "lib/base/stable_vector.h"
#include "lib/engine/calendar_queue.h"
#include "lib/engine/calibration/calibration_data.h"
#include "lib/engine/calibration/calibration_summary.h"
#include "lib/engine/coming_moves.h"
#include "lib/engine/engine_view.h"
#include "lib/engine/frozen_links.h"
#include "lib/engine/move_log.h"
#include "lib/engine/policy_versions.h"
#include "lib/engine/settle/decision.h"
#include "lib/engine/settle/settle.h"
#include "lib/engine/tables/id_order.h"
#include "lib/engine/tables/rfm_measures.h"
#include "patron/engine.h"

namespace patron::internal {

/// That something takes effect for one id at one instant: a fact, or a command. There may be
/// several of an id and an instant.
struct EngineNote {
  Micros at = 0;
  Micros fact_time = kEndTime;  ///< of a late fact
  uint32_t row = 0;             ///< of the id, whoever stands for it
  bool fact : 1 = false;        ///< a fact; else a command
  bool late : 1 = false;
  bool corrected : 1 = false;
  bool quiet : 1 = false;
  bool merge : 1 = false;  ///< a link or an unlink; else an override
  bool done : 1 = false;   ///< it has taken effect
  int8_t stream = -1;      ///< of a fact; -1: it is not known
};
static_assert(sizeof(EngineNote) == 24);
inline EngineNote note_of(const BookEffect& effect, int stream = -1) {
  EngineNote note;
  note.at = effect.at;
  note.row = effect.customer;
  note.fact = true;
  note.late = effect.late;
  if (effect.late) note.fact_time = effect.fact_time;
  note.corrected = effect.corrected;
  note.quiet = effect.quiet;
  if (stream < kBitStreams) note.stream = static_cast<int8_t>(stream);
  return note;
}

/// A fact of a policy that decides nothing, which came before its time and in order;
/// engine_idle.cc.
struct FreshFact {
  Micros at = std::numeric_limits<Micros>::min();
  uint32_t row = 0;
  bool quiet = false;
  int16_t stream = -1;
};
static_assert(sizeof(FreshFact) == 16);

/// From the first instant at which something happens to the one that the clock is to reach.
struct PassTime {
  Micros first = 0, until = 0;
  /// How much of it is over at an instant.
  double share(Micros at) const {
    return until > first ? static_cast<double>(at - first) / static_cast<double>(until - first) : 0;
  }
};

/// What all notes of a customer at one instant say together.
struct EnginePending {
  bool facts = false;
  Micros fact_time = kEndTime;  ///< of the earliest late fact
  bool late = false;
  bool corrected = false;
  bool quiet = true;  ///< all facts
  bool merged = false;
  ChangedFacts changed = kNoFacts;
  EnginePending() = default;
  /// Of one note alone.
  explicit EnginePending(const EngineNote& note)
      : facts(note.fact),
        fact_time(note.fact ? note.fact_time : kEndTime),
        late(note.fact && note.late),
        corrected(note.fact && note.corrected),
        quiet(!note.fact || note.quiet),
        merged(note.merge),
        changed(note.merge  ? kAnyFacts
                : note.fact ? facts_of_stream(note.stream)
                            : kNoFacts) {}
  void add(const EngineNote& note);
};

/// Of what takes effect at an instant: links, then facts, then new constants and policies, then
/// time.
Cause cause_of(const EnginePending& what, Cause of_the_rest);

/// That time alone may change a customer; void where it is not her EngineMember::due any more.
struct EngineDue {
  Micros at = 0;
  uint32_t row = 0;
};

/// Where an id stands: of those that are linked, who stands for all of them; the others only know
/// what they were last seen to be. It fills lines of the cache; what marking somebody looks at
/// (engine_idle.cc), from CustomerState::overrides on, is in the last of them.
struct alignas(64) EngineMember {
  size_t last_move =
      kNoMove;        ///< the index of her newest move, from which on each says the one before
  int64_t moves = 0;  ///< how many
  CustomerState state;
  Micros due = kEndTime;   ///< as the last settling said
  uint64_t settlings = 0;  ///< how often she was settled
  uint64_t epoch = 0;      ///< of the constants and the policy under which she was last
};
static_assert(sizeof(EngineMember) <= 192);  // three lines

/// What became of a value of an identity key.
struct EngineMeeting {
  BookKeyLink link;
  Micros at = 0;
  int32_t policy = 1;  ///< the version whose keys these are
};

/// What a book needs to know of them.
BookOptions book_options(const EngineOptions& options);
/// Whether constants go with the policy: by name, kind and size. Code::kArgument.
Status check_constants(const PolicyData& policy, const CalibrationData& data);

/// Whether an override says that somebody has a seat of a rank that she has not.
bool is_unseated(const PolicyData& policy, const Settler& settler, CustomerId id,
                 const StandingOverride& one);

/// As long as it lives, a call is under way whose callbacks may not change the policy.
class UnderWay {
 public:
  explicit UnderWay(int& count) : count_(count) { ++count_; }
  ~UnderWay() { --count_; }
  UnderWay(const UnderWay&) = delete;
  UnderWay& operator=(const UnderWay&) = delete;

 private:
  int& count_;
};

class EngineData {
 public:
  EngineData(Policy of, BookLayout layout, const EngineOptions& options);
  /// Over a book that has the layout of the policy.
  EngineData(Policy of, Book facts, const EngineOptions& options);

  /// Engine::save and Engine::load; saved/saved_engine.cc.
  Status save(const BookSink& sink);
  static Result<std::unique_ptr<EngineData>> load(std::string_view bytes,
                                                  const EngineOptions& options,
                                                  const Policy* policy = nullptr);

  /// Files a batch of facts by a call of the book; both or neither. `stream`: of all of them; -1:
  /// they may be of any. `quiet`: what it says of them, for those whose rows are marked.
  template <typename File>
  Status take(IngestReport& report, File file, int stream, bool quiet) {
    grow(inbox_);
    measured_.reset();
    Status status = file();
    if (status.ok()) note(report, stream, quiet);
    return status;
  }
  /// Whether late facts of many may be marked instead of listed: AddOptions::mark_late.
  bool marks_late() const { return decides_nothing(); }
  /// The same of one event about which there is nothing to say; false, and nothing is done, where
  /// that is not known to be so. Strong guarantee. engine_idle.cc.
  bool take_one(int stream, const BookEvent& event, bool quiet);
  /// Brings what came in to its place. Does a part where memory runs out (std::bad_alloc), and the
  /// rest when it is called again.
  void drain() {
    const bool nothing = inbox_.empty() && fresh_.empty() && met_done_ == met_.size();
    if (!nothing || members.size() != book.customers()) drain_all();
  }
  /// The earliest instant at which somebody is to be settled, or everybody to be calibrated;
  /// kEndTime where there is none.
  Micros next();
  /// Settles everyone who is due at that instant; where constants changed, everyone. Where the
  /// watch stops it, which is told that this share of the call is done, the rest of them are due
  /// still.
  Status settle_all(Micros t, Watch& watch, double share);
  /// The same without anybody who may stop it.
  Status settle_all(Micros t);
  /// Lets time pass until t, calibrating where the policy says so. A shard stops before the first
  /// calibration that is due, at the last instant before it: Code::kState. Where the control stops
  /// it, or memory runs out, the clock is where it got to.
  Status pass(Micros t, const Control& control);

  /// Customers of the facts that have taken effect, or do so at or before this instant.
  std::vector<uint32_t> population(Micros until) const;
  /// The summary of the next stage of a calibration: as of `at`, on facts with time <= until.
  CalibrationSummary summarise(Micros at, Micros until);
  /// All stages of a calibration of the customers who are here. Nothing is changed, but that it may
  /// keep what it measured.
  Result<std::shared_ptr<const CalibrationData>> calibrated(Micros at, Micros until);
  /// From now on these are the constants; at t everyone is settled under them. Strong guarantee.
  Status install(std::shared_ptr<const CalibrationData> constants, Micros t);
  /// When the policy wants the next calibration; kEndTime: never, or nobody is there yet.
  Micros calibration_due() const { return calibration_due_; }
  /// The one that is due is done.
  void reschedule() { calibration_due_ = calibration_after(calibration_due_); }

  Result<LinkReport> link(CustomerId first, CustomerId second);
  Status unlink(CustomerId first, CustomerId second);
  Status claim(const Table& keys, IngestReport& report);
  /// Code::kState for values without instants while there is no clock that they could hold from.
  Status check_dated(const Table& values) const;
  bool forget(CustomerId id);
  std::vector<KeyMeeting> meetings() const;
  Status set_override(CustomerId id, const Override& what);
  Status clear_override(CustomerId id, std::string_view classification, OverrideKind kind);
  std::vector<OverrideView> overrides(CustomerId id) const;

  /// The row of who stands for an id; kNoCustomer where it is not there.
  uint32_t find(CustomerId id) const;
  /// How many customers there are: linked ids are one.
  int64_t customers() const;
  /// Claims of identity keys that are to be settled at or before t.
  bool claims_wait(Micros t) const { return claim_due_ <= t; }
  /// For each of these customers, who stand for themselves, when she may change by herself: facts,
  /// links, overrides and claims of identity keys that wait count, and what is settled at the
  /// clock. No later than her first row of a forecast. Cost: linear in what waits. engine_ahead.cc.
  std::vector<Micros> next_changes(std::span<const uint32_t> rows) const;
  /// The same of one, but for facts and claims that come after the clock.
  Micros next_stop(uint32_t row) const;
  /// An engine that goes on as this one would, but for calibrations that the policy schedules.
  Result<std::unique_ptr<EngineData>> copy();
  /// foresee() where claims of identity keys wait that will have joined customers by then.
  Result<ComingMoves> foresee_on_copy(Micros until, const Control& control);
  /// Whether claims that wait bring her together with somebody; and then her next change, if
  /// nothing happens. Cost: that of a forecast to the last of them.
  bool meets_somebody(uint32_t row) const;
  Result<std::optional<ComingChange>> next_on_copy(CustomerId id, size_t classification);
  /// What is put off of members is done (engine_idle.cc). Does not fail.
  void catch_up();
  /// There is no calibration any more that the policy schedules.
  void freeze() {
    frozen_for_good_ = true;
    calibration_due_ = kEndTime;
  }
  /// Settles at the clock what came late, and what is new: claims of identity keys first.
  Status settle_now();
  /// Engine::publish and Engine::compare, whose moves are in the classes of `next`;
  /// engine_publish.cc. Strong guarantee.
  Result<PublishReport> publish(const Policy& next, const PublishMapping& mapping);
  Result<ComingMoves> compare(const Policy& next, const PublishMapping& mapping, Watch& watch,
                              int threads = 1);
  /// compare() where claims of identity keys wait at the clock.
  Result<ComingMoves> compare_on_copy(const Policy& next, const PublishMapping& mapping,
                                      const Control& control);
  /// Everyone's moves from now to `until` without more facts, changing nothing; the same for any
  /// number of threads (0: one for each core). engine_ahead.cc.
  Result<ComingMoves> foresee(Micros until, Watch& watch, int threads = 1);

  /// Customers' rows in the order of their ids: of linked ids who stands for all.
  std::vector<uint32_t> in_order();
  /// Those of them that there are, in the same order, each once.
  std::vector<uint32_t> in_order(std::span<const CustomerId> customers);
  /// The indices of an id's own moves, ascending, are added.
  void collect_moves(uint32_t row, std::vector<size_t>& out) const;
  /// What readers see; good until something changes.
  EngineView view() const;
  /// What is held here; the book aside.
  EngineMemory memory() const;
  Transition show(const EngineMove& move) const;
  /// Of a move in the classes of this policy.
  Transition show(const EngineMove& move, const Policy& words, AtomCache& atoms) const;
  /// Moves to come, in the classes of this policy.
  Forecasts forecasts(ComingMoves coming, const Policy& words) const;
  /// Calls with the row of everyone who stands for herself, linked ids once.
  template <typename Each>
  void for_each_customer(const Each& each) const {
    for (uint32_t row = 0; row < members.size(); ++row) {
      if (book.survivor(row) == row && !book.state().ids->erased(row)) each(row);
    }
  }
  Cell id_cell(uint32_t row) const;

  Policy policy;  ///< in force: the last of the versions
  std::vector<PolicyVersion> versions;
  Book book;
  Settler settler;
  Micros clock = kMinTime;
  StableVector<EngineMember> members;  ///< by row
  MoveLog moves;                       ///< in the order in which they came
  std::vector<CalibrationNote> notes;  ///< of each calibration
  /// A calibration some of whose stages are done; null: none.
  std::shared_ptr<const CalibrationData> draft;
  const bool shard;
  int under_way = 0;              ///< calls that ask a Control
  mutable AtomCache shown_atoms;  ///< of conditions that transitions were decided by
  bool plainly = false;           ///< settles in the plain way, for comparison
  size_t many_late = 1024;        ///< late facts of a batch from which on they wait as they came

 private:
  struct Publication;
  friend class EngineSaver;
  friend class EngineLoader;

  template <typename T>
  static void grow(std::vector<T>& list, size_t more = 1) {
    if (list.capacity() - list.size() < more) {
      list.reserve(std::max(list.capacity() * 2, list.size() + more));
    }
  }
  bool before(uint32_t a, uint32_t b) const;
  uint64_t id_rank(uint32_t row) const {
    const CustomerId id = book.id(row);
    return policy.data().customer == Kind::kInt64 ? rank_of(id.number) : rank_of(id.text);
  }
  /// What all marked rows of a batch have in common.
  struct MarkedAs {
    Micros at;
    int stream;
    bool quiet;
  };
  void note(IngestReport& report, int stream, bool quiet);
  void drain_all();
  void drain(std::vector<BookEffect>& effects, int stream);
  void drain_rows(std::vector<uint64_t>& rows, const MarkedAs& of);
  void order_agenda(bool everyone);
  std::vector<uint32_t> rows_ahead(Micros until) const;
  struct Foreseer;
  using RowNote = std::pair<uint32_t, EngineNote>;
  template <typename Found>
  void foresee_one(uint32_t row, Micros until, std::span<const RowNote> waiting, Foreseer& by,
                   const Found& found) const;
  template <typename Found>
  bool foresee_by_time(uint32_t row, Micros until, Settler& by, const Found& found) const;
  template <typename Entry>
  void fetch_ahead(const CalendarQueue<Entry>& queue) const;
  void fetch_ahead(std::span<const uint32_t> rows, size_t i, const Settler& by) const;
  void fetch_member(uint32_t row) const;
  void fetch_state(uint32_t row) const;
  void sort_by_id(std::vector<uint32_t>& rows);
  const Settled& move(EngineMember& member, uint32_t row, Micros t, ChangedFacts changed);
  void settle(uint32_t row, Micros t);
  void settle(uint32_t row, Micros t, const EnginePending& what);
  Status settle_singly(const PassTime& time, Watch& watch, bool& done);
  static bool is_undecided(const PolicyData& policy);
  bool decides_nothing() const { return undecided_ && !plainly; }
  bool keep_fresh(const std::vector<BookEffect>& effects, int stream);
  bool take_fresh(int stream, const BookEvent& event, bool quiet);
  void drain_fresh();
  bool keep_late(IngestReport& report, int stream, bool quiet);
  /// Whether what is to happen is in the queues and the calendar of calibrations alone: no key has
  /// been met, no claim waits, nobody waits for everybody, and the first calibration is known.
  bool only_queues() const {
    if (met_done_ < met_.size() || claim_due_ < kEndTime || everyone_at_ < kEndTime) return false;
    return calibration_due_ < kEndTime || policy.data().calibrate == CalibrateEvery::kNever;
  }
  bool is_idle_until(Micros until);
  bool is_fresh_alone(Micros until);
  bool is_late_alone(Micros until);
  Status settle_late(Watch& watch);
  bool pass_fresh(Micros until);
  Status pass_by_stops(Micros t, const Control& control);
  Status settle_idle(const PassTime& time, Watch& watch, bool& done);
  // What settling leaves where there is nothing to settle. Does not fail.
  void mark_settled(EngineMember& member) {
    if (put_off_ > 0) catch_up(member);
    seen_ += member.state.seen ? 0 : 1;
    member.state.seen = true;
    ++member.settlings;
    member.epoch = epoch_;
    member.due = kEndTime;
  }
  bool mark_everyone();
  void look_for_idle();
  std::optional<bool> mark_agenda(bool everyone);
  void catch_up(EngineMember& member);
  /// From now on members may be more than marked. Does not fail.
  void leave_idle() {
    if (!idle_) return;
    catch_up();
    idle_ = false;
  }
  /// With `both_ways` the exchange can be undone.
  Result<std::unique_ptr<Publication>> prepare(const Policy& next, const PublishMapping& mapping,
                                               bool both_ways);
  Micros calibration_after(Micros t) const {
    return frozen_for_good_ ? kEndTime : calibration_after(policy.data(), t);
  }
  static Micros calibration_after(const PolicyData& of, Micros t);
  /// Of a move at t for which there is no fact: where everyone is settled, what is new.
  Cause cause_at(Micros t, const SettledMove& move) const;
  void settle_keys(Micros t);
  void take_met();
  void make_one(FrozenLink& link, FrozenLinks::Prepared& prepared, CustomerState& united, Micros t);
  // What is to be done at one instant, in memory that is kept from one to the next.
  struct Agenda {
    std::vector<EngineNote> notes;
    std::vector<EngineDue> due;
    std::vector<uint32_t> rows;  // in the order of ids
    using Ranks = std::vector<std::pair<uint64_t, uint32_t>>;
    Ranks ranks, scratch;                              // rank_of() an id, and its row
    std::vector<std::pair<uint32_t, uint32_t>> noted;  // row, and which note: ascending
  };
  class AgendaInHand;
  bool is_due(const EngineDue& due) const { return members[due.row].due == due.at; }
  /// Says of the queue which dues are not void.
  struct LiveDue {
    const EngineData& data;
    bool operator()(const EngineDue& due) const { return data.is_due(due); }
    void fetch(const EngineDue& due) const { fetch_line(&data.members[due.row].due); }
  };
  void note_moves(EngineMember& member, uint32_t row, Micros t, const EnginePending& what,
                  const Settled& settled);
  void set_due(EngineMember& member, uint32_t row, Micros due);
  CustomerState unite(const CustomerState& survivor, const CustomerState& other) const;
  void note_merge(Micros t, uint32_t row);
  void note_override(Micros t, uint32_t row);
  Result<int> classification(std::string_view name) const;
  Result<uint32_t> row_of(CustomerId id) const;
  std::string_view shown_class(uint32_t row, int classification) const;
  Result<StandingOverride> check_override(uint32_t row, const Override& what) const;
  static bool end_override(CustomerState& state, int classification, OverrideKind kind);
  /// Pins and holds in seats that are not hers: they went to somebody else while she was one with
  /// another. Does not fail.
  void end_unseated(uint32_t row);
  void show_unseated(uint32_t row);
  bool has_facts(std::span<const uint32_t> ids, Micros until) const;
  bool is_nobody_yet(uint32_t row, const CustomerState& state, const EnginePending& what,
                     Micros t) const;
  std::string_view class_name(int classification, int c) const;
  int32_t version() const { return static_cast<int32_t>(versions.size()); }

  static constexpr int kPollEvery = 64;  // settles, each of microseconds

  static constexpr size_t kSmallQueue = 1024;
  // How many customers before her turn what settling somebody reads is fetched: her member, then
  // step by step what it leads to.
  static constexpr size_t kAhead = 16, kMemberAhead = 8, kStateAhead = 6, kLogAhead = 4,
                          kSettlerAhead = 2;

  int settles_ = 0;
  Micros calibration_due_ = kEndTime;
  bool frozen_for_good_ = false;   ///< nothing is calibrated any more
  bool published_ = false;         ///< it is another policy
  Micros everyone_at_ = kEndTime;  ///< when everyone is to be settled under what is new
  uint64_t epoch_ = 0;             ///< counts what is new
  struct Arrived {
    std::vector<BookEffect> effects;
    std::vector<uint64_t> late_rows;  ///< as BookReport has them
    MarkedAs of;
    bool late_alone = false;  ///< all are as keep_late() has them
  };
  std::vector<Arrived> inbox_;       ///< effects that are not in notes_ yet
  CalendarQueue<EngineNote> notes_;  ///< of what has not taken effect
  /// EngineMember::due of everyone who has one, and what is void: it can be made anew from members.
  CalendarQueue<EngineDue> due_;
  size_t due_limit_ = kSmallQueue;  ///< entries from which on those that are void are dropped
  Agenda agenda_;
  FrozenLinks frozen_;
  uint64_t next_token_ = 1;
  Micros claim_due_ = kEndTime;   ///< of the first claim that waits
  std::vector<BookKeyLink> met_;  ///< scratch of settle_keys, and links that are still to be made
  Micros met_at_ = 0;
  size_t met_done_ = 0;  ///< how many of them have been
  std::vector<EngineMeeting> meetings_;
  uint32_t hidden_ = 0, gone_ = 0;  ///< ids that others stand for; that were forgotten
  CustomerState scratch_;
  IdOrder id_order_;
  // What the last calibration measured of everybody; null as soon as there is any other fact or
  // another instant.
  std::unique_ptr<const RfmMeasures> measured_;
  // As long as nobody is linked, overridden or due, so that all that settling does is to mark.
  bool idle_ = true;
  bool corrections_ = false;  ///< notes_ may have some of corrections
  bool undecided_;            ///< the policy in force decides nothing; see engine_idle.cc
  size_t seen_ = 0;           ///< members who were seen
  std::array<uint64_t, 16> everyones_{};  ///< epochs in which everyone was marked, which members
  size_t put_off_ = 0;                    ///< are still to be told: so many of them, ascending
  std::vector<FreshFact> fresh_;          ///< of its facts, those that are in no queue
  /// So many of them, the first, have taken effect, which their members are still to be told.
  size_t fresh_passed_ = 0;
};

}  // namespace patron::internal
