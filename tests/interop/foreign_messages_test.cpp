#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "codec/cmc/controls.h"
#include "support/shared_data.h"

namespace signet::test {
namespace {

/// What a file is, or the fault that it is refused with.
enum class Kind { full_request, full_response, bare_request, pkcs10, cert_req_messages };
using Expected = std::variant<Kind, Fault>;

/// Folder or file of the shared material -> what all of it is read as. The longest name counts.
const std::map<std::string, Expected>& expectations() {
  static const std::map<std::string, Expected> kExpected{
      // 01: empty certificates [0]; 07: the issuer of confirmCertAcceptance wrapped
      {"interop/dogtag/", Kind::full_request},
      {"interop/seeds/rfc6402.der", Kind::full_request},
      {"interop/seeds/cmc-parse_seed_corpus/pkidata", Kind::full_request},
      // extfail-untagged: extendedFailInfo without [1] (AMB-7)
      {"interop/seeds/cmc-parse_seed_corpus/pkiresponse", Kind::full_response},
      {"interop/seeds/csr-parse_seed_corpus/", Kind::pkcs10},
      // Names under [3] and [5] without the SEQUENCE of the EXPLICIT tag; a list without a member
      {"interop/seeds/crmf-parse_seed_corpus/", Fault::malformed},
      {"spec/vectors/published/pyasn1-rfc4211.der", Kind::cert_req_messages},
      {"spec/vectors/published/", Kind::full_request},
  };
  return kExpected;
}

/// Recorded exchanges: every folder holds requests and responses, one of them a bare PKIData.
std::optional<Expected> expected_of(const std::string& path) {
  if (path.find("dogtag-live/") != std::string::npos) {
    if (path.find("/response") != std::string::npos) return Kind::full_response;
    return path.find("-unsigned/") != std::string::npos ? Kind::bare_request : Kind::full_request;
  }
  std::optional<Expected> found;
  std::size_t longest = 0;
  for (const auto& [prefix, expected] : expectations()) {
    if (path.rfind(prefix, 0) != 0 || prefix.size() < longest) continue;
    found = expected;
    longest = prefix.size();
  }
  return found;
}

Result<Kind> read_signed(const cms::ContentInfo& content_info) {
  const auto signed_data = TRY(cms::read_signed_data(content_info.content));
  const auto& content = signed_data.encap_content_info;
  const auto octets = content.e_content.value_or(Bytes{});
  if (content.e_content_type == cmc::oid::kPKIResponse) {
    TRY(cmc::read_pki_response(octets));
    return Kind::full_response;
  }
  TRY(cmc::read_pki_data(octets));
  return Kind::full_request;
}

Result<Kind> read_foreign(ByteView octets) {
  const auto content_info = cms::read_content_info(octets);
  if (content_info && content_info->content_type == cms::oid::kSignedData) {
    return read_signed(*content_info);
  }
  if (content_info) {
    const auto content = TRY(cmc::read_octets_value(content_info->content));
    TRY(cmc::read_pki_data(content));
    return Kind::bare_request;
  }
  if (pkix::read_certification_request(octets)) return Kind::pkcs10;
  TRY(crmf::read_cert_req_messages(octets));
  return Kind::cert_req_messages;
}

TEST(ForeignMessages, AreReadOrRefusedAsTheTableSays) {
  SIGNET_NEEDS_SHARED("interop");
  const std::filesystem::path top = shared_folder();
  for (const auto* folder : {"interop", "spec/vectors/published"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(top / folder)) {
      if (entry.path().extension() != ".der") continue;
      const auto path = std::filesystem::relative(entry.path(), top).generic_string();
      const auto expected = expected_of(path);
      ASSERT_TRUE(expected) << path << " is not in the table";
      const auto read = read_foreign(shared_file(path));
      const Expected found = read.ok() ? Expected(*read) : Expected(read.error().fault);
      EXPECT_EQ(found, *expected) << path << (read.ok() ? "" : ": " + read.error().detail);
    }
  }
}

}  // namespace
}  // namespace signet::test
