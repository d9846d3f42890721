#include "lib/engine/tables/nps_pages.h"

#include <algorithm>

#include "lib/engine/settle/customer_history.h"

namespace patron::internal {
namespace {

// The code of a word; kNullEnum where the column has none.
uint32_t code_of_word(const PageColumns& columns, int column, std::string_view word) {
  for (uint32_t code = 0; code < columns.code_count(column); ++code) {
    if (columns.code_text(column, code) == word) return code;
  }
  return kNullEnum;
}

}  // namespace

NpsOutput nps_output(const PolicyData& policy, const PolicyValue& value) {
  const std::string_view name = value.tag.name;
  for (const PolicyModel& model : policy.models) {
    if (value.tag.source != TagSource::kModel || model.kind != PolicyModel::Kind::kNps) continue;
    if (name == model.name + ".score") return NpsOutput::kScore;
    if (name == model.name + ".class") return NpsOutput::kClass;
  }
  return NpsOutput::kNone;
}

NpsPages::NpsPages(const PolicyData& policy, const PolicyModel& model, int stream,
                   const Schema& schema, const StreamRules& rules, const BookState& book)
    : stream_(book, LogName{stream, false}, schema, rules, policy.zone),
      kind_(stream_.columns().find("kind")),
      score_(stream_.columns().find("score")),
      window_(stream_.add_window(model_window(model.window))),
      nps_(code_of_word(stream_.columns(), kind_, "nps")) {}

void NpsPages::read(uint32_t page, Micros now) {
  stream_.read(page, now, &nobody_);
  const uint32_t customers = stream_.customers();
  std::fill_n(has_.data(), customers, 1);
  std::fill_n(known_.data(), customers, 0);
  std::fill_n(scores_.data(), customers, 0);
  for (const uint16_t k : stream_.page().apart) has_[k] = 0;
  if (nps_ == kNullEnum || stream_.columns().rows() == 0) return;
  const PageRows inside = stream_.rows(window_);
  const uint32_t* const kinds = stream_.columns().codes(kind_);
  const int64_t* const scores = stream_.columns().ints(score_);
  for (uint32_t k = 0; k < customers; ++k) {
    if (has_[k] == 0) continue;
    // Her newest that counts.
    for (uint32_t row = inside.end[k]; row > inside.begin[k]; --row) {
      const int64_t score = scores[row - 1];
      if (kinds[row - 1] != nps_ || !is_nps_score(score)) continue;
      known_[k] = 1;
      scores_[k] = score;
      break;
    }
  }
}

void NpsPages::put_scores(uint32_t customers, ValueBlock& out) const {
  std::copy_n(known_.data(), customers, out.known());
  std::copy_n(scores_.data(), customers, out.integers());
}

void NpsPages::put_classes(uint32_t customers, ValueBlock& out) const {
  uint32_t* const codes = out.name(classes_);
  std::copy_n(known_.data(), customers, out.known());
  for (uint32_t k = 0; k < customers; ++k) {
    codes[k] = known_[k] != 0 ? nps_class_number(scores_[k]) : 0;
  }
}

std::unique_ptr<NpsPages> make_nps_pages(const PolicyData& policy,
                                         std::span<const MetricStream> streams,
                                         const BookState& book) {
  const auto model =
      std::find_if(policy.models.begin(), policy.models.end(),
                   [](const PolicyModel& one) { return one.kind == PolicyModel::Kind::kNps; });
  const auto surveys = std::find_if(streams.begin(), streams.end(),
                                    [](const MetricStream& one) { return one.name == "surveys"; });
  if (model == policy.models.end() || surveys == streams.end()) return nullptr;
  const StreamLayout& layout = surveys->reader->layout();
  const int kind = layout.find("kind"), score = layout.find("score");
  if (kind < 0 || layout.columns[static_cast<size_t>(kind)].cell != CellType::kCode) return nullptr;
  if (score < 0 || layout.columns[static_cast<size_t>(score)].cell != CellType::kInt) {
    return nullptr;
  }
  return std::make_unique<NpsPages>(policy, *model, static_cast<int>(surveys - streams.begin()),
                                    surveys->schema, surveys->rules, book);
}

}  // namespace patron::internal
