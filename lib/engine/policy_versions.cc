#include "lib/engine/policy_versions.h"

namespace patron::internal {
namespace {

const PolicyVersion& number(std::span<const PolicyVersion> versions, int32_t of) {
  return versions[static_cast<size_t>(of - 1)];
}

}  // namespace

ClassPlace carried(std::span<const PolicyVersion> versions, int32_t from, int32_t to,
                   ClassPlace place) {
  for (int32_t next = from + 1; next <= to && place.classification >= 0; ++next) {
    const CarriedClassification& into =
        number(versions, next).carried[static_cast<size_t>(place.classification)];
    place.classification = into.to;
    if (place.c != kNoClass) place.c = into.classes[static_cast<size_t>(place.c)];
  }
  if (place.classification < 0) place.c = kNoClass;
  return place;
}

int came_from(std::span<const PolicyVersion> versions, int32_t from, int32_t to,
              int classification) {
  for (int32_t of = to; of > from && classification >= 0; --of) {
    const std::vector<CarriedClassification>& all = number(versions, of).carried;
    int before = static_cast<int>(all.size()) - 1;
    while (before >= 0 && all[static_cast<size_t>(before)].to != classification) --before;
    classification = before;
  }
  return classification;
}

int32_t version_at(std::span<const PolicyVersion> versions, Micros t) {
  auto of = static_cast<int32_t>(versions.size());
  while (of > 1 && number(versions, of).at > t) --of;
  return of;
}

}  // namespace patron::internal
