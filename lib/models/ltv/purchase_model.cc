#include "lib/models/ltv/purchase_model.h"

#include "lib/models/ltv/beta_geometric_predict.h"
#include "lib/models/ltv/bg_bb_model.h"
#include "lib/models/ltv/nbd_predict.h"
#include "lib/models/ltv/pareto_predict.h"

namespace patron::internal::ltv {

std::unique_ptr<PurchaseModel> make_purchase_model(LtvModel model,
                                                   const LtvParameters& parameters) {
  switch (model) {
    case LtvModel::kNbd:
      return std::make_unique<NbdModel>(parameters);
    case LtvModel::kParetoNbd:
      return std::make_unique<ParetoModel>(parameters);
    case LtvModel::kBgBb:
      return std::make_unique<BgBbModel>(parameters);
    default:
      return std::make_unique<BetaGeometricModel>(parameters, model == LtvModel::kMbgNbd);
  }
}

}  // namespace patron::internal::ltv
