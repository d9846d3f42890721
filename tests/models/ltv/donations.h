// The donations of 11,104 supporters of a public radio station, first in 1995, in the six years
// from 1996 to 2001: how many gave in x of them, last in t_x. Fader, Hardie and Shang (2010),
// "Customer-base analysis in a discrete-time noncontractual setting", Marketing Science 29(6),
// table 2; the table is also in Fader and Hardie's note "Implementing the BG/BB model in Excel"
// (2011).
#pragma once

#include <vector>

namespace patron::test {

struct Supporters {
  double frequency, recency, count;
};
inline constexpr double kDonationYears = 6;
inline const std::vector<Supporters> kDonations{
    {0, 0, 3464}, {1, 1, 1091}, {1, 2, 277}, {1, 3, 129}, {1, 4, 78},  {1, 5, 119},
    {1, 6, 129},  {2, 2, 613},  {2, 3, 255}, {2, 4, 155}, {2, 5, 173}, {2, 6, 234},
    {3, 3, 322},  {3, 4, 181},  {3, 5, 225}, {3, 6, 357}, {4, 4, 240}, {4, 5, 284},
    {4, 6, 512},  {5, 5, 335},  {5, 6, 728}, {6, 6, 1203}};

/// Maximum likelihood there: R's package BTYD 2.4.3; the paper has 1.204, 0.750, 0.657, 2.783.
inline constexpr double kDonationFit[4] = {1.203510, 0.749712, 0.656745, 2.783611};

}  // namespace patron::test
