// EngineView: what readers of an engine see at the clock, of the engine itself or of a snapshot.
//
//   const EngineView view = data.view();
//   Result<Table> tiers = view.classes(data.in_order());
//
// Thread class: shared, where what it refers to does not change.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "lib/engine/settle/settle.h"
#include "lib/engine/tables/value_table.h"
#include "patron/engine.h"

namespace patron::internal {

struct EngineView {
  const Policy& of;
  const BookState& book;
  StateOf states;
  std::shared_ptr<const CalibrationData> constants;
  Micros now;
  const RfmMeasures* measured = nullptr;  ///< as RfmPages::use(); null: none

  const PolicyData& policy() const { return of.data(); }

  /// The row of who stands for an id; kNoCustomer where it is not there.
  uint32_t find(CustomerId id) const;
  /// The rows of those that there are, ordered by id, each once.
  std::vector<uint32_t> find(std::span<const CustomerId> ids) const;

  /// Who stands for an id; nothing where it is not there.
  std::optional<CustomerId> customer_of(CustomerId id) const;
  /// As Engine::identities; those who stand for themselves, ordered by id, and all who are linked
  /// with them. tables/identities.cc.
  Result<Table> identities(std::span<const uint32_t> standing) const;
  Result<Table> identities(std::span<const CustomerId> ids) const;

  /// As the functions of Engine, of these rows; `changes` says when each may change by herself.
  Result<Table> classes(std::span<const uint32_t> rows, std::span<const Micros> changes) const;
  Result<Table> profiles(std::vector<uint32_t> rows, const ProfilesOptions& options) const;
  Result<std::vector<ClassCount>> distribution(std::string_view classification,
                                               std::span<const uint32_t> rows) const;
  /// `settler` is one over the same policy, book and constants.
  Result<Profile> profile(Settler& settler, CustomerId customer) const;
  Result<Table> profile_table(Settler& settler, CustomerId customer) const;

 private:
  struct Looked {
    uint32_t row;
    std::span<const MetricValue> values;       ///< good until the settler is asked again
    std::vector<std::optional<Micros>> as_of;  ///< of each value
  };
  Result<Looked> look(Settler& settler, CustomerId customer) const;
};

/// Those of the rows for which a condition over the policy's tags is true, in their order.
/// Code::kSyntax, kDocument, kLimit with the byte offset, kCancelled, kCallback. Cost: the facts of
/// everybody that it reads.
Result<std::vector<uint32_t>> rows_where(const EngineView& view, std::vector<uint32_t> rows,
                                         std::string_view condition, int threads,
                                         const Control& control);

}  // namespace patron::internal
