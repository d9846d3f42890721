#include "lib/engine/forecast_data.h"

#include <string>

namespace patron {
inline namespace v0 {

size_t Forecasts::size() const { return data_->moves.size(); }

Forecast Forecasts::operator[](size_t i) const {
  const internal::ComingMove moved = data_->moves.move(i);
  const internal::PolicyClassificationData& which = data_->classification(moved);
  return {data_->customer(i),
          which.seen.name,
          class_name(which, moved.move.from),
          class_name(which, moved.move.to),
          moved.at,
          moved.cause,
          Decision(data_->words, moved.move, std::string(data_->moves.because(i)))};
}

}  // namespace v0
}  // namespace patron
