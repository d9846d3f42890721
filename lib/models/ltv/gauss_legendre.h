// Gauss-Legendre rules on [0, 1], from 8 to 24 nodes. Written by
// tests/models/ltv/reference/gauss_legendre.py.
//
//   with_gauss_rule(11, [&](const auto& rule) {        // the smallest rule of at least 11 nodes
//     for (size_t k = 0; k < rule.node.size(); ++k) sum += rule.weight[k] * f(rule.node[k]);
//   });
#pragma once

#include <array>
#include <cstddef>

namespace patron::internal::ltv {

template <size_t N>
struct GaussRule {
  std::array<double, N> node, weight;
};

inline constexpr GaussRule<8> kGauss8{
    {0x1.454e34f533998p-6, 0x1.a06d536d82f88p-4, 0x1.e5dad4f9af698p-3, 0x1.a214dac30e32fp-2,
     0x1.2ef5929e78e69p-1, 0x1.86894ac19425ap-1, 0x1.cbf255924fa0fp-1, 0x1.f5d58e5856633p-1},
    {0x1.9ea1d04ca0374p-5, 0x1.c76fb531d2b96p-4, 0x1.413c50a255615p-3, 0x1.736360b199343p-3,
     0x1.736360b199343p-3, 0x1.413c50a255615p-3, 0x1.c76fb531d2b96p-4, 0x1.9ea1d04ca0374p-5}};

inline constexpr GaussRule<10> kGauss10{
    {0x1.ab83f3aa1a507p-7, 0x1.1459a858d3435p-4, 0x1.4848dbae43cd1p-3, 0x1.2219ffb7f4a92p-2,
     0x1.b3c6be1db8762p-2, 0x1.261ca0f123c4fp-1, 0x1.6ef3002405ab7p-1, 0x1.adedc9146f0ccp-1,
     0x1.dd74caf4e5979p-1, 0x1.f951f0315796cp-1},
    {0x1.1115f8b62dc1fp-5, 0x1.32138c878efe5p-4, 0x1.c0b059d00bc31p-4, 0x1.13baa7a559bfep-3,
     0x1.2e9de7014d6efp-3, 0x1.2e9de7014d6efp-3, 0x1.13baa7a559bfep-3, 0x1.c0b059d00bc31p-4,
     0x1.32138c878efe5p-4, 0x1.1115f8b62dc1fp-5}};

inline constexpr GaussRule<12> kGauss12{
    {0x1.2e1c4e37a2fdep-7, 0x1.88bc58023ba64p-5, 0x1.d73d4449dc328p-4, 0x1.a6961f47f100fp-3,
     0x1.43ab96faba731p-2, 0x1.bfe1681c273c7p-2, 0x1.200f4bf1ec61dp-1, 0x1.5e2a3482a2c67p-1,
     0x1.965a782e03bfcp-1, 0x1.c5185776c479bp-1, 0x1.e7743a7fdc45ap-1, 0x1.fb478ec721741p-1},
    {0x1.8275d9dea6d8fp-6, 0x1.b60602bce6181p-5, 0x1.47d7258f22d8fp-4, 0x1.a0163e6b1ab72p-4,
     0x1.de3155c256ab5p-4, 0x1.fe40ce6d4f025p-4, 0x1.fe40ce6d4f025p-4, 0x1.de3155c256ab5p-4,
     0x1.a0163e6b1ab72p-4, 0x1.47d7258f22d8fp-4, 0x1.b60602bce6181p-5, 0x1.8275d9dea6d8fp-6}};

inline constexpr GaussRule<16> kGauss16{
    {0x1.5b4f66ca1e083p-8, 0x1.c60a99e906503p-6, 0x1.132ff2bac6df4p-4, 0x1.f4ee8896e3653p-4,
     0x1.874b732542e90p-3, 0x1.157ed32de2c47p-2, 0x1.6fd1a8cdee642p-2, 0x1.cf5a853312ac1p-2,
     0x1.1852bd6676aa0p-1, 0x1.48172b9908cdfp-1, 0x1.754096690e9ddp-1, 0x1.9e2d2336af45cp-1,
     0x1.c1622eed23936p-1, 0x1.dd9a01a8a7241p-1, 0x1.f1cfab30b7cd8p-1, 0x1.fd4961326bc3fp-1},
    {0x1.bcddab4b7c211p-7, 0x1.fdfb1a2c1265dp-6, 0x1.85c4ee79cc258p-5, 0x1.fe7af2bad386ap-5,
     0x1.325f61bca3cbfp-4, 0x1.5a6ebbb5a75fcp-4, 0x1.75f8c77e0c00fp-4, 0x1.83feae80e4dfcp-4,
     0x1.83feae80e4dfcp-4, 0x1.75f8c77e0c00fp-4, 0x1.5a6ebbb5a75fcp-4, 0x1.325f61bca3cbfp-4,
     0x1.fe7af2bad386ap-5, 0x1.85c4ee79cc258p-5, 0x1.fdfb1a2c1265dp-6, 0x1.bcddab4b7c211p-7}};

inline constexpr GaussRule<20> kGauss20{
    {0x1.c252f9c718fd2p-9, 0x1.2724584289613p-6, 0x1.677cdf4601373p-5, 0x1.497d0a840a463p-4,
     0x1.03c191972b564p-3, 0x1.74ae580b1de4ap-3, 0x1.f4df47d810013p-3, 0x1.40a998754d69ep-2,
     0x1.8b5fa725b5d10p-2, 0x1.d8d1840ce8f2ap-2, 0x1.13973df98b86bp-1, 0x1.3a502c6d25178p-1,
     0x1.5fab33c5594b1p-1, 0x1.82c82e09fbffbp-1, 0x1.a2d469fd3886ep-1, 0x1.bf0f9b9a352a7p-1,
     0x1.d6d05eaf7eb74p-1, 0x1.e988320b9fec9p-1, 0x1.f6c6dd3debb4fp-1, 0x1.fe3dad0638e70p-1},
    {0x1.209680274e8afp-7, 0x1.4c9b5ea53b67fp-6, 0x1.00b467df7e475p-5, 0x1.5519fe196e24ap-5,
     0x1.a1817a317a821p-5, 0x1.e41ff31573b48p-5, 0x1.0db2c5db26dffp-4, 0x1.230348f34a535p-4,
     0x1.31819b52c5992p-4, 0x1.38d6c490a3370p-4, 0x1.38d6c490a3370p-4, 0x1.31819b52c5992p-4,
     0x1.230348f34a535p-4, 0x1.0db2c5db26dffp-4, 0x1.e41ff31573b48p-5, 0x1.a1817a317a821p-5,
     0x1.5519fe196e24ap-5, 0x1.00b467df7e475p-5, 0x1.4c9b5ea53b67fp-6, 0x1.209680274e8afp-7}};

inline constexpr GaussRule<24> kGauss24{
    {0x1.3b690cb733ec7p-9, 0x1.9e0c1e680f139p-7, 0x1.f9a7a58f55b36p-6, 0x1.d13df3cd9785bp-5,
     0x1.70a2cc7cb2401p-4, 0x1.0a1ce248c4454p-3, 0x1.685a2340bdef4p-3, 0x1.d17d08a7651aap-3,
     0x1.21e5d13f0eda5p-2, 0x1.5eb2b9d3b8b78p-2, 0x1.9e25aaf51ac1dp-2, 0x1.df33ef5824ba3p-2,
     0x1.10660853eda2ep-1, 0x1.30ed2a85729f2p-1, 0x1.50a6a31623a44p-1, 0x1.6f0d17607892dp-1,
     0x1.8ba0bdd626b95p-1, 0x1.a5e9772fd0843p-1, 0x1.bd78c76dceeebp-1, 0x1.d1eba67069b80p-1,
     0x1.e2ec20c32687ap-1, 0x1.f032c2d385526p-1, 0x1.f987cf865fc3bp-1, 0x1.fec496f348cc1p-1},
    {0x1.9465bd3112202p-8, 0x1.d375514486f1dp-7, 0x1.6ab884f57c979p-6, 0x1.e5c6255d25edap-6,
     0x1.2c6d5c2eff064p-5, 0x1.6108ef504463ap-5, 0x1.8fd8936444b16p-5, 0x1.b8177ba4a68dcp-5,
     0x1.d91c78acb1b2dp-5, 0x1.f25cbce1d1ff6p-5, 0x1.01b7117cf8bd8p-4, 0x1.060475e763736p-4,
     0x1.060475e763736p-4, 0x1.01b7117cf8bd8p-4, 0x1.f25cbce1d1ff6p-5, 0x1.d91c78acb1b2dp-5,
     0x1.b8177ba4a68dcp-5, 0x1.8fd8936444b16p-5, 0x1.6108ef504463ap-5, 0x1.2c6d5c2eff064p-5,
     0x1.e5c6255d25edap-6, 0x1.6ab884f57c979p-6, 0x1.d375514486f1dp-7, 0x1.9465bd3112202p-8}};

inline constexpr int kLargestGaussRule = 24;

/// use(rule) with the smallest rule of at least `nodes` nodes, or with the largest there is.
template <typename Use>
[[gnu::always_inline]] inline void with_gauss_rule(int nodes, const Use& use) {
  if (nodes <= 8) return use(kGauss8);
  if (nodes <= 10) return use(kGauss10);
  if (nodes <= 12) return use(kGauss12);
  if (nodes <= 16) return use(kGauss16);
  if (nodes <= 20) return use(kGauss20);
  return use(kGauss24);
}

}  // namespace patron::internal::ltv
