// Money is whole minor units: how amounts come in, are rounded, summed and written.
#include <patron/money.h>

#include <iostream>
#include <vector>

int main() {
  // A double comes in once. 19.99 is no binary fraction, but it is 1999 cents within 1e-6.
  const patron::Result<patron::Rounded> price = patron::money_from_double(19.99, 2);
  if (!price.ok()) {
    std::cerr << price.status().message() << '\n';
    return 1;
  }
  std::cout << price->minor << (price->rounded ? " (rounded)\n" : " (exact)\n");  // 1999 (exact)

  // Half a cent goes to the even cent, and says that it was rounded.
  std::cout << patron::money_from_double(0.125, 2)->minor << '\n';  // 12
  std::cout << patron::money_from_text("0.135", 2)->minor << '\n';  // 14

  // Sums are exact; only a total that does not fit is an error.
  const std::vector<int64_t> orders = {1999, 500, -1999};
  const patron::MoneyUnit euro = {2, {'E', 'U', 'R'}};
  std::cout << patron::format_money(*patron::money_sum(orders), euro) << '\n';  // 5.00 EUR

  // A discount of 15 %: rounded half to even, on the exact product.
  const int64_t reduced = *patron::money_scale_by(1999, 0.85);
  std::cout << patron::format_money(reduced, euro) << '\n';  // 16.99 EUR

  const bool good = price->minor == 1999 && !price->rounded && *patron::money_sum(orders) == 500 &&
                    reduced == 1699;
  return good ? 0 : 1;
}
