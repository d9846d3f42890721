// The segment tables that come with patron.
//
// "eleven" is the widely copied list of 125 codes. "putler" is the table by R and the mean of F and
// M that several vendors print; "rfm_r_0_2" and "rfm_r_0_3" are the example tables of the R package
// rfm, 0.2.2 and 0.3.0; "regex" is the table of patterns over R and F that Python recipes share.
// They are kept as they stand in print, low bounds of 0 and hidden rows included: lint() says what
// that does. One name, one meaning: all tables use the names of "eleven".

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/nearest.h"
#include "lib/base/utf8.h"
#include "patron/segments.h"

namespace patron {
inline namespace v0 {
namespace {

enum Segment {
  kChampions,
  kLoyal,
  kPotentialLoyalist,
  kNew,
  kPromising,
  kNeedAttention,
  kAboutToSleep,
  kAtRisk,
  kCannotLose,
  kHibernating,
  kLost,
  kSegments
};

struct Profile {
  std::string_view name, label_zh, codes, advice, advice_zh;
};

constexpr std::array<Profile, kSegments> kProfiles{{
    {"Champions", "冠军客户", "555 554 544 545 454 455 445",
     "Your best: thank them in person, give them new things first, and ask them to recommend you. "
     "They need no discount.",
     "最好的客户：当面致谢，新品优先，请他们推荐；不需要打折。"},
    {"Loyal", "忠诚客户", "543 444 435 355 354 345 344 335",
     "They buy often: offer the larger basket, a place in the loyalty programme, and ask for a "
     "review.",
     "经常购买：推荐更高价值的商品，邀请加入会员计划，请他们写评价。"},
    {"Potential Loyalist", "潜在忠诚客户",
     "553 551 552 541 542 533 532 531 452 451 442 441 431 453 433 432 423 353 352 351 342 341 333 "
     "323",
     "Recent, and more than once: recommend what goes with their purchases and invite them to the "
     "loyalty programme.",
     "近期多次购买：推荐搭配商品，邀请加入会员计划。"},
    {"New / Recent", "新近客户", "512 511 422 421 412 411 311",
     "They just bought, a little: welcome them, help them use what they bought, and give a reason "
     "for the second order.",
     "刚刚购买，金额不高：欢迎并指导使用，给出第二次购买的理由。"},
    {"Promising", "有潜力客户", "525 524 523 522 521 515 514 513 425 424 413 414 415 315 314 313",
     "Recent buyers who spend well but seldom: keep the brand in sight and try a starter offer on "
     "the next order.",
     "近期购买、金额不错但次数少：保持品牌曝光，用小优惠促成下一单。"},
    {"Need Attention", "需要关注客户", "535 534 443 434 343 334 325 324",
     "Good customers whose habit is loosening: a limited offer based on what they bought before.",
     "不错的客户，购买习惯开始松动：按以往购买给限时优惠。"},
    {"About To Sleep", "即将休眠客户", "331 321 312 221 213 231 241 251",
     "Below average and slipping: show what is popular now and remind them why they came.",
     "低于平均并在下滑：推荐当前热销，提醒他们当初为何而来。"},
    {"At Risk", "流失风险客户",
     "255 254 245 244 253 252 243 242 235 234 225 224 153 152 145 143 142 135 134 133 125 124",
     "They spent a lot, often, and long ago: write to them personally with a reason to come back "
     "now.",
     "曾经常买、花得多，但已久未购买：一对一联系，给出现在回来的理由。"},
    {"Cannot Lose Them", "不可流失客户", "155 154 144 214 215 115 114 113",
     "Once among the best, gone for long: call them, ask what went wrong, and win them back before "
     "a competitor does.",
     "曾是大客户，离开已久：打电话问明原因，抢在对手之前赢回。"},
    {"Hibernating", "休眠客户", "332 322 233 232 223 222 132 123 122 212 211",
     "Last order long ago, few and small: one or two cheap reminders with relevant products, then "
     "less contact.",
     "很久没买，次数少、金额低：低成本提醒一两次，之后减少打扰。"},
    {"Lost", "已流失客户", "111 112 121 131 141 151",
     "Lowest on nearly everything: one last campaign at most, and leave them out of paid "
     "advertising.",
     "几乎各项最低：最多再做一次召回，不再投放付费广告。"},
}};

SegmentRow profile_row(Segment segment) {
  const Profile& profile = kProfiles[segment];
  SegmentRow row;
  row.name = profile.name;
  row.label_zh = profile.label_zh;
  row.advice = profile.advice;
  row.advice_zh = profile.advice_zh;
  return row;
}

std::vector<SegmentRow> eleven() {
  std::vector<SegmentRow> rows;
  for (int segment = 0; segment < kSegments; ++segment) {
    SegmentRow row = profile_row(static_cast<Segment>(segment));
    const std::string_view codes = kProfiles[static_cast<size_t>(segment)].codes;
    for (size_t at = 0; at < codes.size(); at += 4) {  // three digits and a blank
      row.codes.push_back({codes[at] - '0', codes[at + 1] - '0', codes[at + 2] - '0'});
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

// One row of a printed table: low and high of R and of up to two more axes.
struct Box {
  Segment segment;
  ScoreRange r, second, third{};
};

constexpr std::array<Box, 11> kPutler{{
    {kChampions, {4, 5}, {4, 5}},
    {kLoyal, {2, 5}, {3, 5}},
    {kPotentialLoyalist, {3, 5}, {1, 3}},
    {kNew, {4, 5}, {0, 1}},
    {kPromising, {3, 4}, {0, 1}},
    {kNeedAttention, {2, 3}, {2, 3}},
    {kAboutToSleep, {2, 3}, {0, 2}},
    {kAtRisk, {0, 2}, {2, 5}},
    {kCannotLose, {0, 1}, {4, 5}},
    {kHibernating, {1, 2}, {1, 2}},
    {kLost, {0, 2}, {0, 2}},
}};

constexpr std::array<Box, 10> kR02{{
    {kChampions, {4, 5}, {4, 5}, {4, 5}},
    {kLoyal, {2, 5}, {3, 5}, {3, 5}},
    {kPotentialLoyalist, {3, 5}, {1, 3}, {1, 3}},
    {kNew, {4, 5}, {1, 1}, {1, 1}},
    {kPromising, {3, 4}, {1, 1}, {1, 1}},
    {kNeedAttention, {2, 3}, {2, 3}, {2, 3}},
    {kAboutToSleep, {2, 3}, {1, 2}, {1, 2}},
    {kAtRisk, {1, 2}, {2, 5}, {2, 5}},
    {kCannotLose, {1, 1}, {4, 5}, {4, 5}},
    {kLost, {1, 2}, {1, 2}, {1, 2}},
}};

constexpr std::array<Box, 10> kR03{{
    {kChampions, {5, 5}, {5, 5}, {5, 5}},
    {kLoyal, {2, 4}, {2, 4}, {2, 4}},
    {kPotentialLoyalist, {3, 5}, {3, 5}, {2, 5}},
    {kNew, {4, 5}, {1, 3}, {1, 5}},
    {kPromising, {3, 4}, {1, 3}, {3, 5}},
    {kNeedAttention, {1, 3}, {3, 5}, {3, 5}},
    {kAboutToSleep, {2, 3}, {1, 3}, {1, 4}},
    {kAtRisk, {1, 2}, {2, 5}, {4, 5}},
    {kCannotLose, {1, 2}, {3, 4}, {4, 5}},
    {kLost, {1, 1}, {1, 5}, {1, 5}},
}};

constexpr std::array<Box, 10> kRegex{{
    {kChampions, {5, 5}, {4, 5}},
    {kLoyal, {3, 4}, {4, 5}},
    {kPotentialLoyalist, {4, 5}, {2, 3}},
    {kNew, {5, 5}, {1, 1}},
    {kPromising, {4, 4}, {1, 1}},
    {kNeedAttention, {3, 3}, {3, 3}},
    {kAboutToSleep, {3, 3}, {1, 2}},
    {kAtRisk, {1, 2}, {3, 4}},
    {kCannotLose, {1, 2}, {5, 5}},
    {kHibernating, {1, 2}, {1, 2}},
}};

std::vector<SegmentRow> boxes(std::span<const Box> table, SegmentGrid grid) {
  std::vector<SegmentRow> rows;
  for (const Box& box : table) {
    SegmentRow row = profile_row(box.segment);
    row.r = box.r;
    (grid == SegmentGrid::kRxFM ? row.fm : row.f) = box.second;
    if (grid == SegmentGrid::kRFM) row.m = box.third;
    rows.push_back(std::move(row));
  }
  return rows;
}

constexpr std::array<std::string_view, 5> kNames{"eleven", "putler", "rfm_r_0_2", "rfm_r_0_3",
                                                 "regex"};

}  // namespace

std::span<const std::string_view> SegmentTable::names() { return kNames; }

Result<SegmentTable> SegmentTable::named(std::string_view name) {
  if (name == "eleven") return make(eleven());
  if (name == "putler") return make(boxes(kPutler, SegmentGrid::kRxFM));
  if (name == "rfm_r_0_2") return make(boxes(kR02, SegmentGrid::kRFM));
  if (name == "rfm_r_0_3") return make(boxes(kR03, SegmentGrid::kRFM));
  if (name == "regex") return make(boxes(kRegex, SegmentGrid::kRxF));
  std::string message = internal::quoted(name) + " is no segment table; there are ";
  for (size_t i = 0; i < kNames.size(); ++i)
    message += (i == 0 ? "" : ", ") + std::string(kNames[i]);
  return Status(Code::kDocument, message + internal::did_you_mean(name, kNames));
}

}  // namespace v0
}  // namespace patron
