// What may be asked of which model, and what a sound question is.
//
//   Status status = check_query(LtvModel::kBgNbd, {.horizon = -1});   // "horizon: -1 is below 0
//   ..."
//
// Thread class of everything here: pure.
#pragma once

#include <string_view>

#include "lib/models/ltv/customers.h"
#include "patron/ltv.h"
#include "patron/status.h"

namespace patron::internal::ltv {

/// Models of how often customers buy: NBD, BG/NBD, MBG/NBD, Pareto/NBD, BG/BB.
bool is_purchase_model(LtvModel model);
/// sBG and BdW.
bool is_contract_model(LtvModel model);
/// BG/BB, sBG and BdW: horizons are whole numbers of opportunities or renewals.
bool has_whole_periods(LtvModel model);

/// "expected purchases", ...: as it stands in messages.
std::string_view quantity_name(LtvQuantity quantity);
/// Whether the model has the quantity.
bool has_quantity(LtvModel model, LtvQuantity quantity);

/// Code::kArgument, naming the field, its value and what would be right. `fit` of the model that
/// is asked: a confidence interval needs its covariance.
Status check_query(const Ltv& model, const LtvQuery& query);

/// Whether a customer with this fault cannot be predicted. Who never bought again has no fault: a
/// model of spend takes her for average.
bool bars_prediction(Fault fault);
/// Code::kNumber or kArgument, naming the field, its value and what would be right.
Status customer_status(const LtvCustomer& customer, Fault fault);

/// The continuous discount per unit of the clock: ln(1 + rate) / units per year.
double discount_of(double rate_per_year, LtvUnit unit);

}  // namespace patron::internal::ltv
