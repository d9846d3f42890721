/* patron: customer value from raw orders.

   This header is the whole C API. Read it from top to bottom: conventions, errors, then what there
   is to do, each with what it means, what can go wrong and who may call it when.

     patron_error error = PATRON_ERROR_INIT;
     patron_rfm_options options = PATRON_RFM_OPTIONS_INIT;
     options.customer = patron_str_of("customer");
     options.time = patron_str_of("time");
     options.amount = patron_str_of("amount");
     if (patron_table_import_stream(&stream, &orders, &error) != PATRON_OK ||
         patron_rfm_compute(orders, &options, &rfm, &error) != PATRON_OK) {
       fprintf(stderr, "%s\n", error.message);
     }

   Generated from capi/api.json by capi/generate.py. */
/* clang-format off */
#ifndef PATRON_PATRON_H_
#define PATRON_PATRON_H_

#include <stdint.h>
#include <string.h>

#if defined(__GNUC__)
#define PATRON_API __attribute__((visibility("default")))
#else
#define PATRON_API
#endif

#ifdef __cplusplus
#define PATRON_NOEXCEPT noexcept
extern "C" {
#else
#define PATRON_NOEXCEPT
#endif

#define PATRON_ABI_MAJOR 0
#define PATRON_ABI_MINOR 3

/* ==============================================================================================
   Conventions

   Names. A function is patron_<noun>_<verb>, a constant PATRON_<NOUN>_<VALUE>, a handle an
   opaque struct of its own type.

   Errors. A function that can fail returns a patron_status and takes, last, an optional
   patron_error* that the caller owns: on failure it holds code, message and position, on success
   it is not touched. There is no other error state. A failed call changes nothing, and its
   output handles are NULL. Functions that cannot fail return their value; given a handle that is
   NULL or not theirs they return -1, or a text whose data is NULL.

   Every function that returns a patron_status can return, beside the errors it lists: ARGUMENT
   where a pointer that must not be NULL is, HANDLE where a handle is NULL or of another type,
   STATE where a handle was made before fork(), UNSUPPORTED where a struct has another size or a
   field that this version does not know, MEMORY, and INTERNAL.

   Handles. patron_<noun>_close(NULL) does nothing, and close never fails. Every handle stands
   alone: one that came out of another stays valid when that one is closed, in any order. A
   handle belongs to the process that made it; after fork() the child may only close it, which
   frees memory and does nothing else.

   Structs. Each starts with struct_size, which the PATRON_<STRUCT>_INIT initializer sets.
   Structs only ever grow at the end, so programs built against this header run with later
   libraries of the same SONAME, and newer programs run with this one as long as they leave what
   it does not know at zero. Fields named reserved are zero. Elements of an array of structs all
   have the struct_size of the first. Layouts are those of 64-bit targets and have no holes.

   Text goes in as pointer and length, UTF-8, checked; NULL with length 0 is the empty text. Text
   comes out as a patron_str that borrows from the handle it was asked of, as a caller's buffer,
   or as a patron_buffer. Nothing is terminated by a zero byte unless it says so.

   Optional values are pointers: NULL is absent.

   Threads. Each function says its class. pure: from any thread, at any time, on any data of the
   caller's own. shared: many threads may use the same handle at once, while none closes it.
   serial: one thread at a time for each handle. any-time: from any thread, even while another
   call uses the handle. No thread outlives a call, and callbacks run on the caller's thread
   only.

   The library keeps no state between calls but what its handles hold, reads no clock, no locale
   and no environment variable, and writes to no file or stream.
   ============================================================================================== */

/* ==============================================================================================
   Errors

   The tens digit of a status is its family: 1 argument, 2 text, 3 data, 4 state, 5 input and
   output, 6 resource, 7 callback, 9 internal. A number, once released, keeps its meaning.
   ============================================================================================== */

/* PATRON_OK, or what went wrong. */
typedef int32_t patron_status;

#define PATRON_OK            0 /* Done. */
#define PATRON_E_ARGUMENT    10 /* A value outside its domain, or a null pointer. */
#define PATRON_E_UNSUPPORTED 11 /* A struct too small, or with an unknown tail that is not zero. */
#define PATRON_E_HANDLE      12 /* A null or foreign handle. */
#define PATRON_E_BUFFER      13 /* The caller's buffer is too small; the size needed is reported. */
#define PATRON_E_SYNTAX      20 /* Text that does not parse; byte_offset says where. */
#define PATRON_E_DOCUMENT    21 /* Text that parses but means nothing sound: gaps, overlaps, unknown keys. */
#define PATRON_E_ZONE        22 /* No such IANA time zone. */
#define PATRON_E_COLUMN      30 /* No such column. */
#define PATRON_E_TYPE        31 /* A column of the wrong type. */
#define PATRON_E_LENGTH      32 /* Lengths that differ. */
#define PATRON_E_EMPTY       33 /* No rows, or none that can be used. */
#define PATRON_E_NULL        34 /* Null where a value is required; row says where. */
#define PATRON_E_NUMBER      35 /* NaN or infinite. */
#define PATRON_E_OVERFLOW    36 /* A sum or a value outside int64. */
#define PATRON_E_TIME        37 /* A time outside the years 0001 to 9999, or text that is no time. */
#define PATRON_E_UTF8        38 /* Bytes that are no UTF-8. */
#define PATRON_E_ARROW       39 /* An Arrow array or stream that breaks the Arrow rules. */
#define PATRON_E_STATE       40 /* Not now: released, closed, or made before fork(). */
#define PATRON_E_IO          50 /* Reading or writing failed. */
#define PATRON_E_MEMORY      60 /* An allocation failed; nothing changed. */
#define PATRON_E_LIMIT       61 /* More than patron can hold. */
#define PATRON_E_CANCELLED   70 /* A cancel token was set. */
#define PATRON_E_CALLBACK    71 /* A callback returned non-zero; detail has its number. */
#define PATRON_E_INTERNAL    90 /* A defect of patron's; please report it. */

/* What went wrong, filled on failure. 1024 bytes, for good: start from PATRON_ERROR_INIT. A call
   given an error struct of another struct_size does nothing but consume what it always consumes,
   and returns PATRON_E_UNSUPPORTED. */
typedef struct patron_error patron_error;
struct patron_error {
  uint32_t struct_size; /* sizeof(patron_error) */
  patron_status code; /* the status that the call returned */
  int32_t detail; /* PATRON_E_CALLBACK: what the callback returned; else 0 */
  uint32_t reserved;
  int64_t byte_offset; /* zero-based position in the text, or -1 */
  int64_t row; /* zero-based row of the input, or -1 */
  char message[992]; /* UTF-8, ends with a zero byte, cut between characters */
};
#define PATRON_ERROR_INIT \
  { (uint32_t)sizeof(patron_error), 0, 0, 0, 0, 0, {0} }

/* The name of a status, such as "column"; "unknown" for a number that is none. Static, ends with
   a zero byte.
   Thread class: pure. */
PATRON_API const char* patron_status_name(patron_status status) PATRON_NOEXCEPT;

/* ==============================================================================================
   Text

   Borrowed text and owned bytes.
   ============================================================================================== */

/* Bytes that patron allocated, such as a JSON document. */
typedef struct patron_buffer patron_buffer;

/* Text that somebody else owns: size bytes from data, with no zero byte behind them. The one
   struct without a struct_size; it will not grow. */
typedef struct patron_str patron_str;
struct patron_str {
  const char* data;
  uint64_t size;
};

/* The text of a C string, borrowed: options.customer = patron_str_of("customer_id"). */
static inline patron_str patron_str_of(const char* text) {
  patron_str str;
  str.data = text;
  str.size = text ? (uint64_t)strlen(text) : 0;
  return str;
}
/* For printf: printf("%.*s\n", PATRON_STR_ARGS(str)). */
#define PATRON_STR_ARGS(str) (int)(str).size, (str).data

/* What the buffer holds, valid until it is closed.
   Thread class: shared. */
PATRON_API patron_str patron_buffer_text(const patron_buffer* buffer) PATRON_NOEXCEPT;

/* Frees the buffer.
   Thread class: serial. */
PATRON_API void patron_buffer_close(patron_buffer* buffer) PATRON_NOEXCEPT;

/* ==============================================================================================
   Version

   Which library this is, and which zone data it carries.
   ============================================================================================== */

/* The version of the library, such as "0.2.0". Static, ends with a zero byte.
   Thread class: pure. */
PATRON_API const char* patron_version(void) PATRON_NOEXCEPT;

/* The ABI of the library that is running: major << 16 | minor. A program runs with it when the
   major number equals its PATRON_ABI_MAJOR and the minor number is at least its
   PATRON_ABI_MINOR.
   Thread class: pure. */
PATRON_API uint32_t patron_abi_version(void) PATRON_NOEXCEPT;

/* The version of the time zone data inside the library, such as "2026a". Static.
   Thread class: pure. */
PATRON_API patron_str patron_zone_data_version(void) PATRON_NOEXCEPT;

/* The SHA-256 of that data, 64 hexadecimal digits. Static.
   Thread class: pure. */
PATRON_API patron_str patron_zone_data_hash(void) PATRON_NOEXCEPT;

/* ==============================================================================================
   Time

   An instant is an int64 count of microseconds since 1970-01-01T00:00:00Z, without leap seconds,
   in the years 0001 to 9999. Zones are IANA names; their rules are inside the library.
   ============================================================================================== */

/* A length of time: calendar months, or exact microseconds; one of the two is zero. */
typedef struct patron_period patron_period;
struct patron_period {
  uint32_t struct_size;
  int32_t months; /* calendar months, in the zone of the call */
  int64_t micros; /* microseconds */
};
#define PATRON_PERIOD_INIT \
  { (uint32_t)sizeof(patron_period), 0, 0 }

/* Reads an ISO 8601 date or time: "2026-03-01", "2026-03-01T08:30", "2026-03-01
   08:30:00.25+08:00", "...Z". Without an offset it is a wall clock of the zone, and a date is
   its local midnight. An empty zone is UTC.
   Errors: TIME, ZONE, UTF8, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: pure. */
PATRON_API patron_status patron_time_parse(
    const char* text, uint64_t text_size, const char* zone, uint64_t zone_size, int64_t* micros,
    patron_error* error) PATRON_NOEXCEPT;

/* Writes an instant as "2026-03-01T08:30:00Z", with a fraction only where there is one, and a
   zero byte behind it. *needed (optional) is the size with the zero byte; 32 bytes are always
   enough.
   Errors: TIME, BUFFER, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: pure. */
PATRON_API patron_status patron_time_format(
    int64_t micros, char* buffer, uint64_t capacity, uint64_t* needed, patron_error* error)
    PATRON_NOEXCEPT;

/* Reads "365d", "12mo", "2y", "36h": a whole number above zero and one unit of ms, s, min, h, d,
   w, mo, y.
   Errors: SYNTAX, UTF8, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: pure. */
PATRON_API patron_status patron_period_parse(
    const char* text, uint64_t text_size, patron_period* period, patron_error* error)
    PATRON_NOEXCEPT;

/* Whether there is such an IANA time zone; the message names the nearest one when there is not.
   Errors: ZONE, UTF8, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: pure. */
PATRON_API patron_status patron_zone_check(
    const char* name, uint64_t name_size, patron_error* error) PATRON_NOEXCEPT;

/* How many zone names there are, link names included.
   Thread class: pure. */
PATRON_API int32_t patron_zone_count(void) PATRON_NOEXCEPT;

/* Zone name 0 to patron_zone_count() - 1, in byte order. Static; the data is NULL outside that
   range.
   Thread class: pure. */
PATRON_API patron_str patron_zone_name(int32_t index) PATRON_NOEXCEPT;

/* ==============================================================================================
   Money

   Money is an int64 count of minor units (cents, fen); the scale is the number of decimal digits
   of the minor unit, 0 to 9: 2 for EUR and CNY, 0 for JPY, 3 for KWD.
   ============================================================================================== */

/* value x 10^scale to the nearest whole number, half to even. *rounded (optional) is 1 where the
   value was no multiple of the minor unit within 1e-6 of one, else 0.
   Errors: ARGUMENT, NUMBER, OVERFLOW, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: pure. */
PATRON_API patron_status patron_money_from_double(
    double value, int32_t scale, int64_t* minor, int32_t* rounded, patron_error* error)
    PATRON_NOEXCEPT;

/* Reads "1234.5" or "-0.07": digits and at most one point. Digits beyond the scale are rounded
   half to even, which *rounded (optional) reports.
   Errors: ARGUMENT, SYNTAX, OVERFLOW, UTF8, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: pure. */
PATRON_API patron_status patron_money_parse(
    const char* text, uint64_t text_size, int32_t scale, int64_t* minor, int32_t* rounded,
    patron_error* error) PATRON_NOEXCEPT;

/* Writes "-1234.50", or "-1234.50 EUR" where a currency of three letters A to Z is given, and a
   zero byte behind it. *needed (optional) is the size with the zero byte; 32 bytes are always
   enough.
   Errors: ARGUMENT, BUFFER, UTF8, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: pure. */
PATRON_API patron_status patron_money_format(
    int64_t minor, int32_t scale, const char* currency, uint64_t currency_size, char* buffer,
    uint64_t capacity, uint64_t* needed, patron_error* error) PATRON_NOEXCEPT;

/* The exact sum of amounts of one unit, whatever overflows on the way: an error only where the
   total does.
   Errors: OVERFLOW, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: pure. Cost: linear in count. */
PATRON_API patron_status patron_money_sum(
    const int64_t* amounts, uint64_t count, int64_t* sum, patron_error* error) PATRON_NOEXCEPT;

/* ==============================================================================================
   Tables

   A table is an immutable set of named columns of one length. It comes from an Arrow stream or
   array, which is read in place, or from plain memory of the caller's; patron's results are
   tables too, and go out as an Arrow stream or are read in place as plain columns.

   Columns may lie in several chunks; chunk k has the same length in every column.
   ============================================================================================== */

/* The Arrow C data and stream interfaces, as the Arrow project defines them, under the
   standard's own guards: other copies of the same structs do no harm. */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};

#endif /* ARROW_C_DATA_INTERFACE */

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
  const char* (*get_last_error)(struct ArrowArrayStream*);
  void (*release)(struct ArrowArrayStream*);
  void* private_data;
};

#endif /* ARROW_C_STREAM_INTERFACE */

/* The types a column can have. */
#define PATRON_TYPE_UNSUPPORTED  (-1) /* an imported column that patron does not read: listed, never used */
#define PATRON_TYPE_NULL         0
#define PATRON_TYPE_BOOL         1 /* one bit each */
#define PATRON_TYPE_INT8         2
#define PATRON_TYPE_INT16        3
#define PATRON_TYPE_INT32        4
#define PATRON_TYPE_INT64        5
#define PATRON_TYPE_UINT8        6
#define PATRON_TYPE_UINT16       7
#define PATRON_TYPE_UINT32       8
#define PATRON_TYPE_UINT64       9
#define PATRON_TYPE_FLOAT        10 /* 32 bits */
#define PATRON_TYPE_DOUBLE       11 /* 64 bits */
#define PATRON_TYPE_DECIMAL128   12
#define PATRON_TYPE_STRING       13 /* UTF-8, 32-bit offsets */
#define PATRON_TYPE_LARGE_STRING 14 /* UTF-8, 64-bit offsets */
#define PATRON_TYPE_STRING_VIEW  15 /* UTF-8, 16-byte views */
#define PATRON_TYPE_DATE32       16 /* days since 1970-01-01, int32 */
#define PATRON_TYPE_DATE64       17 /* milliseconds since 1970-01-01, int64 */
#define PATRON_TYPE_TIMESTAMP    18 /* int64 of a unit, with or without a zone */
#define PATRON_TYPE_DURATION     19 /* int64 of a unit */
#define PATRON_TYPE_DICTIONARY   20 /* indices into the values of a dictionary */

/* Units of timestamps and durations. */
#define PATRON_UNIT_SECOND 0
#define PATRON_UNIT_MILLI  1
#define PATRON_UNIT_MICRO  2
#define PATRON_UNIT_NANO   3

/* Named columns of one length. Immutable, and shares its memory. */
typedef struct patron_table patron_table;

/* The name and type of a column. Its texts borrow from the table. */
typedef struct patron_field patron_field;
struct patron_field {
  uint32_t struct_size;
  int32_t type; /* PATRON_TYPE_* */
  patron_str name;
  patron_str type_name; /* as it stands in messages: "timestamp[us, tz=UTC]" */
  int32_t unit; /* PATRON_UNIT_*, of a timestamp or duration */
  int32_t precision; /* decimal128 */
  int32_t scale; /* decimal128 */
  int32_t index; /* dictionary: the integer type of its indices */
  int32_t value; /* dictionary: the type of its values */
  int32_t ordered; /* dictionary: 1 where the order of its values means something */
  patron_str zone; /* timestamp: empty for a wall clock without a zone */
};
#define PATRON_FIELD_INIT \
  { (uint32_t)sizeof(patron_field), 0, {NULL, 0}, {NULL, 0}, 0, 0, 0, 0, 0, 0, {NULL, 0} }

/* One chunk of a column as plain memory, laid out as the Arrow columnar format says: element i
   is element offset + i of the buffers. Buffers that a type has not are NULL. Given to patron it
   is the caller's memory; got from patron it borrows from the table, and then its offset is 0 to
   7, and what a null element holds is anything at all. */
typedef struct patron_column patron_column;
struct patron_column {
  uint32_t struct_size;
  int32_t type; /* PATRON_TYPE_* */
  patron_str name; /* not looked at in a dictionary */
  int32_t unit; /* PATRON_UNIT_*, of a timestamp or duration; initially PATRON_UNIT_MICRO */
  int32_t precision; /* decimal128: 1 to 38 */
  int32_t scale; /* decimal128 */
  int32_t index; /* dictionary: the integer type of its indices */
  int32_t value; /* dictionary: the type of its values, that of *dictionary */
  int32_t ordered; /* dictionary: 0 or 1 */
  patron_str zone; /* timestamp: an IANA name, or empty for a wall clock without a zone */
  int64_t length; /* elements */
  int64_t offset; /* where in the buffers the first element is */
  int64_t null_count; /* not looked at on the way in, exact on the way out */
  const uint8_t* validity; /* bit i set: element i is there; NULL: all are */
  const void* values; /* fixed-width values, bool bits, views, or indices */
  const void* offsets; /* string: int32, large string: int64; offset + length + 1 of them */
  const uint8_t* bytes; /* string, large string */
  const uint8_t* const* view_buffers; /* string view: the data buffers that views refer to */
  const int64_t* view_sizes; /* string view: and the size of each in bytes */
  uint64_t view_buffer_count;
  const patron_column* dictionary; /* dictionary: its values, a column of its own length */
};
#define PATRON_COLUMN_INIT \
  { (uint32_t)sizeof(patron_column), 0, {NULL, 0}, PATRON_UNIT_MICRO, 0, 0, 0, 0, 0, {NULL, 0}, 0, \
    0, 0, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL }

/* Reads a stream of struct arrays, without copying the columns. The stream is consumed whatever
   happens: it is released before the call returns, and the arrays when the last table that reads
   them is closed, on the thread that closes it. Nothing is believed before it is checked. A
   column of a type that patron does not read is listed as PATRON_TYPE_UNSUPPORTED, and harms
   nobody who leaves it alone. STATE where the stream was released before.
   Errors: ARROW, UTF8, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: pure. Cost: reads the stream to its end; checks every offset, index and text,
   copies nothing. */
PATRON_API patron_status patron_table_import_stream(
    struct ArrowArrayStream* stream, patron_table** table, patron_error* error) PATRON_NOEXCEPT;

/* Reads one record batch in the same way. Both structs are consumed whatever happens.
   Errors: ARROW, UTF8, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: pure. Cost: as patron_table_import_stream. */
PATRON_API patron_status patron_table_import_array(
    struct ArrowArray* array, struct ArrowSchema* schema, patron_table** table, patron_error* error)
    PATRON_NOEXCEPT;

/* A table of one chunk over the caller's own memory, which must outlive the table, what is
   selected from it and every stream that is exported from these. The structs themselves and
   their texts may go when the call returns; what else they point to is that memory.
   Errors: ARGUMENT, LENGTH, ARROW, UTF8, TYPE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: pure. Cost: checks texts and indices, copies nothing. */
PATRON_API patron_status patron_table_create(
    const patron_column* columns, uint64_t count, patron_table** table, patron_error* error)
    PATRON_NOEXCEPT;

/* The number of rows.
   Thread class: shared. */
PATRON_API int64_t patron_table_rows(const patron_table* table) PATRON_NOEXCEPT;

/* The number of columns.
   Thread class: shared. */
PATRON_API int32_t patron_table_columns(const patron_table* table) PATRON_NOEXCEPT;

/* The number of chunks, the same for every column.
   Thread class: shared. */
PATRON_API int64_t patron_table_chunks(const patron_table* table) PATRON_NOEXCEPT;

/* The index of a column. The message of COLUMN names the nearest name and the columns there are.
   Errors: COLUMN, UTF8, HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_table_find(
    const patron_table* table, const char* name, uint64_t name_size, int32_t* column, patron_error*
    error) PATRON_NOEXCEPT;

/* The name and type of column 0 to patron_table_columns() - 1.
   Errors: ARGUMENT, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_table_field(
    const patron_table* table, int32_t column, patron_field* field, patron_error* error)
    PATRON_NOEXCEPT;

/* One chunk of a column as plain memory, valid until the table is closed. What is called utf8
   here is of PATRON_TYPE_STRING in some tables and of PATRON_TYPE_LARGE_STRING in others: the
   type says how wide the offsets are.
   Errors: ARGUMENT, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_table_column(
    const patron_table* table, int32_t column, int64_t chunk, patron_column* view, patron_error*
    error) PATRON_NOEXCEPT;

/* A new table with the same rows and these columns, in this order. It shares the memory.
   Errors: COLUMN, UTF8, HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_table_select(
    const patron_table* table, const patron_str* names, uint64_t count, patron_table** selected,
    patron_error* error) PATRON_NOEXCEPT;

/* Hands the columns out as an Arrow stream, one record batch for each chunk. *stream is
   overwritten; it is the caller's to release, and keeps the memory alive on its own. One thread
   at a time may use the stream. TYPE where a column is PATRON_TYPE_UNSUPPORTED: select the
   others first.
   Errors: TYPE, HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. Cost: copies nothing. */
PATRON_API patron_status patron_table_export_stream(
    const patron_table* table, struct ArrowArrayStream* stream, patron_error* error)
    PATRON_NOEXCEPT;

/* Closes the handle. The memory goes with the last table or stream that reads it.
   Thread class: serial. */
PATRON_API void patron_table_close(patron_table* table) PATRON_NOEXCEPT;

/* ==============================================================================================
   Cancel and progress

   A call that may take long takes a cancel token and a progress callback, both optional. Either
   stops it within 50 ms, and nothing has changed then.
   ============================================================================================== */

/* A flag that stops the calls which were given it. */
typedef struct patron_cancel patron_cancel;

/* Called on the caller's thread with the share done, 0 to 1, which never decreases. A return
   other than 0 stops the call with PATRON_E_CALLBACK; error->detail has the number. It may call
   patron, but for closing what the call reads. */
typedef int32_t (*patron_progress_fn)(void* context, double share);

/* A new token, not set.
   Errors: UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: pure. */
PATRON_API patron_status patron_cancel_create(
    patron_cancel** cancel, patron_error* error) PATRON_NOEXCEPT;

/* Sets the token: calls that were given it stop with PATRON_E_CANCELLED, and calls that are
   given it later stop at once. Safe in a signal handler.
   Thread class: any-time. */
PATRON_API void patron_cancel_request(patron_cancel* cancel) PATRON_NOEXCEPT;

/* Clears the token.
   Thread class: any-time. */
PATRON_API void patron_cancel_reset(patron_cancel* cancel) PATRON_NOEXCEPT;

/* 1 where the token is set, else 0.
   Thread class: any-time. */
PATRON_API int32_t patron_cancel_requested(const patron_cancel* cancel) PATRON_NOEXCEPT;

/* Closes the handle. Calls that were given the token go on, and can no longer be cancelled by
   it.
   Thread class: serial. */
PATRON_API void patron_cancel_close(patron_cancel* cancel) PATRON_NOEXCEPT;

/* ==============================================================================================
   Workspace

   Scratch memory that is kept from call to call. A call on many rows needs scratch memory in
   proportion to them, and memory that comes fresh from the operating system is cleared page by
   page, a tenth of the time of such a call. It never changes a result.
   ============================================================================================== */

/* Scratch memory. Calls may share one at the same time: one of them has the memory, the others
   take their own, and the largest is kept. */
typedef struct patron_workspace patron_workspace;

/* A new workspace, which holds nothing yet.
   Errors: UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: pure. */
PATRON_API patron_status patron_workspace_create(
    patron_workspace** workspace, patron_error* error) PATRON_NOEXCEPT;

/* How many bytes it holds now, those that a call has left out.
   Thread class: any-time. */
PATRON_API int64_t patron_workspace_bytes(const patron_workspace* workspace) PATRON_NOEXCEPT;

/* Closes the handle and returns its memory to the system. No call may be using it.
   Thread class: serial. */
PATRON_API void patron_workspace_close(patron_workspace* workspace) PATRON_NOEXCEPT;

/* ==============================================================================================
   Segment tables

   Which name a triple of scores gets. A table is a list of rows, tested in order: the first that
   holds the scores names the customer. Published tables leave gaps, overlap and hide rows; lint
   finds that first. docs/rfm.md has the tables.
   ============================================================================================== */

/* The language of segment and octant names. */
#define PATRON_LANGUAGE_EN 0
#define PATRON_LANGUAGE_ZH 1 /* Chinese where there is such a name */

/* What the cells of a segment table are. */
#define PATRON_GRID_R_F_M 0 /* every (R, F, M) */
#define PATRON_GRID_R_FM  1 /* every R with every mean of F and M */
#define PATRON_GRID_R_F   2 /* every (R, F) */

/* The two systems of octant names in use. */
#define PATRON_OCTANTS_CLASSIC 0
#define PATRON_OCTANTS_VE      1

/* A segment table. Immutable. */
typedef struct patron_segments patron_segments;

/* One row of a segment table. Its texts borrow from the handle, and may be empty but for the
   name. */
typedef struct patron_segment_row patron_segment_row;
struct patron_segment_row {
  uint32_t struct_size;
  uint32_t reserved;
  patron_str name;
  patron_str label_zh; /* the name in Chinese */
  patron_str advice; /* what to do with these customers */
  patron_str advice_zh;
};
#define PATRON_SEGMENT_ROW_INIT \
  { (uint32_t)sizeof(patron_segment_row), 0, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0} }

/* What lint found. A cell is a gap where no row claims it, an overlap where two or more do. A
   table with neither is an exact partition. */
typedef struct patron_lint_counts patron_lint_counts;
struct patron_lint_counts {
  uint32_t struct_size;
  int32_t cells;
  int32_t gaps;
  int32_t overlaps;
  int32_t unreachable; /* rows that no scores reach */
  uint32_t reserved;
};
#define PATRON_LINT_COUNTS_INIT \
  { (uint32_t)sizeof(patron_lint_counts), 0, 0, 0, 0, 0 }

/* How many built-in tables there are.
   Thread class: pure. */
PATRON_API int32_t patron_segments_named_count(void) PATRON_NOEXCEPT;

/* The name of a built-in table, 0 to patron_segments_named_count() - 1. Static; the data is NULL
   outside that range.
   Thread class: pure. */
PATRON_API patron_str patron_segments_named_name(int32_t index) PATRON_NOEXCEPT;

/* A built-in table: "eleven", the exact partition of 125 codes, or a published one. The message
   of DOCUMENT lists the names there are.
   Errors: DOCUMENT, UTF8, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: pure. */
PATRON_API patron_status patron_segments_named(
    const char* name, uint64_t name_size, patron_segments** segments, patron_error* error)
    PATRON_NOEXCEPT;

/* A table of one's own for bins (2 to 10) scores per axis, from JSON: [{"name": "Champions",
   "codes": [555, 554]}, {"name": "Rest", "r": [1, 5], "f": 3}]. Keys: name, label_zh, codes, r,
   f, m, fm, advice, advice_zh.
   Errors: ARGUMENT, SYNTAX, DOCUMENT, UTF8, LIMIT, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: pure. Cost: linear in the text. */
PATRON_API patron_status patron_segments_parse(
    const char* json, uint64_t json_size, int32_t bins, patron_segments** segments, patron_error*
    error) PATRON_NOEXCEPT;

/* The table as the JSON that patron_segments_parse reads.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_segments_to_json(
    const patron_segments* segments, patron_buffer** json, patron_error* error) PATRON_NOEXCEPT;

/* Scores per axis.
   Thread class: shared. */
PATRON_API int32_t patron_segments_bins(const patron_segments* segments) PATRON_NOEXCEPT;

/* PATRON_GRID_*: what its cells are.
   Thread class: shared. */
PATRON_API int32_t patron_segments_grid(const patron_segments* segments) PATRON_NOEXCEPT;

/* The number of rows.
   Thread class: shared. */
PATRON_API int32_t patron_segments_rows(const patron_segments* segments) PATRON_NOEXCEPT;

/* Row 0 to patron_segments_rows() - 1.
   Errors: ARGUMENT, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_segments_row(
    const patron_segments* segments, int32_t index, patron_segment_row* row, patron_error* error)
    PATRON_NOEXCEPT;

/* The first row that claims these scores, or -1 where none does. Scores go from 1 to bins.
   Errors: ARGUMENT, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_segments_find(
    const patron_segments* segments, int32_t r, int32_t f, int32_t m, int32_t* row, patron_error*
    error) PATRON_NOEXCEPT;

/* Gaps, overlaps and unreachable rows. Both outputs are optional. findings has a row for each,
   gaps first, then overlaps, both in cell order, then unreachable rows: kind utf8 ("gap",
   "overlap", "unreachable"), segment utf8 and row int64 (the row that wins, or is hidden; null
   and -1 for a gap), other utf8 and other_row int64 (the next that claims the cell, or hides the
   row), r, f, m int64 and fm double (a cell that shows it), cells int64 (how many).
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_segments_lint(
    const patron_segments* segments, patron_lint_counts* counts, patron_table** findings,
    patron_error* error) PATRON_NOEXCEPT;

/* Closes the handle.
   Thread class: serial. */
PATRON_API void patron_segments_close(patron_segments* segments) PATRON_NOEXCEPT;

/* The name of octant 0 to 7: bit 2 is high recency, bit 1 high frequency, bit 0 high money.
   Static; the data is NULL for arguments outside their range.
   Thread class: pure. */
PATRON_API patron_str patron_octant_name(
    int32_t names, int32_t octant, int32_t language) PATRON_NOEXCEPT;

/* ==============================================================================================
   RFM

   Recency, frequency and monetary value of every customer from raw orders, with scores, segments
   and octants. docs/rfm.md says what every rule means.
   ============================================================================================== */

/* What a negative amount does; it never counts as an order. */
#define PATRON_REFUNDS_NET      0 /* enters the money at the time of the order it names, else at its own */
#define PATRON_REFUNDS_OWN_TIME 1 /* enters the money at its own time */
#define PATRON_REFUNDS_IGNORE   2 /* left out, and counted */

/* Whether an amount of zero is an order. */
#define PATRON_ZERO_IGNORE 0
#define PATRON_ZERO_COUNT  1

/* How the cuts of an axis are found. */
#define PATRON_METHOD_QUANTILE     0 /* type 7 quantiles (Hyndman and Fan 1996) */
#define PATRON_METHOD_NEAREST_RANK 1 /* the value of rank ceil(n k / bins) */
#define PATRON_METHOD_FIXED        2 /* given by the caller */

/* Where octants split an axis. */
#define PATRON_SPLIT_MEAN   0
#define PATRON_SPLIT_MEDIAN 1
#define PATRON_SPLIT_VALUE  2 /* at a given value */

/* The three axes. */
#define PATRON_AXIS_RECENCY   0
#define PATRON_AXIS_FREQUENCY 1
#define PATRON_AXIS_MONETARY  2

/* What happens to scores that no row of the segment table claims. */
#define PATRON_GAP_ERROR 0 /* a table with gaps is refused */
#define PATRON_GAP_NULL  1 /* the segment is null */

/* What happens where two rows of the segment table claim the same scores. */
#define PATRON_OVERLAP_ERROR 0 /* a table with overlaps is refused */
#define PATRON_OVERLAP_FIRST 1 /* the first row wins */

/* What happens to a row that cannot be used. */
#define PATRON_BAD_ROW_REFUSE 0 /* it is listed with its reason, and the others go on */
#define PATRON_BAD_ROW_FAIL   1 /* the call fails at the first one */

/* Why a row was refused. */
#define PATRON_REFUSAL_NULL_CUSTOMER         1
#define PATRON_REFUSAL_NULL_TIME             2
#define PATRON_REFUSAL_NULL_AMOUNT           3
#define PATRON_REFUSAL_AMOUNT_NOT_FINITE     4
#define PATRON_REFUSAL_AMOUNT_OVERFLOW       5
#define PATRON_REFUSAL_TIME_OUT_OF_RANGE     6
#define PATRON_REFUSAL_TIME_NOT_UNDERSTOOD   7
#define PATRON_REFUSAL_CUSTOMER_OUT_OF_RANGE 8 /* an unsigned id above 2^63 - 1 */
#define PATRON_REFUSAL_NULL_ORDER            9 /* an order column is named and the row has no order id */
#define PATRON_REFUSAL_ORDER_OUT_OF_RANGE    10 /* an unsigned order id above 2^63 - 1 */
#define PATRON_REFUSAL_CUSTOMER_TOO_LONG     11 /* an id of more than 65,535 bytes */
#define PATRON_REFUSAL_ORDER_TOO_LONG        12 /* an id of more than 65,535 bytes */
#define PATRON_REFUSAL_NULL_MARGIN           13 /* a margin column is named and the row has no margin */
#define PATRON_REFUSAL_MARGIN_NOT_FINITE     14
#define PATRON_REFUSAL_MARGIN_OVERFLOW       15

/* What calibration learned: the cuts of the three axes. A value that can be stored, shown and
   applied to other customers. Immutable. */
typedef struct patron_cuts patron_cuts;

/* The result of one RFM computation. Immutable. */
typedef struct patron_rfm patron_rfm;

/* What the cuts of all axes share. The text borrows from the handle. */
typedef struct patron_cuts_info patron_cuts_info;
struct patron_cuts_info {
  uint32_t struct_size;
  int32_t scale; /* of the monetary cuts: digits of the minor unit */
  patron_str timezone; /* whose midnights recency counted */
  int64_t customers; /* size of the sample */
};
#define PATRON_CUTS_INFO_INIT \
  { (uint32_t)sizeof(patron_cuts_info), 0, {NULL, 0}, 0 }

/* The cuts of one axis. A score is 1 + the number of cuts strictly below the value (for recency:
   bins - that number). The cuts borrow from the handle. */
typedef struct patron_axis_cuts patron_axis_cuts;
struct patron_axis_cuts {
  uint32_t struct_size;
  int32_t method; /* PATRON_METHOD_* */
  const int64_t* cuts; /* not decreasing: days, order days, or minor units */
  uint64_t count; /* bins - 1 */
  int64_t octant_split; /* high where strictly above (recency: where not above) */
};
#define PATRON_AXIS_CUTS_INIT \
  { (uint32_t)sizeof(patron_axis_cuts), 0, NULL, 0, 0 }

/* The scores of one customer, each from 1 (worst) to the number of bins (best). */
typedef struct patron_scores patron_scores;
struct patron_scores {
  uint32_t struct_size;
  int32_t r; /* recency */
  int32_t f; /* frequency */
  int32_t m; /* monetary */
  int32_t octant; /* 0 to 7: bit 2 is high recency, bit 1 high frequency, bit 0 high money */
  uint32_t reserved;
};
#define PATRON_SCORES_INIT \
  { (uint32_t)sizeof(patron_scores), 0, 0, 0, 0, 0 }

/* How one axis is scored and split. */
typedef struct patron_rfm_axis patron_rfm_axis;
struct patron_rfm_axis {
  uint32_t struct_size;
  int32_t method; /* PATRON_METHOD_* */
  int32_t bins; /* 2 to 10; initially 5 */
  int32_t octant_split; /* PATRON_SPLIT_* */
  /* PATRON_METHOD_FIXED: bins - 1 of them, not decreasing: days, order days, or money in major
     units */
  const double* cuts;
  uint64_t cut_count;
  double octant_value; /* PATRON_SPLIT_VALUE: days, order days, or money in major units */
};
#define PATRON_RFM_AXIS_INIT \
  { (uint32_t)sizeof(patron_rfm_axis), 0, 5, 0, NULL, 0, 0 }

/* How to read orders and score customers. customer, time and amount are required. */
typedef struct patron_rfm_options patron_rfm_options;
struct patron_rfm_options {
  uint32_t struct_size;
  int32_t refunds; /* PATRON_REFUNDS_* */
  patron_str customer; /* column: any integer or string type */
  patron_str time; /* column: date, timestamp, or ISO 8601 text */
  patron_str amount; /* column: integer, decimal or double, in major units */
  /* column of order ids, or empty: rows of one customer that share one are one order */
  patron_str order;
  patron_str timezone; /* IANA name for local days and for wall clocks without a zone; empty: UTC */
  /* the instant of evaluation in microseconds; NULL: the newest time in the rows */
  const int64_t* as_of;
  const patron_period* window; /* rolling window for frequency and money; NULL: all time */
  int32_t zero; /* PATRON_ZERO_* */
  int32_t scale; /* decimal digits of the minor unit, 0 to 9; initially 2 */
  int32_t octant_names; /* PATRON_OCTANTS_* */
  int32_t language; /* PATRON_LANGUAGE_* */
  int32_t on_gap; /* PATRON_GAP_* */
  int32_t on_overlap; /* PATRON_OVERLAP_* */
  int32_t on_bad_row; /* PATRON_BAD_ROW_* */
  int32_t threads; /* 0: one for each core; initially 1 */
  const patron_rfm_axis* recency; /* NULL: PATRON_RFM_AXIS_INIT */
  const patron_rfm_axis* frequency; /* likewise */
  const patron_rfm_axis* monetary; /* likewise */
  const patron_cuts* cuts; /* frozen cuts; then the three axes are not looked at. NULL: calibrate */
  const patron_segments* segments; /* names segments; NULL: the segment is null */
  const patron_cancel* cancel; /* optional */
  patron_progress_fn progress; /* optional */
  void* progress_context; /* handed to progress */
  patron_workspace* workspace; /* optional: keeps scratch memory from call to call */
};
#define PATRON_RFM_OPTIONS_INIT \
  { (uint32_t)sizeof(patron_rfm_options), 0, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, \
    {NULL, 0}, NULL, NULL, 0, 2, 0, 0, 0, 0, 0, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, \
    NULL }

/* What patron_rfm_compute counted. */
typedef struct patron_rfm_summary patron_rfm_summary;
struct patron_rfm_summary {
  uint32_t struct_size;
  uint32_t reserved;
  int64_t customers; /* rows of the result */
  int64_t rows; /* rows read */
  int64_t refused_rows;
  int64_t rounded_rows; /* amounts that were no multiple of the minor unit */
  int64_t waiting_rows; /* after as_of */
  int64_t zero_rows; /* amounts of zero */
  int64_t refund_rows; /* negative amounts */
  int64_t as_of; /* the instant of evaluation, in microseconds */
};
#define PATRON_RFM_SUMMARY_INIT \
  { (uint32_t)sizeof(patron_rfm_summary), 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/* The reason in words, as in the table of refused rows: "null customer". Static; the data is
   NULL for a number that is none.
   Thread class: pure. */
PATRON_API patron_str patron_refusal_reason(int32_t refusal) PATRON_NOEXCEPT;

/* Cuts from the JSON that patron_cuts_to_json writes.
   Errors: SYNTAX, DOCUMENT, UTF8, LIMIT, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: pure. Cost: linear in the text. */
PATRON_API patron_status patron_cuts_parse(
    const char* json, uint64_t json_size, patron_cuts** cuts, patron_error* error) PATRON_NOEXCEPT;

/* The cuts as a small, versioned JSON document; equal cuts give equal bytes.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_cuts_to_json(
    const patron_cuts* cuts, patron_buffer** json, patron_error* error) PATRON_NOEXCEPT;

/* Scale, zone and sample size.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_cuts_describe(
    const patron_cuts* cuts, patron_cuts_info* info, patron_error* error) PATRON_NOEXCEPT;

/* The cuts of one axis, PATRON_AXIS_*.
   Errors: ARGUMENT, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_cuts_axis(
    const patron_cuts* cuts, int32_t axis, patron_axis_cuts* axis_cuts, patron_error* error)
    PATRON_NOEXCEPT;

/* The scores and the octant of one customer who bought, by these cuts.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_cuts_score(
    const patron_cuts* cuts, int64_t recency_days, int64_t frequency, int64_t monetary_minor,
    patron_scores* scores, patron_error* error) PATRON_NOEXCEPT;

/* Closes the handle.
   Thread class: serial. */
PATRON_API void patron_cuts_close(patron_cuts* cuts) PATRON_NOEXCEPT;

/* Orders to scored customers. The same bytes for any number of threads and any order and
   chunking of the rows. Bad rows are refused, counted and listed, unless on_bad_row says that
   the call fails at the first (NULL, NUMBER, OVERFLOW or TIME, with its row).
   EMPTY where no row can be used; TIME where as_of lies before the first order; DOCUMENT where
   the segment table has gaps or overlaps that are not allowed; ARGUMENT where it is for other
   bins than the axes have; LIMIT where it has more than 126 rows; OVERFLOW where a customer's
   money exceeds int64.
   Errors: COLUMN, TYPE, EMPTY, TIME, ZONE, ARGUMENT, DOCUMENT, OVERFLOW, NULL, NUMBER, UTF8,
   LIMIT, CANCELLED, CALLBACK, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: shared. Cost: linear in rows; scratch is 24 bytes a row and 64 a customer for
   integer ids without order ids. */
PATRON_API patron_status patron_rfm_compute(
    const patron_table* orders, const patron_rfm_options* options, patron_rfm** rfm, patron_error*
    error) PATRON_NOEXCEPT;

/* One row for each customer, in the order of their ids, as a new handle: customer (int64 or
   utf8), first_order, last_order (timestamp), orders, order_days, recency_days, frequency
   (int64), monetary (double, major units), monetary_minor (int64), r, f, m (int8, 0 for who
   never bought), code (int32), segment, octant (dictionary<int8, utf8>).
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_rfm_table(
    const patron_rfm* rfm, patron_table** table, patron_error* error) PATRON_NOEXCEPT;

/* The refused rows as a new handle, in row order: row int64 (zero-based), column utf8, reason
   utf8.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_rfm_refused(
    const patron_rfm* rfm, patron_table** refused, patron_error* error) PATRON_NOEXCEPT;

/* The cuts that scored the customers, as a new handle.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_rfm_cuts(
    const patron_rfm* rfm, patron_cuts** cuts, patron_error* error) PATRON_NOEXCEPT;

/* What was counted on the way.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_rfm_counts(
    const patron_rfm* rfm, patron_rfm_summary* summary, patron_error* error) PATRON_NOEXCEPT;

/* Closes the handle.
   Thread class: serial. */
PATRON_API void patron_rfm_close(patron_rfm* rfm) PATRON_NOEXCEPT;

/* ==============================================================================================
   Rank

   A/B/C by cumulative share, the top percent, the top n. Values are ranked from the top; equal
   values are one group and stay together. docs/rfm.md has the rules at the boundary.
   ============================================================================================== */

/* The result of one ranking. Immutable. */
typedef struct patron_rank patron_rank;

/* Exactly one of the three is given. */
typedef struct patron_rank_options patron_rank_options;
struct patron_rank_options {
  uint32_t struct_size;
  uint32_t reserved;
  /* cumulative shares of the total, increasing, each in (0, 1]: {0.8, 0.95} for A/B/C */
  const double* shares;
  uint64_t share_count;
  /* cumulative percents of the ranked rows, increasing, each in (0, 100] */
  const double* top_percents;
  uint64_t top_percent_count;
  const int64_t* top; /* a number of seats; a tied group that does not fit whole stays out */
};
#define PATRON_RANK_OPTIONS_INIT \
  { (uint32_t)sizeof(patron_rank_options), 0, NULL, 0, NULL, 0, NULL }

/* The classes of a ranking. The arrays borrow from the handle. */
typedef struct patron_rank_summary patron_rank_summary;
struct patron_rank_summary {
  uint32_t struct_size;
  uint32_t reserved;
  const double* cuts; /* the smallest value that each class but the last admits */
  uint64_t cut_count;
  const int64_t* members; /* of each class, the last one included */
  uint64_t class_count;
  int64_t ranked; /* values that are not null */
};
#define PATRON_RANK_SUMMARY_INIT \
  { (uint32_t)sizeof(patron_rank_summary), 0, NULL, 0, NULL, 0, 0 }

/* Ranks one column of integers, doubles or decimals. Integers and decimals are summed exactly;
   the result does not depend on the order of rows. Where shares are asked for, a negative value
   is an error, with its row.
   Errors: COLUMN, TYPE, EMPTY, NUMBER, ARGUMENT, UTF8, HANDLE, STATE, UNSUPPORTED, MEMORY,
   INTERNAL.
   Thread class: shared. Cost: n log n. */
PATRON_API patron_status patron_rank_compute(
    const patron_table* table, const char* column, uint64_t column_size, const patron_rank_options*
    options, patron_rank** rank, patron_error* error) PATRON_NOEXCEPT;

/* For each input row, as a new handle: rank int64 (1 = the highest), cumulative_share double,
   class int8 (0 = first); null where the value is null.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_rank_table(
    const patron_rank* rank, patron_table** table, patron_error* error) PATRON_NOEXCEPT;

/* Cuts and members of the classes.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_rank_describe(
    const patron_rank* rank, patron_rank_summary* summary, patron_error* error) PATRON_NOEXCEPT;

/* Closes the handle.
   Thread class: serial. */
PATRON_API void patron_rank_close(patron_rank* rank) PATRON_NOEXCEPT;

/* ==============================================================================================
   Weights

   How much each criterion of a combined score counts: given by hand, judged by comparing two
   criteria at a time (AHP), or found in the data (entropy). One number for each criterion, none
   negative, adding up to 1. docs/weights.md has the rules, the formulas and their sources.
   ============================================================================================== */

/* How the values of a criterion are made comparable before their entropy is taken. */
#define PATRON_SCALING_MIN_MAX 0 /* to [0, 1] by the range of the column, costs turned around */
#define PATRON_SCALING_SHARE   1 /* as they are, 0 or more; benefits only */

/* Whether more is better or worse. */
#define PATRON_DIRECTION_BENEFIT 0
#define PATRON_DIRECTION_COST    1

/* What becomes of a row in which one of the columns is null. */
#define PATRON_NULL_ROWS_REFUSE    0 /* it is an error */
#define PATRON_NULL_ROWS_LEAVE_OUT 1 /* it is left out, for all columns */

/* When comparisons are refused, and what the criteria are called in messages. */
typedef struct patron_ahp_options patron_ahp_options;
struct patron_ahp_options {
  uint32_t struct_size;
  uint32_t reserved;
  double max_consistency_ratio; /* 0 or more; infinity for no limit; initially 0.1 */
  const patron_str* names; /* none, or one for each criterion */
  uint64_t name_count;
};
#define PATRON_AHP_OPTIONS_INIT \
  { (uint32_t)sizeof(patron_ahp_options), 0, 0.1, NULL, 0 }

/* How well the comparisons agree. The worst one stands most against the others, what they imply
   is the geometric mean of the detours by every other criterion. */
typedef struct patron_ahp_consistency patron_ahp_consistency;
struct patron_ahp_consistency {
  uint32_t struct_size;
  uint32_t reserved;
  double lambda_max; /* the principal eigenvalue: the number of criteria n, or more */
  double consistency_index; /* (lambda_max - n) / (n - 1) */
  double random_index; /* of n: Saaty (1980) */
  double consistency_ratio; /* consistency_index / random_index; 0 for n of 1 and 2 */
  int32_t worst_row; /* -1 for n of 1 and 2 */
  int32_t worst_column; /* -1 for n of 1 and 2 */
  double given; /* the worst comparison, 1 or more */
  double implied; /* what the others imply in its place */
};
#define PATRON_AHP_CONSISTENCY_INIT \
  { (uint32_t)sizeof(patron_ahp_consistency), 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/* The criteria of an entropy, each a column. */
typedef struct patron_entropy_options patron_entropy_options;
struct patron_entropy_options {
  uint32_t struct_size;
  int32_t scaling; /* PATRON_SCALING_* */
  const patron_str* columns; /* any integer, decimal, float or double type; each once */
  const int32_t* directions; /* PATRON_DIRECTION_* of each; NULL: all are benefits */
  uint64_t column_count;
  int32_t null_rows; /* PATRON_NULL_ROWS_* */
  uint32_t reserved;
};
#define PATRON_ENTROPY_OPTIONS_INIT \
  { (uint32_t)sizeof(patron_entropy_options), 0, NULL, NULL, 0, 0, 0 }

/* Each weight divided by the exact sum of all; weights that add up to 1 come back as they are.
   weights has room for count, and may be given itself. A weight that is negative or not finite
   is an error with its number as the row; so are none, and all zero.
   Errors: ARGUMENT, NUMBER, EMPTY, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: pure. Cost: linear. */
PATRON_API patron_status patron_weights_manual(
    const double* given, uint64_t count, double* weights, patron_error* error) PATRON_NOEXCEPT;

/* The principal eigenvector of size x size comparisons, row by row (Saaty 1977): how many times
   as important the criterion of the row is as that of the column, in [1/100, 100], 1 in the
   diagonal, a pair multiplying to 1 within 0.05. size is 1 to 15; weights has room for size. A
   consistency ratio above the limit is an error that names the comparison to judge again, with
   its row. consistency is optional.
   Errors: ARGUMENT, NUMBER, LENGTH, LIMIT, EMPTY, UTF8, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: pure. Cost: some tens of products of the matrix with a vector. */
PATRON_API patron_status patron_weights_ahp(
    const double* comparisons, uint64_t size, const patron_ahp_options* options, double* weights,
    patron_ahp_consistency* consistency, patron_error* error) PATRON_NOEXCEPT;

/* Weights from the spread of the columns over the rows (Hwang and Yoon 1981): 1 - entropy,
   divided by the sum of all. weights and entropies (optional) have room for column_count. NaN
   and infinity are errors with their row, and null too unless null_rows leaves such rows out; so
   are a negative value with PATRON_SCALING_SHARE, a column of equal values with
   PATRON_SCALING_MIN_MAX, and a cost with PATRON_SCALING_SHARE.
   Errors: COLUMN, TYPE, EMPTY, NULL, NUMBER, ARGUMENT, UTF8, HANDLE, STATE, UNSUPPORTED, MEMORY,
   INTERNAL.
   Thread class: shared. Cost: linear. */
PATRON_API patron_status patron_weights_entropy(
    const patron_table* table, const patron_entropy_options* options, double* weights, double*
    entropies, patron_error* error) PATRON_NOEXCEPT;

/* ==============================================================================================
   NPS

   Feedback scores from raw responses: NPS, CSAT and CES, with intervals that hold for small
   samples, by group and by kind of survey, what each topic does to the score, and whether two
   periods differ. docs/nps.md says what every number means and when to use which interval.
   ============================================================================================== */

/* What was asked, and so what the score is. */
#define PATRON_QUESTION_NPS  0 /* likelihood to recommend, 0 to 10: 100 (promoters - detractors) / count */
#define PATRON_QUESTION_CSAT 1 /* satisfaction: 100 (responses in the top boxes) / count */
#define PATRON_QUESTION_CES  2 /* effort: the mean of the scores */

/* How an interval is computed. */
#define PATRON_INTERVAL_AUTO          0 /* NPS: ADJUSTED_WALD; CSAT: SCORE; CES: STUDENT */
#define PATRON_INTERVAL_WALD          1 /* score -+ z standard errors */
#define PATRON_INTERVAL_ADJUSTED_WALD 2 /* NPS: Rocks (2016), AW(3, T); CSAT: Agresti and Coull (1998) */
#define PATRON_INTERVAL_SCORE         3 /* NPS: Tango (1998) as in Rocks (2016); CSAT: Wilson (1927) */
#define PATRON_INTERVAL_STUDENT       4 /* CES only: Student's t on the mean */

/* The scores of one set of responses. Immutable. */
typedef struct patron_nps patron_nps;

/* How a score and its interval are computed. The scale is looked at for CSAT and CES only; NPS
   has 0 to 10. */
typedef struct patron_nps_method patron_nps_method;
struct patron_nps_method {
  uint32_t struct_size;
  int32_t question; /* PATRON_QUESTION_* */
  int32_t interval; /* PATRON_INTERVAL_* */
  int32_t lowest; /* score of the scale; initially 1 */
  int32_t highest; /* at most 10 above the lowest; initially 5 */
  int32_t top_boxes; /* CSAT: how many of the best scores count as satisfied; initially 2 */
  double confidence; /* of the interval, above 0 and below 1; initially 0.95 */
};
#define PATRON_NPS_METHOD_INIT \
  { (uint32_t)sizeof(patron_nps_method), 0, 0, 1, 5, 2, 0.95 }

/* One score. The text borrows from the handle. */
typedef struct patron_nps_score patron_nps_score;
struct patron_nps_score {
  uint32_t struct_size;
  uint32_t reserved;
  patron_str kind; /* empty where there is no kind column */
  int64_t count; /* responses */
  int64_t promoters; /* NPS: 9 and 10; CSAT: satisfied; CES: 0 */
  int64_t passives; /* NPS: 7 and 8; else 0 */
  int64_t detractors; /* NPS: 0 to 6; CSAT: the others; CES: 0 */
  double score; /* NPS: -100 to 100; CSAT: 0 to 100; CES: on its scale */
  double standard_error; /* in the unit of the score; NaN for a CES of one response */
  double low; /* of the interval */
  double high; /* of the interval */
};
#define PATRON_NPS_SCORE_INIT \
  { (uint32_t)sizeof(patron_nps_score), 0, {NULL, 0}, 0, 0, 0, 0, 0, 0, 0, 0 }

/* The difference of two scores. */
typedef struct patron_nps_change patron_nps_change;
struct patron_nps_change {
  uint32_t struct_size;
  uint32_t reserved;
  double difference; /* a - b, as observed */
  double standard_error; /* of it, as the interval's method estimates it */
  double low; /* of the interval */
  double high; /* of the interval */
  double z; /* the statistic of "no difference"; t for PATRON_INTERVAL_STUDENT */
  double p; /* two-sided */
  double degrees; /* of freedom, for PATRON_INTERVAL_STUDENT; else 0 */
};
#define PATRON_NPS_CHANGE_INIT \
  { (uint32_t)sizeof(patron_nps_change), 0, 0, 0, 0, 0, 0, 0, 0 }

/* How to read responses. score is required; an empty text means that there is no such column. */
typedef struct patron_nps_options patron_nps_options;
struct patron_nps_options {
  uint32_t struct_size;
  int32_t on_bad_row; /* PATRON_BAD_ROW_* */
  patron_str score; /* column: integer, decimal, float or double; whole numbers on the scale */
  patron_str group; /* column: integer or text; one score for each value */
  patron_str kind; /* column: integer or text; kinds of surveys are never mixed */
  patron_str only; /* of the kind column: use only this kind */
  /* column: integer or text; only the last response of each customer and kind counts */
  patron_str customer;
  /* column: date, timestamp or ISO 8601 text; needed for customer, as_of and window */
  patron_str time;
  patron_str timezone; /* IANA name for local days and for wall clocks without a zone; empty: UTC */
  /* the instant of evaluation in microseconds; NULL: the newest time in the rows */
  const int64_t* as_of;
  const patron_period* window; /* only rows in (as_of - window, as_of]; NULL: all */
  /* columns of topics: a bool column is one, the values of an integer or text column are some */
  const patron_str* topics;
  uint64_t topic_count;
  const int64_t* population; /* customers there are to ask, for one score; NULL: endless */
  const patron_nps_method* method; /* NULL: PATRON_NPS_METHOD_INIT */
  const patron_cancel* cancel; /* optional */
  patron_progress_fn progress; /* optional */
  void* progress_context; /* handed to progress */
  int32_t threads; /* 0: one for each core; initially 1 */
  uint32_t reserved;
};
#define PATRON_NPS_OPTIONS_INIT \
  { (uint32_t)sizeof(patron_nps_options), 0, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, \
    {NULL, 0}, {NULL, 0}, {NULL, 0}, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, 1, 0 }

/* What patron_nps_compute counted. */
typedef struct patron_nps_summary patron_nps_summary;
struct patron_nps_summary {
  uint32_t struct_size;
  int32_t kinds; /* of surveys, each with a score; 1 without a kind column */
  int64_t rows; /* rows read */
  int64_t refused_rows;
  int64_t waiting_rows; /* after as_of */
  int64_t old_rows; /* before the window */
  int64_t superseded_rows; /* not the last of their customer and kind */
  int64_t other_rows; /* of other kinds than only */
  int64_t as_of; /* the instant of evaluation, in microseconds; 0 without a time column */
};
#define PATRON_NPS_SUMMARY_INIT \
  { (uint32_t)sizeof(patron_nps_summary), 0, 0, 0, 0, 0, 0, 0, 0 }

/* One score from counts: counts[i] responses gave the lowest score of the scale + i; count_size
   is at most 11. Who only knows the three classes of NPS may count promoters as 10, passives as
   8 and detractors as 0. population is optional. ARGUMENT for a count that is negative or above
   the scale, a population smaller than the sample, or a method that is none; EMPTY where all
   counts are zero.
   Errors: ARGUMENT, EMPTY, OVERFLOW, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: pure. */
PATRON_API patron_status patron_nps_estimate(
    const int64_t* counts, uint64_t count_size, const int64_t* population, const patron_nps_method*
    method, patron_nps_score* score, patron_error* error) PATRON_NOEXCEPT;

/* Responses to scores. The same bytes for any number of threads and any order and chunking of
   the rows. Bad rows (a score that is null, not finite, no whole number or outside the scale; a
   null kind, time or customer) are refused, counted and listed, unless on_bad_row says that the
   call fails at the first (NULL, NUMBER, OVERFLOW, TIME or ARGUMENT, with its row).
   EMPTY where no row can be used; LIMIT where the kind column has more than 64 values, or there
   are more than 2^30 - 1 groups, for CES 2^28 - 1.
   Errors: COLUMN, TYPE, EMPTY, TIME, ZONE, ARGUMENT, OVERFLOW, NULL, NUMBER, UTF8, LIMIT,
   CANCELLED, CALLBACK, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: shared. Cost: linear in rows, one more pass for each topic column; scratch is 16
   bytes (CES: 64) for each group, kind and thread, doubled while they grow, some 100 bytes for
   each row of the result, and with a time column 1 byte a row and at most 64 a customer. */
PATRON_API patron_status patron_nps_compute(
    const patron_table* responses, const patron_nps_options* options, patron_nps** nps,
    patron_error* error) PATRON_NOEXCEPT;

/* One row for each kind and group, in their order, as a new handle: kind utf8 and group int64 or
   utf8 (where such columns are named; null last), count, promoters, passives, detractors int64
   (CSAT: count, satisfied; CES: count), score, standard_error, low, high double.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_nps_table(
    const patron_nps* nps, patron_table** table, patron_error* error) PATRON_NOEXCEPT;

/* The score of everybody of one kind, 0 to kinds - 1 in the order of their values; 0 where there
   is no kind column.
   Errors: ARGUMENT, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_nps_overall(
    const patron_nps* nps, int32_t kind, patron_nps_score* score, patron_error* error)
    PATRON_NOEXCEPT;

/* What each topic does to the score of everybody, as a new handle: kind utf8 (where a kind
   column is named), topic utf8, mentions int64, score_with, score_without, effect, low, high
   double; effect is the score less the score without the responses that mention the topic, null
   where all do.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_nps_drivers(
    const patron_nps* nps, patron_table** drivers, patron_error* error) PATRON_NOEXCEPT;

/* The refused rows as a new handle, in row order: row int64 (zero-based), column utf8, reason
   utf8.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_nps_refused(
    const patron_nps* nps, patron_table** refused, patron_error* error) PATRON_NOEXCEPT;

/* What was counted on the way.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_nps_counts(
    const patron_nps* nps, patron_nps_summary* summary, patron_error* error) PATRON_NOEXCEPT;

/* Whether the scores of two independent samples differ: a - b. interval is PATRON_INTERVAL_*.
   ARGUMENT where one of them holds several kinds, where they answer different questions or are
   on different scales, and for an interval that the question has not.
   Errors: ARGUMENT, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_nps_difference(
    const patron_nps* a, const patron_nps* b, int32_t interval, double confidence,
    patron_nps_change* change, patron_error* error) PATRON_NOEXCEPT;

/* Closes the handle.
   Thread class: serial. */
PATRON_API void patron_nps_close(patron_nps* nps) PATRON_NOEXCEPT;

/* ==============================================================================================
   Lifetime value

   How much a customer will still buy, and what that is worth: models of purchases, of contracts
   and of spend, fitted by maximum likelihood, and what they predict for one customer, a new one
   or a column of them. docs/ltv.md says which model is for what, what every number means and
   where the formulas come from.
   ============================================================================================== */

/* The models, with the parameters each has, in their order. */
#define PATRON_LTV_MODEL_NBD         0 /* r, alpha: buys for ever (Ehrenberg 1959) */
#define PATRON_LTV_MODEL_BG_NBD      1 /* r, alpha, a, b: may leave after each repeat purchase (Fader, Hardie and Lee 2005) */
#define PATRON_LTV_MODEL_MBG_NBD     2 /* r, alpha, a, b: after the first purchase too (Batislam, Denizel and Filiztekin 2007) */
#define PATRON_LTV_MODEL_PARETO_NBD  3 /* r, alpha, s, beta: may leave at any time (Schmittlein, Morrison and Colombo 1987) */
#define PATRON_LTV_MODEL_BG_BB       4 /* alpha, beta, gamma, delta: buys or not at each opportunity (Fader, Hardie and Shang 2010) */
#define PATRON_LTV_MODEL_SBG         5 /* alpha, beta: contracts, renewed or not (Fader and Hardie 2007) */
#define PATRON_LTV_MODEL_BDW         6 /* alpha, beta, c: contracts whose renewal depends on their age (Fader et al. 2018) */
#define PATRON_LTV_MODEL_GAMMA_GAMMA 7 /* p, q, v: the money of an order (Fader and Hardie 2013) */

/* The clock in which recency, T and horizons are counted. Months, quarters and years are those
   of the calendar; a year has 365.2425 days, 52.1775 weeks, 12 months. */
#define PATRON_LTV_UNIT_HOUR    0
#define PATRON_LTV_UNIT_DAY     1
#define PATRON_LTV_UNIT_WEEK    2
#define PATRON_LTV_UNIT_MONTH   3
#define PATRON_LTV_UNIT_QUARTER 4
#define PATRON_LTV_UNIT_YEAR    5

/* How a fit ended. Only CONVERGED is an optimum. */
#define PATRON_LTV_VERDICT_CONVERGED       0
#define PATRON_LTV_VERDICT_FLAT_RIDGE      1 /* the likelihood does not tell the parameters apart */
#define PATRON_LTV_VERDICT_BOUNDARY        2 /* it still rises where a parameter runs to 0 or infinity */
#define PATRON_LTV_VERDICT_TOO_LITTLE_DATA 3 /* fewer distinct customers than parameters */
#define PATRON_LTV_VERDICT_ITERATIONS      4 /* not there after max_iterations */

/* What can be predicted. now is T after the first purchase. */
#define PATRON_LTV_QUANTITY_PROBABILITY_ALIVE    0 /* horizon after now; without a horizon now. Contracts: of surviving so long */
#define PATRON_LTV_QUANTITY_EXPECTED_PURCHASES   1 /* in (now, now + horizon]; of a new customer repeat purchases */
#define PATRON_LTV_QUANTITY_PURCHASE_PROBABILITY 2 /* of exactly count purchases in (now, now + horizon] */
#define PATRON_LTV_QUANTITY_NEXT_PURCHASE        3 /* the time by which the next purchase has come with chance probability; infinite where that is never reached */
#define PATRON_LTV_QUANTITY_DISCOUNTED_PURCHASES 4 /* expected, each discounted to now, in the horizon or for ever */
#define PATRON_LTV_QUANTITY_EXPECTED_SPEND       5 /* Gamma-Gamma: the expected money of an order */
#define PATRON_LTV_QUANTITY_RETENTION_RATE       6 /* contracts: the chance to renew at the next renewal */
#define PATRON_LTV_QUANTITY_RESIDUAL_LIFETIME    7 /* contracts: expected further renewals, in the horizon or for ever */
#define PATRON_LTV_QUANTITY_DISCOUNTED_LIFETIME  8 /* contracts: the same, each discounted to now */

/* What an interval is for. */
#define PATRON_LTV_INTERVAL_NONE       0
#define PATRON_LTV_INTERVAL_CONFIDENCE 1 /* the value: what the data leave open about the parameters (delta method, on the log or logit scale); needs a fit that converged */
#define PATRON_LTV_INTERVAL_PREDICTION 2 /* what this customer will do, were the parameters known: quantiles of a count, a time or money; not for probabilities, discounted purchases and PATRON_LTV_QUANTITY_RETENTION_RATE */

/* A model of lifetime value: its parameters, its unit and, where it was fitted, how that went.
   Immutable. */
typedef struct patron_ltv patron_ltv;

/* Names of columns; an empty text means that there is no such column. Numbers of any type;
   counts must be whole. */
typedef struct patron_ltv_columns patron_ltv_columns;
struct patron_ltv_columns {
  uint32_t struct_size;
  uint32_t reserved;
  patron_str frequency; /* repeat purchases */
  patron_str recency; /* from the first to the last purchase, 0 where frequency is 0 */
  /* from the first purchase to now; contracts: whole periods survived; BG/BB: opportunities */
  patron_str T;
  patron_str monetary; /* Gamma-Gamma: the mean money of the repeat purchases */
  patron_str churned; /* contracts: bool, whether it ended; T is then the period in which it did */
  patron_str weight; /* how many customers a row stands for; fits only */
};
#define PATRON_LTV_COLUMNS_INIT \
  { (uint32_t)sizeof(patron_ltv_columns), 0, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, \
    {NULL, 0}, {NULL, 0} }

/* How to fit. columns is required. */
typedef struct patron_ltv_fit_options patron_ltv_fit_options;
struct patron_ltv_fit_options {
  uint32_t struct_size;
  int32_t unit; /* PATRON_LTV_UNIT_* of recency and T; initially PATRON_LTV_UNIT_WEEK */
  const patron_ltv_columns* columns;
  /* L2 on log parameters, a customer: the objective is LL - penalty * customers * sum (ln
     theta)^2, with times in their mean; 0: maximum likelihood */
  double penalty;
  int32_t max_iterations; /* at least 1; initially 200 */
  int32_t on_bad_row; /* PATRON_BAD_ROW_* */
  const patron_cancel* cancel; /* optional */
  patron_progress_fn progress; /* optional */
  void* progress_context; /* handed to progress */
  int32_t threads; /* 0: one for each core; initially 1 */
  uint32_t reserved;
};
#define PATRON_LTV_FIT_OPTIONS_INIT \
  { (uint32_t)sizeof(patron_ltv_fit_options), PATRON_LTV_UNIT_WEEK, NULL, 0, 200, 0, NULL, NULL, \
    NULL, 1, 0 }

/* A model by its numbers. */
typedef struct patron_ltv_parameters patron_ltv_parameters;
struct patron_ltv_parameters {
  uint32_t struct_size;
  int32_t model; /* PATRON_LTV_MODEL_* */
  int32_t unit; /* PATRON_LTV_UNIT_* */
  int32_t count; /* parameters the model has, 2 to 4 */
  double values[4]; /* in the order of their names; what the model has not is 0 */
};
#define PATRON_LTV_PARAMETERS_INIT \
  { (uint32_t)sizeof(patron_ltv_parameters), 0, 0, 0, {0} }

/* How a fit went. The text borrows from the handle. */
typedef struct patron_ltv_report patron_ltv_report;
struct patron_ltv_report {
  uint32_t struct_size;
  int32_t verdict; /* PATRON_LTV_VERDICT_* */
  patron_str message; /* what that means and what to do */
  double log_likelihood; /* in the caller's clock, without the penalty */
  double penalty; /* what the penalty took away */
  double gradient_norm; /* largest derivative by a log parameter, per customer */
  double aic;
  double bic;
  double customers; /* sum of weights */
  int64_t rows; /* rows read */
  int64_t excluded_rows; /* refused or stated exclusions: patron_ltv_excluded has them */
  int64_t unique_rows; /* distinct among those used */
  int32_t iterations;
  uint32_t reserved;
  double standard_errors[4]; /* NaN where the verdict is not CONVERGED */
  double covariance[16]; /* of the parameters, 4 x 4 row by row; NaN likewise */
};
#define PATRON_LTV_REPORT_INIT \
  { (uint32_t)sizeof(patron_ltv_report), 0, {NULL, 0}, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, {0}, {0} }

/* One customer; what the model does not read is not looked at. */
typedef struct patron_ltv_customer patron_ltv_customer;
struct patron_ltv_customer {
  uint32_t struct_size;
  uint32_t reserved;
  double frequency; /* repeat purchases, whole */
  double recency; /* from the first to the last purchase, 0 where frequency is 0 */
  /* from the first purchase to now; contracts: whole periods survived; BG/BB: opportunities */
  double T;
  double monetary; /* mean money of the repeat purchases; not looked at where frequency is 0 */
};
#define PATRON_LTV_CUSTOMER_INIT \
  { (uint32_t)sizeof(patron_ltv_customer), 0, 0, 0, 0, 0 }

/* What to predict. */
typedef struct patron_ltv_query patron_ltv_query;
struct patron_ltv_query {
  uint32_t struct_size;
  int32_t quantity; /* PATRON_LTV_QUANTITY_*; initially PATRON_LTV_QUANTITY_EXPECTED_PURCHASES */
  /* in the unit of the model, 0 or more; contracts and BG/BB: whole. NULL: for PROBABILITY_ALIVE
     now, else for ever */
  const double* horizon;
  int64_t count; /* PURCHASE_PROBABILITY: of how many, 0 to 2^53 */
  double probability; /* NEXT_PURCHASE: of the quantile, in (0, 1); initially 0.5 */
  /* of discounting, above -1: 0.1 is ten per cent a year, whatever the unit */
  double rate_per_year;
  int32_t interval; /* PATRON_LTV_INTERVAL_* */
  uint32_t reserved;
  double level; /* of the interval, in (0, 1); initially 0.95 */
};
#define PATRON_LTV_QUERY_INIT \
  { (uint32_t)sizeof(patron_ltv_query), PATRON_LTV_QUANTITY_EXPECTED_PURCHASES, NULL, 0, 0.5, 0, \
    0, 0, 0.95 }

/* A prediction. A mean that does not exist or is infinite is NaN. */
typedef struct patron_ltv_prediction patron_ltv_prediction;
struct patron_ltv_prediction {
  uint32_t struct_size;
  uint32_t reserved;
  double value;
  double low; /* of the interval; NaN without one */
  double high; /* of the interval; NaN without one */
};
#define PATRON_LTV_PREDICTION_INIT \
  { (uint32_t)sizeof(patron_ltv_prediction), 0, 0, 0, 0 }

/* What to predict for a table of customers. columns and query are required. */
typedef struct patron_ltv_predict_options patron_ltv_predict_options;
struct patron_ltv_predict_options {
  uint32_t struct_size;
  int32_t on_bad_row; /* PATRON_BAD_ROW_* */
  const patron_ltv_columns* columns;
  const patron_ltv_query* query;
  const patron_cancel* cancel; /* optional */
  patron_progress_fn progress; /* optional */
  void* progress_context; /* handed to progress */
  int32_t threads; /* 0: one for each core; initially 1 */
  uint32_t reserved;
};
#define PATRON_LTV_PREDICT_OPTIONS_INIT \
  { (uint32_t)sizeof(patron_ltv_predict_options), 0, NULL, NULL, NULL, NULL, NULL, 1, 0 }

/* How to value customers. columns is required, and names what both models read. */
typedef struct patron_ltv_value_options patron_ltv_value_options;
struct patron_ltv_value_options {
  uint32_t struct_size;
  int32_t on_bad_row; /* PATRON_BAD_ROW_* */
  const patron_ltv_columns* columns;
  const double* horizon; /* in the unit of the model of purchases; NULL: for ever */
  double rate_per_year; /* of discounting, above -1: 0.1 is ten per cent a year */
  double margin; /* share of the money that is kept, 0 to 1; initially 1 */
  int32_t interval; /* PATRON_LTV_INTERVAL_NONE or _CONFIDENCE; both models need a fit then */
  uint32_t reserved;
  double level; /* of the interval, in (0, 1); initially 0.95 */
  const patron_cancel* cancel; /* optional */
  patron_progress_fn progress; /* optional */
  void* progress_context; /* handed to progress */
  int32_t threads; /* 0: one for each core; initially 1 */
  uint32_t reserved2;
};
#define PATRON_LTV_VALUE_OPTIONS_INIT \
  { (uint32_t)sizeof(patron_ltv_value_options), 0, NULL, NULL, 0, 1, 0, 0, 0.95, NULL, NULL, NULL, \
    1, 0 }

/* Which customers to simulate: `customers` of them, observed for T; or each of T_each; or, for
   Gamma-Gamma, each of orders_each. */
typedef struct patron_ltv_simulation patron_ltv_simulation;
struct patron_ltv_simulation {
  uint32_t struct_size;
  int32_t threads; /* 0: one for each core; initially 1 */
  int64_t customers; /* how many */
  double T; /* in the unit of the model; contracts and BG/BB: whole */
  const double* T_each; /* instead of T: customers numbers */
  const int64_t* orders_each; /* Gamma-Gamma: repeat purchases, customers numbers */
  uint64_t seed; /* other customers for every one */
  const patron_cancel* cancel; /* optional */
  patron_progress_fn progress; /* optional */
  void* progress_context; /* handed to progress */
};
#define PATRON_LTV_SIMULATION_INIT \
  { (uint32_t)sizeof(patron_ltv_simulation), 1, 0, 0, NULL, NULL, 0, NULL, NULL, NULL }

/* "nbd", "bg_nbd", ...; a text whose data is NULL for what is no PATRON_LTV_MODEL_*.
   Thread class: pure. */
PATRON_API patron_str patron_ltv_model_name(int32_t model) PATRON_NOEXCEPT;

/* The name of a parameter as the papers write it; a text whose data is NULL where the model has
   no such one.
   Thread class: pure. */
PATRON_API patron_str patron_ltv_parameter_name(int32_t model, int32_t index) PATRON_NOEXCEPT;

/* Maximum likelihood with analytic derivatives. Whether it is an optimum says
   patron_ltv_read_report; where it is not, the parameters are the last ones tried and there is
   no covariance. The same bytes for any number of threads and any order and chunking of the
   rows.
   Rows out of their domain (a negative or fractional count, recency above T, no purchase but a
   recency, NaN, a weight of zero or less) are refused, counted and listed, unless on_bad_row
   says that the call fails at the first (NULL, NUMBER or ARGUMENT, with its row). Gamma-Gamma
   leaves out who never bought again, which is no bad row. EMPTY where no row can be used, or
   nobody bought again and the model is of purchases or spend.
   frequency, recency and T are read by BG/NBD, MBG/NBD, Pareto/NBD and BG/BB, frequency and T by
   NBD, T and churned by the models of contracts, frequency and monetary by Gamma-Gamma; COLUMN
   where one is not there, ARGUMENT where one is not named.
   Errors: COLUMN, TYPE, EMPTY, NULL, NUMBER, ARGUMENT, UTF8, CANCELLED, CALLBACK, HANDLE, STATE,
   UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: shared. Cost: one pass over the rows to make them unique, then some ten
   evaluations of the likelihood on those; scratch is some 40 bytes a row. */
PATRON_API patron_status patron_ltv_fit(
    const patron_table* customers, int32_t model, const patron_ltv_fit_options* options,
    patron_ltv** ltv, patron_error* error) PATRON_NOEXCEPT;

/* A model by its numbers, such as published ones. ARGUMENT for a count that is not the model's,
   or a value that is not finite and above 0 (names it).
   Errors: ARGUMENT, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: pure. */
PATRON_API patron_status patron_ltv_create(
    int32_t model, const double* parameters, uint64_t count, int32_t unit, patron_ltv** ltv,
    patron_error* error) PATRON_NOEXCEPT;

/* A model from the document that patron_ltv_to_json wrote, with the same bits. SYNTAX and
   DOCUMENT come with the byte offset.
   Errors: SYNTAX, DOCUMENT, UTF8, LIMIT, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: pure. Cost: linear in the text. */
PATRON_API patron_status patron_ltv_parse(
    const char* json, uint64_t json_size, patron_ltv** ltv, patron_error* error) PATRON_NOEXCEPT;

/* The model as a small versioned document: what it is, its parameters, its unit and the report
   of its fit.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_ltv_to_json(
    const patron_ltv* ltv, patron_buffer** json, patron_error* error) PATRON_NOEXCEPT;

/* What the model is: which, in which unit, with which numbers. patron_ltv_parameter_name has
   their names.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_ltv_read_parameters(
    const patron_ltv* ltv, patron_ltv_parameters* parameters, patron_error* error) PATRON_NOEXCEPT;

/* How the fit went. STATE where the model was not fitted.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_ltv_read_report(
    const patron_ltv* ltv, patron_ltv_report* report, patron_error* error) PATRON_NOEXCEPT;

/* The rows that the fit left out, as a new handle, in row order: row int64 (zero-based), column
   utf8, reason utf8. No rows for a model by its numbers or from a document.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_ltv_excluded(
    const patron_ltv* ltv, patron_table** excluded, patron_error* error) PATRON_NOEXCEPT;

/* A prediction for one customer; NULL: a new one, of whom nothing is known but the model. The
   same bits as for a row of a table. ARGUMENT (NUMBER where it is not finite) for a customer or
   a query out of its domain, for a quantity that the model has not, and for an interval that the
   model or the quantity has not.
   Errors: ARGUMENT, NUMBER, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: shared. Cost: some 0.1 to 10 microseconds, by quantity. */
PATRON_API patron_status patron_ltv_predict_one(
    const patron_ltv* ltv, const patron_ltv_customer* customer, const patron_ltv_query* query,
    patron_ltv_prediction* prediction, patron_error* error) PATRON_NOEXCEPT;

/* A prediction for each row, in their order, as a new handle: value double, null where the row
   was refused or where the mean does not exist, and with an interval low and high. A row gets
   the same bits as by itself, on any number of threads. Rows are refused as in patron_ltv_fit,
   but for Gamma-Gamma, which takes who never bought again for average; refused (optional) is a
   new handle like patron_ltv_excluded. ARGUMENT for what patron_ltv_predict_one refuses of the
   query.
   Errors: COLUMN, TYPE, NULL, NUMBER, ARGUMENT, UTF8, CANCELLED, CALLBACK, HANDLE, STATE,
   UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: shared. Cost: linear. */
PATRON_API patron_status patron_ltv_predict(
    const patron_ltv* ltv, const patron_table* customers, const patron_ltv_predict_options* options,
    patron_table** predictions, patron_table** refused, patron_error* error) PATRON_NOEXCEPT;

/* What each customer is worth, as a new handle: probability_alive, expected_purchases,
   discounted_purchases, expected_spend, value = margin x expected_spend x discounted_purchases,
   and with an interval low and high; all double, null where the row was refused or where the
   mean does not exist. probability_alive is that of now. spend is a Gamma-Gamma model, purchases
   one of purchases (ARGUMENT otherwise).
   Errors: COLUMN, TYPE, NULL, NUMBER, ARGUMENT, UTF8, CANCELLED, CALLBACK, HANDLE, STATE,
   UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: shared. Cost: linear. */
PATRON_API patron_status patron_ltv_value(
    const patron_ltv* purchases, const patron_ltv* spend, const patron_table* customers, const
    patron_ltv_value_options* options, patron_table** values, patron_table** refused, patron_error*
    error) PATRON_NOEXCEPT;

/* Customers as the model says they are, from a seed: the same bytes on any number of threads
   (Philox 4x32-10: Salmon et al. 2011). A new handle with what a fit reads: frequency int64,
   recency and T double (contracts: T int64, churned bool; Gamma-Gamma: frequency int64, monetary
   double), and what only a simulation knows: alive bool. events (optional) is a new handle with
   each repeat purchase: customer int64 (its row), time double.
   Errors: ARGUMENT, LIMIT, CANCELLED, CALLBACK, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: shared. Cost: linear in customers and purchases. */
PATRON_API patron_status patron_ltv_simulate(
    const patron_ltv* ltv, const patron_ltv_simulation* options, patron_table** customers,
    patron_table** events, patron_error* error) PATRON_NOEXCEPT;

/* Closes the handle.
   Thread class: serial. */
PATRON_API void patron_ltv_close(patron_ltv* ltv) PATRON_NOEXCEPT;

/* ==============================================================================================
   Lifetime value: from orders

   Frequency, recency, T and money of every customer from raw orders, as lifetime value models
   read them; historic value; the plain formula. docs/ltv/summary.md and docs/ltv/value.md say
   what every rule means.
   ============================================================================================== */

/* The grid whose periods count once. */
#define PATRON_LTV_COLLAPSE_DAY  0 /* local days; times are exact, from day to day */
#define PATRON_LTV_COLLAPSE_UNIT 1 /* the unit's own local periods (weeks begin on Monday); times are whole numbers */
#define PATRON_LTV_COLLAPSE_NONE 2 /* instants: only orders of the very same one count once */

/* Whether the money of the first period enters monetary; it never counts in frequency. */
#define PATRON_LTV_FIRST_ORDER_DROP 0
#define PATRON_LTV_FIRST_ORDER_KEEP 1

/* What monetary is of the money of a customer's periods. */
#define PATRON_LTV_MONEY_MEAN  0
#define PATRON_LTV_MONEY_TOTAL 1

/* The summaries of the customers of one set of orders. Immutable. */
typedef struct patron_ltv_summary patron_ltv_summary;

/* The historic values of the customers of one set of orders. Immutable. */
typedef struct patron_ltv_historic patron_ltv_historic;

/* How to read orders and what to make of them. customer and time are required; without amount
   every row is an order and there is no money. */
typedef struct patron_ltv_summary_options patron_ltv_summary_options;
struct patron_ltv_summary_options {
  uint32_t struct_size;
  int32_t unit; /* PATRON_LTV_UNIT_*; initially 2 */
  patron_str customer; /* column: any integer or string type */
  patron_str time; /* column: date, timestamp, or ISO 8601 text */
  patron_str amount; /* column: integer, decimal or double, in major units; empty: none */
  /* column of order ids, or empty: rows of one customer that share one are one order */
  patron_str order;
  /* IANA name for local periods and for wall clocks without a zone; empty: UTC */
  patron_str timezone;
  /* in microseconds: the last period of the calibration holds it; NULL: nothing is held out */
  const int64_t* calibration_end;
  /* in microseconds: the last period that is looked at holds it; NULL: the newest time in the
     rows */
  const int64_t* observation_end;
  int32_t collapse; /* PATRON_LTV_COLLAPSE_* */
  int32_t first_order; /* PATRON_LTV_FIRST_ORDER_* */
  int32_t money; /* PATRON_LTV_MONEY_* */
  int32_t refunds; /* PATRON_REFUNDS_* */
  int32_t zero; /* PATRON_ZERO_*; initially 1 */
  int32_t scale; /* decimal digits of the minor unit, 0 to 9; initially 2 */
  int32_t on_bad_row; /* PATRON_BAD_ROW_* */
  int32_t threads; /* 0: one for each core; initially 1 */
  const patron_cancel* cancel; /* optional */
  patron_progress_fn progress; /* optional */
  void* progress_context; /* handed to progress */
  patron_workspace* workspace; /* optional: keeps scratch memory from call to call */
};
#define PATRON_LTV_SUMMARY_OPTIONS_INIT \
  { (uint32_t)sizeof(patron_ltv_summary_options), 2, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, \
    {NULL, 0}, NULL, NULL, 0, 0, 0, 0, 1, 2, 0, 1, NULL, NULL, NULL, NULL }

/* How to read orders and what to make of them. customer, time and amount are required. */
typedef struct patron_ltv_historic_options patron_ltv_historic_options;
struct patron_ltv_historic_options {
  uint32_t struct_size;
  int32_t refunds; /* PATRON_REFUNDS_* */
  patron_str customer; /* column: any integer or string type */
  patron_str time; /* column: date, timestamp, or ISO 8601 text */
  patron_str amount; /* column: integer, decimal or double, in major units */
  /* column of order ids, or empty: rows of one customer that share one are one order */
  patron_str order;
  patron_str margin; /* column of what was earned of the amount, of like type, or empty */
  patron_str timezone; /* IANA name for wall clocks without a zone; empty: UTC */
  /* the instant of evaluation in microseconds; NULL: the newest time in the rows */
  const int64_t* as_of;
  /* above -1: money grows by it from its time to as_of; a year is 365.2425 days */
  double rate_per_year;
  int32_t zero; /* PATRON_ZERO_*; initially 1 */
  int32_t scale; /* decimal digits of the minor unit, 0 to 9; initially 2 */
  int32_t on_bad_row; /* PATRON_BAD_ROW_* */
  int32_t threads; /* 0: one for each core; initially 1 */
  const patron_cancel* cancel; /* optional */
  patron_progress_fn progress; /* optional */
  void* progress_context; /* handed to progress */
  patron_workspace* workspace; /* optional: keeps scratch memory from call to call */
};
#define PATRON_LTV_HISTORIC_OPTIONS_INIT \
  { (uint32_t)sizeof(patron_ltv_historic_options), 0, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, \
    {NULL, 0}, {NULL, 0}, NULL, 0, 1, 2, 0, 1, NULL, NULL, NULL, NULL }

/* What patron_ltv_summary_compute or patron_ltv_historic_compute counted. */
typedef struct patron_ltv_counts patron_ltv_counts;
struct patron_ltv_counts {
  uint32_t struct_size;
  uint32_t reserved;
  int64_t customers; /* rows of the result */
  int64_t rows; /* rows read */
  int64_t refused_rows;
  int64_t rounded_rows; /* amounts or margins that were no multiple of the minor unit */
  int64_t waiting_rows; /* after the observation */
  int64_t zero_rows; /* amounts of zero */
  int64_t refund_rows; /* negative amounts */
  /* summary: whose first order is in the hold-out; they are not in the result */
  int64_t later_customers;
  int64_t without_orders; /* summary: none of whose rows is an order; they are not in the result */
  int64_t calibration_end; /* as given, in microseconds; else observation_end */
  int64_t observation_end; /* historic: as_of; in microseconds */
};
#define PATRON_LTV_COUNTS_INIT \
  { (uint32_t)sizeof(patron_ltv_counts), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/* Orders to summaries. The same bytes for any number of threads and any order and chunking of
   the rows. Bad rows are refused, counted and listed, unless on_bad_row says that the call fails
   at the first (NULL, NUMBER, OVERFLOW, LIMIT or TIME, with its row).
   EMPTY where no row can be used or nobody ordered; TIME where an end lies before the first
   order; ARGUMENT where calibration_end lies after the observation; OVERFLOW where a customer's
   money exceeds int64.
   Errors: COLUMN, TYPE, EMPTY, TIME, ZONE, ARGUMENT, OVERFLOW, NULL, NUMBER, UTF8, LIMIT,
   CANCELLED, CALLBACK, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: shared. Cost: linear in rows; scratch is 24 bytes a row and 64 a customer for
   integer ids without order ids. */
PATRON_API patron_status patron_ltv_summary_compute(
    const patron_table* orders, const patron_ltv_summary_options* options, patron_ltv_summary**
    summary, patron_error* error) PATRON_NOEXCEPT;

/* One row for each customer who ordered in the calibration, in the order of their ids, as a new
   handle: customer (int64 or utf8), frequency int64, recency, T double and, where there is an
   amount, monetary double; with calibration_end also frequency_holdout int64, monetary_holdout
   (where there is an amount), duration_holdout double.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_ltv_summary_table(
    const patron_ltv_summary* summary, patron_table** table, patron_error* error) PATRON_NOEXCEPT;

/* The refused rows as a new handle, in row order: row int64 (zero-based), column utf8, reason
   utf8.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_ltv_summary_refused(
    const patron_ltv_summary* summary, patron_table** refused, patron_error* error) PATRON_NOEXCEPT;

/* What was counted on the way.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_ltv_summary_counts(
    const patron_ltv_summary* summary, patron_ltv_counts* counts, patron_error* error)
    PATRON_NOEXCEPT;

/* Closes the handle.
   Thread class: serial. */
PATRON_API void patron_ltv_summary_close(patron_ltv_summary* summary) PATRON_NOEXCEPT;

/* Orders to the value they had: revenue and margin, and both with interest to as_of. Bad rows as
   in patron_ltv_summary_compute. EMPTY where no row can be used; TIME where as_of lies before
   the first order; OVERFLOW where a customer's money exceeds int64, or with interest the largest
   double.
   Errors: COLUMN, TYPE, EMPTY, TIME, ZONE, ARGUMENT, OVERFLOW, NULL, NUMBER, UTF8, LIMIT,
   CANCELLED, CALLBACK, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: shared. Cost: linear in rows; scratch is 24 to 48 bytes a row. */
PATRON_API patron_status patron_ltv_historic_compute(
    const patron_table* orders, const patron_ltv_historic_options* options, patron_ltv_historic**
    historic, patron_error* error) PATRON_NOEXCEPT;

/* One row for each customer, in the order of their ids, as a new handle: customer (int64 or
   utf8), first_order, last_order (timestamp, null for who never bought), orders int64, years
   double (null likewise), revenue, revenue_at_as_of double, with a margin column margin,
   margin_at_as_of double, and annual_spend double (revenue / years; null where years is null or
   0).
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_ltv_historic_table(
    const patron_ltv_historic* historic, patron_table** table, patron_error* error) PATRON_NOEXCEPT;

/* The refused rows as a new handle, in row order: row int64 (zero-based), column utf8, reason
   utf8.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_ltv_historic_refused(
    const patron_ltv_historic* historic, patron_table** refused, patron_error* error)
    PATRON_NOEXCEPT;

/* What was counted on the way.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_ltv_historic_counts(
    const patron_ltv_historic* historic, patron_ltv_counts* counts, patron_error* error)
    PATRON_NOEXCEPT;

/* Closes the handle.
   Thread class: serial. */
PATRON_API void patron_ltv_historic_close(patron_ltv_historic* historic) PATRON_NOEXCEPT;

/* The plain formula for each of count customers: margin x annual_spend x years, and with a rate
   margin x annual_spend x (1 - (1 + rate)^-years) / ln(1 + rate), money that flows evenly over
   the years, discounted to now. NaN in spend or years gives NaN; values may be one of the
   inputs. ARGUMENT with the row for years below 0, infinite spend, or infinite years without a
   rate above 0; without a row for a margin that is not finite or a rate that is not above -1. A
   failed call writes nothing.
   Errors: ARGUMENT, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: pure. Cost: linear. */
PATRON_API patron_status patron_ltv_plain_values(
    const double* annual_spend, const double* years, uint64_t count, double margin, double
    rate_per_year, double* values, patron_error* error) PATRON_NOEXCEPT;

/* ==============================================================================================
   Schemas and expressions

   A schema names the facts of a customer and their kinds. An expression is a condition or value
   over them, in a subset of CEL: checked before it runs, null being unknown. docs/expressions.md
   has the language.

   A row is an array of cells: cell i is field i of the schema. Cells of fields that the
   expression does not read are not looked at.
   ============================================================================================== */

/* What a value is. */
#define PATRON_KIND_BOOL      0
#define PATRON_KIND_INT64     1
#define PATRON_KIND_DOUBLE    2 /* finite; what is not is unknown */
#define PATRON_KIND_STRING    3 /* UTF-8 */
#define PATRON_KIND_ENUM      4 /* one of some texts */
#define PATRON_KIND_ENUM_SET  5 /* any of at most 64 texts: bit i of an integer is text i */
#define PATRON_KIND_DATE      6 /* days since 1970-01-01, a local day */
#define PATRON_KIND_TIMESTAMP 7 /* microseconds since 1970-01-01T00:00:00Z */
#define PATRON_KIND_DURATION  8 /* microseconds */
#define PATRON_KIND_MONEY     9 /* minor units */

/* Whose SQL. */
#define PATRON_SQL_DUCKDB     0
#define PATRON_SQL_POSTGRESQL 1

/* Named, typed facts. Immutable. */
typedef struct patron_schema patron_schema;

/* A checked expression. Immutable; it keeps its schema alive. */
typedef struct patron_expression patron_expression;

/* One field of a schema. Its texts borrow from the schema. */
typedef struct patron_schema_field patron_schema_field;
struct patron_schema_field {
  uint32_t struct_size;
  int32_t kind; /* PATRON_KIND_* */
  patron_str name;
  int32_t nullable; /* 0: every row has it, or evaluation fails */
  int32_t ordered; /* of an enum: 1 where its values go from the lowest to the highest */
  int32_t value_count; /* texts of an enum or a set; 0 for an enum that is open */
  int32_t scale; /* of money */
  patron_str currency; /* of money; empty where none is named */
};
#define PATRON_SCHEMA_FIELD_INIT \
  { (uint32_t)sizeof(patron_schema_field), 0, {NULL, 0}, 0, 0, 0, 0, {NULL, 0} }

/* One value of a row, or unknown. A caller's text is read during the call only. */
typedef struct patron_cell patron_cell;
struct patron_cell {
  uint32_t struct_size;
  int32_t known; /* 1, or 0 for null */
  int64_t integer; /* of bool (0 or 1), int64, date, timestamp, duration, money and enum_set */
  double number; /* of double */
  patron_str text; /* of string and enum */
};
#define PATRON_CELL_INIT \
  { (uint32_t)sizeof(patron_cell), 0, 0, 0, {NULL, 0} }

/* What an expression is. The texts and the array borrow from the handle. */
typedef struct patron_expression_info patron_expression_info;
struct patron_expression_info {
  uint32_t struct_size;
  int32_t kind; /* PATRON_KIND_* of its value */
  patron_str text;
  int32_t uses_now; /* 1 where it speaks of now */
  int32_t nullable; /* 1 where it can be unknown */
  int32_t scale; /* of money */
  uint32_t reserved;
  patron_str currency; /* of money */
  const int32_t* fields; /* the fields of the schema that it reads, increasing */
  uint64_t field_count;
};
#define PATRON_EXPRESSION_INFO_INIT \
  { (uint32_t)sizeof(patron_expression_info), 0, {NULL, 0}, 0, 0, 0, 0, {NULL, 0}, NULL, 0 }

/* How a table is evaluated. */
typedef struct patron_expression_options patron_expression_options;
struct patron_expression_options {
  uint32_t struct_size;
  int32_t threads; /* 0: one for each core; initially 1 */
  const int64_t* now; /* the instant that `now` means; needed where the expression speaks of it */
  const patron_cancel* cancel;
  patron_progress_fn progress;
  void* progress_context;
};
#define PATRON_EXPRESSION_OPTIONS_INIT \
  { (uint32_t)sizeof(patron_expression_options), 1, NULL, NULL, NULL, NULL }

/* What an evaluation met: results that were unknown although their operands were known, and
   cells that could not be read as their field's kind. */
typedef struct patron_expression_counts patron_expression_counts;
struct patron_expression_counts {
  uint32_t struct_size;
  uint32_t reserved;
  int64_t rows;
  int64_t unknown_rows;
  int64_t overflows; /* beyond the range of int64, time, duration, double or money */
  int64_t divisions_by_zero; /* of whole numbers */
  int64_t bad_cells; /* not finite, out of range, no time */
};
#define PATRON_EXPRESSION_COUNTS_INIT \
  { (uint32_t)sizeof(patron_expression_counts), 0, 0, 0, 0, 0, 0 }

/* What explain found. The value itself is what patron_expression_evaluate_row gives. */
typedef struct patron_explanation patron_explanation;
struct patron_explanation {
  uint32_t struct_size;
  int32_t known; /* 1 where the value is known */
  int32_t decided; /* 1 where the smallest sets were searched: up to 12 conditions */
  int32_t atom_count; /* conditions that the expression is made of */
  int32_t set_count; /* smallest sets of conditions that would make it true */
  uint32_t reserved;
};
#define PATRON_EXPLANATION_INIT \
  { (uint32_t)sizeof(patron_explanation), 0, 0, 0, 0, 0 }

/* When a value can change with no new fact. */
typedef struct patron_breakpoints patron_breakpoints;
struct patron_breakpoints {
  uint32_t struct_size;
  int32_t solved; /* 0: reason, begin and end say why not */
  int64_t instant_count; /* 0: never before `until` */
  int64_t next; /* the first instant; INT64_MAX where there is none */
  int64_t until; /* the list is complete for instants before this one */
  int64_t begin; /* not solved: bytes of the text that cannot be solved */
  int64_t end;
};
#define PATRON_BREAKPOINTS_INIT \
  { (uint32_t)sizeof(patron_breakpoints), 0, 0, 0, 0, 0, 0 }

/* A schema from JSON: {"timezone": "Asia/Shanghai", "money": {"currency": "CNY", "scale": 2},
   "fields": {"spend_12m": "money", "tier": {"type": "enum", "values": ["silver", "gold"],
   "ordered": true, "nullable": false}}}. A field is the name of its kind, or an object. Unknown
   keys are errors.
   Errors: SYNTAX, DOCUMENT, ZONE, LIMIT, UTF8, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: pure. Cost: n log n in the fields. */
PATRON_API patron_status patron_schema_parse(
    const char* json, uint64_t json_size, patron_schema** schema, patron_error* error)
    PATRON_NOEXCEPT;

/* The number of fields.
   Thread class: shared. */
PATRON_API int32_t patron_schema_fields(const patron_schema* schema) PATRON_NOEXCEPT;

/* The index of the field of that name, or -1.
   Thread class: shared. Cost: logarithmic. */
PATRON_API int32_t patron_schema_find(
    const patron_schema* schema, const char* name, uint64_t name_size) PATRON_NOEXCEPT;

/* Field 0 to patron_schema_fields() - 1.
   Errors: ARGUMENT, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_schema_describe(
    const patron_schema* schema, int32_t index, patron_schema_field* field, patron_error* error)
    PATRON_NOEXCEPT;

/* Text `value` of an enum or a set, 0 to value_count - 1. The data is NULL outside that range.
   Thread class: shared. */
PATRON_API patron_str patron_schema_value(
    const patron_schema* schema, int32_t index, int32_t value) PATRON_NOEXCEPT;

/* Closes the handle.
   Thread class: serial. */
PATRON_API void patron_schema_close(patron_schema* schema) PATRON_NOEXCEPT;

/* Reads and checks an expression. On failure the error is that of the first finding, with its
   byte; patron_expression_check gives all. Up to 64 KiB, 64 levels, 4,096 parts.
   Errors: SYNTAX, DOCUMENT, LIMIT, UTF8, HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. Cost: linear in the text; an unknown name, in the schema. */
PATRON_API patron_status patron_expression_parse(
    const patron_schema* schema, const char* text, uint64_t text_size, patron_expression**
    expression, patron_error* error) PATRON_NOEXCEPT;

/* Every finding in a text, errors and warnings, which may be any bytes; what is wrong with it is
   no failure of the call. errors is how many are errors: with 0 patron_expression_parse
   succeeds. findings has a row for each, in the order of the text: code utf8 (a stable word such
   as "unknown_name"), severity utf8 ("error" or "warning"), begin and end int64 (bytes of the
   text), message utf8. report is the same as a compiler prints it, with the line and carets.
   Errors: ARGUMENT, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: shared. Cost: linear in the text; an unknown name, in the schema. */
PATRON_API patron_status patron_expression_check(
    const patron_schema* schema, const char* text, uint64_t text_size, int32_t* errors,
    patron_table** findings, patron_buffer** report, patron_error* error) PATRON_NOEXCEPT;

/* Kind, text and what is read.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_expression_describe(
    const patron_expression* expression, patron_expression_info* info, patron_error* error)
    PATRON_NOEXCEPT;

/* One row for each row of the table: value (null where unknown; bool, int64, double, utf8,
   date32, timestamp[us, UTC], duration[us], decimal128 for money, the bits of a set as int64)
   and unknown (bool). Columns are found by the names of the fields; docs/expressions.md says
   which types go with which kind. The same bytes for any number of threads.
   Errors: COLUMN, TYPE, NULL, ARGUMENT, CANCELLED, CALLBACK, HANDLE, STATE, UNSUPPORTED, MEMORY,
   INTERNAL.
   Thread class: shared. Cost: parts of the expression x rows. */
PATRON_API patron_status patron_expression_evaluate(
    const patron_expression* expression, const patron_table* table, const patron_expression_options*
    options, patron_table** result, patron_expression_counts* counts, patron_error* error)
    PATRON_NOEXCEPT;

/* One row: the value that patron_expression_evaluate gives for it. The text of the value borrows
   from the cells or from the expression. now is needed where the expression speaks of it.
   Errors: LENGTH, NULL, ARGUMENT, UTF8, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: shared. Cost: parts of the expression; allocates nothing for schemas of up to
   256 fields and expressions of up to 64 parts. */
PATRON_API patron_status patron_expression_evaluate_row(
    const patron_expression* expression, const patron_cell* cells, uint64_t cell_count, const
    int64_t* now, patron_cell* value, patron_error* error) PATRON_NOEXCEPT;

/* Why the value of a row is what it is. atoms has a row for each condition between the &&, ||
   and !, in the order of the text: begin and end int64 (bytes of the text), value bool (null:
   unknown), for a comparison left, op and right utf8 (its sides as text, "unknown" included;
   else empty) and distance double (right - left; money in major units, times and durations in
   seconds, dates in days; null where there is none). unknown has the fields that are null and
   are read: atom int64 (its row; null for the fields of an expression that is no condition),
   field utf8. missing has the smallest sets of conditions that would make it true, taken as
   independent: set int64, atom int64, wanted bool.
   Errors: LENGTH, NULL, ARGUMENT, UTF8, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: shared. Cost: parts of the expression; up to 3^12 combinations of conditions. */
PATRON_API patron_status patron_expression_explain(
    const patron_expression* expression, const patron_cell* cells, uint64_t cell_count, const
    int64_t* now, patron_explanation* summary, patron_table** atoms, patron_table** unknown,
    patron_table** missing, patron_error* error) PATRON_NOEXCEPT;

/* The instants after now at which the value of a row changes with no new fact: instants has one
   column, instant timestamp[us, UTC], increasing. reason says why it was not solved, and is
   empty where it was.
   Errors: LENGTH, NULL, ARGUMENT, UTF8, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: shared. Cost: parts of the expression x (instants + 1); up to four years of
   midnights where it depends on the local day. */
PATRON_API patron_status patron_expression_breakpoints(
    const patron_expression* expression, const patron_cell* cells, uint64_t cell_count, int64_t now,
    patron_breakpoints* breakpoints, patron_table** instants, patron_buffer** reason, patron_error*
    error) PATRON_NOEXCEPT;

/* The same meaning as SQL for PATRON_SQL_*, unknown being NULL. now is written as that instant,
   or as now() where it is NULL. UNSUPPORTED names what has no counterpart, with its byte.
   Errors: UNSUPPORTED, ARGUMENT, HANDLE, STATE, MEMORY, INTERNAL.
   Thread class: shared. Cost: linear in the text. */
PATRON_API patron_status patron_expression_to_sql(
    const patron_expression* expression, int32_t dialect, const int64_t* now, patron_buffer** sql,
    patron_error* error) PATRON_NOEXCEPT;

/* Closes the handle.
   Thread class: serial. */
PATRON_API void patron_expression_close(patron_expression* expression) PATRON_NOEXCEPT;

/* ==============================================================================================
   Policy

   What a business calls its customers, as one JSON document that is checked before it touches a
   customer: streams, attributes, tags, models, classifications and actions. docs/policy.md is
   the language, docs/policy.schema.json its JSON Schema.
   ============================================================================================== */

/* A policy that was checked. Immutable. */
typedef struct patron_policy patron_policy;

/* What a policy is. The texts borrow from the handle. */
typedef struct patron_policy_info patron_policy_info;
struct patron_policy_info {
  uint32_t struct_size;
  uint32_t reserved;
  patron_str name;
  patron_str version;
  patron_str timezone; /* IANA name */
  patron_str hash; /* SHA-256 of the canonical document, 64 hexadecimal digits */
  int64_t tags; /* rows of patron_policy_tags */
  int64_t classifications; /* rows of patron_policy_classes, counted by classification */
};
#define PATRON_POLICY_INFO_INIT \
  { (uint32_t)sizeof(patron_policy_info), 0, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, 0, 0 }

/* Everything that is wrong with a document, or worth saying of it, in its order, as a new
   handle; a policy without findings gives no rows. Columns: code utf8 (a stable word, such as
   unknown_key), severity utf8 (error, warning or note), pointer utf8 (JSON pointer), offset
   int64 (the byte at which that value, or its key, begins), begin and end int64 (inside an
   expression: bytes of its text; else -1), message utf8. A document that is no JSON, no UTF-8 or
   too large is a finding, not an error of the call.
   Errors: ARGUMENT, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: pure. Cost: linear in the document, but for conditions that are compared with
   one another: a millisecond for usual ones, under a second for any. */
PATRON_API patron_status patron_policy_check(
    const char* json, uint64_t json_size, patron_table** findings, patron_error* error)
    PATRON_NOEXCEPT;

/* The same findings as a compiler prints them: file, line, column, message, the line of the
   document and carets. Empty where there are none. file is what the document is called. What
   cannot be shown on a terminal becomes a question mark.
   Errors: ARGUMENT, UTF8, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: pure. Cost: as patron_policy_check. */
PATRON_API patron_status patron_policy_format(
    const char* file, uint64_t file_size, const char* json, uint64_t json_size, patron_buffer**
    text, patron_error* error) PATRON_NOEXCEPT;

/* The policy of a document without errors; else the first one, with its byte offset.
   Errors: ARGUMENT, SYNTAX, DOCUMENT, ZONE, LIMIT, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: pure. Cost: as patron_policy_check. */
PATRON_API patron_status patron_policy_parse(
    const char* json, uint64_t json_size, patron_policy** policy, patron_error* error)
    PATRON_NOEXCEPT;

/* What the policy is.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_policy_describe(
    const patron_policy* policy, patron_policy_info* info, patron_error* error) PATRON_NOEXCEPT;

/* The canonical document: keys in byte order, numbers as the shortest text of the same value.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_policy_to_json(
    const patron_policy* policy, patron_buffer** json, patron_error* error) PATRON_NOEXCEPT;

/* Everything that a profile holds, each behind what it reads, as a new handle: name, type,
   source (attribute, metric, expression, scorecard, plain_ltv, model, classification), category,
   label, description, reads (names, separated by blanks), all utf8.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_policy_tags(
    const patron_policy* policy, patron_table** tags, patron_error* error) PATRON_NOEXCEPT;

/* The classes of all classifications in the order of the document, as a new handle:
   classification, kind, class, label, all utf8.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_policy_classes(
    const patron_policy* policy, patron_table** classes, patron_error* error) PATRON_NOEXCEPT;

/* A ladder, a first match or flags as the select list of an SQL query over a table of customers
   with the columns of patron_policy_tags: what a customer is called who has no history. dialect
   is PATRON_SQL_*; now is in microseconds, NULL: the database's own. UNSUPPORTED for other
   kinds, and for what SQL has no word for.
   Errors: ARGUMENT, UNSUPPORTED, UTF8, HANDLE, STATE, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_policy_to_sql(
    const patron_policy* policy, const char* classification, uint64_t classification_size, int32_t
    dialect, const int64_t* now, patron_buffer** sql, patron_error* error) PATRON_NOEXCEPT;

/* A ladder, a first match or flags over a table of customers that has the columns of
   patron_policy_tags which the conditions read, in one pass: what a customer is called who has
   no history. One row for each customer, as a new handle: class (a dictionary of utf8; null
   where no class fits; not for flags), held and unknown (unsigned integers, the narrowest of 8
   to 64 bits that has room: bit i says that the condition of class i, counted from 0 as in
   patron_policy_classes, holds, or is unknown; left out where more than 64 classes have
   conditions). What is unknown matches nothing. An unknown row of the counts is one with an
   unknown condition. The same bytes for any number of threads. UNSUPPORTED for other kinds.
   Errors: ARGUMENT, UNSUPPORTED, UTF8, COLUMN, TYPE, NULL, CANCELLED, CALLBACK, HANDLE, STATE,
   MEMORY, INTERNAL.
   Thread class: shared. Cost: some nanoseconds a row: conditions x rows. */
PATRON_API patron_status patron_policy_classify(
    const patron_policy* policy, const char* classification, uint64_t classification_size, const
    patron_table* table, const patron_expression_options* options, patron_table** result,
    patron_expression_counts* counts, patron_error* error) PATRON_NOEXCEPT;

/* Closes the handle.
   Thread class: serial. */
PATRON_API void patron_policy_close(patron_policy* policy) PATRON_NOEXCEPT;

/* ==============================================================================================
   The engine

   A policy that lives: facts go in, time passes, and every change of class comes out at the
   instant at which it happened, with its cause. docs/engine.md says what everything means.

   The engine reads no clock: only patron_engine_advance moves it, and never back. A fact at or
   before the clock is late and takes effect at the next advance, at the clock; a later one waits
   and takes effect at its own time.

   A customer's id is a number or a text, as the policy says: functions take both, number and
   customer, and look at the one that counts. Tables hold it in the column `customer`.

   An engine is serial: one thread at a time. A call that meets another one, on another thread or
   from the other one's own callback, is refused with STATE. Engines share nothing that changes,
   but any number may share a policy.
   ============================================================================================== */

/* Why somebody changed class; in tables it is a text, "event". */
#define PATRON_CAUSE_EVENT       0 /* a fact took effect */
#define PATRON_CAUSE_TIME        1 /* time alone */
#define PATRON_CAUSE_CORRECTION  2 /* a deletion, or a correction of what had taken effect or was moved */
#define PATRON_CAUSE_CALIBRATION 3 /* new constants */
#define PATRON_CAUSE_POLICY      4 /* another policy */
#define PATRON_CAUSE_OVERRIDE    5 /* an override that began or ended */
#define PATRON_CAUSE_MERGE       6 /* a link or an unlink */

/* How a model fared in a calibration; in tables it is a text, "too_few". */
#define PATRON_VERDICT_CALIBRATED 0 /* it has new constants */
#define PATRON_VERDICT_TOO_FEW    1 /* fewer customers than it needs: it keeps those it had */
#define PATRON_VERDICT_NOT_FITTED 2 /* there is no sound fit: it keeps those it had */

/* What a null among values of attributes says. */
#define PATRON_NULLS_IGNORE 0 /* nothing: what held before goes on */
#define PATRON_NULLS_CLEAR  1 /* from then on there is no value: what held before is withdrawn */

/* A policy, the facts of its customers, and where each of them stands. It keeps the policy
   alive. */
typedef struct patron_engine patron_engine;

/* What the models learned from all customers at one instant: constants until the next one.
   Immutable. */
typedef struct patron_calibration patron_calibration;

/* Told what changed, in the columns of patron_engine_transitions, at most 1,000 rows at a time;
   the table is closed when it returns. It runs on the caller's thread, and may ask the engine on
   that thread but not change it: a change is refused with STATE. A return other than 0 is the
   last: the call ends with PATRON_E_CALLBACK, error->detail has the number, and what was not
   told is read with patron_engine_transitions. */
typedef int32_t (*patron_transitions_fn)(void* context, const patron_table* transitions);

/* How an engine is opened. */
typedef struct patron_engine_options patron_engine_options;
struct patron_engine_options {
  uint32_t struct_size;
  int32_t shard; /* 1: it holds a part of the customers, and waits where a calibration is due */
  /* bytes of facts, about the parts customers to slack of patron_engine_measure, which begin
     with some 17,000 bytes for the first customer and as many for the first word of each enum;
     classes, what waits and transitions come on top. 0: none. What would go beyond it, room for
     what follows included, is refused with LIMIT before it is taken, and changes nothing */
  int64_t memory_limit;
  /* facts later than this instant are refused, as a broken clock's; NULL: none are */
  const int64_t* refuse_after;
};
#define PATRON_ENGINE_OPTIONS_INIT \
  { (uint32_t)sizeof(patron_engine_options), 0, 0, NULL }

/* Where an engine stands. */
typedef struct patron_engine_info patron_engine_info;
struct patron_engine_info {
  uint32_t struct_size;
  int32_t customer; /* PATRON_KIND_INT64 or PATRON_KIND_STRING: what ids are */
  int64_t clock; /* INT64_MIN before the first advance */
  /* the first instant at which anything may happen to anybody, of which the clock knows nothing
     yet; INT64_MAX: none. At or before the clock where late facts wait to be settled */
  int64_t next_due;
  int64_t customers;
  int64_t events;
  int64_t values; /* of attributes */
  int64_t transitions; /* changes of class so far */
  int64_t calibration; /* the number of the constants in force; 0: nothing is calibrated yet */
  /* the next instant at which the policy wants a calibration; INT64_MAX: never */
  int64_t calibration_due;
};
#define PATRON_ENGINE_INFO_INIT \
  { (uint32_t)sizeof(patron_engine_info), 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/* Bytes held, by what holds them. */
typedef struct patron_engine_memory patron_engine_memory;
struct patron_engine_memory {
  uint32_t struct_size;
  uint32_t reserved;
  int64_t customers; /* ids and their table */
  int64_t events; /* times and columns */
  int64_t event_keys; /* key columns and indices of keys */
  int64_t attributes;
  int64_t texts; /* texts of more than 12 bytes, and of enums */
  int64_t identities; /* links and identity keys */
  int64_t slack; /* room for what comes */
  int64_t classes; /* where every customer stands, and when she is due */
  int64_t waiting; /* what waiting facts will settle */
  int64_t transitions;
  int64_t total;
};
#define PATRON_ENGINE_MEMORY_INIT \
  { (uint32_t)sizeof(patron_engine_memory), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/* How facts are taken. */
typedef struct patron_ingest_options patron_ingest_options;
struct patron_ingest_options {
  uint32_t struct_size;
  int32_t quiet; /* 1: transitions that these facts alone cause are marked quiet */
  int32_t nulls; /* PATRON_NULLS_IGNORE or PATRON_NULLS_CLEAR; of patron_engine_set_attributes */
  int32_t threads; /* 0: one for each core; of tables of many rows; initially 1 */
};
#define PATRON_INGEST_OPTIONS_INIT \
  { (uint32_t)sizeof(patron_ingest_options), 0, 0, 1 }

/* What became of a batch. Every row is accepted, a duplicate, a correction, deleted, unknown or
   refused; those that changed something are late or wait. */
typedef struct patron_ingest_report patron_ingest_report;
struct patron_ingest_report {
  uint32_t struct_size;
  uint32_t reserved;
  int64_t rows;
  int64_t accepted;
  int64_t duplicates; /* known by their event key, and the same */
  int64_t corrected; /* known by their event key, and different */
  int64_t deleted;
  int64_t unknown; /* to be deleted, and not there */
  int64_t refused_rows; /* bad; `refused` lists the first 10,000 */
  int64_t late; /* at or before the clock: they take effect at the clock, with the next advance */
  int64_t waiting; /* later than the clock */
};
#define PATRON_INGEST_REPORT_INIT \
  { (uint32_t)sizeof(patron_ingest_report), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/* One event, for hosts that have them one by one. */
typedef struct patron_event patron_event;
struct patron_event {
  uint32_t struct_size;
  uint32_t reserved;
  int64_t number; /* the customer's id, where it is a number */
  /* the customer's id, where it is a text; data NULL: null, which is refused */
  patron_str customer;
  int64_t time; /* microseconds since 1970, UTC */
  const patron_cell* values; /* in the order of patron_engine_columns */
  uint64_t value_count; /* as many as there are columns */
};
#define PATRON_EVENT_INIT \
  { (uint32_t)sizeof(patron_event), 0, 0, {NULL, 0}, 0, NULL, 0 }

/* Which values of whom. */
typedef struct patron_profiles_options patron_profiles_options;
struct patron_profiles_options {
  uint32_t struct_size;
  int32_t threads; /* 0: one for each core; initially 1 */
  const patron_table* customers; /* ids in the column `customer`; NULL: everybody */
  const patron_str* tags; /* names of patron_policy_tags */
  uint64_t tag_count; /* 0: all */
  /* a condition over the policy's tags, such as "spend >= 100 && 'sleepers' in audience": only
     those for whom it is true at the clock; empty: all */
  patron_str where;
  const patron_cancel* cancel;
  patron_progress_fn progress;
  void* progress_context;
};
#define PATRON_PROFILES_OPTIONS_INIT \
  { (uint32_t)sizeof(patron_profiles_options), 1, NULL, NULL, 0, {NULL, 0}, NULL, NULL, NULL }

/* What a calibration is. */
typedef struct patron_calibration_info patron_calibration_info;
struct patron_calibration_info {
  uint32_t struct_size;
  int32_t complete; /* 0: stages are missing, where summaries of shards are merged step by step */
  int64_t number; /* 1, 2, ...; 0: nothing is calibrated yet */
  int64_t at; /* the instant whose customers it describes */
  int64_t customers;
};
#define PATRON_CALIBRATION_INFO_INIT \
  { (uint32_t)sizeof(patron_calibration_info), 0, 0, 0, 0 }

/* Who may stop a call, and who is told what it changed. */
typedef struct patron_advance_options patron_advance_options;
struct patron_advance_options {
  uint32_t struct_size;
  /* of patron_engine_forecast: 0: one for each core; all else takes one; initially 1 */
  int32_t threads;
  const patron_cancel* cancel;
  /* told the share of the time, not of the work; it may not call the engine */
  patron_progress_fn progress;
  void* progress_context;
  /* of patron_engine_advance: told of the changes of class that the call made, in their order,
     once everybody is settled; of a call that was stopped they are read with
     patron_engine_transitions. NULL elsewhere */
  patron_transitions_fn on_transitions;
  void* transitions_context;
  /* of patron_engine_forecast: 1: with the column because, whose words take ten times as long as
     all else; 0: without it; initially 1 */
  int32_t reasons;
  uint32_t reserved;
};
#define PATRON_ADVANCE_OPTIONS_INIT \
  { (uint32_t)sizeof(patron_advance_options), 1, NULL, NULL, NULL, NULL, NULL, 1, 0 }

/* A new engine without facts, whose clock stands at the beginning of time: everything waits
   until the first advance. DOCUMENT where the policy asks for what cannot be kept, ARGUMENT for
   a memory limit below zero.
   Errors: DOCUMENT, ARGUMENT, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: shared. Cost: linear in the policy. */
PATRON_API patron_status patron_engine_open(
    const patron_policy* policy, const patron_engine_options* options, patron_engine** engine,
    patron_error* error) PATRON_NOEXCEPT;

/* Where the engine stands.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: serial. Cost: linear in the pages of 256 customers. */
PATRON_API patron_status patron_engine_describe(
    const patron_engine* engine, patron_engine_info* info, patron_error* error) PATRON_NOEXCEPT;

/* The memory that its customers, facts and history take, by part. What it makes of its policy is
   not in it: some 50 kB for a large one.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: serial. Cost: linear in the customers. */
PATRON_API patron_status patron_engine_measure(
    const patron_engine* engine, patron_engine_memory* memory, patron_error* error) PATRON_NOEXCEPT;

/* The number of the stream of that name, for patron_engine_add, or -1.
   Thread class: serial. Cost: linear in the streams. */
PATRON_API int32_t patron_engine_find_stream(
    const patron_engine* engine, const char* name, uint64_t name_size) PATRON_NOEXCEPT;

/* The columns of a stream in the order in which patron_engine_add takes the values of an event,
   as a new handle: name utf8, kind utf8 ("money", as in a policy), key bool (of its events),
   personal bool, customer bool (the value is a customer's id).
   Errors: ARGUMENT, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: serial. */
PATRON_API patron_status patron_engine_columns(
    const patron_engine* engine, int32_t stream, patron_table** columns, patron_error* error)
    PATRON_NOEXCEPT;

/* Files events of a stream: the table has `customer`, `time` and columns of the stream by name;
   those it has not are null. A bad row is refused and harms nobody; refused lists them as a new
   handle: row int64, column utf8 (empty: the row as a whole), reason utf8; NULL where the facts
   are in and the list found no memory. A bad table changes nothing. Nobody changes class before
   the next advance.
   Errors: COLUMN, TYPE, LIMIT, UTF8, ARGUMENT, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: serial. Cost: some 100 ns a row, some 300 with event keys. */
PATRON_API patron_status patron_engine_ingest(
    patron_engine* engine, const char* stream, uint64_t stream_size, const patron_table* events,
    const patron_ingest_options* options, patron_ingest_report* report, patron_table** refused,
    patron_error* error) PATRON_NOEXCEPT;

/* The same for events one by one: stream is of patron_engine_find_stream. A value of the wrong
   type, or another number of values than the stream has columns, fails the call with the event's
   number as its row, and changes nothing; the cell of an enum or a text column is its text, of a
   set that the policy spells out its bits.
   Errors: COLUMN, TYPE, LENGTH, LIMIT, ARGUMENT, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: serial. Cost: some 0.26 us for one event, 0.12 us each for a thousand at a time;
   with event keys 0.55 and 0.38 us. */
PATRON_API patron_status patron_engine_add(
    patron_engine* engine, int32_t stream, const patron_event* events, uint64_t count, const
    patron_ingest_options* options, patron_ingest_report* report, patron_table** refused,
    patron_error* error) PATRON_NOEXCEPT;

/* Values of attributes: the table has `customer`, a column for each attribute, and may have
   `time`, from which on they hold (default: the clock; STATE where it has not been moved yet). A
   null says nothing, or, with options.nulls, that there is no value from then on. Every value is
   a fact of its own and a row of the report.
   Errors: COLUMN, TYPE, LIMIT, ARGUMENT, STATE, HANDLE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: serial. Cost: some 100 ns a value. */
PATRON_API patron_status patron_engine_set_attributes(
    patron_engine* engine, const patron_table* values, const patron_ingest_options* options,
    patron_ingest_report* report, patron_table** refused, patron_error* error) PATRON_NOEXCEPT;

/* Deletes events: the table has `customer` and the stream's key column. What is not there is
   counted as unknown. COLUMN where the stream has no keys.
   Errors: COLUMN, TYPE, LIMIT, UTF8, ARGUMENT, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: serial. Cost: some 300 ns a row. */
PATRON_API patron_status patron_engine_delete(
    patron_engine* engine, const char* stream, uint64_t stream_size, const patron_table* keys, const
    patron_ingest_options* options, patron_ingest_report* report, patron_table** refused,
    patron_error* error) PATRON_NOEXCEPT;

/* Lets time pass until now (microseconds since 1970, UTC), which is not before the clock.
   Everyone who is due is settled at her own instant, in the order of (instant, customer id).
   Advancing to the clock settles what came late. Where the policy says `calibrate`, everybody is
   calibrated at 00:00 of the first day of each period, and settled under the new constants; a
   shard stops the instant before (STATE) and goes on after patron_engine_set_calibration. A call
   that is stopped has got as far as the clock then says, which is what a smaller step would have
   done; the next one goes on from there. Where options.on_transitions stops it, everybody was
   settled.
   Errors: ARGUMENT, STATE, CANCELLED, CALLBACK, HANDLE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: serial. Cost: those who are due; everybody at a calibration. */
PATRON_API patron_status patron_engine_advance(
    patron_engine* engine, int64_t now, const patron_advance_options* options, patron_error* error)
    PATRON_NOEXCEPT;

/* The changes of class with a number greater than after, in the order in which they came, at
   most limit (INT64_MAX: all); those of customers who were forgotten are left out: number int64
   (1, 2, ...: the reader's cursor, the next `after`), sequence int64 (the same of each
   customer), customer, classification utf8, from utf8 and to utf8 (null: no class; of flags one
   of the two is), at timestamp[us, UTC] (when it took effect), fact_time timestamp (of the
   earliest late fact that caused it, else null), cause utf8, quiet bool (all its facts were: no
   occasion to write to her), calibration int64 (the number of the constants in force; 0: none
   yet), policy int64 (the number of the policy in force, whose names these are: 1, and one more
   with each that is published), because utf8 (the conditions that decided it, a JSON array of
   objects as in patron_engine_explain; null where an override decided).
   Errors: ARGUMENT, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: serial. Cost: linear in the rows. */
PATRON_API patron_status patron_engine_transitions(
    const patron_engine* engine, int64_t after, int64_t limit, patron_table** transitions,
    patron_error* error) PATRON_NOEXCEPT;

/* Those of one customer and of the ids that are linked with hers, in the same columns; no rows
   for an id that nobody has.
   Errors: UTF8, HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: serial. Cost: linear in the rows. */
PATRON_API patron_status patron_engine_history(
    const patron_engine* engine, int64_t number, const char* customer, uint64_t customer_size,
    patron_table** transitions, patron_error* error) PATRON_NOEXCEPT;

/* One row for each customer, ordered by id: customer, and for each classification its class as
   utf8 (null: none; of flags the names with commas between them), since when in NAME_since (of
   flags null), and in next_change the next instant at which any of her classes may change if
   nothing is added (null: never): no later than her first row of patron_engine_forecast, which
   facts, links, overrides and claims that wait are in. customers has the ids of some in its
   column `customer`; those that nobody has give no row.
   Errors: COLUMN, TYPE, NULL, HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: serial. Cost: some 0.3 us a customer, and what waits; no fact is read. */
PATRON_API patron_status patron_engine_classes(
    const patron_engine* engine, const patron_table* customers, patron_table** classes,
    patron_error* error) PATRON_NOEXCEPT;

/* What is kept of everybody's way through the classifications that are no flags, a row for each
   customer, ordered by id: customer, and of each classification its history tags at the clock:
   NAME.previous, NAME.since, NAME.time_in, NAME.highest (ladders and bands), NAME.moves
   (docs/classifications.md).
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: serial. Cost: linear in the customers. */
PATRON_API patron_status patron_engine_history_table(
    const patron_engine* engine, patron_table** history, patron_error* error) PATRON_NOEXCEPT;

/* One row for each customer, ordered by id: customer and her values as at the clock, in the
   order of the policy; history tags where options.tags names them or the policy reads them. A
   set is its members with commas between them. Ids that nobody has give no row. SYNTAX and
   DOCUMENT, with the byte offset, for a bad condition. The same bytes for any number of threads.
   Errors: COLUMN, TYPE, NULL, ARGUMENT, UTF8, SYNTAX, DOCUMENT, LIMIT, CANCELLED, CALLBACK,
   HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: serial. Cost: the customers' facts. */
PATRON_API patron_status patron_engine_profiles(
    const patron_engine* engine, const patron_profiles_options* options, patron_table** profiles,
    patron_error* error) PATRON_NOEXCEPT;

/* All values of one customer at the clock, a row each in the order of the policy, then the
   history tags that it does not read, with where they come from: name, label, category, kind and
   source utf8 (as in patron_policy_tags), from utf8 (the attribute, the streams or the values
   that it is made of, with blanks between), known bool, integer int64 (of bool, int64, date,
   timestamp, duration and money), number double, text utf8 (of string, enum and sets; these with
   commas), scale int64 and currency utf8 (of money), as_of timestamp (the newest of her facts
   that it rests on; null: none). ARGUMENT for an id that nobody has.
   Errors: ARGUMENT, UTF8, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: serial. Cost: her facts. */
PATRON_API patron_status patron_engine_profile(
    const patron_engine* engine, int64_t number, const char* customer, uint64_t customer_size,
    patron_table** profile, patron_error* error) PATRON_NOEXCEPT;

/* Why a customer is in her class, what is the least that is missing for each better one and
   until when that is enough, what holds her, her next change if nothing is added, which is her
   first row of patron_engine_forecast, and what would keep her class then: as text for people in
   "en" (also where language is empty) or "zh", and as a JSON object with what docs/explain.md
   lists: customer, classification, label, kind, at, classes, since, own, reasons, better, holds,
   next, to_stay, looked_until, unknown, text. What it names was tried on a copy: applied at the
   clock, it gives the class. ARGUMENT for an id that nobody has and for another language.
   Errors: ARGUMENT, COLUMN, UTF8, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: serial. Cost: her facts, for each better class a few times. */
PATRON_API patron_status patron_engine_explain(
    const patron_engine* engine, int64_t number, const char* customer, uint64_t customer_size, const
    char* classification, uint64_t classification_size, const char* language, uint64_t
    language_size, patron_buffer** text, patron_buffer** json, patron_error* error) PATRON_NOEXCEPT;

/* How many are in each class at the clock: class utf8 in the order of the policy, and customers
   int64; then those in none (null), where there are any.
   Errors: COLUMN, UTF8, HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: serial. Cost: linear in the customers; no fact is read. */
PATRON_API patron_status patron_engine_distribution(
    const patron_engine* engine, const char* classification, uint64_t classification_size,
    patron_table** distribution, patron_error* error) PATRON_NOEXCEPT;

/* What patron_engine_advance would do until then if no more facts came, in the order of
   (instant, customer id); nothing is changed: customer, classification utf8, from utf8, to utf8,
   at timestamp, cause utf8 ("event" where a fact that waits causes it), because utf8 (as in
   patron_engine_transitions; without options.reasons it is not there). With a classification
   (empty: all) only its changes. The same rows for any number of threads.
   Errors: ARGUMENT, COLUMN, UTF8, CANCELLED, CALLBACK, HANDLE, STATE, UNSUPPORTED, MEMORY,
   INTERNAL.
   Thread class: serial. Cost: the facts of everybody who is due until then, and some 3 us for
   the reasons of each row. */
PATRON_API patron_status patron_engine_forecast(
    const patron_engine* engine, int64_t until, const char* classification, uint64_t
    classification_size, const patron_advance_options* options, patron_table** forecast,
    patron_error* error) PATRON_NOEXCEPT;

/* SHA-256, 64 hexadecimal digits, of the clock and of every customer's classes, timers and
   history: equal for engines that stand where the other stands. Facts are not in it: other
   amounts that make the same classes give the same hash.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: serial. Cost: linear in customers and transitions. */
PATRON_API patron_status patron_engine_state_hash(
    const patron_engine* engine, patron_buffer** hash, patron_error* error) PATRON_NOEXCEPT;

/* Calibrates the models and ranks of the policy at the clock, and settles everyone under the new
   constants, which are handed out. A model with too few customers or without a sound fit keeps
   the constants that it had: see patron_calibration_report. STATE before the first advance, and
   where the policy has nothing to calibrate.
   Errors: STATE, HANDLE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: serial. Cost: one pass over everyone for each stage, one to settle. */
PATRON_API patron_status patron_engine_calibrate(
    patron_engine* engine, patron_calibration** calibration, patron_error* error) PATRON_NOEXCEPT;

/* The constants in force; number 0 before the first calibration.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: serial. */
PATRON_API patron_status patron_engine_calibration(
    const patron_engine* engine, patron_calibration** calibration, patron_error* error)
    PATRON_NOEXCEPT;

/* Puts constants in force: those of a journal, of another engine, or of merged summaries. A
   complete one settles everyone: at the clock, or, where it is the one that is due, with the
   next advance. One that is not complete is kept for the next summary. ARGUMENT for one of
   another policy.
   Errors: ARGUMENT, STATE, HANDLE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: serial. Cost: settles everyone. */
PATRON_API patron_status patron_engine_set_calibration(
    patron_engine* engine, const patron_calibration* calibration, patron_error* error)
    PATRON_NOEXCEPT;

/* What became of each calibration so far, a row for each of its models and ranks: number int64
   (of the calibration: 1, 2, ...), at timestamp[us, UTC] (its facts are those with time <= at),
   customers int64 (in the population), moved int64 (how many changed a class because of it),
   then of the model what patron_calibration_report has: model utf8, verdict utf8, message utf8,
   model_customers int64, drift utf8, stability_index double, movers double. A calibration that
   was handed over without a report has one row with model null.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: serial. Cost: linear in the rows. */
PATRON_API patron_status patron_engine_calibrations(
    const patron_engine* engine, patron_table** calibrations, patron_error* error) PATRON_NOEXCEPT;

/* The exact summary of the customers here for the next stage of a calibration, as bytes that are
   no text: at the instant that is due where a shard stopped there, else at the clock. Every
   shard summarises, patron_summaries_merge makes one of them, patron_engine_learn the constants
   of it, and every shard sets these; until they are complete.
   Errors: STATE, HANDLE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: serial. Cost: one pass over everyone. */
PATRON_API patron_status patron_engine_summary_for_merge(
    patron_engine* engine, patron_buffer** summary, patron_error* error) PATRON_NOEXCEPT;

/* The summary of all parts: the same bytes in any order. ARGUMENT where parts do not go together
   or share a customer.
   Errors: SYNTAX, ARGUMENT, EMPTY, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: pure. Cost: linear in the parts. */
PATRON_API patron_status patron_summaries_merge(
    const patron_str* parts, uint64_t count, patron_buffer** merged, patron_error* error)
    PATRON_NOEXCEPT;

/* The constants of a summary; nothing is changed.
   Errors: SYNTAX, ARGUMENT, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: serial. Cost: the fits. */
PATRON_API patron_status patron_engine_learn(
    const patron_engine* engine, const char* summary, uint64_t summary_size, patron_calibration**
    calibration, patron_error* error) PATRON_NOEXCEPT;

/* A calibration from its JSON document, bit for bit.
   Errors: SYNTAX, DOCUMENT, LIMIT, UTF8, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: pure. Cost: linear. */
PATRON_API patron_status patron_calibration_parse(
    const char* json, uint64_t json_size, patron_calibration** calibration, patron_error* error)
    PATRON_NOEXCEPT;

/* Its JSON document: journal it, ship it, read it again.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. Cost: linear. */
PATRON_API patron_status patron_calibration_to_json(
    const patron_calibration* calibration, patron_buffer** json, patron_error* error)
    PATRON_NOEXCEPT;

/* What it is.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_calibration_describe(
    const patron_calibration* calibration, patron_calibration_info* info, patron_error* error)
    PATRON_NOEXCEPT;

/* How each model and rank of the policy fared, as a new handle: model utf8, verdict utf8,
   message utf8 (for people), customers int64 (whom it could learn from), drift utf8 (null: none;
   of what it moved most: "recency", "class"), stability_index double and movers double (of that:
   the population stability index, and the share of customers whom the new cuts put into another
   bin).
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_calibration_report(
    const patron_calibration* calibration, patron_table** report, patron_error* error)
    PATRON_NOEXCEPT;

/* Closes the handle.
   Thread class: serial. */
PATRON_API void patron_calibration_close(patron_calibration* calibration) PATRON_NOEXCEPT;

/* Closes the handle. No call on another thread may be using it. From within a callback of a call
   that uses it, that call frees it at its end, and every further one is refused (STATE).
   Thread class: serial. */
PATRON_API void patron_engine_close(patron_engine* engine) PATRON_NOEXCEPT;

/* ==============================================================================================
   Identities and overrides

   Who is who in an engine, and what people decide: links between ids, identity keys, forgetting,
   and classes that are put in the place of an engine's own. docs/engine.md says what everything
   means.
   ============================================================================================== */

/* What is put in the place of a classification's own class; in tables it is a text, "pin". */
#define PATRON_OVERRIDE_PIN     0 /* this class; of flags, this one besides her own */
#define PATRON_OVERRIDE_HOLD    1 /* the class that she has when it begins */
#define PATRON_OVERRIDE_CEILING 2 /* no better than this class; ladders and bands */
#define PATRON_OVERRIDE_FLOOR   3 /* no worse than this class; ladders and bands */

/* What a link did. The texts belong to the engine, until it is changed again. */
typedef struct patron_link_report patron_link_report;
struct patron_link_report {
  uint32_t struct_size;
  int32_t done; /* 0: they were one customer already */
  int64_t survivor_number; /* who now stands for both */
  patron_str survivor;
  int64_t other_number; /* who stood for the other side */
  patron_str other;
};
#define PATRON_LINK_REPORT_INIT \
  { (uint32_t)sizeof(patron_link_report), 0, 0, {NULL, 0}, 0, {NULL, 0} }

/* Which customer an id is. The text belongs to the engine, until it is changed again, or to the
   snapshot. */
typedef struct patron_identity patron_identity;
struct patron_identity {
  uint32_t struct_size;
  int32_t found; /* 0: nobody has the id, and the rest is 0 and empty */
  int64_t number; /* the id of who stands for it, where ids are numbers */
  patron_str customer; /* where they are texts */
};
#define PATRON_IDENTITY_INIT \
  { (uint32_t)sizeof(patron_identity), 0, 0, {NULL, 0} }

/* An override: one of each kind for a customer and a classification; a later one takes its
   place. A pin counts before a hold, that before a ceiling, that before a floor. */
typedef struct patron_override patron_override;
struct patron_override {
  uint32_t struct_size;
  int32_t kind; /* PATRON_OVERRIDE_* */
  patron_str classification;
  patron_str to; /* the class; of a hold empty */
  const int64_t* at; /* from when on; NULL, and what is before the clock: from the clock on */
  const int64_t* until; /* in force before this instant; NULL: until it is cleared */
  patron_str reason; /* for people */
  patron_str author; /* who said so */
};
#define PATRON_OVERRIDE_INIT \
  { (uint32_t)sizeof(patron_override), 0, {NULL, 0}, {NULL, 0}, NULL, NULL, {NULL, 0}, {NULL, 0} }

/* From now on both ids, and all that were linked with them, are one customer: the one who stands
   for the first. Ids that are not there yet are added. Of ladders the better class holds, with
   its timers; of others the survivor's; flags unite. It takes effect with the next advance, at
   the clock, cause PATRON_CAUSE_MERGE.
   Errors: ARGUMENT, UTF8, LIMIT, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: serial. Cost: logarithmic in the customer's ids. */
PATRON_API patron_status patron_engine_link(
    patron_engine* engine, int64_t first_number, const char* first, uint64_t first_size, int64_t
    second_number, const char* second, uint64_t second_size, patron_link_report* report,
    patron_error* error) PATRON_NOEXCEPT;

/* The same for a table of ids, in its columns `first` and `second`, row after row. The report
   has links that were made as accepted, those of customers who were one already as duplicates; a
   row that cannot be done is refused and harms no other, as in patron_engine_ingest. A bad table
   changes nothing. Where LIMIT or MEMORY end the call, error->row says at which row: those
   before it are done, and the same table can be given again.
   Errors: COLUMN, TYPE, LIMIT, MEMORY, HANDLE, STATE, UNSUPPORTED, ARGUMENT, INTERNAL.
   Thread class: serial. Cost: that of each row. */
PATRON_API patron_status patron_engine_link_pairs(
    patron_engine* engine, const patron_table* pairs, patron_ingest_report* report, patron_table**
    refused, patron_error* error) PATRON_NOEXCEPT;

/* Takes the link between these two ids out: each side gets back where it stood when it was made,
   united with what joined it since, and keeps its own facts. It takes effect with the next
   advance, at the clock; a link that is taken out before that has never been. STATE where no
   link was made between the two.
   Errors: STATE, UTF8, ARGUMENT, HANDLE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: serial. Cost: linear in the customer's ids. */
PATRON_API patron_status patron_engine_unlink(
    patron_engine* engine, int64_t first_number, const char* first, uint64_t first_size, int64_t
    second_number, const char* second, uint64_t second_size, patron_error* error) PATRON_NOEXCEPT;

/* The same for a table, as in patron_engine_link_pairs: the report has links that were taken out
   as deleted, and refuses rows without one.
   Errors: COLUMN, TYPE, LIMIT, MEMORY, HANDLE, STATE, UNSUPPORTED, ARGUMENT, INTERNAL.
   Thread class: serial. Cost: that of each row. */
PATRON_API patron_status patron_engine_unlink_pairs(
    patron_engine* engine, const patron_table* pairs, patron_ingest_report* report, patron_table**
    refused, patron_error* error) PATRON_NOEXCEPT;

/* Values of the policy's identity keys: the table has `customer`, a column of text for each key,
   and may have `time`, from which on they hold (default: the clock; STATE where it has not been
   moved yet). Whoever has the same value from an instant on is one customer from then on, unless
   a stronger key tells them apart; the survivor is the one with the smaller id, the cause
   PATRON_CAUSE_MERGE.
   Errors: COLUMN, TYPE, LIMIT, STATE, HANDLE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: serial. Cost: some 300 ns a value. */
PATRON_API patron_status patron_engine_claim(
    patron_engine* engine, const patron_table* keys, patron_ingest_report* report, patron_table**
    refused, patron_error* error) PATRON_NOEXCEPT;

/* What became of values of identity keys that two customers had, oldest first: at timestamp, key
   utf8, first and second (the two ids), linked bool, because utf8 (not linked: the stronger key
   of which they have different values; else null).
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: serial. Cost: linear in the rows. */
PATRON_API patron_status patron_engine_key_meetings(
    const patron_engine* engine, patron_table** meetings, patron_error* error) PATRON_NOEXCEPT;

/* Which customer an id is now: who stands for it by the links that there are. Nobody where it
   was never sent, or is forgotten.
   Errors: UTF8, ARGUMENT, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: serial. */
PATRON_API patron_status patron_engine_customer_of(
    const patron_engine* engine, int64_t number, const char* id, uint64_t id_size, patron_identity*
    identity, patron_error* error) PATRON_NOEXCEPT;

/* The same as a table, in the columns id and customer: of every id that was ever sent and is not
   forgotten, in the order of ids; or of those in the column `customer` of ids, a row for each in
   their order, customer null where nobody has it. What cannot be an id of the policy is refused
   with its row. The customers are those of patron_engine_classes.
   Errors: COLUMN, TYPE, NULL, ARGUMENT, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: serial. Cost: some 0.5 us an id. */
PATRON_API patron_status patron_engine_identities(
    const patron_engine* engine, const patron_table* ids, patron_table** identities, patron_error*
    error) PATRON_NOEXCEPT;

/* Forgets a customer: all her ids, keys, facts, links, classes and transitions. Nobody else's
   state changes. found is set to 1, or to 0 where there is no such customer; her name in
   constants, which shards share, is gone all the same: tell every shard, each of her ids.
   Errors: UTF8, ARGUMENT, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: serial. Cost: linear in what waits. */
PATRON_API patron_status patron_engine_forget(
    patron_engine* engine, int64_t number, const char* customer, uint64_t customer_size, int32_t*
    found, patron_error* error) PATRON_NOEXCEPT;

/* Puts an override in force; a later one of its kind takes its place. It takes effect with the
   next advance; the machine's own class is computed beside it. COLUMN for a classification or
   class that is none, ARGUMENT for a customer who is not there, an end that is not after its
   beginning, or after all time, a kind that does not go with the classification, and a pin to a
   class with a limited number of seats that she is not in.
   Errors: COLUMN, ARGUMENT, UTF8, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: serial. */
PATRON_API patron_status patron_engine_override(
    patron_engine* engine, int64_t number, const char* customer, uint64_t customer_size, const
    patron_override* what, patron_error* error) PATRON_NOEXCEPT;

/* Ends an override of that kind before its time, with the next advance. STATE where there is
   none.
   Errors: COLUMN, ARGUMENT, STATE, UTF8, HANDLE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: serial. */
PATRON_API patron_status patron_engine_clear_override(
    patron_engine* engine, int64_t number, const char* customer, uint64_t customer_size, const char*
    classification, uint64_t classification_size, int32_t kind, patron_error* error)
    PATRON_NOEXCEPT;

/* Those of a customer, in force or to come, in the order in which they were given:
   classification utf8, kind utf8 ("pin"), to utf8 (of a hold null), at timestamp, until
   timestamp (null: until it is cleared), reason utf8, author utf8, in_force bool (at the clock),
   own utf8 (the machine's class; null: none), effective utf8 (what she is instead). No rows for
   an id that nobody has.
   Errors: UTF8, ARGUMENT, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: serial. Cost: linear in the rows. */
PATRON_API patron_status patron_engine_overrides(
    const patron_engine* engine, int64_t number, const char* customer, uint64_t customer_size,
    patron_table** overrides, patron_error* error) PATRON_NOEXCEPT;

/* ==============================================================================================
   Snapshots of an engine

   An engine as it stood at one moment, for any number of reading threads while one thread goes
   on with the engine. It has the facts (pages that both share until the engine changes them),
   where every customer stood, and the ids; who is forgotten in the engine later is still in it.
   It outlives its engine.
   ============================================================================================== */

/* An engine as it stood. Immutable. */
typedef struct patron_snapshot patron_snapshot;

/* What a snapshot is of. */
typedef struct patron_snapshot_info patron_snapshot_info;
struct patron_snapshot_info {
  uint32_t struct_size;
  int32_t customer; /* PATRON_KIND_INT64 or PATRON_KIND_STRING: what ids are */
  int64_t clock; /* INT64_MIN where the engine had not been advanced */
  int64_t customers;
  int64_t calibration; /* the number of the constants in force; 0: nothing was calibrated yet */
};
#define PATRON_SNAPSHOT_INFO_INIT \
  { (uint32_t)sizeof(patron_snapshot_info), 0, 0, 0, 0 }

/* The engine as it stands, as a new handle.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: serial. Cost: linear in the customers, some 0.2 us each with one ladder. */
PATRON_API patron_status patron_engine_snapshot(
    const patron_engine* engine, patron_snapshot** snapshot, patron_error* error) PATRON_NOEXCEPT;

/* What it is of.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_snapshot_describe(
    const patron_snapshot* snapshot, patron_snapshot_info* info, patron_error* error)
    PATRON_NOEXCEPT;

/* As patron_engine_classes.
   Errors: COLUMN, TYPE, NULL, HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. Cost: linear in the rows. */
PATRON_API patron_status patron_snapshot_classes(
    const patron_snapshot* snapshot, const patron_table* customers, patron_table** classes,
    patron_error* error) PATRON_NOEXCEPT;

/* As patron_engine_profiles.
   Errors: COLUMN, TYPE, NULL, UTF8, SYNTAX, DOCUMENT, LIMIT, CANCELLED, CALLBACK, HANDLE, STATE,
   UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. Cost: the facts of everybody. */
PATRON_API patron_status patron_snapshot_profiles(
    const patron_snapshot* snapshot, const patron_profiles_options* options, patron_table**
    profiles, patron_error* error) PATRON_NOEXCEPT;

/* As patron_engine_profile.
   Errors: ARGUMENT, UTF8, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: shared. Cost: the customer's facts, and a look at the whole policy. */
PATRON_API patron_status patron_snapshot_profile(
    const patron_snapshot* snapshot, int64_t number, const char* customer, uint64_t customer_size,
    patron_table** profile, patron_error* error) PATRON_NOEXCEPT;

/* As patron_engine_distribution.
   Errors: COLUMN, UTF8, HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: shared. Cost: linear in the customers. */
PATRON_API patron_status patron_snapshot_distribution(
    const patron_snapshot* snapshot, const char* classification, uint64_t classification_size,
    patron_table** distribution, patron_error* error) PATRON_NOEXCEPT;

/* As patron_engine_customer_of.
   Errors: UTF8, ARGUMENT, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: shared. */
PATRON_API patron_status patron_snapshot_customer_of(
    const patron_snapshot* snapshot, int64_t number, const char* id, uint64_t id_size,
    patron_identity* identity, patron_error* error) PATRON_NOEXCEPT;

/* As patron_engine_identities.
   Errors: COLUMN, TYPE, NULL, ARGUMENT, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: shared. Cost: some 0.5 us an id. */
PATRON_API patron_status patron_snapshot_identities(
    const patron_snapshot* snapshot, const patron_table* ids, patron_table** identities,
    patron_error* error) PATRON_NOEXCEPT;

/* Closes the handle. No call may be using it.
   Thread class: serial. */
PATRON_API void patron_snapshot_close(patron_snapshot* snapshot) PATRON_NOEXCEPT;

/* ==============================================================================================
   Saved engines

   Everything that an engine remembers as bytes, and the same engine again: it says the same, and
   goes on as the other would have. The library opens no file: the host writes the bytes, and
   reads them. docs/engine.md has the format and its versions.
   ============================================================================================== */

/* Takes the next piece of what is saved, of about a MiB, on the caller's thread; the bytes are
   good until it returns. A return other than 0 ends the call with PATRON_E_CALLBACK;
   error->detail has the number. It may not call the engine. */
typedef int32_t (*patron_sink_fn)(void* context, const uint8_t* bytes, uint64_t size);

/* Where bytes go. */
typedef struct patron_sink patron_sink;
struct patron_sink {
  uint32_t struct_size;
  uint32_t reserved;
  patron_sink_fn write;
  void* context; /* of write */
};
#define PATRON_SINK_INIT \
  { (uint32_t)sizeof(patron_sink), 0, NULL, NULL }

/* What it remembers, as bytes that are no text: the policies under which it lived, the facts,
   where everybody stands and what happened.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: serial. Cost: linear, some 200 ns a customer and 20 an event. */
PATRON_API patron_status patron_engine_save(
    const patron_engine* engine, patron_buffer** bytes, patron_error* error) PATRON_NOEXCEPT;

/* The same, piece after piece. What the sink got before it ended the call is no engine.
   Errors: CALLBACK, HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: serial. Cost: as patron_engine_save, in little memory. */
PATRON_API patron_status patron_engine_save_to(
    const patron_engine* engine, const patron_sink* sink, patron_error* error) PATRON_NOEXCEPT;

/* An engine that goes on as the saved one would have: the same patron_engine_state_hash, the
   same future. Options are the host's, as in patron_engine_open. Bytes from anywhere are safe:
   what is damaged or makes no sense is SYNTAX with its offset, a later format UNSUPPORTED, and
   LIMIT says where the facts take more than the memory limit.
   Errors: SYNTAX, DOCUMENT, LIMIT, ARGUMENT, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: pure. Cost: linear, some 500 ns a customer and 30 an event. */
PATRON_API patron_status patron_engine_load(
    const char* bytes, uint64_t bytes_size, const patron_engine_options* options, patron_engine**
    engine, patron_error* error) PATRON_NOEXCEPT;

/* The same where the host has the policy that was in force: all engines of it share the one
   handle, as those that are opened do, and an engine takes about a fifth of the memory. Its
   document has to be the one that was saved, but for blanks; another one is ARGUMENT, which
   names both. Earlier policies under which the engine lived are read from the bytes.
   Errors: SYNTAX, DOCUMENT, LIMIT, ARGUMENT, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: pure. Cost: as patron_engine_load, without the policy. */
PATRON_API patron_status patron_engine_load_with_policy(
    const char* bytes, uint64_t bytes_size, const patron_policy* policy, const
    patron_engine_options* options, patron_engine** engine, patron_error* error) PATRON_NOEXCEPT;

/* The policy in force, as a new handle.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: serial. */
PATRON_API patron_status patron_engine_policy(
    const patron_engine* engine, patron_policy** policy, patron_error* error) PATRON_NOEXCEPT;

/* ==============================================================================================
   Other policies, and who was where

   Another policy takes over, or is only tried; and how many were in which class at other
   instants. A mapping is a JSON object of classifications of the policy in force: null where one
   ends, a text where it is called otherwise in the other policy, or an object with "to" (its
   name there; left out: the same) and "classes" (an object of its classes: the name there, or
   null where one ends). What it does not name goes on under the same name: {"tier": {"to":
   "level", "classes": {"gold": "platinum"}}, "trial": null}.
   ============================================================================================== */

/* What a publication did. */
typedef struct patron_publish_report patron_publish_report;
struct patron_publish_report {
  uint32_t struct_size;
  int32_t same; /* 1: it was in force already, and nothing has changed */
  int64_t number; /* of the policy in force: as in the column policy of patron_engine_transitions */
  int64_t customers; /* whom the next advance will settle under it */
  /* models and ranks whose constants do not hold any more: null until the next calibration */
  int64_t uncalibrated;
};
#define PATRON_PUBLISH_REPORT_INIT \
  { (uint32_t)sizeof(patron_publish_report), 0, 0, 0, 0 }

/* Puts another policy in force. Classes go on under the classes of the same name, or as the
   mapping says (empty: no mapping), with their timers and overrides. The next advance settles
   everybody under it, at the clock, once, cause PATRON_CAUSE_POLICY; what was decided keeps the
   names that it had. uncalibrated lists, as a new handle, the models and ranks without
   constants: model utf8. An error leaves everything as it was: STATE where somebody is in a
   class, or an override says one, that has no place there; COLUMN for a name in the mapping that
   is none; ARGUMENT where two classifications would become one; DOCUMENT where the facts do not
   go with it, or the mapping is none.
   Errors: STATE, COLUMN, DOCUMENT, SYNTAX, UTF8, LIMIT, HANDLE, UNSUPPORTED, ARGUMENT, MEMORY,
   INTERNAL.
   Thread class: serial. Cost: nothing for a customer where the classes are the same, else some
   200 ns. */
PATRON_API patron_status patron_engine_publish(
    patron_engine* engine, const patron_policy* policy, const char* mapping, uint64_t mapping_size,
    patron_publish_report* report, patron_table** uncalibrated, patron_error* error)
    PATRON_NOEXCEPT;

/* The moves that patron_engine_publish and then an advance to the clock would make, in the
   columns of patron_engine_forecast; nothing is changed.
   Errors: STATE, COLUMN, DOCUMENT, SYNTAX, UTF8, LIMIT, ARGUMENT, CANCELLED, CALLBACK, HANDLE,
   UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: serial. Cost: a copy of the engine, and everybody's facts. */
PATRON_API patron_status patron_engine_compare(
    const patron_engine* engine, const patron_policy* policy, const char* mapping, uint64_t
    mapping_size, const patron_advance_options* options, patron_table** moves, patron_error* error)
    PATRON_NOEXCEPT;

/* All policies so far, the oldest first; the last is in force: number int64, at timestamp (the
   clock when it was published; null: before the first advance), name utf8, version utf8, hash
   utf8.
   Errors: HANDLE, STATE, UNSUPPORTED, ARGUMENT, MEMORY, INTERNAL.
   Thread class: serial. */
PATRON_API patron_status patron_engine_policies(
    const patron_engine* engine, patron_table** policies, patron_error* error) PATRON_NOEXCEPT;

/* As patron_engine_distribution, at an instant that is not after the clock: of those who are
   customers now, by the transitions; one at that instant counts. The classes are those of the
   policy then in force.
   Errors: COLUMN, UTF8, ARGUMENT, HANDLE, STATE, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: serial. Cost: linear in the transitions. */
PATRON_API patron_status patron_engine_distribution_at(
    const patron_engine* engine, const char* classification, uint64_t classification_size, int64_t
    at, patron_table** distribution, patron_error* error) PATRON_NOEXCEPT;

/* How many were in which class at one instant and in which at another, not before it: from utf8,
   to utf8 (null: none), customers int64, a row for each pair in the order of the policies.
   UNSUPPORTED for flags, which overlap.
   Errors: COLUMN, UTF8, ARGUMENT, UNSUPPORTED, HANDLE, STATE, MEMORY, INTERNAL.
   Thread class: serial. Cost: linear in the transitions. */
PATRON_API patron_status patron_engine_migration(
    const patron_engine* engine, const char* classification, uint64_t classification_size, int64_t
    start, int64_t end, patron_table** migration, patron_error* error) PATRON_NOEXCEPT;

/* ==============================================================================================
   Small print: Arrow structs for bindings

   For languages that cannot own an Arrow struct safely until its consumer comes, Python first of
   all: a Python-side capsule destructor crashes when it runs at interpreter exit, a C function
   does not.
   ============================================================================================== */

/* The three Arrow structs. */
#define PATRON_ARROW_STREAM 0 /* struct ArrowArrayStream */
#define PATRON_ARROW_SCHEMA 1 /* struct ArrowSchema */
#define PATRON_ARROW_ARRAY  2 /* struct ArrowArray */

/* An empty (released) Arrow struct of a kind, PATRON_ARROW_*, that patron owns.
   Errors: ARGUMENT, UNSUPPORTED, MEMORY, INTERNAL.
   Thread class: pure. */
PATRON_API patron_status patron_arrow_create(
    int32_t kind, void** arrow, patron_error* error) PATRON_NOEXCEPT;

/* Releases what such a struct holds, where nobody consumed it, and frees it.
   Thread class: serial. */
PATRON_API void patron_arrow_close(int32_t kind, void* arrow) PATRON_NOEXCEPT;

/* Tells patron the addresses of PyCapsule_IsValid and PyCapsule_GetPointer, once, before the
   first capsule with patron_python_capsule_destroy goes. The only state that the library itself
   keeps.
   Thread class: any-time. */
PATRON_API void patron_python_attach(
    void* capsule_is_valid, void* capsule_get_pointer) PATRON_NOEXCEPT;

/* A PyCapsule_Destructor for capsules named arrow_array_stream, arrow_schema or arrow_array
   around a struct of patron_arrow_create: as patron_arrow_close. Needs no interpreter state.
   Thread class: any-time. */
PATRON_API void patron_python_capsule_destroy(void* capsule) PATRON_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif /* PATRON_PATRON_H_ */
