#include "lib/book/key_forms.h"

#include <gtest/gtest.h>

#include <string>

namespace patron::internal {
namespace {

TEST(KeyForms, PhonesAreBroughtToOneForm) {
  const std::string want = "+491711234567";
  for (const char* text :
       {"+49 171 1234567", "0049-171-1234567", "0171/1234567", " (0171) 123.45.67 ", "171 1234567",
        "+491711234567", "(+49) 171 1234567", " ( +49) 171-1234567", "(+49)(171)1234567"}) {
    EXPECT_EQ(normal_phone(text, "49"), want) << text;
  }
  EXPECT_EQ(normal_phone("13812345678", "86"), "+8613812345678");
}

TEST(KeyForms, WhatIsNoPhoneIsNone) {
  for (const char* text :
       {"", "+", "123", "0171 CALL ME", "+49 171 1234567 ext 5", "+0171234567", "1234567890123456",
        "++491711234567", "171+1234567", "(", "(+", "(+)+491711234567"}) {
    EXPECT_EQ(normal_phone(text, "49"), std::nullopt) << text;
  }
  EXPECT_EQ(normal_phone("0171 1234567", ""), std::nullopt);
  EXPECT_EQ(normal_phone("0049 171 1234567", ""), "+491711234567");
}

TEST(KeyForms, AddressesAreLowered) {
  EXPECT_EQ(normal_email("  Ann.Lee+shop@Example.COM\n"), "ann.lee+shop@example.com");
  EXPECT_EQ(normal_email("\xC3\x84nn@b.de"), "\xC3\x84nn@b.de") << "only ASCII is lowered";
  for (const char* text :
       {"", "ann", "@b.de", "ann@", "ann@b", "a@b@c.de", "ann@.de", "ann@b.", "an n@b.de"}) {
    EXPECT_EQ(normal_email(text), std::nullopt) << text;
  }
}

TEST(KeyForms, ExactKeysAreTakenAsTheyAre) {
  EXPECT_EQ(normal_key(KeyForm::kExact, " M-7 ", ""), " M-7 ");
  EXPECT_EQ(normal_key(KeyForm::kExact, "", ""), std::nullopt);
  EXPECT_EQ(normal_key(KeyForm::kEmail, "A@B.de", ""), "a@b.de");
  EXPECT_EQ(normal_key(KeyForm::kPhone, "0171 1234567", "49"), "+491711234567");
  EXPECT_STREQ(key_reason(KeyForm::kEmail, "ann", ""), "no e-mail address");
  EXPECT_STREQ(key_reason(KeyForm::kExact, "", ""), "empty");
}

TEST(KeyForms, WhyAPhoneIsNoneIsSaid) {
  struct Case {
    const char *text, *country, *why;
  };
  for (const Case& one : {
           Case{"", "", "it has no digits"},
           Case{"unknown", "49", "it has no digits"},
           Case{"+", "49", "it has no digits"},
           Case{"0171 CALL ME", "49", "it has other characters than digits, blanks and +-./()"},
           Case{"++491711234567", "49", "it has other characters than digits, blanks and +-./()"},
           Case{"030 123456", "", "it has no country code; write + or 00 and that before it"},
           Case{"123", "", "it has too few digits; want 7 to 15"},
           Case{"00", "", "it has too few digits; want 7 to 15"},
           Case{"110", "49", "it has too few digits; want 7 to 15"},
           Case{"+49 171 1234567 89012345", "", "it has too many digits; want 7 to 15"},
           Case{"+0171234567", "49", "no country code begins with 0"},
       }) {
    EXPECT_EQ(normal_phone(one.text, one.country), std::nullopt) << one.text;
    EXPECT_EQ(key_reason(KeyForm::kPhone, one.text, one.country),
              "no phone number: " + std::string(one.why));
  }
}

}  // namespace
}  // namespace patron::internal
