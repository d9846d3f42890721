// The customer book: every fact about every customer, kept so that it can be read fast.
//
// A fact is an event of a stream (an order, a visit, a survey) or the value of an attribute. The
// book files it with the customer it speaks of, in the order of time whatever the order of arrival,
// knows it again by its event key, corrects and deletes it, resolves ids and identity keys to
// customers, and forgets a customer when asked. It decides nothing: what is made of the facts is
// computed above it. docs/book.md says what everything means.
//
//   patron::BookSpec spec;
//   spec.streams = {*patron::built_in_stream("orders", spec)};
//   spec.streams[0].key = "order_id";
//   patron::Book book(*patron::BookLayout::make(std::move(spec)));
//   patron::BookReport report;
//   patron::Status status = book.add("orders", orders, {.clock = now}, &report);
//   report.refused[0].reason;                                // "null amount"
//   patron::BookSnapshot yesterday = book.snapshot();        // for any number of reading threads
//
// Thread class: a BookLayout and a BookSnapshot are shared: any number of threads read a snapshot
// while the book goes on. A Book is serial, and so is taking a snapshot of it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "patron/money.h"
#include "patron/schema.h"
#include "patron/status.h"
#include "patron/table.h"
#include "patron/time.h"

namespace patron {
namespace internal {
class BookData;
class EventFeed;
struct BookState;
struct LayoutData;
}  // namespace internal
inline namespace v0 {

/// A column of a stream. Every stream has `customer` and `time` besides.
struct BookColumn {
  FieldSpec field;
  bool personal = false;  ///< masked in messages
  bool sums = false;  ///< what takes a customer's sum past int64 is refused: int64, money, duration
  bool customer = false;  ///< the value is a customer's id; field.kind is that of the book's ids
};

struct BookStream {
  std::string name;
  std::vector<BookColumn> columns;
  std::string key;  ///< the column of event keys, a string or int64; empty: events have none
};

struct BookSpec;
/// A built-in stream (orders, interactions, surveys, referrals, costs) with the columns it always
/// has, in the spec's unit of money and kind of ids; Code::kColumn for another name.
Result<BookStream> built_in_stream(std::string_view name, const BookSpec& spec);

struct BookAttribute {
  FieldSpec field;
  bool personal = false;
};

/// How the values of an identity key are brought to one form before they are compared.
enum class KeyForm : int32_t {
  kExact = 0,
  kPhone = 1,  ///< digits, "+" and the country; see normal_phone
  kEmail = 2,  ///< lower case; see normal_email
};

/// An identity key: two ids with the same value are one customer.
struct BookKey {
  std::string name;
  KeyForm form = KeyForm::kExact;
};

/// What a book can hold.
struct BookSpec {
  Kind customer = Kind::kString;  ///< of customers' ids: kString or kInt64
  TimeZone zone;                  ///< in which wall clocks and dates of time columns are meant
  MoneyUnit money;
  std::vector<BookStream> streams;
  std::vector<BookAttribute> attributes;
  std::vector<BookKey> keys;  ///< the strongest first
  std::string country_code;   ///< of phone numbers without one: "86"; empty: such are refused
};

/// A checked BookSpec; copies share their memory, and any number of books one layout.
class BookLayout {
 public:
  /// Code::kDocument where names are none or come twice, a key is no column, or sums, customer,
  /// values do not go with the kind.
  static Result<BookLayout> make(BookSpec spec);
  const BookSpec& spec() const;
  /// The index of a stream or an attribute, or -1.
  int find_stream(std::string_view name) const;
  int find_attribute(std::string_view name) const;
  const internal::LayoutData& data() const { return *data_; }
  const std::shared_ptr<const internal::LayoutData>& shared() const { return data_; }

 private:
  explicit BookLayout(std::shared_ptr<const internal::LayoutData> data);
  std::shared_ptr<const internal::LayoutData> data_;
};

struct BookOptions {
  int64_t memory_limit = 0;        ///< bytes; 0: none
  Micros refuse_after = kEndTime;  ///< facts later than this are refused: a broken clock
};

/// What a null among values of attributes says.
enum class AttributeNulls : int32_t {
  kIgnore = 0,  ///< nothing: what held before goes on
  kClear = 1,   ///< from then on there is no value: what held before is withdrawn
};

/// What is added, when.
struct AddOptions {
  Micros clock = kMinTime;  ///< a fact at or before it is late, one after it waits
  bool quiet = false;       ///< handed on in BookEffect
  AttributeNulls nulls = AttributeNulls::kIgnore;  ///< of Book::set
  int threads = 1;  ///< of tables of many rows; 0: one for each core. The same comes out
  /// Of large tables: customers whose facts there are their first in the stream may be marked in
  /// BookReport::late_rows instead of listed, where some are late. `quiet` is not handed on with a
  /// mark.
  bool mark_late = false;
};

/// A row that was refused. The numbers of good rows never change for bad ones.
struct BookRefusal {
  int64_t row = 0;     ///< of the table, or of the span of events
  std::string column;  ///< empty where it is the row as a whole
  std::string reason;  ///< "null amount", "time after 2030-01-01T00:00:00Z", ...
};

/// An id whose facts changed, and the instant at which its customer has to be settled.
struct BookEffect {
  /// The id's row: see Book::find, and Book::survivor for who stands for it.
  uint32_t customer = 0;
  Micros at = 0;         ///< the clock for what was late, else the fact's own time
  Micros fact_time = 0;  ///< the earliest of the facts
  bool late = false;
  /// One of them was a deletion, or a correction of what had taken effect, or moved elsewhere.
  bool corrected = false;
  bool quiet = false;  ///< all of them were
};

/// What became of a batch. Every row is accepted, a duplicate, a correction, or refused; those
/// accepted or corrected are late or wait.
struct BookReport {
  int64_t rows = 0, accepted = 0, duplicates = 0, corrected = 0, deleted = 0, unknown = 0,
          refused_rows = 0;
  int64_t late = 0, waiting = 0;
  std::vector<BookRefusal> refused;  ///< the first kMaxRefusals
  /// One for an id and instant: first those that are late, in the order in which their facts were
  /// filed (that of the batch, but for batches of more than 4,096 rows), then those that wait, by
  /// instant.
  std::vector<BookEffect> effects;
  /// With AddOptions::mark_late: bit r % 64 of word r / 64 says that the customer of row r has a
  /// late effect that is not listed: at the clock, of her earliest fact in the stream.
  std::vector<uint64_t> late_rows;
  static constexpr size_t kMaxRefusals = 10'000;
};

/// A customer's id: the number or the text, as BookSpec::customer says.
struct CustomerId {
  int64_t number = 0;
  std::string_view text;
};

/// A cell: null, bool, an integer (int64, minor units, days, microseconds, bits of an enum_set), a
/// double, a text.
using BookValue = std::variant<std::monostate, bool, int64_t, double, std::string_view>;

/// One event, for hosts that have them one by one; values are in the order of the columns.
struct BookEvent {
  CustomerId customer;
  Micros time = 0;
  std::span<const BookValue> values;
};

/// What a link did.
struct BookLink {
  uint32_t survivor = 0;  ///< the row of the one who now stands for both
  uint32_t other = 0;     ///< the row that stood for the other side before
  bool done = false;      ///< false: they were one already
};

/// What became of an identity key that two customers have.
struct BookKeyLink {
  int key = 0;            ///< of BookSpec::keys
  bool done = false;      ///< false: a stronger key tells them apart
  int stronger = -1;      ///< that key, or -1
  uint32_t survivor = 0;  ///< the row of the customer with the smaller id; she stands for both
  uint32_t other = 0;     ///< the row of the other one
  uint32_t first = 0;     ///< the two ids between which the link was made
  uint32_t second = 0;
  uint64_t token = 0;
};

/// What taking a link out did: the rows that now stand for both sides.
struct BookSplit {
  uint32_t first = 0, second = 0;
  uint64_t token = 0;  ///< as it was given to link(): the caller's, for states she kept
};

/// Bytes held, by what holds them.
struct BookMemory {
  int64_t customers = 0;   ///< ids and their table
  int64_t events = 0;      ///< times and columns
  int64_t event_keys = 0;  ///< key columns and indices of keys
  int64_t attributes = 0;
  int64_t texts = 0;       ///< texts of more than 12 bytes, and of enums
  int64_t identities = 0;  ///< links and identity keys
  int64_t slack = 0;       ///< room for what comes, and pages that only snapshots still hold
  int64_t total = 0;
};

/// Takes the bytes of what is saved, piece after piece. What it returns other than ok ends that.
using BookSink = std::function<Status(std::string_view)>;

/// How many facts there are.
struct BookFacts {
  int64_t events = 0;
  int64_t values = 0;  ///< of attributes
};

/// "no row": what Book::find gives for an id that is not there.
inline constexpr uint32_t kNoCustomer = 0xFFFFFFFF;

/// The book at one moment, immutable. Copies share their memory; what later changes in the book is
/// copied before it is changed.
class BookSnapshot {
 public:
  /// Customers' rows are 0 to customers() - 1.
  uint32_t customers() const;
  const internal::BookState& state() const { return *state_; }

 private:
  friend class Book;
  explicit BookSnapshot(std::shared_ptr<const internal::BookState> state)
      : state_(std::move(state)) {}
  std::shared_ptr<const internal::BookState> state_;
};

class Book {
 public:
  explicit Book(BookLayout layout, BookOptions options = {});
  ~Book();
  Book(Book&&) noexcept;
  Book& operator=(Book&&) noexcept;

  const BookLayout& layout() const;
  /// Whether both mean the same, name for name and in the same order.
  bool has_layout(const BookLayout& layout) const;
  /// The same customers, links, keys and facts in a book of another layout, rows and tokens
  /// included; this one stays as it is. Streams, columns and attributes go on by their names, the
  /// values of enums by their words; of what is new old facts have none. Code::kDocument, with
  /// what, where a fact or a value would have no place: a stream, column, attribute or word that
  /// has some is gone, or of another type, unit or event key; where a column that needs a value
  /// would have none; where ids are of another type; where identity keys of which there are values
  /// are others. Cost: linear, some 200 ns an event.
  Result<Book> relaid(BookLayout layout) const;

  /// Adds events. The table has `customer`, `time`, and columns of the stream by name; those it
  /// has not are null. A bad row is refused and counted, and harms nobody; a bad table (unknown
  /// stream or column, wrong type), memory that runs out and the memory limit (Code::kLimit) leave
  /// the book as it was. Code::kColumn, kType, kLimit; std::bad_alloc. `report` is overwritten.
  /// Cost: some 100 ns a row, some 200 with event keys; less in batches of more than 4,096 rows.
  Status add(std::string_view stream, const Table& events, const AddOptions& options,
             BookReport* report);
  Status add(int stream, std::span<const BookEvent> events, const AddOptions& options,
             BookReport* report);
  /// Reads events that a host has in a form of its own, where there is nothing to be said of any by
  /// itself; else false: then add() says what there is to say. add_read() adds them, and is as
  /// add(); what was read is gone with the next call of any other kind.
  bool read(int stream, const internal::EventFeed& events);
  Status add_read(const AddOptions& options, BookReport* report);
  /// The short way of an event about which there is nothing to say: it is good, corrects none, and
  /// the memory has no limit. The row of its customer; kNoCustomer, and nothing is done, where that
  /// is not known to be so: then add() says what there is to say. std::bad_alloc.
  uint32_t add_one(int stream, const BookEvent& event);
  /// Whether new facts may lie longer beside the others of their page before they are brought in
  /// order among them, from now on; initially not. Adding takes less time then, and looking at the
  /// facts of one customer more. The same comes out. Does not fail.
  void keep_long_tails(bool long_tails);

  /// Deletes events by `customer` and key; what is not there is counted as unknown, and leaves
  /// nothing behind. Code::kColumn where the stream has no keys; else as add().
  Status remove(std::string_view stream, const Table& keys, const AddOptions& options,
                BookReport* report);

  /// Adds values of attributes: the table has `customer`, one column for each attribute, and may
  /// have `time`, from which on they hold (default: the clock). A null says nothing, or with
  /// AttributeNulls::kClear that from then on there is no value. Every attribute is a fact of its
  /// own: one that is refused does not hinder its neighbours.
  Status set(const Table& values, const AddOptions& options, BookReport* report);

  /// From now on both ids, and all that were linked with them, are one customer. The survivor is
  /// the one who stands for the first. Ids that are not there yet are added. `token` is kept for
  /// unlink(). Facts stay with their ids. Code::kArgument for an id that is none, kLimit.
  /// Cost: amortised logarithmic in the number of ids of the customer.
  Result<BookLink> link(CustomerId first, CustomerId second, uint64_t token);
  /// Takes the link between these two ids out. What is left of their links, in the order in which
  /// they were made, says who stands for each side; link followed by unlink is the identity.
  /// Code::kState where no link was made between these two.
  /// Cost: linear in the smaller side; in both where the link is not the customer's newest.
  Result<BookSplit> unlink(CustomerId first, CustomerId second);
  /// Adds values of identity keys: the table has `customer`, a column of text for each key, and may
  /// have `time` (default: the clock). They join nobody before settle_keys(). Code::kColumn, kType.
  Status claim(const Table& keys, const AddOptions& options, BookReport* report);
  /// Links customers who share the value of a key, by all claims with time <= now, in an order that
  /// does not depend on their arrival. The k-th link gets the token first_token + k. `met` is
  /// overwritten: a line for each value that was found to belong to another customer. Throws
  /// std::bad_alloc; then `met` says what was done, and the next call does the rest.
  Status settle_keys(Micros now, uint64_t first_token, std::vector<BookKeyLink>* met);

  /// The first instant of the claims that wait for settle_keys(); kEndTime where none does. Cost:
  /// linear in those.
  Micros next_claim() const;
  /// The rows of ids that claims which wait will find to share a value, each with the first instant
  /// at which that is so, not before `now`: then settle_keys() may join them. Cost: n log n in
  /// those claims.
  std::vector<std::pair<uint32_t, Micros>> meetings_ahead(Micros now) const;

  /// Forgets a customer: all ids that are linked with this, their keys, facts and links. Referrals
  /// by others keep a row that names nobody. Gives the rows that were hers, empty where there was
  /// none; where memory runs out (std::bad_alloc) nobody is forgotten. Texts of enums stay; they
  /// are the words of the stream. Snapshots keep what they had.
  std::vector<uint32_t> forget(CustomerId id);

  /// The row of who stands for a row's customer: the row itself where it is not linked.
  uint32_t survivor(uint32_t row) const;

  /// The customer's row, or kNoCustomer. Rows are given in the order of arrival, or of ids where
  /// thousands come first; they reach no result.
  uint32_t find(CustomerId id) const;
  CustomerId id(uint32_t row) const;
  uint32_t customers() const;

  /// Writes the book, in the format of docs/book.md: facts, ids and their rows, links, keys, claims
  /// that wait. The sink gets pieces of about a MiB; what it refuses with is returned. The book is
  /// not changed. Cost: linear, some 20 ns an event.
  Status save(const BookSink& sink) const;
  /// The same into one text.
  std::string save() const;
  /// A book that goes on as the saved one would have, row numbers and tokens included. Bytes from
  /// anywhere are safe: what is damaged or makes no sense is Code::kSyntax with its offset, another
  /// layout Code::kDocument with what differs, a later format Code::kUnsupported. Memory is at most
  /// proportional to the bytes times the width of a row, and Code::kLimit says where it goes beyond
  /// BookOptions. Cost: linear, some 30 ns an event.
  static Result<Book> load(BookLayout layout, std::string_view bytes, BookOptions options = {});

  /// SHA-256 (64 hex digits) of what the book holds, by value: the same facts, links, keys and
  /// claims give the same, whatever their order of arrival, batches and row numbers. Forgotten
  /// customers are none of it. docs/book.md has the form. Cost: linear, some 300 ns an event.
  std::string state_hash() const;

  /// Cost: linear in the pages (256 customers each), not in the facts.
  BookSnapshot snapshot();
  const internal::BookState& state() const;

  BookMemory memory() const;
  /// Cost: linear in the pages.
  BookFacts facts() const;

 private:
  explicit Book(std::unique_ptr<internal::BookData> data);
  std::unique_ptr<internal::BookData> data_;
};

}  // namespace v0
}  // namespace patron
