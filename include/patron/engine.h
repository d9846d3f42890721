// Engine: a policy that lives. Facts go in, time passes, and every change of class comes out at the
// instant at which it happened, with its cause.
//
//   patron::Engine engine = *patron::Engine::open(policy);
//   engine.ingest("orders", orders);   // they wait, or take effect at the clock
//   engine.advance(now);               // visits those who are due, in order
//   for (const patron::Transition& t : engine.transitions(0, 100)) ...
//
// The engine is a deterministic function of its inputs: the same policy, facts and clock give the
// same transitions, whatever the batches, the order of arrival between two advances, and the steps
// of the clock. It reads no clock of its own. docs/engine.md says what everything means.
//
// A change that runs out of memory (std::bad_alloc) has changed nothing; advance() alone may have
// got part of the way, and then the clock says how far: the same call again goes on from there.
// Once calibrate() and set_calibration() have put constants in force, the next advance() does the
// rest.
//
// Thread class: serial, but for two engines of one policy, which share nothing that changes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "patron/book.h"
#include "patron/calibration.h"
#include "patron/control.h"
#include "patron/explain.h"
#include "patron/policy.h"
#include "patron/status.h"
#include "patron/table.h"
#include "patron/time.h"

namespace patron {
namespace internal {
class EngineData;
class EventFeed;
struct ForecastData;
}  // namespace internal
inline namespace v0 {

/// Why somebody changed class. The numbers are those of the C ABI, frozen once released.
enum class Cause : int32_t {
  kEvent = 0,        ///< a fact took effect
  kTime = 1,         ///< time alone
  kCorrection = 2,   ///< a deletion, or a correction of what had taken effect or was moved
  kCalibration = 3,  ///< new constants
  kPolicy = 4,       ///< another policy
  kOverride = 5,     ///< an override that began or ended
  kMerge = 6,        ///< a link or an unlink
};
/// "event", "time", "correction", "calibration", "policy", "override", "merge".
std::string_view cause_name(Cause cause);

/// One change of class. Of flags, which are a set, `from` is empty where somebody enters one, and
/// `to` where she leaves it.
struct Transition {
  int64_t number = 0;                         ///< of the engine: 1, 2, ...; a reader's cursor
  int64_t sequence = 0;                       ///< of the customer: 1, 2, ...
  CustomerId customer;                        ///< text borrows from the engine
  std::string_view classification, from, to;  ///< borrow from the policy; empty: no class
  Micros at = 0;                              ///< when it took effect
  std::optional<Micros> fact_time;            ///< of the earliest late fact that caused it
  Cause cause = Cause::kEvent;
  bool quiet = false;       ///< all its facts were quiet: no occasion to write to her
  int64_t calibration = 0;  ///< the number of the calibration in force; 0: none yet
  /// The number of the policy in force, whose names these are: 1, and one more with each publish.
  int32_t policy = 1;
  /// The conditions that decided it: of a move up those of `enter` that made it true, of a move
  /// down those of `enter` and `keep` that no longer hold, and those of the class that she came
  /// into; of bands and ranks the cut, of a grid the scores. Empty where an override decided.
  std::vector<Reason> because;
};

/// A change that will come if nothing happens, from Engine::forecast.
struct Forecast {
  CustomerId customer;
  std::string_view classification, from, to;
  Micros at = 0;
  /// Whether a fact that waits causes it, rather than time alone.
  Cause cause = Cause::kTime;
  Decision because;  ///< of which because.reasons() are as Transition::because
};

/// Changes that will come, in the order of (instant, customer id). It keeps them in less memory
/// than they take as Forecast, each of which is made when it is asked for. Ids that are texts
/// borrow from the engine, which has to be there, and not to have forgotten them, when a Forecast
/// is made or read; all else is its own.
///
///   const patron::Forecasts ahead = *engine.forecast(until);
///   for (const patron::Forecast& change : ahead) ...
///   const std::vector<patron::Forecast> all = ahead;
///
/// Thread class: a const one is shared.
class Forecasts {
 public:
  class Iterator {
   public:
    class Pointer {
     public:
      explicit Pointer(Forecast of) : of_(std::move(of)) {}
      const Forecast* operator->() const { return &of_; }

     private:
      Forecast of_;
    };
    using iterator_category = std::input_iterator_tag;
    using value_type = Forecast;
    using difference_type = std::ptrdiff_t;
    using pointer = Pointer;
    using reference = Forecast;

    Iterator(const Forecasts& of, size_t i) : of_(&of), i_(i) {}
    Forecast operator*() const { return (*of_)[i_]; }
    Pointer operator->() const { return Pointer(**this); }
    Iterator& operator++() {
      ++i_;
      return *this;
    }
    Iterator operator++(int) { return {*of_, i_++}; }
    bool operator==(const Iterator& other) const { return i_ == other.i_; }

   private:
    const Forecasts* of_;
    size_t i_;
  };

  /// Made by the engine.
  explicit Forecasts(std::shared_ptr<const internal::ForecastData> data) : data_(std::move(data)) {}
  size_t size() const;
  bool empty() const { return size() == 0; }
  /// The i-th, i < size().
  Forecast operator[](size_t i) const;
  Iterator begin() const { return {*this, 0}; }
  Iterator end() const { return {*this, size()}; }
  // NOLINTNEXTLINE(google-explicit-constructor): it stands for such a list
  operator std::vector<Forecast>() const { return {begin(), end()}; }

  /// For patron's own code.
  const internal::ForecastData& data() const { return *data_; }

 private:
  std::shared_ptr<const internal::ForecastData> data_;
};

struct EngineOptions {
  int64_t memory_limit = 0;        ///< bytes of facts; 0: none
  Micros refuse_after = kEndTime;  ///< facts later than this are refused: a broken clock
  /// It holds a part of the customers: where a calibration is due it stops and waits for
  /// set_calibration(). Customers who are linked or referred one another are in one part.
  bool shard = false;
};

struct IngestOptions {
  bool quiet = false;  ///< transitions that these facts alone cause are marked so
  AttributeNulls nulls = AttributeNulls::kIgnore;  ///< what a null says to set_attributes
  int threads = 1;  ///< of tables of many rows; 0: one for each core. The same comes out
};

/// What became of a batch: see BookReport. Of an engine `effects` may be empty.
using IngestReport = BookReport;

/// What became of a calibration.
struct CalibrationNote {
  int64_t number = 0;
  Micros at = 0;
  int64_t customers = 0;
  std::vector<ModelReport> report;
  int64_t moved = 0;  ///< customers who changed a class because of it
};

/// How many customers are in a class.
struct ClassCount {
  std::string_view name;  ///< empty: in none
  int64_t customers = 0;
};

/// One value of a customer at the clock: what it is, where it comes from, how new that is.
struct ProfileValue {
  std::string_view name, label, category;  ///< borrow from the policy
  Kind kind = Kind::kBool;
  MoneyUnit unit;  ///< of money
  TagSource source = TagSource::kMetric;
  /// What it comes from: the attribute itself, the streams of a metric or of a model, or the values
  /// that it is made of. Borrow from the policy.
  std::vector<std::string_view> from;
  bool known = false;
  int64_t integer = 0;           ///< as Cell::integer; text and sets: 0
  double number = 0;             ///< kDouble
  std::string text;              ///< kString, kEnum
  std::vector<std::string> set;  ///< kEnumSet, the heaviest first
  /// The time of the newest of her facts that it rests on: of the events that count, or of the
  /// attribute; of what is made of others, the newest of theirs. Absent where it rests on none, as
  /// a count of 0 does, and where it is unknown.
  std::optional<Micros> as_of;
};

struct Profile {
  CustomerId customer;               ///< who stands for her, where she is linked
  Micros at = 0;                     ///< the clock
  std::string_view policy, version;  ///< the name and the version that the policy gives itself
  /// In the order of Policy::tags, then the history tags that the policy does not read.
  std::vector<ProfileValue> values;
};

/// Bytes held, by what holds them.
struct EngineMemory {
  BookMemory book;
  int64_t classes = 0;      ///< where every customer stands, and when she is due
  int64_t waiting = 0;      ///< what facts that have not taken effect will settle
  int64_t transitions = 0;  ///< everything that happened
  int64_t total = 0;
};

/// What a link did.
struct LinkReport {
  CustomerId survivor;  ///< who now stands for both
  CustomerId other;     ///< who stood for the other side
  bool done = false;    ///< false: they were one customer already
};

/// What became of a value of an identity key that two customers had.
struct KeyMeeting {
  Micros at = 0;
  std::string_view key;  ///< borrows from the policy
  CustomerId first;      ///< the two ids that have the value
  CustomerId second;
  bool linked = false;       ///< they are one customer since
  std::string_view because;  ///< not linked: the stronger key of which they have different values
};

/// What people may put in the place of a classification's own class. The numbers are those of the
/// C ABI, frozen once released.
enum class OverrideKind : int32_t {
  kPin = 0,      ///< this class; of flags, this one besides her own
  kHold = 1,     ///< the class that she has when it begins
  kCeiling = 2,  ///< no better than this class; ladders and bands
  kFloor = 3,    ///< no worse than this class; ladders and bands
};
/// "pin", "hold", "ceiling", "floor".
std::string_view override_kind_name(OverrideKind kind);

struct Override {
  OverrideKind kind = OverrideKind::kPin;
  std::string classification;
  std::string to;           ///< a class; of a hold empty
  Micros at = kMinTime;     ///< from when on; before the clock: from the clock on
  Micros until = kEndTime;  ///< in force before this instant
  std::string reason, author;
};

/// An override as it stands, with what the machine says beside it.
struct OverrideView {
  Override what;
  bool in_force = false;  ///< at the clock
  std::string_view own;   ///< the machine's class at the clock; of flags of a pinned one, or empty
  std::string_view effective;  ///< what she is instead
};

class EngineSnapshot;

/// How classes go on under another policy, for Engine::publish: those that are called otherwise
/// there, and those that end. All others keep their names.
struct ClassMapping {
  std::string classification;  ///< of the policy in force
  std::string to;              ///< what it is called there; empty: the same
  /// A class of it, and what it becomes; empty: nothing, who is in it is in none.
  std::vector<std::pair<std::string, std::string>> classes;
  bool ends = false;  ///< nobody is in any of its classes any more
};
using PublishMapping = std::vector<ClassMapping>;

/// What a publication did.
struct PublishReport {
  int32_t number = 1;  ///< of the policy in force
  bool same = false;   ///< it was in force already: nothing has changed
  /// Customers whom the next advance will settle under it.
  int64_t customers = 0;
  /// Models and ranks whose constants do not hold any more: null until the next calibration.
  std::vector<std::string> uncalibrated;
};

/// A policy under which the engine lives, or has lived.
struct PublishedPolicy {
  int32_t number = 1;                    ///< Transition::policy
  Micros at = kMinTime;                  ///< the clock when it was published
  std::string_view name, version, hash;  ///< borrow from the engine
};

/// Who was where at two instants: how many customers went from each class to each.
struct Migration {
  /// The classes at both instants, in the order of the policy then in force; the last is "", none.
  /// Borrow from the engine.
  std::vector<std::string_view> from, to;
  std::vector<int64_t> customers;  ///< row by row: of from[0] to to[0], to[1], ...
  int64_t count(size_t from_class, size_t to_class) const {
    return customers[from_class * to.size() + to_class];
  }
  /// Columns `from`, `to` (null: none) and `customers`, a row for each pair, in the same order.
  Result<Table> to_table() const;
};

/// Which values of whom, for Engine::profiles.
struct ProfilesOptions {
  std::vector<std::string> tags;                         ///< names of Policy::tags; empty: all
  std::optional<std::span<const CustomerId>> customers;  ///< those that there are; absent: all
  /// A condition over the policy's tags, such as "spend >= 100 && 'sleepers' in audience": only
  /// those for whom it is true, at the clock. Absent: all.
  std::optional<std::string> where;
  int threads = 1;  ///< 0: one for each core
  Control control;
};

class Engine {
 public:
  /// Code::kDocument where the policy asks for what a book cannot hold.
  static Result<Engine> open(const Policy& policy, const EngineOptions& options = {});
  ~Engine();
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;

  const Policy& policy() const;
  /// kMinTime before the first advance: until then every fact waits.
  Micros clock() const;
  int64_t customers() const;
  /// The streams, their columns in the order in which an event has its values, and the attributes.
  const BookLayout& layout() const;
  /// Events, and values of attributes.
  BookFacts facts() const;
  /// The first instant at which somebody is due, whom advance() has not reached yet; kEndTime where
  /// nobody is. May be before the clock, where late facts wait to be settled.
  Micros next_due() const;
  /// Cost: linear in the customers.
  EngineMemory memory() const;

  /// Files events of a stream: the table has `customer`, `time` and columns of the stream. A fact
  /// at or before the clock is late and takes effect at the next advance, at the clock; a later one
  /// at its own time. Bad rows are refused and listed; a bad table changes nothing. As Book::add.
  Status ingest(std::string_view stream, const Table& events, const IngestOptions& options = {},
                IngestReport* report = nullptr);
  /// The same for events one by one: a stream by its number in layout(). As Book::add.
  Status ingest(int stream, std::span<const BookEvent> events, const IngestOptions& options = {},
                IngestReport* report = nullptr);
  /// The same for events that a host has in a form of its own, where there is nothing to be said of
  /// any of them by itself; else nothing is done, and false. As Book::read.
  Result<bool> ingest(int stream, const internal::EventFeed& events, const IngestOptions& options,
                      IngestReport* report);
  /// Values of attributes, a column each, with `customer` and perhaps `time`. A null says nothing,
  /// or with options.nulls that the value is withdrawn from then on. Without `time` they hold from
  /// the clock: Code::kState where it has not been moved yet. As Book::set.
  Status set_attributes(const Table& values, const IngestOptions& options = {},
                        IngestReport* report = nullptr);
  /// Deletes events by `customer` and key. As Book::remove.
  Status remove(std::string_view stream, const Table& keys, const IngestOptions& options = {},
                IngestReport* report = nullptr);

  /// From now on both ids, and all that were linked with them, are one customer: the one who stands
  /// for the first. Of ladders the better class holds, with its timers; of others the survivor's;
  /// flags unite. It takes effect with the next advance, at the clock, cause kMerge.
  /// Code::kArgument for an id that is none. As Book::link.
  Result<LinkReport> link(CustomerId first, CustomerId second);
  /// Takes that link out: each side gets back where it stood when it was made, history tags
  /// included, united with what joined it since, and keeps its own facts. It takes effect with the
  /// next advance, at the clock. A link that is taken out before that has never been. Code::kState
  /// where no link was made between these two ids. Cost: linear in the customer's ids.
  Status unlink(CustomerId first, CustomerId second);
  /// Both for a table of pairs of ids, in its columns `first` and `second`, row after row: the
  /// report has links that were made as accepted, those of customers who were one already as
  /// duplicates, those that were taken out as deleted. A row that cannot be done is refused and
  /// harms no other. Code::kColumn, kType for a bad table, which changes nothing; kLimit and
  /// kMemory with the row at which they struck: the rows before it are done.
  Status link(const Table& pairs, IngestReport* report = nullptr);
  Status unlink(const Table& pairs, IngestReport* report = nullptr);
  /// Values of the policy's identity keys: `customer`, a column of text for each, perhaps `time`.
  /// Whoever has the same value from an instant on is one customer from then on; the survivor is
  /// the one with the smaller id, and cause kMerge. Without `time` as set_attributes(). As
  /// Book::claim.
  Status claim(const Table& keys, IngestReport* report = nullptr);
  /// What became of values that two customers had, oldest first.
  std::vector<KeyMeeting> key_meetings() const;
  /// Which customer an id is now: who stands for it by the links that there are, as in classes();
  /// nothing where the id was never sent, or is forgotten. The text borrows from the engine.
  std::optional<CustomerId> customer_of(CustomerId id) const;
  /// The same as a table of every id that was ever sent and is not forgotten, in the order of ids:
  /// `id` and `customer`, whose values are those of classes(). Cost: some 0.5 us an id.
  Result<Table> identities() const;
  /// Of these ids, a row for each, in their order; `customer` is null where nobody has it.
  Result<Table> identities(std::span<const CustomerId> ids) const;
  /// Forgets a customer: all her ids, keys, facts, links, classes and transitions. Nobody else's
  /// state changes. False where there is no such customer; her name in constants, which shards
  /// share, is gone all the same: tell every shard, each of her ids. Cost: linear in what waits.
  bool forget(CustomerId customer);

  /// Puts an override in force; a later one of its kind replaces an earlier. It takes effect with
  /// the next advance. Code::kColumn for a classification or class that is none, kArgument for a
  /// customer who is not there, an end that is not after its beginning and the clock, or after
  /// kEndTime, a kind that does not go with the classification, and a pin to a class with a limited
  /// number of seats that she is not in.
  Status set_override(CustomerId customer, const Override& what);
  /// Ends one before its time. Code::kState where there is none of that kind.
  Status clear_override(CustomerId customer, std::string_view classification, OverrideKind kind);
  /// Those of a customer, in force or to come, in the order in which they were given.
  std::vector<OverrideView> overrides(CustomerId customer) const;

  /// Lets time pass until t, which is not before the clock (Code::kArgument). Everyone who is due
  /// is settled at her own instant, in the order of (instant, customer id). advance(clock())
  /// settles what came late. Where the policy says `calibrate`, everybody is calibrated at 00:00 of
  /// the first day of each period, on the facts before that instant, and settled under the new
  /// constants. A shard stops there instead, the instant before (Code::kState; calibration_due()):
  /// after set_calibration() the same call goes on. Where `control` stops it (Code::kCancelled,
  /// kCallback), memory runs out (std::bad_alloc) or a calibration fails, the clock stands where it
  /// got to, and the next advance goes on from there. Cost: those who are due; all, at a
  /// calibration.
  Status advance(Micros t, const Control& control = {});

  /// Calibrates models and ranks at the clock, on all facts with time <= clock, and settles
  /// everyone under the new constants. A model with too few customers or without a sound fit keeps
  /// the constants that it had; the report says so. Code::kState before the first advance, and
  /// where the policy has nothing to calibrate. Cost: one pass over everyone for each stage, one to
  /// settle.
  Result<Calibration> calibrate();
  /// The constants in force; number 0 before the first calibration.
  Calibration calibration() const;
  /// Puts constants in force: those of a journal, of another engine, or of merged summaries. A
  /// complete one settles everyone: at the clock, or, where it is the one that is due, with the
  /// next advance. One that is not complete() yet is kept for the next summary. Code::kArgument for
  /// one of another policy.
  Status set_calibration(const Calibration& calibration);
  /// What became of each calibration so far.
  std::vector<CalibrationNote> calibrations() const;
  /// The next instant at which the policy wants a calibration; nothing where it never does, or
  /// nobody is there yet.
  std::optional<Micros> calibration_due() const;

  /// The exact summary of the customers here, for the next stage of a calibration: at the instant
  /// that is due where advance() stopped there, else at the clock. Code::kState as calibrate().
  ///
  ///   do {                                        // every shard, then once for all, every shard
  ///     for (Engine& shard : shards) parts.push_back(*shard.summary_for_merge());
  ///     found = *shards[0].learn(*Engine::merge_summaries(parts));
  ///     for (Engine& shard : shards) shard.set_calibration(found);
  ///   } while (!found.complete());
  Result<std::string> summary_for_merge();
  /// The summary of all parts: the same bytes in any order. Code::kSyntax, kArgument where parts do
  /// not go together or share a customer, kEmpty.
  static Result<std::string> merge_summaries(std::span<const std::string> parts);
  /// The constants of a summary; nothing is changed. Code::kSyntax, kArgument.
  Result<Calibration> learn(std::string_view summary) const;

  /// All changes of class with a number greater than `after`, in the order in which they came, at
  /// most `limit`. Those of customers who were forgotten are left out; their numbers are not given
  /// again.
  std::vector<Transition> transitions(int64_t after = 0, int64_t limit = INT64_MAX) const;
  int64_t transition_count() const;
  /// Those of one customer and of all ids that are linked with hers, in the order in which they
  /// came.
  std::vector<Transition> history(CustomerId customer) const;

  /// One row for each customer, ordered by id: `customer`, and for each classification its class
  /// (null: none; of flags the names with commas between them), since when (of flags null), and in
  /// `next_change` the next instant at which any of her classes may change if nothing is added
  /// (null: never): no later than her first row of forecast(), which facts, links, overrides and
  /// claims that wait are in. Cost: linear in the customers, some 0.3 us each, and in what waits.
  Result<Table> classes() const;
  /// The same of these customers: those that there are, each once. Cost: theirs, and what waits.
  Result<Table> classes(std::span<const CustomerId> customers) const;
  /// What is kept of everybody's way through the classifications that are no flags: one row for
  /// each customer, ordered by id, with `customer`, and of each classification its history tags as
  /// docs/classifications.md has them: `tier.previous`, `tier.since`, `tier.time_in`,
  /// `tier.highest` (ladders and bands) and `tier.moves`, as at the clock.
  Result<Table> history_table() const;
  /// One row for each customer, ordered by id: `customer` and every value of the policy, as at the
  /// clock; a set is its members with commas between them. History tags come where `tags` names
  /// them or the policy reads them. Code::kColumn for a tag that is none; kSyntax, kDocument,
  /// kLimit with the byte offset for a bad condition. Cost: the facts of everybody.
  Result<Table> profiles(const ProfilesOptions& options = {}) const;
  /// All values of one customer, with their sources and the times of their facts. Code::kArgument
  /// for an id that nobody has. Cost: her facts.
  Result<Profile> profile(CustomerId customer) const;
  /// The same as a table, a row for each value, in the columns of patron_engine_profile. Cost: her
  /// facts, and some 20 ns a value.
  Result<Table> profile_table(CustomerId customer) const;
  /// Why a customer is in her class, what is the least that is missing for each better one and
  /// until when that is enough, what holds her, and her next change if nothing is added, which is
  /// her first row of forecast(): as data, and as text in English ("en") or Chinese ("zh"). What it
  /// names was tried on a copy, under the constants of now: applied at the clock, it gives the
  /// class (docs/explain.md). Code::kArgument for an id that nobody has and for another language,
  /// kColumn for a name that is no classification. Cost: her facts, for each better class a few
  /// times, and for each instant at which time alone changes one of her values until her next
  /// change; where claims of identity keys wait that find her value with somebody else, a forecast
  /// to the last of them.
  Result<ClassExplanation> explain(CustomerId customer, std::string_view classification,
                                   std::string_view language = "en") const;
  /// How many are in each class at the clock, in the order of the policy; then those in none, where
  /// there are any. Code::kColumn for a name that is no classification. Cost: linear in the
  /// customers, some tens of ns each; no fact is read.
  Result<std::vector<ClassCount>> distribution(std::string_view classification) const;
  /// How many of those who are customers now were in each class at an instant that is not after the
  /// clock, by the transitions: one at that instant counts. The classification and the classes are
  /// those of the policy then in force. Linked ids are one customer, who was where the id was that
  /// stands for her. Code::kArgument for an instant after the clock. Cost: linear in transitions.
  Result<std::vector<ClassCount>> distribution(std::string_view classification, Micros at) const;
  /// How many were in which class at one instant and in which at another, not before it: both as in
  /// distribution(), the classification by its name at `end`. Who was not there yet, or not in this
  /// classification, was in none. Code::kUnsupported for flags, which overlap.
  Result<Migration> migration(std::string_view classification, Micros start, Micros end) const;

  /// The engine as it stands, for other threads: see engine_snapshot.h. Cost: linear in the
  /// customers, some 0.2 us each with one ladder; pages of facts are shared until the engine
  /// changes them.
  EngineSnapshot snapshot() const;

  /// What advance(until) would do if no more facts came, in the order of (instant, customer id);
  /// nothing is changed. Constants are those of now, and seats are not given anew. Code::kArgument
  /// for an instant to which advance() cannot go. `threads`: 0: one for each core; the same for any
  /// number of them. Cost: those who are due; where claims of identity keys wait that will have
  /// joined customers by then, a copy of the engine, on one thread.
  Result<Forecasts> forecast(Micros until, const Control& control = {}, int threads = 1) const;

  /// Puts another policy in force. Classes go on under the classes of the same name, or as the
  /// mapping says, with their timers and overrides; kept values by the names of their tags. The
  /// next advance settles everybody under it, at the clock, once, cause kPolicy; what was decided
  /// keeps the names that it had. Models and ranks that are defined as before keep their constants,
  /// the others are null until the next calibration. A policy that is in force already changes
  /// nothing. Streams, columns, attributes and values of enums may be new (of old facts they are
  /// null), and may be gone where no fact has them. An error, or memory that runs out, leaves
  /// everything as it was: Code::kState where somebody is in a class, or an override says one, that
  /// has no place there, with how many, and from within a callback of another call; kColumn for a
  /// name in the mapping that is none; kArgument where two classifications would become one;
  /// kDocument where the facts do not go with it. Cost: nothing for a customer where the classes
  /// are the same, else some 200 ns; some 20 ns an event where the columns are others. To settle
  /// everybody is the next advance's.
  Result<PublishReport> publish(const Policy& policy, const PublishMapping& mapping = {});
  /// The moves that publish() and then advance(clock()) would make; nothing is changed. Names
  /// borrow from `policy`. Errors as publish(), kState also from within a callback. `threads` as of
  /// forecast(). Cost: everybody is settled once; where claims of identity keys wait at the clock,
  /// a copy of the engine.
  Result<Forecasts> compare(const Policy& policy, const PublishMapping& mapping = {},
                            const Control& control = {}, int threads = 1) const;
  /// All policies so far, the oldest first; the last is in force.
  std::vector<PublishedPolicy> policies() const;

  /// Writes everything that it remembers, in the format of docs/engine.md: the policies under which
  /// it lived, the book, where everybody stands and what happened. The sink gets pieces of about a
  /// MiB; what it refuses with is returned. Cost: linear, some 200 ns a customer and 20 an event.
  Status save(const BookSink& sink) const;
  /// The same into one text.
  std::string save() const;
  /// An engine that goes on as the saved one would have: same state_hash(), same future. Options
  /// are the host's, as of open(): they are not saved. Bytes from anywhere are safe: what is
  /// damaged or makes no sense is Code::kSyntax with its offset, a later format Code::kUnsupported,
  /// and Code::kLimit says where the facts take more than the memory limit. Thread class: pure.
  /// Cost: linear, some 500 ns a customer and 30 an event.
  static Result<Engine> load(std::string_view bytes, const EngineOptions& options = {});
  /// The same where the host has the policy that was in force: the engine shares it with all others
  /// of that policy instead of having one of its own. Its document has to be the one that was
  /// saved, but for blanks (Code::kArgument, which names both). Earlier policies under which the
  /// engine lived are read from the bytes.
  static Result<Engine> load(std::string_view bytes, const Policy& policy,
                             const EngineOptions& options = {});

  /// SHA-256, 64 hexadecimal digits, of the clock and of every customer's classes, timers and
  /// history: equal for engines that stand where the other stands.
  std::string state_hash() const;

 private:
  explicit Engine(std::unique_ptr<internal::EngineData> data);
  std::unique_ptr<internal::EngineData> data_;
};

}  // namespace v0
}  // namespace patron
