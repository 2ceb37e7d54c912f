#include "adapters/pkcs11/public_half.h"

#include <array>

#include "codec/asn1/whole.h"
#include "codec/pkix/certificate.h"
#include "codec/pkix/oids.h"
#include "crypto/digest.h"

namespace signet::pkcs11 {
namespace {

using pkix::SubjectPublicKeyInfo;

Result<SubjectPublicKeyInfo> read_info(ByteView der) {
  return asn1::read_whole(der, asn1::Limits::der(), [](asn1::Reader& reader) {
    return pkix::read_subject_public_key_info(reader);
  });
}

Result<SubjectPublicKeyInfo> make_info(const pkix::AlgorithmIdentifier& algorithm,
                                       Bytes public_key) {
  asn1::Writer writer;
  writer.sequence([&] {
    pkix::write_algorithm_identifier(writer, algorithm);
    writer.bit_string({std::move(public_key), 0});
  });
  return read_info(writer.view());
}

/// RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER } (RFC 8017 §A.1.1)
Result<SubjectPublicKeyInfo> rsa_info(ByteView modulus, ByteView exponent) {
  asn1::Writer writer;
  writer.sequence([&] {
    writer.integer(asn1::Integer::from_unsigned(modulus));
    writer.integer(asn1::Integer::from_unsigned(exponent));
  });
  return make_info({pkix::oid::kRsaEncryption, Bytes{0x05, 0x00}}, std::move(writer).take());
}

/// CKA_EC_POINT is an OCTET STRING that holds the point; some modules give the point alone.
Bytes point_of(const Bytes& attribute) {
  auto wrapped = asn1::read_whole(attribute, asn1::Limits::der(),
                                  [](asn1::Reader& reader) { return reader.read_octet_string(); });
  return wrapped.ok() ? std::move(wrapped).value() : attribute;
}

/// Edwards curves are told by identifier or by name (PKCS#11 v3.0 §2.3.3), and the size of the key
/// says which of the two it is.
Result<SubjectPublicKeyInfo> edwards_info(Bytes key) {
  constexpr std::size_t kEd25519Octets = 32;  // RFC 8032 §5.1.5
  const auto& oid = key.size() == kEd25519Octets ? pkix::oid::kEd25519 : pkix::oid::kEd448;
  return make_info({oid, std::nullopt}, std::move(key));
}

/// None when the object does not tell.
std::optional<Result<SubjectPublicKeyInfo>> told_by(Session& session, CK_OBJECT_HANDLE object,
                                                    CK_KEY_TYPE type) {
  if (type == CKK_RSA) {
    const auto modulus = session.attribute(object, CKA_MODULUS);
    const auto exponent = session.attribute(object, CKA_PUBLIC_EXPONENT);
    if (!modulus || modulus->empty() || !exponent || exponent->empty()) return std::nullopt;
    return rsa_info(*modulus, *exponent);
  }
  const auto point = session.attribute(object, CKA_EC_POINT);
  if (!point || point->empty()) return std::nullopt;
  if (type == CKK_EC_EDWARDS) return edwards_info(point_of(*point));
  const auto curve = session.attribute(object, CKA_EC_PARAMS);
  if (!curve || curve->empty()) return std::nullopt;
  return make_info({pkix::oid::kEcPublicKey, *curve}, point_of(*point));
}

std::optional<Result<SubjectPublicKeyInfo>> told_by_certificate(Session& session, ByteView id) {
  Template certificates(CKO_CERTIFICATE);
  certificates.octets(CKA_ID, id);
  for (const auto object : session.find(certificates)) {
    const auto der = session.attribute(object, CKA_VALUE);
    if (!der) continue;
    auto certificate = pkix::read_certificate(*der);
    if (certificate.ok()) return certificate.value()->subject_public_key_info;
  }
  return std::nullopt;
}

std::optional<Result<SubjectPublicKeyInfo>> told_by_others(Session& session, ByteView id,
                                                           CK_KEY_TYPE type) {
  if (id.empty()) return std::nullopt;
  Template public_keys(CKO_PUBLIC_KEY);
  public_keys.octets(CKA_ID, id).number(CKA_KEY_TYPE, type);
  for (const auto object : session.find(public_keys)) {
    if (auto told = told_by(session, object, type)) return told;
  }
  return told_by_certificate(session, id);
}

}  // namespace

Result<SubjectPublicKeyInfo> public_half(Session& session, CK_OBJECT_HANDLE key) {
  const auto type = session.number(key, CKA_KEY_TYPE).value_or(CK_UNAVAILABLE_INFORMATION);
  if (type != CKK_RSA && type != CKK_EC && type != CKK_EC_EDWARDS) {
    return Error{Fault::unsupported_algorithm,
                 "a private key that is neither RSA nor on an elliptic curve"};
  }
  if (auto told = told_by(session, key, type)) return *std::move(told);
  const auto id = session.attribute(key, CKA_ID).value_or(Bytes{});
  if (auto told = told_by_others(session, id, type)) return *std::move(told);
  return Error{Fault::key_not_found,
               "nothing in the token tells the private key's public half; store its certificate or "
               "public key with the same CKA_ID"};
}

Result<Bytes> nss_key_id(const SubjectPublicKeyInfo& info) {
  const auto& key = info.subject_public_key.octets;
  if (info.algorithm.algorithm != pkix::oid::kRsaEncryption) {
    return crypto::digest(crypto::DigestAlgorithm::sha1, key);
  }
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader outer{key, budget};
  auto sequence = TRY(outer.enter(asn1::kSequence));
  const auto modulus = TRY(sequence.read_integer());
  return crypto::digest(crypto::DigestAlgorithm::sha1, modulus.magnitude());
}

}  // namespace signet::pkcs11
