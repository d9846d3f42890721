// Documents of calibrations: what is read, and what is refused with its place.
#include "patron/calibration.h"

#include <gtest/gtest.h>

#include <string>

#include "lib/engine/calibration/calibration_data.h"

namespace patron {
namespace {

const std::string kText =
    R"({"patron_calibration": 1, "policy": "ab", "number": 2, "at": 86400000000, "customers": 5, )"
    R"("stage": 1, "stages": 1, "models": {)"
    R"("abc": {"from": 2, "rank": {"doubles": true, "classes": [{"cut": 0.1}, {"seats": ["a", "b"]}, {}], "bins": [3, 2]}}, )"
    R"("score": {"from": 1, "weights": {"weights": [0.25, 0.75], "low": [0, -1.5], "high": [10, 1e+300]}}}, )"
    R"("report": [{"model": "abc", "verdict": "calibrated", "message": "A from 0.1", "customers": 5, )"
    R"("drift": [{"of": "class", "stability_index": 0.125, "movers": 0.2}]}]})";

TEST(Calibration, DocumentsComeBackToTheByte) {
  const Result<Calibration> read = Calibration::parse(kText);
  ASSERT_TRUE(read.ok()) << read.status().message();
  EXPECT_EQ(read->to_json(), kText);
  EXPECT_EQ(read->number(), 2);
  EXPECT_EQ(read->at(), kMicrosPerDay);
  EXPECT_TRUE(read->complete());
  EXPECT_EQ(read->report()[0].drift[0].stability_index, 0.125);
  const auto* rank = read->data().find<internal::RankConstants>("abc");
  ASSERT_NE(rank, nullptr);
  EXPECT_EQ(internal::from_order_key(*rank->classes[0].cut), 0.1);
  EXPECT_EQ(read->data().find<internal::RfmConstants>("abc"), nullptr);
  EXPECT_EQ(Calibration().number(), 0);
  EXPECT_TRUE(Calibration::parse(Calibration().to_json()).ok());
}

TEST(Calibration, WhatMeansNothingIsRefusedWithItsPlace) {
  const auto refused = [](const std::string& from, const std::string& to) {
    std::string text = kText;
    text.replace(text.find(from), from.size(), to);
    return Calibration::parse(text).status();
  };
  struct Case {
    const char *from, *to, *message;
  };
  for (const Case& one : {Case{"\"number\": 2", "\"number\": -2", "number: -2 is out of range"},
                          Case{"\"number\": 2, ", "", "the key \"number\" is missing"},
                          Case{"\"stage\": 1", "\"stage\": 2", "stage: 2 is out of range"},
                          Case{"\"policy\"", "\"polcy\"", "did you mean \"policy\""},
                          Case{"[\"a\", \"b\"]", "[\"b\", \"a\"]", "ascending"},
                          Case{"[3, 2]", "[3, -2]", "-2 is no count"},
                          Case{"[0.25, 0.75]", "[0.25]", "as many weights as bounds"},
                          Case{"[0.25, 0.75]", "[0.25, 1.75]", "a weight is 0 to 1"},
                          Case{"\"from\": 2", "\"from\": 3", "from: 3 is out of range"},
                          Case{"\"calibrated\"", "\"good\"", "verdict"},
                          Case{"\"rank\"", "\"rnk\"", "did you mean \"rank\""},
                          Case{"\"doubles\": true", "\"doubles\": false", "no whole number"}}) {
    const Status status = refused(one.from, one.to);
    EXPECT_EQ(status.code(), Code::kDocument) << one.to;
    EXPECT_GE(status.byte_offset(), 0) << one.to;
    EXPECT_NE(status.message().find(one.message), std::string::npos)
        << one.to << ": " << status.message();
  }
  EXPECT_EQ(Calibration::parse("{\"patron_calibration\": 2}").status().code(), Code::kDocument);
  EXPECT_EQ(Calibration::parse("[").status().code(), Code::kSyntax);
  EXPECT_EQ(Calibration::parse("[]").status().code(), Code::kDocument);
}

TEST(Calibration, VerdictsHaveNames) {
  EXPECT_EQ(model_verdict_name(ModelVerdict::kCalibrated), "calibrated");
  EXPECT_EQ(model_verdict_name(ModelVerdict::kTooFew), "too_few");
  EXPECT_EQ(model_verdict_name(ModelVerdict::kNotFitted), "not_fitted");
}

}  // namespace
}  // namespace patron
