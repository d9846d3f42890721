// The likelihoods there are, each made by the file of its name; make_likelihood() knows them all.
#pragma once

#include <memory>

#include "lib/models/ltv/likelihood.h"

namespace patron::internal::ltv {

/// NBD: Ehrenberg 1959. With the factor 1/x!: the likelihood of the count, not of the times.
std::unique_ptr<LogLikelihood> make_nbd(const UniqueRows& rows);
/// BG/NBD: Fader, Hardie and Lee 2005, equation 6; MBG/NBD: Batislam, Denizel and Filiztekin 2007,
/// the same with one more chance to leave, after the first purchase.
std::unique_ptr<LogLikelihood> make_beta_geometric(const UniqueRows& rows, bool modified);
/// Schmittlein, Morrison and Colombo 1987; the integral of Fader and Hardie 2005, "A note on
/// deriving the Pareto/NBD model", equation 13.
std::unique_ptr<LogLikelihood> make_pareto_nbd(const UniqueRows& rows);
/// Fader and Hardie 2013, "The gamma-gamma model of monetary value", equation 1a.
std::unique_ptr<LogLikelihood> make_gamma_gamma(const UniqueRows& rows);
/// Fader, Hardie and Shang 2010, equation 5.
std::unique_ptr<LogLikelihood> make_bg_bb(const UniqueRows& rows);
/// Fader and Hardie 2007.
std::unique_ptr<LogLikelihood> make_sbg(const UniqueRows& rows);
/// Fader, Hardie, Liu, Davin and Steenburgh 2018.
std::unique_ptr<LogLikelihood> make_bdw(const UniqueRows& rows);

}  // namespace patron::internal::ltv
