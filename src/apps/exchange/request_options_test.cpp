#include "apps/exchange/request_options.h"

#include <gtest/gtest.h>

#include "support/unwrap.h"

namespace signet::tool {
namespace {

using test::unwrap;

TEST(GeneralNameFromText, ReadsEachKind) {
  const auto text_of = [](const char* text) {
    return pkix::to_text(unwrap(general_name_from_text(text)));
  };
  EXPECT_EQ(text_of("DNS:host.test"), "DNS:host.test");
  EXPECT_EQ(text_of("dns:host.test"), "DNS:host.test");
  EXPECT_EQ(text_of("IP:192.0.2.1"), "IP:192.0.2.1");
  EXPECT_EQ(text_of("email:a@host.test"), "email:a@host.test");
  EXPECT_EQ(text_of("URI:https://host.test/x"), "URI:https://host.test/x");
  EXPECT_EQ(text_of("DirName:CN=A,O=B"), "DirName:CN=A,O=B");
  EXPECT_EQ(text_of("OID:1.2.3"), "OID:1.2.3");
}

TEST(GeneralNameFromText, ReadsIPv6) {
  const auto name = unwrap(general_name_from_text("IP:2001:db8::1"));
  EXPECT_EQ(std::get<pkix::IpAddress>(name).octets.size(), 16U);
}

TEST(GeneralNameFromText, RefusesWhatIsNoName) {
  for (const auto* text : {"", "host.test", "DNS:", "IP:300.1.1.1", "FAX:1",
                           "DNS:b\xC3\xBC"
                           "cher.test",
                           "OID:x"}) {
    const auto name = general_name_from_text(text);
    ASSERT_FALSE(name.ok()) << text;
    EXPECT_EQ(name.error().fault, Fault::malformed);
  }
}

}  // namespace
}  // namespace signet::tool
