#include <gtest/gtest.h>

#include <set>

#include "lib/book/identity_keys.h"
#include "lib/book/saved/sections.h"

namespace patron::internal {
namespace {

class SavedKeys : public testing::Test {
 protected:
  SavedKeys() {
    std::vector<std::string_view> names{"ann", "bob", "cid", "dan"};
    std::vector<uint32_t> rows(names.size());
    EXPECT_TRUE(ids_.resolve(names, rows).ok());
  }

  void claim(IdentityKeys& keys, Micros time, uint32_t key, uint32_t row, const char* value) {
    std::vector<KeyClaim> claims{{time, key, row, WipedText(value)}};
    keys.add(claims);
  }

  void forget(IdentityKeys& keys, uint32_t row) {
    std::set<uint32_t> values;
    keys.values_of(row, values);
    keys.forget(std::vector<uint32_t>{row}, values);
  }

  void erase(uint32_t row) {
    std::set<uint32_t> rows{row};
    ids_.erase(rows);
  }

  std::vector<std::pair<SectionTag, std::string>> saved(const IdentityKeys& keys) {
    std::string bytes;
    const BookSink sink = [&](std::string_view piece) {
      bytes.append(piece);
      return Status();
    };
    SectionWriter out(sink);
    EXPECT_TRUE(out.begin().ok() && keys.save(out).ok() && out.end().ok());
    std::vector<std::pair<SectionTag, std::string>> sections;
    SectionReader reader = *SectionReader::open(bytes);
    for (Section section = *reader.next(); section.tag != SectionTag::kEnd;
         section = *reader.next()) {
      sections.emplace_back(section.tag, section.payload);
    }
    return sections;
  }

  const char* load(const std::vector<std::pair<SectionTag, std::string>>& sections,
                   IdentityKeys& keys, const Links* links) {
    for (const auto& [tag, payload] : sections) {
      BookByteReader in(payload);
      const char* wrong = tag == SectionTag::kKeyValues    ? keys.load_values(in, ids_)
                          : tag == SectionTag::kKeyHolders ? keys.load_holders(in, ids_)
                          : tag == SectionTag::kKeyNewest  ? keys.load_newest(in, ids_)
                                                           : keys.load_claims(in, ids_);
      if (wrong != nullptr) return wrong;
    }
    return keys.finish_loading(links);
  }

  CustomerIds ids_{true};
  Links links_;
  std::vector<BookKeyLink> met_;
};

TEST_F(SavedKeys, ValuesHoldersAndClaimsComeBack) {
  IdentityKeys keys(2);
  claim(keys, 10, 0, 0, "m1");
  claim(keys, 20, 1, 1, "phone");
  claim(keys, 30, 1, 0, "phone");
  claim(keys, 40, 0, 2, "m2");
  claim(keys, 99, 1, 3, "later");
  keys.settle(50, 4, ids_, links_, 7, met_);
  ASSERT_EQ(met_.size(), 1u);
  IdentityKeys again(2);
  ASSERT_EQ(load(saved(keys), again, &links_), nullptr);
  EXPECT_EQ(again.waiting(), 1u);
  EXPECT_EQ(again.value(0, 0), "m1");
  EXPECT_EQ(again.value(1, 0), "phone");
  EXPECT_EQ(again.value(0, 2), "m2");
  EXPECT_EQ(saved(again), saved(keys));
  // Who claims the phone is told apart by her member number in both.
  for (IdentityKeys* one : {&keys, &again}) {
    Links links = links_;
    claim(*one, 60, 1, 2, "phone");
    one->settle(60, 4, ids_, links, 8, met_);
    EXPECT_FALSE(met_.back().done);
    EXPECT_EQ(met_.back().stronger, 0);
  }
}

TEST_F(SavedKeys, TheNextHolderOfAForgottenOnesValueIsTheSame) {
  IdentityKeys keys(1);
  claim(keys, 10, 0, 0, "shared");
  claim(keys, 20, 0, 1, "shared");
  claim(keys, 30, 0, 2, "own");
  keys.settle(50, 4, ids_, links_, 7, met_);
  Links none;
  forget(keys, 2);
  forget(keys, 0);
  erase(2);
  erase(0);
  IdentityKeys again(1);
  ASSERT_EQ(load(saved(keys), again, &none), nullptr);
  EXPECT_EQ(saved(again), saved(keys));
  claim(again, 60, 0, 3, "shared");
  none.reserve(4);
  again.settle(60, 4, ids_, none, 8, met_);
  EXPECT_EQ(met_.back().survivor, 1u);
}

TEST_F(SavedKeys, WhatCannotBeIsNamed) {
  IdentityKeys keys(1);
  claim(keys, 10, 0, 0, "m1");
  claim(keys, 99, 0, 1, "m2");
  keys.settle(50, 4, ids_, links_, 7, met_);
  auto sections = saved(keys);
  ASSERT_EQ(sections.size(), 4u);
  const auto without = [&](size_t left_out) {
    auto some = sections;
    some.erase(some.begin() + static_cast<std::ptrdiff_t>(left_out));
    IdentityKeys again(1);
    const char* wrong = load(some, again, &links_);
    return std::string(wrong == nullptr ? "" : wrong);
  };
  EXPECT_EQ(without(0), "a holder of a value that is not there");
  auto twice = sections;
  twice.insert(twice.begin(), sections[0]);
  IdentityKeys again(1);
  EXPECT_STREQ(load(twice, again, &links_), "a value of a key that comes twice");
  auto cut = sections;
  cut[2].second.resize(10);
  IdentityKeys other(1);
  EXPECT_NE(load(cut, other, &links_), nullptr);
  erase(1);
  IdentityKeys gone(1);
  EXPECT_STREQ(load(sections, gone, &links_), "a claim of what is not there");
}

}  // namespace
}  // namespace patron::internal
