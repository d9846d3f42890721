// Every call of a book, with each of its allocations failing once: the book is as it was, and goes
// on as one that nothing happened to.
#include <gtest/gtest.h>

#include "tests/base/fail_alloc.h"
#include "tests/book/random_calls.h"

namespace patron::book_test {
namespace {

// Whether the call fails at its k-th allocation. settle_keys() and forget() may have done a part.
bool fails(RandomCall& call, Book& book, int64_t k) {
  call.set_around([k](const std::function<void()>& body) {
    const test::FailAllocation failing(k);
    body();
  });
  bool failed = false;
  try {
    call.apply(book);
  } catch (const std::bad_alloc&) {
    failed = true;
  }
  call.set_around([](const std::function<void()>& body) { body(); });
  return failed;
}

TEST(FailedAllocations, LeaveTheBookAsItWas) {
  int failures = 0;
  for (int round = 0; round < cases(6); ++round) {
    std::mt19937_64 random(static_cast<uint64_t>(round) + 40);
    const Kind kind = round % 2 == 0 ? Kind::kInt64 : Kind::kString;
    const BookLayout layout = *BookLayout::make(full_spec(kind, round % 3 == 0   ? "number"
                                                                : round % 3 == 1 ? "text"
                                                                                 : ""));
    const int customers = round % 2 == 0 ? 8 : 300;
    Book book(layout), twin(layout);
    for (int n = 0; n < 45; ++n) {
      RandomCall call(random(), customers);
      const std::string before = twin.state_hash();
      // A snapshot makes the call copy what it changes.
      const BookSnapshot shared = (n % 3 == 0 ? book : twin).snapshot();
      const int64_t step = 1 + static_cast<int64_t>(random() % 3);
      for (int64_t k = 0; fails(call, book, k); k += step) {
        ++failures;
        if (call.partial()) break;
        ASSERT_EQ(book.state_hash(), before)
            << "round " << round << ", call " << n << ", allocation " << k;
      }
      if (call.partial()) {
        // What is left is done by the next call.
        call.apply(book);
        call.apply(twin);
        ASSERT_EQ(book.state_hash(), twin.state_hash()) << "round " << round << ", call " << n;
        continue;
      }
      // The last attempt has gone through.
      call.apply(twin);
      ASSERT_EQ(show_book(book), show_book(twin)) << "round " << round << ", call " << n;
    }
    ASSERT_EQ(book.state_hash(), twin.state_hash());
  }
  EXPECT_GT(failures, 150 * cases(6));
}

}  // namespace
}  // namespace patron::book_test
