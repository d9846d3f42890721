#include "patron/engine_snapshot.h"

#include <mutex>
#include <utility>

#include "lib/engine/engine_data.h"
#include "lib/engine/engine_view.h"

namespace patron {
namespace internal {
namespace {

// The same ids in the same rows, which nobody changes.
std::shared_ptr<CustomerIds> copy_of(const CustomerIds& ids, uint32_t customers) {
  auto out = std::make_shared<CustomerIds>(ids.text());
  out->reserve(customers);
  for (uint32_t row = 0; row < customers; ++row) {
    if (ids.erased(row)) {
      out->append_erased();
      continue;
    }
    const CustomerId id = ids.id_own(row);
    uint32_t made = 0;
    const Status status = ids.text() ? out->resolve(std::span(&id.text, 1), std::span(&made, 1))
                                     : out->resolve(std::span(&id.number, 1), std::span(&made, 1));
    (void)status;  // there is room for as many as there were
  }
  return out;
}

}  // namespace

struct EngineSnapshotData {
  explicit EngineSnapshotData(EngineData& data)
      : of(data.policy),
        rows(data.in_order()),  // which brings what came in to its place
        book(data.book.snapshot().state()),
        constants(data.settler.constants()),
        now(data.clock) {
    book.ids = copy_of(*book.ids, book.customers);
    states.reserve(data.members.size());
    for (const EngineMember& member : data.members) states.push_back(member.state);
    changes.assign(data.members.size(), kEndTime);
    const std::vector<Micros> next = data.next_changes(rows);
    for (size_t i = 0; i < rows.size(); ++i) changes[rows[i]] = next[i];
  }

  EngineView view() const {
    return {of, book, [this](uint32_t row) -> const CustomerState& { return states[row]; },
            constants, now};
  }

  // Calls with a settler that nobody else has in the meantime.
  template <typename Call>
  auto with_settler(const Call& call) const {
    std::unique_ptr<Settler> mine;
    {
      const std::lock_guard hold(lock);
      if (!idle.empty()) {
        mine = std::move(idle.back());
        idle.pop_back();
      }
    }
    if (mine == nullptr) {
      mine = std::make_unique<Settler>(of.data(), book);
      mine->use(constants);
    }
    auto answer = call(*mine);
    const std::lock_guard hold(lock);
    idle.push_back(std::move(mine));
    return answer;
  }

  Result<Table> classes(std::span<const uint32_t> of_rows) const {
    std::vector<Micros> next;
    for (const uint32_t row : of_rows) next.push_back(changes[row]);
    return view().classes(of_rows, next);
  }

  Policy of;
  std::vector<uint32_t> rows;  ///< ordered by id
  BookState book;
  std::vector<CustomerState> states;
  std::vector<Micros> changes;  ///< of each row: when she may change by herself
  std::shared_ptr<const CalibrationData> constants;
  Micros now;
  mutable std::mutex lock;
  mutable std::vector<std::unique_ptr<Settler>> idle;  ///< made by threads that asked
};

}  // namespace internal

inline namespace v0 {

using internal::EngineSnapshotData;

EngineSnapshot Engine::snapshot() const {
  return EngineSnapshot(std::make_shared<const EngineSnapshotData>(*data_));
}

EngineSnapshot::EngineSnapshot(std::shared_ptr<const EngineSnapshotData> data)
    : data_(std::move(data)) {}

const Policy& EngineSnapshot::policy() const { return data_->of; }
Micros EngineSnapshot::clock() const { return data_->now; }
int64_t EngineSnapshot::customers() const { return static_cast<int64_t>(data_->rows.size()); }
Kind EngineSnapshot::customer() const { return data_->of.data().customer; }
Calibration EngineSnapshot::calibration() const { return Calibration(data_->constants); }

Result<Table> EngineSnapshot::classes() const { return data_->classes(data_->rows); }

Result<Table> EngineSnapshot::classes(std::span<const CustomerId> customers) const {
  return data_->classes(data_->view().find(customers));
}

std::optional<CustomerId> EngineSnapshot::customer_of(CustomerId id) const {
  return data_->view().customer_of(id);
}

Result<Table> EngineSnapshot::identities() const { return data_->view().identities(data_->rows); }

Result<Table> EngineSnapshot::identities(std::span<const CustomerId> ids) const {
  return data_->view().identities(ids);
}

Result<Table> EngineSnapshot::profiles(const ProfilesOptions& options) const {
  const internal::EngineView view = data_->view();
  return view.profiles(options.customers ? view.find(*options.customers) : data_->rows, options);
}

Result<Profile> EngineSnapshot::profile(CustomerId customer) const {
  return data_->with_settler(
      [&](internal::Settler& settler) { return data_->view().profile(settler, customer); });
}

Result<Table> EngineSnapshot::profile_table(CustomerId customer) const {
  return data_->with_settler(
      [&](internal::Settler& settler) { return data_->view().profile_table(settler, customer); });
}

Result<std::vector<ClassCount>> EngineSnapshot::distribution(std::string_view name) const {
  return data_->view().distribution(name, data_->rows);
}

}  // namespace v0
}  // namespace patron
