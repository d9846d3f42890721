#include "lib/engine/calibration/calibration_names.h"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "lib/base/sha256.h"

namespace patron::internal {
namespace {

// Calls with every list of ids.
template <typename Each>
void for_each_list(CalibrationData& data, const Each& each) {
  for (auto& [name, model] : data.models) {
    if (auto* rank = std::get_if<RankConstants>(&model.of)) {
      for (RankConstants::Class& one : rank->classes) each(one.seats);
    } else if (auto* referral = std::get_if<ReferralConstants>(&model.of)) {
      each(referral->ids);
    }
  }
}

}  // namespace

// The document is hashed without the names, which would lie about in it; they come behind it.
std::string calibration_hash(const CalibrationData& data) {
  CalibrationData nameless = data;
  Sha256 out;
  for_each_list(nameless, [&](WipedVector<CalibrationId>& ids) {
    for (CalibrationId& id : ids) {
      const std::array<int64_t, 2> head{id.number, static_cast<int64_t>(id.text.size())};
      out.update({reinterpret_cast<const char*>(head.data()), sizeof head});
      out.update(id.text);
      id = CalibrationId();
    }
  });
  out.update(calibration_json(nameless));
  return out.hex();
}

std::string calibration_basis(const CalibrationData& data) {
  CalibrationData nameless = data;
  for (auto& [name, model] : nameless.models) {
    if (auto* referral = std::get_if<ReferralConstants>(&model.of)) referral->values.clear();
  }
  for_each_list(nameless, [](WipedVector<CalibrationId>& ids) { ids.clear(); });
  return sha256_hex(calibration_json(nameless));
}

std::shared_ptr<const CalibrationData> without(const std::shared_ptr<const CalibrationData>& data,
                                               std::span<const CustomerId> customers) {
  const auto said = [](const WipedVector<CalibrationId>& ids, CustomerId who) {
    const auto found = std::lower_bound(ids.begin(), ids.end(), who, IdLess());
    const bool there = found != ids.end() && found->number == who.number && found->text == who.text;
    return there ? found - ids.begin() : -1;
  };
  std::shared_ptr<CalibrationData> out;  // a copy, once one of them is found
  for (const auto& [name, model] : data->models) {
    const auto own = [&, &name = name ]() -> auto& {
      if (out == nullptr) out = std::make_shared<CalibrationData>(*data);
      return out->models.find(name)->second.of;
    };
    for (const CustomerId who : customers) {
      const auto& now = out == nullptr ? model.of : out->models.find(name)->second.of;
      if (const auto* rank = std::get_if<RankConstants>(&now)) {
        for (size_t c = 0; c < rank->classes.size(); ++c) {
          const ptrdiff_t at = said(rank->classes[c].seats, who);
          if (at < 0) continue;
          auto& seats = std::get<RankConstants>(own()).classes[c].seats;
          seats.erase(seats.begin() + at);
          break;  // nobody has two
        }
      } else if (const auto* referral = std::get_if<ReferralConstants>(&now)) {
        const ptrdiff_t at = said(referral->ids, who);
        if (at < 0) continue;
        auto& kept = std::get<ReferralConstants>(own());
        kept.ids.erase(kept.ids.begin() + at);
        kept.values.erase(kept.values.begin() + at);
      }
    }
  }
  return out == nullptr ? data : out;
}

}  // namespace patron::internal
