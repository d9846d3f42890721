#include "lib/models/ltv/likelihood.h"

#include "lib/models/ltv/likelihoods.h"

namespace patron::internal::ltv {

Derivatives& Derivatives::operator+=(const Derivatives& other) {
  value += other.value;
  for (size_t i = 0; i < gradient.size(); ++i) gradient[i] += other.gradient[i];
  for (size_t i = 0; i < hessian.size(); ++i) hessian[i] += other.hessian[i];
  return *this;
}

std::unique_ptr<LogLikelihood> make_likelihood(LtvModel model, const UniqueRows& rows) {
  switch (model) {
    case LtvModel::kNbd:
      return make_nbd(rows);
    case LtvModel::kBgNbd:
      return make_beta_geometric(rows, /*modified=*/false);
    case LtvModel::kMbgNbd:
      return make_beta_geometric(rows, /*modified=*/true);
    case LtvModel::kParetoNbd:
      return make_pareto_nbd(rows);
    case LtvModel::kGammaGamma:
      return make_gamma_gamma(rows);
    case LtvModel::kBgBb:
      return make_bg_bb(rows);
    case LtvModel::kSbg:
      return make_sbg(rows);
    case LtvModel::kBdw:
      return make_bdw(rows);
  }
  return nullptr;
}

}  // namespace patron::internal::ltv
