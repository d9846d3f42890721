// Memory that is freed, and stays readable for a while: what a handle says once it is closed.
#pragma once

namespace patron::test {

/// While one of these exists, what `delete` frees on this thread stays as its destructor left it.
class KeptMemory {
 public:
  KeptMemory();
  ~KeptMemory();
  KeptMemory(const KeptMemory&) = delete;
  KeptMemory& operator=(const KeptMemory&) = delete;
};

}  // namespace patron::test
