// Events with nothing wrong in them, in the form in which C++ has them.
#include <variant>

#include "lib/book/clean_reader.h"
#include "lib/book/event_probe.h"

namespace patron::internal {
namespace {

class BookEvents {
 public:
  BookEvents(std::span<const BookEvent> events, size_t columns)
      : events_(events), columns_(columns) {}

  size_t size() const { return events_.size(); }
  bool sound(size_t i) const { return events_[i].values.size() == columns_; }
  Micros time(size_t i) const { return events_[i].time; }
  int64_t number(size_t i) const { return events_[i].customer.number; }
  std::string_view text(size_t i) const { return events_[i].customer.text; }
  const BookValue* cells(size_t i) const { return events_[i].values.data(); }
  void fetch(size_t) const {}
  static int known(const BookValue& value) { return value.index() == 0 ? 0 : 1; }
  static bool take(const BookValue& value, std::string_view& out) {
    if (!std::holds_alternative<std::string_view>(value)) return false;
    out = text_of(value);
    return true;
  }
  template <typename T>
  static bool take(const BookValue& value, T& out) {
    const T* found = std::get_if<T>(&value);
    if (found != nullptr) out = *found;
    return found != nullptr;
  }

 private:
  std::span<const BookEvent> events_;
  size_t columns_;
};

}  // namespace

bool read_clean(std::span<const BookEvent> events, const CleanInto& into) {
  return CleanReader(BookEvents(events, into.stream.columns.size()), into).read();
}

}  // namespace patron::internal
