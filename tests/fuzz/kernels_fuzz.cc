// The loops that are fast, each against the plain way to say the same: money blocks with and
// without AVX2, UTF-8, scores, order statistics, sums, ids, rows of customers, the integral of the
// Pareto/NBD.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "lib/base/id_map.h"
#include "lib/base/int128.h"
#include "lib/base/money_block.h"
#include "lib/base/simd.h"
#include "lib/base/utf8.h"
#include "lib/models/ltv/pareto_moments.h"
#include "lib/models/ltv/row_sort.h"
#include "lib/models/ltv/rows.h"
#include "lib/models/rfm/evaluate.h"
#include "lib/models/rfm/order_statistics.h"
#include "patron/money.h"
#include "tests/fuzz/fuzz.h"

namespace {

using patron::internal::AmountFlag;
using patron::internal::Int128;

/// What minor_from_doubles promises, without blocks and without the rounding magic.
AmountFlag plain_minor(double value, double pow10, int64_t* minor) {
  *minor = 0;
  if (!std::isfinite(value)) return AmountFlag::kNotFinite;
  const double product = value * pow10, nearest = std::nearbyint(product);
  if (!(nearest >= -0x1p63 && nearest < 0x1p63)) return AmountFlag::kOverflow;
  *minor = static_cast<int64_t>(nearest);
  return std::fabs(product - nearest) > 1e-6 ? AmountFlag::kRounded : AmountFlag::kOk;
}

void check_money(Choices* choices) {
  const int scale = static_cast<int>(choices->below(10));
  const double pow10 = patron::internal::kPowersOfTen[static_cast<size_t>(scale)];
  const bool raw = choices->one_in(2);
  std::vector<double> amounts;
  // Long enough for a block of 256 and a tail, of the input over and over.
  size_t size = choices->below(4) * 130;
  size += choices->below(7);
  const std::string_view bytes = choices->rest();
  for (size_t i = 0; i < size && bytes.size() >= 8; i++) {
    uint64_t word = 0;
    std::memcpy(&word, bytes.data() + i * 8 % (bytes.size() - 7), 8);
    double value = static_cast<double>(static_cast<int64_t>(word) >> (word % 64)) / pow10;
    if (raw) std::memcpy(&value, &word, 8);
    amounts.push_back(value);
  }
  const auto n = static_cast<int64_t>(amounts.size());
  std::vector<int64_t> fast(amounts.size()), base(amounts.size());
  std::vector<uint8_t> fast_flags(amounts.size()), base_flags(amounts.size());
  patron::internal::run_with_best_simd([&] {
    patron::internal::minor_from_doubles(amounts.data(), n, pow10, fast.data(), fast_flags.data());
    return 0;
  });
  patron::internal::minor_from_doubles(amounts.data(), n, pow10, base.data(), base_flags.data());
  FUZZ_CHECK(fast == base && fast_flags == base_flags);
  for (size_t i = 0; i < amounts.size(); i++) {
    int64_t minor;
    const AmountFlag flag = plain_minor(amounts[i], pow10, &minor);
    FUZZ_CHECK(fast[i] == minor && fast_flags[i] == static_cast<uint8_t>(flag));
  }
  std::vector<double> major(fast.size());
  patron::internal::doubles_from_minor(fast.data(), n, scale, major.data());
  for (size_t i = 0; i < fast.size(); i++) {
    FUZZ_CHECK(major[i] == patron::money_to_double(fast[i], scale));
  }
  Int128 sum = 0;
  for (const int64_t minor : fast) sum += minor;
  const auto found = patron::money_sum(fast);
  FUZZ_CHECK(found.ok() == (sum >= INT64_MIN && sum <= INT64_MAX));
  if (found.ok()) FUZZ_CHECK(*found == static_cast<int64_t>(sum));
}

/// The Unicode Standard, table 3-7, by decoding each character.
size_t plain_invalid_utf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const auto byte = [&](size_t k) { return static_cast<uint8_t>(text[i + k]); };
    const size_t length = byte(0) < 0x80   ? 1
                          : byte(0) < 0xc2 ? 0
                          : byte(0) < 0xe0 ? 2
                          : byte(0) < 0xf0 ? 3
                          : byte(0) < 0xf5 ? 4
                                           : 0;
    if (length == 0 || text.size() - i < length) return i;
    uint32_t point = length == 1 ? byte(0) : byte(0) & (0x7fu >> length);
    for (size_t k = 1; k < length; k++) {
      if ((byte(k) & 0xc0) != 0x80) return i;
      point = point << 6 | (byte(k) & 0x3f);
    }
    if (length == 3 && (point < 0x800 || (point >= 0xd800 && point < 0xe000))) return i;
    if (length == 4 && (point < 0x10000 || point > 0x10ffff)) return i;
    i += length;
  }
  return patron::internal::kValidUtf8;
}

void check_utf8(Choices* choices) {
  // Behind a run of ASCII of any length, so that every lane of a block meets every byte.
  std::string text(choices->below(70), 'x');
  text += choices->rest();
  text += "yyy";
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  FUZZ_CHECK(patron::internal::find_invalid_utf8(bytes, text.size()) == plain_invalid_utf8(text));
  const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return c >= 0; });
  FUZZ_CHECK(patron::internal::is_ascii(bytes, text.size()) == ascii);
  const std::string shown = patron::internal::printable(text, 40);
  FUZZ_CHECK(shown.size() <= 43 && plain_invalid_utf8(shown) == patron::internal::kValidUtf8);
}

std::vector<int64_t> values(Choices* choices, size_t most) {
  std::vector<int64_t> out(1 + choices->byte() % most);
  const bool wide = choices->one_in(2);
  for (int64_t& value : out) value = wide ? choices->int64() : choices->number();
  return out;
}

void check_statistics(Choices* choices) {
  const int parts = 2 + static_cast<int>(choices->below(9));
  const std::vector<int64_t> column = values(choices, 200);
  std::vector<int64_t> sorted = column;
  std::sort(sorted.begin(), sorted.end());
  const auto n = static_cast<int64_t>(sorted.size());
  std::vector<int64_t> ranks;
  for (int64_t k = 0; k < n; k += 1 + n / 7) ranks.push_back(n - 1 - k);
  const auto found = patron::internal::order_statistics(column, ranks);
  for (size_t i = 0; i < ranks.size(); i++) {
    FUZZ_CHECK(found[i] == sorted[static_cast<size_t>(ranks[i])]);
  }
  const auto quantiles = patron::internal::type7_floors(column, parts);
  const auto nearest = patron::internal::nearest_ranks(column, parts);
  for (int64_t k = 1; k < parts; k++) {
    const int64_t h = (n - 1) * k;
    const Int128 low = sorted[static_cast<size_t>(h / parts)];
    const Int128 high = sorted[static_cast<size_t>(std::min(h / parts + 1, n - 1))];
    const Int128 numerator = low * (parts - h % parts) + high * (h % parts);
    const Int128 floor = numerator / parts - (numerator % parts < 0 ? 1 : 0);
    FUZZ_CHECK(quantiles[static_cast<size_t>(k - 1)] == static_cast<int64_t>(floor));
    const int64_t rank = (n * k + parts - 1) / parts;
    FUZZ_CHECK(nearest[static_cast<size_t>(k - 1)] == sorted[static_cast<size_t>(rank - 1)]);
  }
  Int128 sum = 0;
  for (const int64_t value : column) sum += value;
  const Int128 mean = sum / n - (sum % n < 0 ? 1 : 0);
  FUZZ_CHECK(patron::internal::floor_mean(column) == static_cast<int64_t>(mean));
}

patron::internal::Buffer buffer_of(const std::vector<int64_t>& column) {
  patron::internal::Buffer buffer(column.size() * sizeof(int64_t));
  std::memcpy(buffer.data(), column.data(), column.size() * sizeof(int64_t));
  return buffer;
}

/// The loop that counts cuts for a block of customers against the score of each alone.
void check_scores(Choices* choices) {
  patron::RfmCuts cuts;
  for (patron::RfmAxisCuts* axis : {&cuts.recency, &cuts.frequency, &cuts.monetary}) {
    axis->cuts = values(choices, 9);
    std::sort(axis->cuts.begin(), axis->cuts.end());
    axis->octant_split = choices->number();
  }
  const size_t n = 1 + choices->below(100);
  std::vector<int64_t> column[4];
  const std::vector<int64_t> some = values(choices, 40);
  for (size_t i = 0; i < n; i++) {
    for (size_t c = 0; c < 4; c++) column[c].push_back(some[(i * 7 + c * 3) % some.size()]);
    if (i % 5 > 0) column[3][i] = 1;  // orders: most customers have bought
  }
  patron::internal::CustomerColumns customers;
  customers.customers = static_cast<int64_t>(n);
  customers.recency_days = buffer_of(column[0]);
  customers.frequency = buffer_of(column[1]);
  customers.monetary_minor = buffer_of(column[2]);
  customers.orders = buffer_of(column[3]);
  const patron::Control control;
  patron::internal::Watch watch(control);
  const auto found = patron::internal::evaluate(customers, cuts, patron::RfmOptions(), &watch);
  FUZZ_CHECK(found.ok());
  for (size_t i = 0; i < n; i++) {
    patron::Scores expected{0, 0, 0};
    if (column[3][i] > 0) {
      expected = patron::rfm_score(column[0][i], column[1][i], column[2][i], cuts);
      const int octant = patron::rfm_octant(column[0][i], column[1][i], column[2][i], cuts);
      FUZZ_CHECK(found->octant.as<int8_t>()[i] == octant);
    }
    FUZZ_CHECK(found->rfm[0].as<int8_t>()[i] == expected.r);
    FUZZ_CHECK(found->rfm[1].as<int8_t>()[i] == expected.f);
    FUZZ_CHECK(found->rfm[2].as<int8_t>()[i] == expected.m);
    FUZZ_CHECK(found->monetary.as<double>()[i] == patron::money_to_double(column[2][i], 2));
  }
}

/// Both id maps against std::map: found, inserted, forgotten again.
template <typename Map, typename Id>
void check_ids(Choices* choices, const std::vector<Id>& pool) {
  std::map<Id, uint32_t> expected;
  const uint32_t most = 1 + static_cast<uint32_t>(choices->below(40));
  Map map(most);
  for (int left = 64; left > 0 && !choices->empty(); left--) {
    const Id& id = pool[choices->below(pool.size())];
    const auto size = static_cast<uint32_t>(expected.size());
    const auto known = expected.find(id);
    const uint32_t row = known == expected.end() ? patron::internal::kNoRow : known->second;
    switch (choices->below(4)) {
      case 0:
        FUZZ_CHECK(map.find(id) == row);
        break;
      case 1: {
        std::vector<Id> many(1 + choices->below(5), id);
        many.back() = pool[choices->below(pool.size())];
        std::vector<uint32_t> rows(many.size());
        std::map<Id, uint32_t> after = expected;
        for (const Id& one : many) after.emplace(one, static_cast<uint32_t>(after.size()));
        const bool fits = after.size() <= most;
        FUZZ_CHECK(map.resolve(many, rows).ok() == fits);
        if (!fits) break;
        for (size_t i = 0; i < many.size(); i++) FUZZ_CHECK(rows[i] == after[many[i]]);
        expected = after;
        break;
      }
      case 2:
        if (choices->one_in(4)) {
          const auto kept = static_cast<uint32_t>(choices->below(size + 1));
          map.truncate(kept);
          std::erase_if(expected, [&](const auto& entry) { return entry.second >= kept; });
        }
        break;
      default:
        if (row == patron::internal::kNoRow && size < most) expected[id] = size;
        FUZZ_CHECK(map.find_or_insert(id) == (expected.contains(id) ? expected[id] : row));
    }
    FUZZ_CHECK(map.size() == expected.size());
  }
  for (const auto& [id, row] : expected) FUZZ_CHECK(map.id(row) == id);
}

void check_id_maps(Choices* choices) {
  if (choices->one_in(2)) {
    check_ids<patron::internal::IntIdMap>(choices, values(choices, 60));
    return;
  }
  static const std::string kBytes = std::string(70, 'a') + std::string("\0bcd", 4) + "customer-12";
  std::vector<std::string_view> pool;
  for (size_t i = 1 + choices->below(50); i > 0; i--) {
    const size_t at = choices->below(kBytes.size());
    pool.push_back(std::string_view(kBytes).substr(at, choices->below(70)));
  }
  check_ids<patron::internal::StringIdMap>(choices, pool);
}

double positive(Choices* choices, double span) {
  return std::exp(span * (static_cast<double>(choices->byte()) / 128 - 1));
}

/// The integral of the Pareto/NBD by one rule, wherever it is used, and by panels.
void check_leaving(Choices* choices) {
  using patron::internal::ltv::Pack;
  patron::internal::ltv::LeavingDensity d;
  d.alpha = positive(choices, 30);
  d.beta = choices->one_in(4) ? d.alpha : positive(choices, 30);
  const double t = choices->one_in(3) ? 0 : positive(choices, 20);
  const double width = patron::internal::ltv::kWidestRange * choices->byte() / 255;
  const double growth = patron::internal::ltv::kLargestGrowth * choices->byte() / 255;
  const double share = choices->byte() / 255.0;
  const double T = t + (std::min(d.alpha, d.beta) + t) * std::expm1(width);
  const double la = std::log1p((T - t) / (d.alpha + t)), lb = std::log1p((T - t) / (d.beta + t));
  if (!(la > 0 && lb > 0)) return;
  d.c = growth * share / la;
  d.s = growth * (1 - share) / lb;
  const auto slow = patron::internal::ltv::leaving_sums_by_panels(d, t, T);
  double left = 0, bought = 0;
  patron::internal::run_with_best_simd([&] {
    const auto all = [](double x) { return Pack{x, x, x, x}; };
    const auto fast = patron::internal::ltv::leaving_sums_by_rule(
        d, all(t), all(T), all(width), patron::internal::ltv::nodes_for(width, growth));
    left = fast.left[0];
    bought = fast.bought[0];
    return 0;
  });
  FUZZ_CHECK(std::fabs(left - slow.left) <= 1e-12 * slow.left + 1e-290);
  FUZZ_CHECK(std::fabs(bought - slow.bought) <= 1e-12 * slow.bought + 1e-290);
}

void check_row_sort(Choices* choices) {
  using patron::internal::ltv::WeightedRow;
  const double spread = positive(choices, 40), step = positive(choices, 3);
  const std::string_view bytes = choices->rest();
  std::vector<WeightedRow> rows;
  for (size_t i = 0; i < 3000 && !bytes.empty(); i++) {
    const auto byte = [&](size_t k) {
      return static_cast<double>(
          static_cast<uint8_t>(bytes[(i * 7 + k * i / 50 + k) % bytes.size()]));
    };
    rows.push_back({std::floor(byte(0) * byte(1) * spread / 256), std::floor(byte(2) * step),
                    byte(3) * spread, 1 + byte(4)});
  }
  const auto tuple = [](const WeightedRow& row) {
    return std::tuple(row.first, row.second, row.third, row.weight);
  };
  std::vector<WeightedRow> plain = rows;
  std::sort(plain.begin(), plain.end(),
            [&](const WeightedRow& a, const WeightedRow& b) { return tuple(a) < tuple(b); });
  patron::internal::ltv::sort_rows(&rows);
  for (size_t i = 0; i < rows.size(); i++) FUZZ_CHECK(tuple(rows[i]) == tuple(plain[i]));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 2048) return 0;
  Choices choices(data, size);
  const uint8_t first = choices.byte();
  switch (first / 2 == 120 ? 5 + first % 2 : first % 5) {
    case 0:
      check_money(&choices);
      break;
    case 1:
      check_utf8(&choices);
      break;
    case 2:
      check_statistics(&choices);
      break;
    case 3:
      check_scores(&choices);
      break;
    case 5:
      check_leaving(&choices);
      break;
    case 6:
      check_row_sort(&choices);
      break;
    default:
      check_id_maps(&choices);
  }
  return 0;
}
