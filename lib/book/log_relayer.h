// LogRelayer: the facts of one log, filed anew under another layout. Columns go on by their names,
// and so do the words of enums.
//
//   LogRelayer relay(state, state.streams[s], LogReader(state, s), wider.streams[s]);
//   if (const std::string wrong = relay.mistake(); !wrong.empty()) ...   // facts would be lost
//   relay.run(writer, meter, epoch);                                      // all facts are there
//
// Book::relaid() does so with every log of a book, and takes its ids, identity keys and links
// along.
//
// Thread class: serial.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lib/book/book_state.h"
#include "lib/book/log_view.h"
#include "lib/book/log_writer.h"

namespace patron::internal {

class LogRelayer {
 public:
  /// `log`: of `from`, whose ids are `own` (a state without links). `into` is an empty log of
  /// another layout. All are kept by reference.
  LogRelayer(const BookState& own, const LogState& log, LogReader reader, LogState& into);

  /// Why facts of this log cannot stand there, or empty: "column \"x\" holds 3 values and ...".
  /// Cost: linear in the facts.
  std::string mistake();
  /// Files all facts into the empty log.
  void run(LogWriter& writer, std::shared_ptr<Meter> meter, uint64_t epoch);

 private:
  struct Column {
    int to = -1;                  ///< -1: it is not there
    bool same = true;             ///< cells go over as they are
    std::vector<uint32_t> codes;  ///< of each code here the one there, or kNullEnum
    std::vector<int> bits;        ///< of each bit here the one there, or -1
    int64_t values = 0, homeless = 0;
  };
  void match_words(size_t column);
  void count(const LogRun& run, size_t column);
  void copy(const LogRun& run, EventPage& page, uint32_t local);
  size_t long_bytes(const LogRun& run) const;
  template <typename Each>
  void for_each_run(uint32_t page, const Each& each);

  const BookState& own_;
  const LogState& log_;
  LogReader reader_;
  LogState& into_;
  std::vector<Column> columns_;
  std::vector<uint8_t> wanted_;
};

}  // namespace patron::internal
