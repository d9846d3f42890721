// EventFeed: events in a form of a host's own, such as the structs of the C interface, which it
// reads into a batch itself.
//
//   class MyEvents final : public EventFeed {
//     size_t size() const override { return count_; }
//     bool read_clean(const CleanInto& into) const override {
//       return CleanReader(*this, into).read();
//     }
//   };
//
// Thread class: serial.
#pragma once

#include <cstddef>

#include "lib/book/clean_reader.h"

namespace patron::internal {

/// Events of a host, good for one call.
class EventFeed {
 public:
  virtual size_t size() const = 0;
  /// Reads all of them. False, and what the batch holds means nothing, where one may have something
  /// wrong with it or its form has to be read one by one. Throws std::bad_alloc.
  virtual bool read_clean(const CleanInto& into) const = 0;

 protected:
  ~EventFeed() = default;
};

}  // namespace patron::internal
