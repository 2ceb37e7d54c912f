#include "envelope/open_request.h"

#include <algorithm>

#include "codec/pkix/oids.h"
#include "envelope/signed_attributes.h"
#include "envelope/signed_data.h"

namespace signet::envelope {
namespace {

/// A message has one signer; each one more costs us a verification before anybody is known.
constexpr std::size_t kMaximumSigners = 8;

std::string to_text(const cms::SignerIdentifier& sid) {
  if (const auto* id = std::get_if<cms::IssuerAndSerialNumber>(&sid)) {
    return "issuer " + pkix::to_text(id->issuer) + ", serial number 0x" +
           id->serial_number.to_hex();
  }
  return "subjectKeyIdentifier " + to_hex(std::get<cms::SubjectKeyIdentifier>(sid).octets);
}

std::string to_text(cmc::BodyPartID id) {
  return "body part " + std::to_string(id.value);
}

Error unknown_signer(const cms::SignerIdentifier& sid) {
  const auto by_key = std::holds_alternative<cms::SubjectKeyIdentifier>(sid);
  const std::string next =
      by_key ? "): a request signed by its own key must ask for this subjectKeyIdentifier, as an "
               "extension; a certificate is found by one only if it has that extension, else name "
               "it by issuer and serial number"
             : "): send it in the certificates of the SignedData";
  return {Fault::untrusted_signer,
          std::string(by_key ? "no request of the message asks for, and no certificate has, what "
                               "names its signer ("
                             : "no certificate is known for the signer of the message (") +
              to_text(sid) + next};
}

Result<bool> asks_for(const cmc::TaggedRequest& request, const cms::SubjectKeyIdentifier& wanted) {
  auto extensions = request.extensions();
  if (!extensions.ok()) {
    return Error{extensions.error().fault,
                 to_text(request.body_part_id()) + ": " + extensions.error().detail};
  }
  const auto* found = pkix::find_extension(*extensions, pkix::oid::kSubjectKeyIdentifier);
  if (found == nullptr) return false;
  return TRY(pkix::read_subject_key_identifier(found->extn_value)) == wanted.octets;
}

/// The request that asks for this subjectKeyIdentifier; null when none does.
Result<const cmc::TaggedRequest*> find_request(const cmc::FullPkiRequest& message,
                                               const cms::SubjectKeyIdentifier& wanted) {
  const cmc::TaggedRequest* found = nullptr;
  for (const auto& request : message.pki_data.req_sequence) {
    if (!TRY(asks_for(request, wanted))) continue;
    if (found != nullptr) {
      return Error{Fault::malformed,
                   to_text(found->body_part_id()) + " and " + to_text(request.body_part_id()) +
                       " ask for the same subjectKeyIdentifier " + to_hex(wanted.octets) +
                       " that names the signer: ask for another one in one of them"};
    }
    found = &request;
  }
  return found;
}

/// What stands outside the signature must agree with what is inside, so that no octet of a message
/// can be altered and the message still pass (RFC 5652 §5.1, §5.3).
Result<void> check_frame(const cms::SignedData& signed_data) {
  constexpr int kOverOtherContent = 3;
  if (signed_data.version != kOverOtherContent) {
    return Error{Fault::malformed, "a SignedData over a PKIData has version 3, not " +
                                       std::to_string(signed_data.version)};
  }
  for (const auto& signer : signed_data.signer_infos) {
    const int version = std::holds_alternative<cms::SubjectKeyIdentifier>(signer.sid) ? 3 : 1;
    if (signer.version != version) {
      return Error{Fault::malformed, "a SignerInfo has version " + std::to_string(signer.version) +
                                         " where its signer's identifier wants " +
                                         std::to_string(version)};
    }
    const auto& listed = signed_data.digest_algorithms;
    const bool is_listed = std::any_of(listed.begin(), listed.end(), [&](const auto& each) {
      return each.algorithm == signer.digest_algorithm.algorithm;
    });
    if (!is_listed) {
      return Error{Fault::malformed,
                   "the digestAlgorithm of a SignerInfo is not among the SignedData's"};
    }
  }
  return {};
}

/// Opens the SignerInfos of one message.
class SignerOpener {
 public:
  SignerOpener(const cmc::FullPkiRequest& message, const CertificateSource& certificates,
               crypto::PublicKeyCache& keys)
      : message_(message), certificates_(certificates), keys_(keys) {}

  [[nodiscard]] Result<Signer> open(const cms::SignerInfo& signer) const {
    if (signer.signature_algorithm.algorithm == pkix::oid::kNoSignature) {
      return open_without_signature(signer);
    }
    if (const auto* id = std::get_if<cms::SubjectKeyIdentifier>(&signer.sid)) {
      //= E12 RFC 10002 §3.2: a subjectKeyIdentifier that a request asks for names its key
      const auto* request = TRY(find_request(message_, *id));
      if (request != nullptr) return open_with_request_key(signer, *request);
    }
    return open_with_certificate(signer);
  }

 private:
  [[nodiscard]] Result<Signer> open_without_signature(const cms::SignerInfo& signer) const {
    //= E166 RFC 10002 §C.1: the parameters of id-alg-noSignature are NULL
    if (signer.signature_algorithm.parameters != Bytes{0x05, 0x00}) {
      return Error{Fault::malformed,
                   "a SignerInfo with id-alg-noSignature whose parameters are not NULL"};
    }
    //= E169 RFC 10002 §C.1: who does not sign is named by subjectKeyIdentifier
    if (!std::holds_alternative<cms::SubjectKeyIdentifier>(signer.sid)) {
      return Error{Fault::malformed,
                   "a SignerInfo with id-alg-noSignature names its signer by issuerAndSerialNumber "
                   "instead of subjectKeyIdentifier"};
    }
    const auto content = TRY(check_signed_attributes(message_.signed_data, signer));
    if (!content.digest_agrees) {
      return Error{Fault::bad_signature,
                   "the messageDigest of the SignerInfo is not the digest of the content"};
    }
    //= E167 RFC 10002 §C.1: NoSignatureValue is not looked at
    return Signer{NoSignatureSigner{}};
  }

  [[nodiscard]] Result<Signer> open_with_request_key(const cms::SignerInfo& signer,
                                                     const cmc::TaggedRequest& request) const {
    //= E13 RFC 10002 §3.2: the key of a request signs alone
    if (message_.signed_data.signer_infos.size() != 1) {
      return Error{Fault::malformed,
                   "the key of " + to_text(request.body_part_id()) +
                       " signs the message beside another signer: it must be the only one"};
    }
    const auto* info = request.public_key();
    if (info == nullptr) {
      return Error{Fault::malformed, "the message is signed by the key of " +
                                         to_text(request.body_part_id()) + ", which holds no key"};
    }
    const auto key = TRY(crypto::PublicKey::from(*info));
    TRY(verify_signer(message_.signed_data, signer, key));
    return Signer{RequestKeySigner{request.body_part_id()}};
  }

  [[nodiscard]] Result<Signer> open_with_certificate(const cms::SignerInfo& signer) const {
    auto certificate = find_certificate(signer.sid);
    if (!certificate) return unknown_signer(signer.sid);
    const auto key = TRY(keys_.find_or_make((*certificate)->subject_public_key_info));
    TRY(verify_signer(message_.signed_data, signer, key));
    return Signer{CertificateSigner{std::move(certificate)}};
  }

  /// Null when there is none.
  [[nodiscard]] std::shared_ptr<const pkix::Certificate> find_certificate(
      const cms::SignerIdentifier& sid) const {
    if (const auto* carried = find_signer_certificate(message_.signed_data, sid)) {
      return std::make_shared<const pkix::Certificate>(*carried);
    }
    // A message that carries certificates, but not its signer's, was altered or put together
    // wrongly.
    if (!message_.signed_data.certificates.empty()) return nullptr;
    auto found = std::visit([&](const auto& id) { return certificates_.find(id); }, sid);
    return found ? std::make_shared<const pkix::Certificate>(*std::move(found)) : nullptr;
  }

  const cmc::FullPkiRequest& message_;
  const CertificateSource& certificates_;
  crypto::PublicKeyCache& keys_;
};

}  // namespace

Result<void> check_unaltered(const cms::SignedData& signed_data) {
  if (signed_data.signer_infos.size() > kMaximumSigners) return {};
  for (const auto& signer : signed_data.signer_infos) {
    const auto* certificate = find_signer_certificate(signed_data, signer.sid);
    if (certificate == nullptr) continue;
    const auto key = crypto::PublicKey::from((*certificate)->subject_public_key_info);
    if (!key.ok()) continue;
    auto verified = verify_signer(signed_data, signer, *key);
    if (!verified.ok() && verified.error().fault == Fault::bad_signature) return verified;
  }
  return {};
}

Result<OpenedRequest> open_request(const cmc::PkiRequest& message,
                                   const CertificateSource& certificates,
                                   crypto::PublicKeyCache& keys) {
  OpenedRequest opened;
  opened.message_ = &message;
  const auto* full = std::get_if<cmc::FullPkiRequest>(&message);
  if (full == nullptr) return opened;

  if (full->authenticated_data) {
    opened.signers_.emplace_back(SecretMac{});
    return opened;
  }
  if (full->bare) return opened;
  const auto& signer_infos = full->signed_data.signer_infos;
  if (signer_infos.size() > kMaximumSigners) {
    return Error{Fault::too_large, "a SignedData with " + std::to_string(signer_infos.size()) +
                                       " signers; at most " + std::to_string(kMaximumSigners) +
                                       " are looked at"};
  }
  TRY(check_frame(full->signed_data));
  const SignerOpener opener{*full, certificates, keys};
  //= E40 RFC 10002 §3.2.1.3.4: every signature is verified
  for (const auto& signer : signer_infos) {
    opened.signers_.push_back(TRY(opener.open(signer)));
    const auto signed_at = TRY(signing_time(signer));
    if (std::holds_alternative<NoSignatureSigner>(opened.signers_.back())) continue;
    if (!opened.signing_time_) opened.signing_time_ = signed_at;
  }
  return opened;
}

}  // namespace signet::envelope
