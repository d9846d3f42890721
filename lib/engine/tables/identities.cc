// Which customer each id is now, as a table.
#include <algorithm>
#include <iterator>
#include <optional>
#include <vector>

#include "lib/engine/engine_view.h"
#include "lib/engine/tables/cell_table.h"
#include "lib/engine/tables/id_order.h"

namespace patron::internal {
namespace {

// Two columns, id and customer; the second is null where nobody has the id.
class IdentityTable {
 public:
  explicit IdentityTable(Kind kind)
      : text_(kind != Kind::kInt64),
        id_(table_.column("id", kind)),
        customer_(table_.column("customer", kind)) {}

  void push(CustomerId id, const std::optional<CustomerId>& customer) {
    table_.push(id_, cell(id));
    table_.push(customer_, customer ? cell(*customer) : Cell());
  }
  Table finish() { return table_.finish(); }

 private:
  Cell cell(CustomerId id) const { return text_ ? Cell::of_text(id.text) : Cell::of(id.number); }

  bool text_;
  CellTable table_;
  size_t id_, customer_;
};

}  // namespace

std::optional<CustomerId> EngineView::customer_of(CustomerId id) const {
  const uint32_t row = find(id);
  if (row == kNoCustomer) return std::nullopt;
  return book.ids->id_own(row);
}

Result<Table> EngineView::identities(std::span<const uint32_t> standing) const {
  std::vector<uint32_t> rows(standing.begin(), standing.end());
  if (book.links != nullptr) {
    std::vector<uint32_t> others;
    for (uint32_t row = 0; row < book.customers; ++row) {
      if (book.survivor(row) != row) others.push_back(row);
    }
    sort_by_id(*book.ids, others);
    std::vector<uint32_t> all;
    all.reserve(rows.size() + others.size());
    std::merge(rows.begin(), rows.end(), others.begin(), others.end(), std::back_inserter(all),
               [this](uint32_t a, uint32_t b) { return book.ids->compare_own(a, b) < 0; });
    rows = std::move(all);
  }
  IdentityTable out(policy().customer);
  for (const uint32_t row : rows) {
    out.push(book.ids->id_own(row), book.ids->id_own(book.survivor(row)));
  }
  return out.finish();
}

Result<Table> EngineView::identities(std::span<const CustomerId> ids) const {
  IdentityTable out(policy().customer);
  for (const CustomerId& id : ids) out.push(id, customer_of(id));
  return out.finish();
}

}  // namespace patron::internal
