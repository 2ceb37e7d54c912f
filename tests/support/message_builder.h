#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "codec/cmc/pki_data.h"
#include "support/test_ca.h"

/// Builds messages, right ones and wrong ones. What is wrong is said in the value that is encoded:
///
///   TestCa ca;
///   const auto alice = ca.issue({.subject = "CN=Alice"});
///   auto message = full_request(alice, {tagged(1, pkcs10({.subject = "CN=Alice"}))});
///   message.content_sent = other_pki_data;            // not what was signed
///   message.signers.front().signed_attributes = SignedAttributes::absent;
///   send(message.encode());
///
/// SignedData and SignerInfo are written here, with the plain DER writer, so that the room under
/// test never checks its own work. A signature algorithm that does not fit the key is put down as
/// it stands, over a signature by the one that fits. Setting-up that fails stops the test program.
namespace signet::test {

// ------------------------------------------------------------ certification requests

/// Who signs a request to prove possession.
enum class Possession {
  own_key,       ///< as it should be
  other_key,     ///< a key that is not in the request
  no_signature,  ///< id-alg-noSignature with the value of RFC 10002 §C.1
};

/// A PKCS#10 for `key`. It asks for an SKI, unless `extensions` hold one or `without_ski` is set.
struct Pkcs10Input {
  std::string subject = "CN=Alice,O=Test";  ///< "" for the NULL name
  Key key = {};                             ///< null: test_key()
  pkix::Extensions extensions = {};         ///< besides SKI
  bool without_ski = false;
  std::vector<pkix::Attribute> attributes = {};  ///< besides extensionRequest
  Possession possession = Possession::own_key;
  std::optional<pkix::AlgorithmIdentifier> signature_algorithm = {};  ///< none: fits the key
};
Bytes pkcs10(const Pkcs10Input& input = {});

/// A CRMF CertReqMsg (SEQUENCE tag) for `key`, with popo.signature over its CertRequest.
struct CrmfInput {
  std::uint32_t id = 1;
  std::string subject = "CN=Alice,O=Test";
  Key key = {};
  pkix::Extensions extensions = {};  ///< besides SKI
  std::vector<crmf::AttributeTypeAndValue> controls = {};
  std::vector<crmf::AttributeTypeAndValue> reg_info = {};
  Possession possession = Possession::own_key;                  ///< no_signature: no popo at all
  std::optional<crmf::ProofOfPossession> popo = {};             ///< in the place of the signature
  std::function<void(crmf::CertTemplate&)> edit_template = {};  ///< before it is signed
};
Bytes crmf(const CrmfInput& input = {});

/// TaggedRequests: tcr around a PKCS#10, crm around a CertReqMsg (whose certReqId is the id), orm.
Bytes tagged(std::uint32_t id, ByteView certification_request);
Bytes tagged(ByteView cert_req_msg);
Bytes tagged_other(std::uint32_t id, const asn1::Oid& type);
/// The same, read back.
cmc::TaggedRequest read_tagged(ByteView tagged_request);

// ------------------------------------------------------------ PKIData

/// A control with one value (whole TLV).
cmc::TaggedAttribute control(std::uint32_t id, const asn1::Oid& type, Bytes value);
/// A PKIData of these controls and TaggedRequests, in order.
Bytes pki_data(const std::vector<cmc::TaggedAttribute>& controls,
               const std::vector<Bytes>& tagged_requests);

// ------------------------------------------------------------ SignedData

enum class SignedAttributes { present, absent };

/// One SignerInfo. As it stands it is right; whatever is set here is what comes out.
struct Signing {
  Key key;  ///< null: `signature` stands as it is
  cms::SignerIdentifier sid;
  std::optional<pkix::AlgorithmIdentifier> digest_algorithm = {};     ///< none: fits the key
  std::optional<pkix::AlgorithmIdentifier> signature_algorithm = {};  ///< none: fits the key
  std::optional<Time> signing_time = {};
  /// Absent: the signature is over the content itself (ForgedAttributes).
  SignedAttributes signed_attributes = SignedAttributes::present;
  /// Changes the attributes before they are signed: wrong ones, doubled ones, none.
  std::function<void(std::vector<pkix::Attribute>&)> edit_attributes = {};
  Bytes signature = {};  ///< in the place of the one made, when not empty
};
Signing signed_by(const Credential& signer);
Signing signed_by_key_identifier(const Credential& signer);
/// By the key of a request that asks for `ski`.
Signing signed_by_request_key(const Key& key, const Bytes& ski);
/// id-alg-noSignature (RFC 10002 §C.1).
Signing signed_by_nobody(const Bytes& ski);

/// A ContentInfo with a SignedData.
struct SignedMessage {
  Bytes content;  ///< what is signed
  asn1::Oid content_type = cmc::oid::kPKIData;
  std::optional<Bytes> content_sent = {};  ///< goes out in the place of `content`
  std::vector<Signing> signers = {};
  std::vector<Bytes> certificates = {};

  [[nodiscard]] Bytes encode() const;
};

/// A Full PKI Request as it should be, signed by an existing certificate, which it carries.
SignedMessage full_request(const Credential& signer, const std::vector<Bytes>& tagged_requests,
                           const std::vector<cmc::TaggedAttribute>& controls = {});

/// An attribute with one value (whole TLV).
pkix::Attribute attribute(const asn1::Oid& type, Bytes value);
/// The same with one bit of the last octet changed.
Bytes with_last_bit_changed(Bytes octets);

}  // namespace signet::test
