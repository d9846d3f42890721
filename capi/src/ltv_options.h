// The structs of capi/api/ltv.json, read into the options of patron/ltv.h.
//
// Code::kArgument, kUnsupported, kUtf8, kHandle, kState; the message names the field. Values that
// only the computation can judge (columns, horizons, rates) are left to it. Thread class: pure.
#pragma once

#include "capi/src/options.h"
#include "patron/ltv.h"
#include "patron/patron.h"

namespace patron::capi {

Status read_ltv_model(int32_t value, const char* name, LtvModel& out);
Status read_ltv_query(const patron_ltv_query* in, const char* name, LtvQuery& out);
Status read_ltv_customer(const patron_ltv_customer* in, LtvCustomer& out);
Status read_ltv_fit_options(const patron_ltv_fit_options* in, LtvFitOptions& out, Call& call);
Status read_ltv_predict_options(const patron_ltv_predict_options* in, LtvPredictOptions& out,
                                Call& call);
Status read_ltv_value_options(const patron_ltv_value_options* in, LtvValueOptions& out, Call& call);
/// The arrays are borrowed from the caller.
Status read_ltv_simulation(const patron_ltv_simulation* in, LtvSimulation& out, Call& call);

}  // namespace patron::capi
