#include "apps/inspect/object_names.h"

#include <map>

#include "codec/cmc/controls.h"
#include "codec/cms/cms.h"
#include "codec/crmf/crmf.h"
#include "codec/pkix/object_name.h"
#include "codec/pkix/oids.h"

namespace signet::tool {
namespace {

using asn1::Oid;
using Names = std::map<Oid, const char*>;

Names message_names() {
  return {
      {cms::oid::kData, "id-data"},
      {cms::oid::kSignedData, "id-signedData"},
      {cms::oid::kEnvelopedData, "id-envelopedData"},
      {cms::oid::kAuthenticatedData, "id-ct-authData"},
      {cms::oid::kAuthEnvelopedData, "id-ct-authEnvelopedData"},
      {cmc::oid::kPKIData, "id-cct-PKIData"},
      {cmc::oid::kPKIResponse, "id-cct-PKIResponse"},
      {cmc::oid::kCMCUnsignedData, "id-aa-cmc-unsignedData"},
      {crmf::oid::kRegToken, "regToken"},
      {crmf::oid::kAuthenticator, "authenticator"},
      {crmf::oid::kPkiPublicationInfo, "pkiPublicationInfo"},
      {crmf::oid::kPkiArchiveOptions, "pkiArchiveOptions"},
      {crmf::oid::kOldCertId, "oldCertID"},
      {crmf::oid::kProtocolEncrKey, "protocolEncrKey"},
      {pkix::oid::kExtensionRequest, "extensionRequest"},
      {pkix::oid::kContentType, "contentType"},
      {pkix::oid::kMessageDigest, "messageDigest"},
      {pkix::oid::kSigningTime, "signingTime"},
      {pkix::oid::kChallengePassword, "challengePassword"},
      {Oid{"1.3.6.1.4.1.311.10.10.1"}, "Microsoft CMC AddAttributes"},
      {Oid{"1.3.6.1.4.1.311.13.2.3"}, "Microsoft OS version"},
      {Oid{"1.3.6.1.4.1.311.21.20"}, "Microsoft request client info"},
      {Oid{"1.3.6.1.4.1.311.13.2.2"}, "Microsoft enrollment CSP"},
      {Oid{"1.3.6.1.4.1.311.20.2"}, "Microsoft certificate template name"},
  };
}

Names algorithm_names() {
  using namespace pkix::oid;
  return {
      {kRsaEncryption, "rsaEncryption"},
      {kRsaesOaep, "id-RSAES-OAEP"},
      {kEcPublicKey, "id-ecPublicKey"},
      {kX25519, "id-X25519"},
      {kX448, "id-X448"},
      {kEd25519, "id-Ed25519"},
      {kEd448, "id-Ed448"},
      {kSecp256r1, "secp256r1"},
      {kSecp384r1, "secp384r1"},
      {kSecp521r1, "secp521r1"},
      {kMd5WithRsa, "md5WithRSAEncryption"},
      {kSha1WithRsa, "sha1WithRSAEncryption"},
      {kSha224WithRsa, "sha224WithRSAEncryption"},
      {kSha256WithRsa, "sha256WithRSAEncryption"},
      {kSha384WithRsa, "sha384WithRSAEncryption"},
      {kSha512WithRsa, "sha512WithRSAEncryption"},
      {kRsassaPss, "id-RSASSA-PSS"},
      {kMgf1, "id-mgf1"},
      {kEcdsaWithSha1, "ecdsa-with-SHA1"},
      {kEcdsaWithSha256, "ecdsa-with-SHA256"},
      {kEcdsaWithSha384, "ecdsa-with-SHA384"},
      {kEcdsaWithSha512, "ecdsa-with-SHA512"},
      {kNoSignature, "id-alg-noSignature"},
      {kMd5, "id-md5"},
      {kSha1, "id-sha1"},
      {kSha224, "id-sha224"},
      {kSha256, "id-sha256"},
      {kSha384, "id-sha384"},
      {kSha512, "id-sha512"},
      {kShake128, "id-shake128"},
      {kShake256, "id-shake256"},
      {kShake256Len, "id-shake256-len"},
      {kHmacSha1, "hMAC-SHA1"},
      {kHmacWithSha1, "id-hmacWithSHA1"},
      {kHmacWithSha224, "id-hmacWithSHA224"},
      {kHmacWithSha256, "id-hmacWithSHA256"},
      {kHmacWithSha384, "id-hmacWithSHA384"},
      {kHmacWithSha512, "id-hmacWithSHA512"},
      {kPbkdf2, "id-PBKDF2"},
      {kPwriKek, "id-alg-PWRI-KEK"},
      {kAes128Cbc, "id-aes128-CBC"},
      {kAes192Cbc, "id-aes192-CBC"},
      {kAes256Cbc, "id-aes256-CBC"},
      {kAes128Gcm, "id-aes128-GCM"},
      {kAes192Gcm, "id-aes192-GCM"},
      {kAes256Gcm, "id-aes256-GCM"},
      {kAes128Wrap, "id-aes128-wrap"},
      {kAes192Wrap, "id-aes192-wrap"},
      {kAes256Wrap, "id-aes256-wrap"},
      {Oid{"1.2.840.113549.3.7"}, "des-ede3-cbc"},
      {Oid{"1.2.840.113549.1.9.16.3.9"}, "id-alg-PWRI-KEK"},
      {Oid{"1.3.132.1.11.1"}, "dhSinglePass-stdDH-sha256kdf-scheme"},
  };
}

Names all_names() {
  auto names = message_names();
  names.merge(algorithm_names());
  return names;
}

}  // namespace

std::string name_of(const Oid& identifier) {
  static const Names names = all_names();
  const auto found = names.find(identifier);
  if (found != names.end()) return found->second;
  if (const auto name = pkix::find_object_name(identifier); !name.empty()) return std::string(name);
  if (const auto* control = cmc::find_control_kind(identifier)) return std::string(control->name);
  return identifier.to_text();
}

}  // namespace signet::tool
