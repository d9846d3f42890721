// What is kept of customers' ways through their classifications, as a table.
#include <vector>

#include "lib/engine/engine_data.h"
#include "lib/engine/settle/held_classes.h"
#include "lib/engine/tables/cell_table.h"

namespace patron {
inline namespace v0 {

Result<Table> Engine::history_table() const {
  const internal::PolicyData& policy = data_->policy.data();
  internal::CellTable out;
  const size_t id = out.column("customer", policy.customer);
  std::vector<const internal::PolicyHistory*> tags;
  std::vector<size_t> columns;
  for (const internal::PolicyValue& value : policy.values) {
    if (!value.history) continue;
    tags.push_back(&*value.history);
    columns.push_back(out.column(value.tag.name, value.tag.kind));
  }
  const internal::HeldClasses held(policy);
  for (const uint32_t row : data_->in_order()) {
    const internal::CustomerState& state = data_->members[row].state;
    out.push(id, data_->id_cell(row));
    for (size_t i = 0; i < tags.size(); ++i) {
      const internal::MetricValue value = held.history(*tags[i], state, data_->clock);
      const bool text = value.cell.known && !value.text.empty();
      out.push(columns[i], text ? Cell::of_text(value.text) : value.cell);
    }
  }
  return out.finish();
}

}  // namespace v0
}  // namespace patron
