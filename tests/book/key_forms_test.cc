#include "lib/book/key_forms.h"

#include <gtest/gtest.h>

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
  EXPECT_STREQ(key_reason(KeyForm::kPhone), "no phone number");
  EXPECT_STREQ(key_reason(KeyForm::kEmail), "no e-mail address");
  EXPECT_STREQ(key_reason(KeyForm::kExact), "empty");
}

}  // namespace
}  // namespace patron::internal
