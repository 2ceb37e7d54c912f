#include "policy/key_usage_of_key.h"

#include <array>
#include <initializer_list>

#include "codec/pkix/oids.h"

namespace signet::policy {
namespace {

namespace oid = pkix::oid;
using pkix::KeyUsageBit;

constexpr std::uint16_t bits_of(std::initializer_list<KeyUsageBit> bits) {
  std::uint16_t all = 0;
  for (const auto bit : bits) {
    all = static_cast<std::uint16_t>(all | static_cast<std::uint16_t>(bit));
  }
  return all;
}

constexpr std::uint16_t kSigning =
    bits_of({KeyUsageBit::digitalSignature, KeyUsageBit::nonRepudiation, KeyUsageBit::keyCertSign,
             KeyUsageBit::cRLSign});
constexpr std::uint16_t kEncipherment =
    bits_of({KeyUsageBit::keyEncipherment, KeyUsageBit::dataEncipherment});
constexpr std::uint16_t kAgreement =
    bits_of({KeyUsageBit::keyAgreement, KeyUsageBit::encipherOnly, KeyUsageBit::decipherOnly});

struct UsableBits {
  asn1::Oid key_algorithm;
  std::uint16_t bits;
};
constexpr std::array kUsable{
    UsableBits{oid::kRsaEncryption, kSigning | kEncipherment},
    UsableBits{oid::kEcPublicKey, kSigning | kAgreement},
    UsableBits{oid::kRsassaPss, kSigning},
    UsableBits{oid::kEd25519, kSigning},
    UsableBits{oid::kEd448, kSigning},
    UsableBits{oid::kX25519, kAgreement},
    UsableBits{oid::kX448, kAgreement},
};

}  // namespace

pkix::KeyUsage usable_key_usage(const pkix::AlgorithmIdentifier& key_algorithm) {
  for (const auto& [algorithm, bits] : kUsable) {
    if (algorithm == key_algorithm.algorithm) return {bits};
  }
  return {kSigning | kEncipherment | kAgreement};
}

Result<void> check_key_usage_of_key(const pkix::Extensions& extensions,
                                    const pkix::SubjectPublicKeyInfo& key) {
  const auto* extension = pkix::find_extension(extensions, oid::kKeyUsage);
  if (extension == nullptr) return {};
  const auto usage = TRY(pkix::read_key_usage(extension->extn_value));
  if ((usage.bits & ~usable_key_usage(key.algorithm).bits) == 0) return {};
  return Error{Fault::extension_not_allowed,
               "keyUsage names a use that a key of algorithm " + key.algorithm.algorithm.to_text() +
                   " cannot be certified for (RFC 3279, RFC 8410, RFC 8813)"};
}

}  // namespace signet::policy
