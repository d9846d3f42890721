#include "tests/abi/transcript.h"

#include <cmath>
#include <utility>

#include "tests/abi/call.h"

namespace patron::test {
namespace {

class Writer {
 public:
  void call(const char* name, const std::string& what, const Outcome& outcome,
            const patron_error& error) {
    out += std::string(name) + " " + what + " " + std::to_string(outcome.status) + "\n";
    out += outcome.text;
    if (outcome.status != PATRON_OK) this->error(error);
  }
  void error(const patron_error& error) {
    out += std::string(patron_status_name(error.code)) + " " + std::to_string(error.byte_offset) +
           " " + std::to_string(error.row) + " " + error.message + "\n";
  }
  std::string out;
};

void every_function(const World& world, Writer& to) {
  for (const Function& function : functions()) {
    patron_error error = PATRON_ERROR_INIT;
    to.call(function.name, "", function.run(world, {}, &error), error);
    for (int i = 0; i < static_cast<int>(function.params.size()); ++i) {
      const Outcome outcome = function.run(world, null_for(i), &error);
      to.call(function.name, function.params[static_cast<size_t>(i)].name, outcome, error);
    }
    for (const SizedStruct& use : function.structs) {
      const Bend bend = {
          .how = Bend::How::kSize, .param = use.param, .place = use.place, .size = 4096123};
      to.call(function.name, use.path, function.run(world, bend, &error), error);
    }
  }
}

void money(Writer& to) {
  for (const int64_t minor : {int64_t{0}, int64_t{-7}, int64_t{123456789}, INT64_MIN, INT64_MAX}) {
    for (const int32_t scale : {0, 2, 9}) {
      char buffer[32] = {};
      int64_t back = 0;
      patron_error error = PATRON_ERROR_INIT;
      EXPECT_EQ(
          patron_money_format(minor, scale, "TRY", 3, buffer, sizeof(buffer), nullptr, &error),
          PATRON_OK);
      to.out += std::string(buffer) + "\n";
      const std::string plain(buffer, std::string_view(buffer).size() - 4);
      EXPECT_EQ(patron_money_parse(plain.data(), plain.size(), scale, &back, nullptr, &error),
                PATRON_OK);
      EXPECT_EQ(back, minor);
    }
  }
  for (const std::string_view text : {"1.234,5", "1,5", "1 234.5", "1.5", "\xC4\xB0.5", "1e3"}) {
    int64_t minor = 0;
    patron_error error = PATRON_ERROR_INIT;
    patron_money_parse(text.data(), text.size(), 2, &minor, nullptr, &error);
    to.out += std::to_string(minor) + " ";
    to.error(error);
  }
  for (const double value : {1234567.125, -0.005, 1e300, std::nan(""), 0.1}) {
    int64_t minor = 0;
    patron_error error = PATRON_ERROR_INIT;
    patron_money_from_double(value, 2, &minor, nullptr, &error);
    to.out += std::to_string(minor) + " ";
    to.error(error);
  }
}

void times(Writer& to) {
  for (const std::string_view zone :
       {"", "Europe/Istanbul", "Asia/Tokyo", "America/New_York", "europe/istanbul", "TR"}) {
    for (const std::string_view text : {"2026-03-29T02:30", "2026-03-29 02:30:00.125", "1999-12-31",
                                        "31.12.1999", "2026-03-01T08:30:00+08:00", "2026-02-30"}) {
      int64_t micros = 0;
      patron_error error = PATRON_ERROR_INIT;
      const patron_status status =
          patron_time_parse(text.data(), text.size(), zone.data(), zone.size(), &micros, &error);
      char buffer[32] = {};
      if (status == PATRON_OK) {
        EXPECT_EQ(patron_time_format(micros, buffer, sizeof(buffer), nullptr, nullptr), PATRON_OK);
      }
      to.out += std::string(zone) + " " + std::string(text) + " " + buffer + " ";
      to.error(error);
    }
  }
  for (const std::string_view text : {"12mo", "2Y", "1.5h", "1,5h", "36h"}) {
    patron_period period = PATRON_PERIOD_INIT;
    patron_error error = PATRON_ERROR_INIT;
    patron_period_parse(text.data(), text.size(), &period, &error);
    to.out += std::to_string(period.months) + " " + std::to_string(period.micros) + " ";
    to.error(error);
  }
}

// Texts that read as numbers and times, names with a Turkish dotless i, doubles in messages.
void orders_as_text(Writer& to) {
  const World world;
  const double shares[] = {0.25, 1.5};
  patron_rank_options ranking = PATRON_RANK_OPTIONS_INIT;
  ranking.shares = shares, ranking.share_count = 2;
  patron_rank* rank = nullptr;
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_NE(patron_rank_compute(world.table.get(), "amount", 6, &ranking, &rank, &error),
            PATRON_OK);
  to.error(error);
  EXPECT_NE(patron_rank_compute(world.table.get(), "AMOUNT", 6, &ranking, &rank, &error),
            PATRON_OK);
  to.error(error);
  for (const std::string_view json :
       {R"([{"name": "all", "fm": [1.5, 2.25]}])", R"([{"name": "all", "fm": [1,5, 2.25]}])",
        R"([{"NAME": "all"}])", R"([{"name": "I\u0131", "r": 5e0}])"}) {
    patron_segments* segments = nullptr;
    const patron_status status =
        patron_segments_parse(json.data(), json.size(), 5, &segments, &error);
    if (status != PATRON_OK) {
      to.error(error);
      continue;
    }
    patron_buffer* back = nullptr;
    EXPECT_EQ(patron_segments_to_json(segments, &back, nullptr), PATRON_OK);
    to.out += describe(world, back) + "\n";
    patron_buffer_close(back);
    patron_segments_close(segments);
  }
}

}  // namespace

std::string transcript() {
  Writer to;
  const World world;
  every_function(world, to);
  money(to);
  times(to);
  orders_as_text(to);
  return std::move(to.out);
}

}  // namespace patron::test
