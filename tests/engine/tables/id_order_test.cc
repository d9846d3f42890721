// The order that is kept beside the one that is sorted anew.
#include "lib/engine/tables/id_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "lib/engine/tables/value_table.h"
#include "patron/book.h"

namespace patron::internal {
namespace {

class Customers {
 public:
  explicit Customers(bool text) : text_(text) {
    BookSpec spec;
    spec.customer = text ? Kind::kString : Kind::kInt64;
    BookStream stream;
    stream.name = "events";
    spec.streams.push_back(stream);
    book_ = std::make_unique<Book>(*BookLayout::make(std::move(spec)));
  }
  CustomerId id(int64_t number) {
    name_ = std::to_string(number);
    return text_ ? CustomerId{0, name_} : CustomerId{number, {}};
  }
  void come(int64_t number) {
    BookEvent event;
    event.customer = id(number);
    BookReport report;
    ASSERT_TRUE(book_->add(0, {&event, 1}, {}, &report).ok());
  }
  Book& book() { return *book_; }
  std::vector<uint32_t> sorted() const { return rows_by_id(book_->state(), book_->customers()); }
  std::vector<uint32_t> kept() { return order_.standing(book_->state(), book_->customers()); }
  size_t bytes() const { return order_.bytes(); }

 private:
  bool text_;
  std::string name_;
  std::unique_ptr<Book> book_;
  IdOrder order_;
};

// Who came first is in order, as after a bulk load; those who come late go between them.
TEST(IdOrder, TakesInLateComers) {
  for (const bool text : {false, true}) {
    for (const std::vector<int64_t>& late :
         std::vector<std::vector<int64_t>>{{3001},
                                           {999},
                                           {1501},
                                           {2997, 1003, 2003, 2001, 1001, 4000, 1},
                                           {1001, 1003, 1005, 1007}}) {
      Customers all(text);
      for (int64_t number = 1000; number <= 3000; number += 2) all.come(number);
      for (const int64_t number : late) all.come(number);
      ASSERT_EQ(all.kept(), all.sorted()) << late.front();
      all.come(2501);
      ASSERT_EQ(all.kept(), all.sorted()) << late.front();
    }
  }
}

TEST(IdOrder, IsThatOfTheIdsWhateverComesAndGoes) {
  for (const bool text : {false, true}) {
    for (uint64_t seed = 1; seed <= 20; ++seed) {
      std::mt19937_64 random(seed);
      Customers all(text);
      for (int step = 0; step < 60; ++step) {
        const auto number = static_cast<int64_t>(random() % 400) - 200;
        switch (random() % 6) {
          case 0:
            all.book().forget(all.id(number));
            break;
          case 1:
            if (const auto other = static_cast<int64_t>(random() % 400) - 200; other != number) {
              const CustomerId a = all.id(number);
              const std::string kept(a.text);
              ASSERT_TRUE(all.book().link(text ? CustomerId{0, kept} : a, all.id(other), 1).ok());
            }
            break;
          default:
            for (uint64_t n = random() % 12; n > 0; --n) {
              all.come(static_cast<int64_t>(random() % 400) - 200);
            }
        }
        if (random() % 3 == 0) {
          ASSERT_EQ(all.kept(), all.sorted()) << "seed " << seed << " step " << step;
        }
      }
      ASSERT_EQ(all.kept(), all.sorted()) << "seed " << seed;
    }
  }
}

TEST(IdOrder, KeepsNothingWhereRowsAreInOrder) {
  Customers all(false);
  for (int64_t number = -3; number < 500; number += 7) all.come(number);
  EXPECT_EQ(all.kept(), all.sorted());
  all.come(600);
  EXPECT_EQ(all.kept(), all.sorted());
  EXPECT_EQ(all.bytes(), 0u);
  all.come(0);
  EXPECT_EQ(all.kept(), all.sorted());
  EXPECT_GT(all.bytes(), 0u);
}

}  // namespace
}  // namespace patron::internal
