/// A Dogtag directory of many certificates, for bench/import: signet_bench_dogtag_export N FOLDER
/// writes ca.ldif (N certificates, N requests), ca.p12 and its passphrase.
#include "support/dogtag_export.h"

#include <fstream>
#include <iostream>

#include "crypto/digest.h"
#include "support/test_ca.h"
#include "support/unwrap.h"

namespace signet::bench {
namespace {

constexpr const char* kPassphrase = "Secret.123";
constexpr int kKeys = 500;
constexpr std::uint64_t kOneRevokedOf = 20;

void write_authority(const test::TestCa& ca, const std::string& folder) {
  const auto pkcs12 = test::unwrap(crypto::write_pkcs12(
      ca.key(), {ca.certificate()}, "ca", SecretBytes(std::string_view(kPassphrase))));
  std::ofstream(folder + "/ca.p12", std::ios::binary) << as_text(pkcs12.view());
  std::ofstream(folder + "/passphrase") << kPassphrase << "\n";
}

pkix::Integer serial_number(std::uint64_t number) {
  auto octets = crypto::sha256(as_bytes(std::to_string(number)));
  octets.resize(16);
  octets.front() = static_cast<std::uint8_t>((octets.front() & 0x3F) | 0x40);
  return {octets};
}

void write_export(test::TestCa& ca, std::uint64_t count, const std::string& folder) {
  std::ofstream file(folder + "/ca.ldif", std::ios::binary);
  test::DogtagExport exported(file);
  for (std::uint64_t number = 1; number <= count; ++number) {
    const auto id = std::to_string(number);
    const auto key = test::test_key("ec:p256", static_cast<int>(number % kKeys));
    const auto issued = ca.issue({.subject = "CN=User " + id + ",O=Example",
                                  .key = key,
                                  .serial_number = serial_number(number)});
    const bool is_revoked = number % kOneRevokedOf == 0;
    exported.request(id, "complete", "CN=User " + id + ",O=Example");
    exported.certificate(
        {.certificate = issued.certificate,
         .status = is_revoked ? "REVOKED" : "VALID",
         .revocation_info = is_revoked ? "20261123120000Z;CRLReasonExtension=1" : "",
         .request_id = id});
  }
  exported.crl_issuing_point(4710);
}

int make(std::uint64_t count, const std::string& folder) {
  test::TestCa ca("CN=Old CA,O=Example");
  write_authority(ca, folder);
  write_export(ca, count, folder);
  return 0;
}

}  // namespace
}  // namespace signet::bench

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "signet_bench_dogtag_export N FOLDER\n";
    return 2;
  }
  return signet::bench::make(std::stoull(argv[1]), argv[2]);
}
