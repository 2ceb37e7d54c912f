#include "apps/exchange/request_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/temporary_folder.h"
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

// ------------------------------------------------------------ where files go

class OutputByName : public ::testing::Test {
 protected:
  void expect_all_beside(const std::string& name) {
    const auto paths = unwrap(output_paths(options));
    EXPECT_EQ(paths.certificate, options.out_certificate);
    EXPECT_EQ(paths.request, name + ".crq");
    EXPECT_EQ(paths.exchange, name + ".json");
    EXPECT_EQ(paths.response, name + ".crp");
    EXPECT_EQ(paths.chain, name + ".chain.pem");
    EXPECT_EQ(paths.pending, name + ".pending.json");
  }

  test::TemporaryFolder folder;
  RequestOptions options;
};

TEST_F(OutputByName, PutsMessagesBesideTheCertificate) {
  options.out_certificate = folder / "one.pem";
  options.out_key = folder / "two.key";
  expect_all_beside(folder / "one");
}

TEST_F(OutputByName, PutsMessagesBesideTheKeyWhereTheCertificateIsNoFile) {
  options.out_certificate = folder / "pipe";
  ASSERT_EQ(::mkfifo(options.out_certificate.c_str(), 0600), 0);
  options.out_key = folder / "two.key";
  expect_all_beside(folder / "two");
  options.out_key = "";
  options.key_file = folder / "three.key";
  expect_all_beside(folder / "three");
  options.out_chain = folder / "chain";
  EXPECT_EQ(unwrap(output_paths(options)).chain, folder / "chain");
}

TEST_F(OutputByName, LeavesWhatASecondRoundWaitsForWhereItIsLookedFor) {
  options.output = folder / "x";
  const auto first = unwrap(output_paths(options));
  const auto second = second_round_paths(first);
  EXPECT_EQ(second.pending, first.pending) << "signet poll knows one";
  EXPECT_NE(second.response, first.response);
}

TEST_F(OutputByName, SaysWhereMessagesFindNoPlace) {
  options.out_certificate = "/dev/stdout";
  for (const auto* key : {"pkcs11:token=a;object=b", "nss:db?nickname=b", "/dev/null"}) {
    options.key_file = key;
    const auto paths = output_paths(options);
    ASSERT_FALSE(paths.ok()) << key;
    EXPECT_EQ(paths.error().fault, Fault::bad_configuration);
    EXPECT_THAT(paths.error().detail, ::testing::HasSubstr("/dev/stdout is no file"));
  }
}

}  // namespace
}  // namespace signet::tool
