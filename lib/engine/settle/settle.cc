#include "lib/engine/settle/settle.h"

#include <algorithm>
#include <utility>

#include "lib/engine/quick/quick_pass.h"
#include "lib/engine/quick/scores_pass.h"
#include "lib/engine/quick/sums_pass.h"
#include "lib/engine/settle/settle_parts.h"
#include "lib/engine/settle/settle_pass.h"
#include "patron/money.h"

namespace patron::internal {

std::optional<double> number_of(const Cell& cell, const PolicyValue& value) {
  if (!cell.known) return std::nullopt;
  if (value.tag.kind == Kind::kDouble) return cell.number;
  if (value.tag.kind == Kind::kMoney) return money_to_double(cell.integer, value.unit.scale);
  return static_cast<double>(cell.integer);
}

int document_class(const PolicyClassificationData& classification, int machine_class) {
  if (machine_class == kNoClass || classification.seen.kind != ClassificationKind::kBands) {
    return machine_class;
  }
  return static_cast<int>(classification.classes.size()) - 1 - machine_class;
}

Settler::Settler(const PolicyData& policy, const BookState& book)
    : parts_(std::make_unique<SettleParts>(policy, book)) {}
Settler::~Settler() = default;
Settler::Settler(Settler&&) noexcept = default;
Settler& Settler::operator=(Settler&&) noexcept = default;

std::span<const MachineName> Settler::machines() const { return parts_->names; }
size_t Settler::value_of(size_t classification) const { return parts_->value_of[classification]; }

bool Settler::calibrated(size_t classification) const {
  return parts_->calibrated[parts_->value_of[classification]];
}

CustomerId Settler::id_of(uint32_t row) const { return parts_->book.ids->id(row); }

size_t Settler::machine_of(size_t classification) const {
  return parts_->machines[classification].front().state;
}

// What is remembered of models is of the constants before.
void Settler::use(std::shared_ptr<const CalibrationData> constants) {
  parts_->models->use(std::move(constants));
  if (quick_ != nullptr) quick_->exchange(parts_->models->constants());
}

void Settler::exchange(ModelValues::InForce& constants) {
  parts_->models->exchange(constants);
  if (quick_ != nullptr) quick_->exchange(parts_->models->constants());
}

const std::shared_ptr<const CalibrationData>& Settler::constants() const {
  return parts_->models->shared();
}

void Settler::hide_after(Micros last) {
  for (LogReader& reader : parts_->readers) reader.hide_after(last);
  for (LogReader& reader : parts_->attributes) reader.hide_after(last);
}

void Settler::let_go() {
  for (LogReader& reader : parts_->readers) reader.let_go();
  for (LogReader& reader : parts_->attributes) reader.let_go();
  if (quick_ != nullptr) quick_->let_go();
  parts_->models->let_go();
  std::fill(parts_->cells.begin(), parts_->cells.end(), Cell());
  std::fill(parts_->seen.begin(), parts_->seen.end(), Cell());
  parts_->out.because.wipe();
  std::fill(parts_->out.moves.begin(), parts_->out.moves.end(), SettledMove());
  std::fill(parts_->out.at.begin(), parts_->out.at.end(), Micros{0});
  const size_t count = parts_->out.values.size();
  parts_->out.values.clear();
  parts_->out.values.resize(count);  // there is room
}

ModelValues& Settler::models() { return *parts_->models; }

Settled Settler::settle(uint32_t customer, CustomerState& state, Micros t) {
  SettlePass(*parts_, customer, state, t, true, SettleExtent::kAll).run();
  return std::move(parts_->out);
}

const Settled& Settler::move(uint32_t customer, CustomerState& state, Micros t) {
  SettlePass(*parts_, customer, state, t, true, SettleExtent::kClasses).run();
  return parts_->out;
}

const Settled& Settler::follow(uint32_t customer, CustomerState& state, Micros t, bool same) {
  const SettleExtent extent = same ? SettleExtent::kLater : SettleExtent::kTimes;
  SettlePass(*parts_, customer, state, t, true, extent).run();
  return parts_->out;
}

void Settler::try_move(uint32_t customer, CustomerState& state, Micros t) {
  SettlePass(*parts_, customer, state, t, true, SettleExtent::kOutcome).run();
}

const Settled* Settler::move_lightly(uint32_t customer, CustomerState& state, Micros t,
                                     ChangedFacts changed) {
  if (quick_ == nullptr) quick_ = std::make_unique<QuickParts>(*parts_);
  const bool can = quick_->keeps_before(state) && QuickPass::can(*parts_, *quick_, customer, state);
  if (!can) return nullptr;
  if (quick_->sums != nullptr && quick_->sums->run(customer, state, t)) return &parts_->out;
  if (quick_->scores != nullptr && quick_->scores->run(customer, state, t, changed))
    return &parts_->out;
  QuickPass(*parts_, *quick_, customer, state, t, changed).run();
  return &parts_->out;
}

void Settler::take_back(CustomerState& state) {
  if (quick_ != nullptr) quick_->take_back(state);
}

void Settler::fetch_log(uint32_t customer) const {
  const bool sums = quick_ != nullptr && quick_->sums != nullptr;
  sums ? quick_->sums->fetch_log(customer) : parts_->book.fetch_log(customer);
}

void Settler::fetch(uint32_t customer) const {
  if (quick_ == nullptr || quick_->sums != nullptr) return;
  quick_->memory.fetch(customer);
  if (quick_->scores != nullptr && quick_->scores->calibrated()) {
    return quick_->scores->fetch(customer);
  }
  for (size_t s = 0; s < quick_->glances.size(); ++s) {
    if (quick_->windows[s] != nullptr) {
      quick_->windows[s]->sums.fetch(customer);
    } else if (quick_->glances[s] != nullptr) {
      quick_->glances[s]->fetch(customer);
    }
  }
}

const Settled& Settler::move_quickly(uint32_t customer, CustomerState& state, Micros t,
                                     std::optional<ChangedFacts> changed) {
  if (quick_ == nullptr) quick_ = std::make_unique<QuickParts>(*parts_);
  if (!QuickPass::can(*parts_, *quick_, customer, state)) {
    if (changed) quick_->memory.forget(customer);
    return move(customer, state, t);
  }
  if (quick_->sums != nullptr && quick_->sums->run(customer, state, t)) return parts_->out;
  if (changed && quick_->scores != nullptr && quick_->scores->run(customer, state, t, *changed))
    return parts_->out;
  QuickPass(*parts_, *quick_, customer, state, t, changed).run();
  return parts_->out;
}

const Settled* Settler::foresee(uint32_t customer, const CustomerState& state, Micros due,
                                Micros until) {
  if (quick_ == nullptr) quick_ = std::make_unique<QuickParts>(*parts_);
  const bool can = quick_->sums != nullptr && QuickPass::can(*parts_, *quick_, customer, state);
  return can && quick_->sums->foresee(customer, state, due, until) ? &parts_->out : nullptr;
}

void Settler::forget(uint32_t customer) {
  if (quick_ != nullptr) quick_->memory.forget(customer);
}

size_t Settler::bytes() const { return quick_ == nullptr ? 0 : quick_->memory.bytes(); }

std::span<const MetricValue> Settler::values(uint32_t customer, const CustomerState& state,
                                             Micros t) {
  const bool whole = state.machines.size() == parts_->names.size() &&
                     state.shown.size() == parts_->names.size() &&
                     (!parts_->keeps || state.kept.size() == parts_->policy.values.size());
  if (whole) {
    // Who is whole is written to only where she is moved.
    auto& same = const_cast<CustomerState&>(state);
    SettlePass(*parts_, customer, same, t, false, SettleExtent::kValues).run();
  } else {
    CustomerState copy = state;
    SettlePass(*parts_, customer, copy, t, false, SettleExtent::kValues).run();
  }
  return parts_->out.values;
}

const Settled& Settler::glimpse(uint32_t customer, const CustomerState& state, Micros t) {
  CustomerState copy = state;
  SettlePass(*parts_, customer, copy, t, false, SettleExtent::kClasses).run();
  return parts_->out;
}

Settled Settler::look(uint32_t customer, const CustomerState& state, Micros t) {
  CustomerState copy = state;
  SettlePass(*parts_, customer, copy, t, false, SettleExtent::kAll).run();
  return std::move(parts_->out);
}

}  // namespace patron::internal
