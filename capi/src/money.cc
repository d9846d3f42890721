#include "patron/money.h"

#include <algorithm>

#include "capi/src/guard.h"
#include "capi/src/input.h"

using namespace patron::capi;  // NOLINT
using patron::Code;
using patron::Result;
using patron::Rounded;
using patron::Status;

namespace {

Status check_scale(int32_t scale) { return patron::check(patron::MoneyUnit{scale, {}}); }

Status hand_out_rounded(const Result<Rounded>& amount, int64_t* minor, int32_t* rounded) {
  if (!amount.ok()) return amount.status();
  *minor = amount->minor;
  if (rounded != nullptr) *rounded = amount->rounded ? 1 : 0;
  return {};
}

}  // namespace

patron_status patron_money_from_double(double value, int32_t scale, int64_t* minor,
                                       int32_t* rounded, patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    Status status = first_error({check_scale(scale), require(minor, "minor")});
    if (!status.ok()) return status;
    return hand_out_rounded(patron::money_from_double(value, scale), minor, rounded);
  });
}

patron_status patron_money_parse(const char* text, uint64_t text_size, int32_t scale,
                                 int64_t* minor, int32_t* rounded, patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    const Result<std::string_view> what = read_text(text, text_size, "text");
    if (!what.ok()) return what.status();
    Status status = first_error({check_scale(scale), require(minor, "minor")});
    if (!status.ok()) return status;
    return hand_out_rounded(patron::money_from_text(*what, scale), minor, rounded);
  });
}

patron_status patron_money_format(int64_t minor, int32_t scale, const char* currency,
                                  uint64_t currency_size, char* buffer, uint64_t capacity,
                                  uint64_t* needed, patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    const Result<std::string_view> code = read_text(currency, currency_size, "currency");
    if (!code.ok()) return code.status();
    patron::MoneyUnit unit{scale, {}};
    if (!code->empty() && code->size() != unit.currency.size()) {
      return {Code::kArgument, "currency has " + std::to_string(code->size()) +
                                   " bytes; want three letters A to Z, such as EUR"};
    }
    std::copy(code->begin(), code->end(), unit.currency.begin());
    Status status = patron::check(unit);
    if (!status.ok()) return status;
    return write_text(patron::format_money(minor, unit), buffer, capacity, needed);
  });
}

patron_status patron_money_sum(const int64_t* amounts, uint64_t count, int64_t* sum,
                               patron_error* error) noexcept {
  return guard(error, [&]() -> Status {
    Status status = first_error(
        {require_array(amounts, count, sizeof(int64_t), "amounts"), require(sum, "sum")});
    if (!status.ok()) return status;
    const Result<int64_t> total = patron::money_sum({amounts, count});
    if (!total.ok()) return total.status();
    *sum = *total;
    return {};
  });
}
