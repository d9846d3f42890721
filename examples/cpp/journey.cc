// Customers on their way: orders replayed month by month under examples/policies/music.json.
//
//   journey [orders.csv] [policy.json]
//
// The file has the columns customer_id, date and amount, in any order and with others beside them,
// and no quotes. Without it orders are simulated. It fails where the engine contradicts itself.
#include <patron/engine.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

struct Orders {
  std::vector<int64_t> customers;
  std::vector<patron::Micros> times;
  std::vector<double> amounts;
};

patron::Micros midnight(std::string_view date) {
  return *patron::parse_time(date, patron::TimeZone());
}

std::vector<std::string_view> cells_of(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  std::vector<std::string_view> cells;
  for (size_t comma; (comma = line.find(',')) != line.npos; line.remove_prefix(comma + 1)) {
    cells.push_back(line.substr(0, comma));
  }
  cells.push_back(line);
  return cells;
}

template <typename T>
bool number_of(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

// The orders of a file; false, with what is wrong, where a line has no order in it.
bool read_orders(const char* path, Orders& orders) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return std::cerr << path << " cannot be read\n", false;
  std::map<std::string, size_t, std::less<>> places;
  for (const std::string_view name : cells_of(line)) places.emplace(name, places.size());
  for (const char* name : {"customer_id", "date", "amount"}) {
    if (!places.contains(name)) return std::cerr << path << " has no " << name << "\n", false;
  }
  for (size_t number = 2; std::getline(file, line); ++number) {
    const std::vector<std::string_view> cells = cells_of(line);
    int64_t customer = 0;
    double amount = 0;
    patron::Result<patron::Micros> time = patron::Status(patron::Code::kArgument, "no date");
    if (cells.size() == places.size()) {
      time = patron::parse_time(cells[places["date"]], patron::TimeZone());
    }
    if (!time.ok() || !number_of(cells[places["customer_id"]], customer) ||
        !number_of(cells[places["amount"]], amount)) {
      return std::cerr << path << ", line " << number << ": no order in \"" << line << "\"\n",
             false;
    }
    orders.customers.push_back(customer);
    orders.times.push_back(*time);
    orders.amounts.push_back(amount);
  }
  return true;
}

// Everybody comes in the first quarter of 2025, buys at a pace of her own, and leaves one day.
Orders simulated(int64_t customers) {
  constexpr patron::Micros kDay = 86'400'000'000;
  std::mt19937_64 random(7);
  const auto below = [&](uint64_t n) { return static_cast<int64_t>(random() % n); };
  const patron::Micros begin = midnight("2025-01-01"), end = midnight("2026-07-01");
  Orders orders;
  for (int64_t customer = 1; customer <= customers; ++customer) {
    const int64_t pace = 10 + below(90);
    patron::Micros day = begin + below(90) * kDay;
    const patron::Micros leaves = std::min(end, day + below(500) * kDay + kDay);
    for (; day < leaves; day += (1 + below(static_cast<uint64_t>(2 * pace))) * kDay) {
      orders.customers.push_back(customer);
      orders.times.push_back(day);
      orders.amounts.push_back(static_cast<double>(500 + below(9'500)) / 100);
    }
  }
  return orders;
}

// The first days of the months after `from`, up to the one after `to`.
std::vector<patron::Micros> months_between(patron::Micros from, patron::Micros to) {
  using std::chrono::microseconds, std::chrono::days, std::chrono::sys_time;
  const auto day = std::chrono::floor<days>(sys_time<microseconds>(microseconds(from)));
  const std::chrono::year_month_day first(day);
  std::vector<patron::Micros> months;
  for (std::chrono::year_month m = first.year() / first.month();
       months.empty() || months.back() <= to;) {
    m += std::chrono::months(1);
    const sys_time<microseconds> begins = std::chrono::sys_days(m / 1);
    months.push_back(begins.time_since_epoch().count());
  }
  return months;
}

// How many went from one stage into another, without those who are new to the shop.
void print_month(const patron::Engine& engine, int64_t& read, patron::Micros month) {
  std::map<std::pair<std::string_view, std::string_view>, int> flow;
  for (const patron::Transition& t : engine.transitions(read)) {
    read = t.number;
    if (t.classification == "stage" && !t.from.empty()) ++flow[{t.from, t.to}];
  }
  std::cout << patron::format_time(month).substr(0, 7) << ' ';
  const std::vector<patron::ClassCount> standing = *engine.distribution("stage");
  for (const patron::ClassCount& count : standing) {
    if (!count.name.empty()) std::cout << ' ' << count.name << ' ' << count.customers;
  }
  std::cout << "\n";
  for (const auto& [way, customers] : flow) {
    std::cout << "          " << way.first << " -> " << way.second << ' ' << customers << "\n";
  }
}

// Where somebody has been.
void print_way(const patron::Engine& engine, patron::CustomerId customer) {
  std::cout << "so far " << customer.number << " was\n";
  for (const patron::Transition& t : engine.history(customer)) {
    if (t.classification != "stage") continue;
    std::cout << "  " << t.to << " since " << patron::format_time(t.at) << " ("
              << patron::cause_name(t.cause) << ")\n";
  }
}

// Tells who changes her stage within 30 days if nothing happens, and lets the days pass: whether
// just that came.
bool forecast_comes_true(patron::Engine& engine, int64_t read) {
  const patron::Micros until = engine.clock() + 30 * int64_t{86'400'000'000};
  std::vector<patron::Forecast> ahead = *engine.forecast(until);
  std::erase_if(ahead, [](const patron::Forecast& f) { return f.classification != "stage"; });
  std::cout << "if nothing happens, " << ahead.size() << " change within 30 days";
  if (!ahead.empty()) {
    std::cout << "; " << ahead[0].customer.number << " first, " << ahead[0].from << " -> "
              << ahead[0].to << " at " << patron::format_time(ahead[0].at) << "; ";
    print_way(engine, ahead[0].customer);
  }
  if (!engine.advance(until).ok()) return false;
  size_t next = 0;
  for (const patron::Transition& t : engine.transitions(read)) {
    if (t.classification != "stage") continue;
    if (next == ahead.size()) return false;
    const patron::Forecast& f = ahead[next++];
    if (f.customer.number != t.customer.number || f.at != t.at || f.to != t.to) return false;
  }
  return next == ahead.size();
}

std::string text_of(const char* path) {
  std::ifstream file(path);
  return (std::ostringstream() << file.rdbuf()).str();
}

}  // namespace

int main(int argc, char** argv) {
  Orders orders;
  if (argc > 1) {
    if (!read_orders(argv[1], orders)) return 2;
  } else {
    orders = simulated(500);
  }
  const char* path = argc > 2 ? argv[2] : "policies/music.json";
  const patron::Result<patron::Policy> policy = patron::Policy::parse(text_of(path));
  if (!policy.ok()) {
    std::cerr << path << ": " << policy.status().message() << "\n";
    return 2;
  }
  const auto [first, last] = std::minmax_element(orders.times.begin(), orders.times.end());
  if (first == orders.times.end()) return 0;
  const std::vector<patron::Micros> months = months_between(*first, *last);

  patron::TableBuilder table;
  table.int64("customer", std::move(orders.customers)).doubles("amount", std::move(orders.amounts));
  table.timestamps("time", std::move(orders.times), "UTC");
  patron::Engine engine = *patron::Engine::open(*policy);
  patron::Status status = engine.ingest("orders", *table.finish());
  int64_t read = 0;  // the number of the last transition that was told
  for (const patron::Micros month : months) {
    if (status.ok()) status = engine.advance(month);
    if (status.ok()) print_month(engine, read, month);
  }
  if (!status.ok()) {
    std::cerr << status.message() << "\n";
    return 1;
  }
  return forecast_comes_true(engine, read) ? 0 : 1;
}
