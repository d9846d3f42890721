// ltv_simulate: many customers drawn from a model, as tables.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/bitmap.h"
#include "lib/base/number_text.h"
#include "lib/base/parallel.h"
#include "lib/base/table_data.h"
#include "lib/models/ltv/query.h"
#include "lib/models/ltv/simulate.h"
#include "patron/ltv.h"

namespace patron {
inline namespace v0 {
namespace {

using internal::Buffer;
using internal::number_text;
using internal::OwnedColumn;
using internal::Watch;
using internal::ltv::SimulatedCustomer;
using internal::ltv::Simulator;

constexpr int64_t kTask = 512;
constexpr double kWhole = 0x1p53;
constexpr double kMostOpportunities = 1e6;
constexpr double kMostEvents = 0x1p32;

Status at_customer(Code code, int64_t customer, const std::string& message) {
  return {code, "customer " + std::to_string(customer) + ": " + message, customer};
}

/// What a column is made of.
struct NewColumn {
  NewColumn(std::string name, Type type, int64_t length) {
    column.field.name = std::move(name);
    column.field.type.type = type;
    column.length = length;
    const auto size = static_cast<size_t>(length);
    column.values = Buffer(type == Type::kBool ? (size + 7) / 8 : size * 8);
  }
  OwnedColumn column;
};

class Simulation {
 public:
  Simulation(const Ltv& model, const LtvSimulation& options)
      : model_(model.model()),
        options_(options),
        simulator_(model.model(), model.parameters(), options.seed),
        threads_(internal::thread_count(options.threads)),
        watch_(options.control) {}

  Result<LtvSimulated> run() {
    if (Status status = check(); !status.ok()) return status;
    watch_.phase(options_.events ? 0.5 : 1);
    customers_.resize(static_cast<size_t>(size_));
    Status status = each_customer([&](int64_t i) {
      customers_[static_cast<size_t>(i)] = simulator_.customer(i, observed(i));
    });
    if (!status.ok()) return status;
    for (int64_t i = 0; i < size_; i++) {
      if (customers_[static_cast<size_t>(i)].frequency > kWhole) {
        return at_customer(Code::kLimit, i,
                           "more than 1e15 purchases, which nobody can count; the parameters are "
                           "too extreme for this T");
      }
    }
    LtvSimulated simulated;
    simulated.customers = customer_table();
    if (options_.events) {
      Result<Table> events = event_table();
      if (!events.ok()) return events.status();
      simulated.events = *std::move(events);
    }
    return simulated;
  }

 private:
  double observed(int64_t i) const {
    if (model_ == LtvModel::kGammaGamma)
      return static_cast<double>(options_.orders_each[static_cast<size_t>(i)]);
    return options_.T_each.empty() ? options_.T : options_.T_each[static_cast<size_t>(i)];
  }

  Status check() {
    const bool spend = model_ == LtvModel::kGammaGamma;
    const size_t given = spend ? options_.orders_each.size() : options_.T_each.size();
    size_ = given > 0 || spend ? static_cast<int64_t>(given) : options_.customers;
    if (spend && !options_.T_each.empty())
      return {Code::kArgument, "T_each: gamma_gamma draws money; it reads orders_each"};
    if (!spend && !options_.orders_each.empty()) {
      return {Code::kArgument, "orders_each: " + std::string(ltv_model_name(model_)) +
                                   " draws orders; it reads T or T_each"};
    }
    if (options_.customers < 0) {
      return {Code::kArgument, "customers: " + std::to_string(options_.customers) +
                                   " is negative; want how many there are"};
    }
    if (spend && given == 0 && options_.customers != 0) {
      return {Code::kArgument,
              "orders_each: gamma_gamma draws the mean money of so many orders; give how many each "
              "customer has made"};
    }
    if (options_.customers != 0 && options_.customers != size_) {
      return {Code::kArgument, "customers: " + std::to_string(options_.customers) + ", but " +
                                   (spend ? "orders_each" : "T_each") + " has " +
                                   std::to_string(given) + "; leave customers at 0"};
    }
    if (size_ > int64_t{UINT32_MAX} - 1)
      return {Code::kLimit, "customers: " + std::to_string(size_) + " are more than 2^32 - 2"};
    const bool purchases = internal::ltv::is_purchase_model(model_);
    if (options_.events && !purchases) {
      return {Code::kArgument, "events: " + std::string(ltv_model_name(model_)) +
                                   " has no purchases; only models of purchases have events"};
    }
    if (options_.threads < 0) {
      return {Code::kArgument, "threads: " + std::to_string(options_.threads) +
                                   " is negative; want 0 for all cores, or how many"};
    }
    if (!spend && options_.T_each.empty()) return check_time(options_.T, -1);
    for (int64_t i = 0; i < size_; i++) {
      if (spend) {
        const int64_t orders = options_.orders_each[static_cast<size_t>(i)];
        if (orders < 0 || static_cast<double>(orders) > kWhole) {
          return at_customer(Code::kArgument, i,
                             "orders_each is " + std::to_string(orders) + "; want 0 to 2^53");
        }
      } else if (Status status = check_time(observed(i), i); !status.ok()) {
        return status;
      }
    }
    return {};
  }

  Status check_time(double T, int64_t customer) const {
    const auto refuse = [&](Code code, const std::string& want) -> Status {
      const std::string message = "T is " + number_text(T) + "; want " + want;
      if (customer >= 0) return at_customer(code, customer, message);
      return {code, message};
    };
    if (!(T >= 0) || std::isinf(T)) return refuse(Code::kArgument, "a time of 0 or more");
    if (!internal::ltv::has_whole_periods(model_)) {
      return T <= 1e100 ? Status() : refuse(Code::kArgument, "at most 1e100");
    }
    if (T != std::floor(T) || T > kWhole)
      return refuse(Code::kArgument, "a whole number of periods, 0 to 2^53");
    if (model_ == LtvModel::kBgBb && T > kMostOpportunities)
      return refuse(Code::kLimit, "at most 1000000 opportunities");
    return {};
  }

  template <typename Body>
  Status each_customer(const Body& body) {
    return internal::parallel_for((size_ + kTask - 1) / kTask, threads_, &watch_,
                                  [&](int64_t task, int worker) {
                                    const int64_t end = std::min(size_, (task + 1) * kTask);
                                    for (int64_t i = task * kTask; i < end; i++) {
                                      if (i % 16 == 0 && watch_.stop(worker)) return;
                                      body(i);
                                    }
                                  });
  }

  OwnedColumn doubles(const char* name, double SimulatedCustomer::*member) const {
    NewColumn made(name, Type::kDouble, size_);
    auto* values = made.column.values.as<double>();
    for (const SimulatedCustomer& customer : customers_) *values++ = customer.*member;
    return std::move(made.column);
  }
  OwnedColumn counts(const char* name, double SimulatedCustomer::*member) const {
    NewColumn made(name, Type::kInt64, size_);
    auto* values = made.column.values.as<int64_t>();
    for (const SimulatedCustomer& customer : customers_)
      *values++ = static_cast<int64_t>(customer.*member);
    return std::move(made.column);
  }
  OwnedColumn flags(const char* name, bool of_the_living) const {
    NewColumn made(name, Type::kBool, size_);
    Buffer& bits = made.column.values;
    std::fill_n(bits.data(), bits.size(), uint8_t{0});
    for (int64_t i = 0; i < size_; i++) {
      if (customers_[static_cast<size_t>(i)].alive == of_the_living)
        internal::set_bit(bits.data(), i);
    }
    return std::move(made.column);
  }

  Table customer_table() const {
    std::vector<OwnedColumn> columns;
    if (model_ == LtvModel::kGammaGamma) {
      columns.push_back(counts("frequency", &SimulatedCustomer::frequency));
      columns.push_back(doubles("monetary", &SimulatedCustomer::monetary));
    } else if (internal::ltv::is_contract_model(model_)) {
      columns.push_back(counts("T", &SimulatedCustomer::T));
      columns.push_back(flags("churned", false));
      columns.push_back(flags("alive", true));
    } else {
      columns.push_back(counts("frequency", &SimulatedCustomer::frequency));
      columns.push_back(doubles("recency", &SimulatedCustomer::recency));
      columns.push_back(doubles("T", &SimulatedCustomer::T));
      columns.push_back(flags("alive", true));
    }
    return internal::make_owned_table(std::move(columns));
  }

  Result<Table> event_table() {
    std::vector<int64_t> starts{0};
    double total = 0;
    for (const SimulatedCustomer& customer : customers_) {
      total += customer.frequency;
      if (total > kMostEvents) {
        return Status(Code::kLimit,
                      "events: more than 2^32 purchases; draw fewer customers, or summaries alone");
      }
      starts.push_back(static_cast<int64_t>(total));
    }
    NewColumn who("customer", Type::kInt64, starts.back());
    NewColumn when("time", Type::kDouble, starts.back());
    auto* const rows = who.column.values.as<int64_t>();
    auto* const times = when.column.values.as<double>();
    watch_.phase(1);
    const Status status = each_customer([&](int64_t i) {
      const auto at = static_cast<size_t>(i);
      const auto count = static_cast<size_t>(starts[at + 1] - starts[at]);
      std::fill_n(rows + starts[at], count, i);
      simulator_.events(i, observed(i), customers_[at], {times + starts[at], count});
    });
    if (!status.ok()) return status;
    std::vector<OwnedColumn> columns;
    columns.push_back(std::move(who.column));
    columns.push_back(std::move(when.column));
    return internal::make_owned_table(std::move(columns));
  }

  LtvModel model_;
  const LtvSimulation& options_;
  Simulator simulator_;
  int threads_;
  Watch watch_;
  int64_t size_ = 0;
  std::vector<SimulatedCustomer> customers_;
};

}  // namespace

Result<LtvSimulated> ltv_simulate(const Ltv& model, const LtvSimulation& options) {
  return Simulation(model, options).run();
}

}  // namespace v0
}  // namespace patron
