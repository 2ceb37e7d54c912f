#include "apps/exchange/posting.h"

#include <gtest/gtest.h>

#include "support/unwrap.h"

namespace signet::tool {
namespace {

using test::unwrap;

ServerOptions server(const std::string& url, const std::string& path = "",
                     const std::string& profile = "") {
  ServerOptions options;
  options.url = url;
  options.path = path;
  options.profile = profile;
  return options;
}

TEST(Address, GetsTheDefaultPathWhereThereIsNone) {
  EXPECT_EQ(unwrap(address_of(server("https://ca.test:8443"))), "https://ca.test:8443/cmc");
  EXPECT_EQ(unwrap(address_of(server("https://ca.test:8443/"))), "https://ca.test:8443/cmc");
}

TEST(Address, TakesPathFromOptionOrUrl) {
  EXPECT_EQ(unwrap(address_of(server("https://ca.test", "/ca/ee"))), "https://ca.test/ca/ee");
  EXPECT_EQ(unwrap(address_of(server("https://ca.test", "ca/ee"))), "https://ca.test/ca/ee");
  EXPECT_EQ(unwrap(address_of(server("https://ca.test/other"))), "https://ca.test/other");
}

TEST(Address, NamesTheProfileInTheQuery) {
  EXPECT_EQ(unwrap(address_of(server("https://ca.test", "/cmc", "a b&c"))),
            "https://ca.test/cmc?profileId=a%20b%26c");
  EXPECT_EQ(unwrap(address_of(server("https://ca.test/cmc?x=1", "", "p"))),
            "https://ca.test/cmc?x=1&profileId=p");
}

TEST(Address, KeepsAQueryBehindThePathThatItGets) {
  EXPECT_EQ(unwrap(address_of(server("https://ca.test?profileId=a/b"))),
            "https://ca.test/cmc?profileId=a/b");
  EXPECT_EQ(unwrap(address_of(server("https://ca.test/?x=1", "", "p"))),
            "https://ca.test/cmc?x=1&profileId=p");
  EXPECT_EQ(unwrap(address_of(server("https://ca.test?x=1", "/two"))), "https://ca.test/two?x=1");
}

TEST(Address, RefusesPlainHttpBeforeAnythingIsMade) {
  const auto address = address_of(server("http://ca.test:8080/cmc"));
  ASSERT_FALSE(address.ok());
  EXPECT_EQ(address.error().fault, Fault::bad_configuration);
  EXPECT_NE(address.error().detail.find("write https://"), std::string::npos);
  EXPECT_TRUE(address_of(server("HTTPS://ca.test")).ok());
}

TEST(Address, RefusesWhatIsNone) {
  for (const auto* url : {"", "ca.test", "ftp://ca.test", "https://"}) {
    const auto address = address_of(server(url));
    ASSERT_FALSE(address.ok()) << url;
    EXPECT_EQ(address.error().fault, Fault::bad_configuration);
  }
  EXPECT_FALSE(address_of(server("https://ca.test/one", "/two")).ok());
}

}  // namespace
}  // namespace signet::tool
