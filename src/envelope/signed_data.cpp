#include "envelope/signed_data.h"

#include <algorithm>

#include "base/overloaded.h"
#include "codec/cmc/controls.h"
#include "codec/pkix/oids.h"
#include "crypto/digest.h"
#include "envelope/signed_attributes.h"

namespace signet::envelope {
namespace {

/// One answer for every cryptographic mismatch: which of them it was would help a forger.
Error does_not_verify() {
  return {Fault::bad_signature,
          "the signature of the SignedData does not verify over its content: the message was "
          "altered on its way, or another key signed it"};
}

/// The issuer octet for octet: a signer copies it out of its certificate, and a sid that may be
/// spelled in two ways is a message that may be altered.
bool is_named(const pkix::Certificate& certificate, const cms::SignerIdentifier& sid) {
  return std::visit(Overloaded{[&](const cms::IssuerAndSerialNumber& id) {
                                 return certificate->serial_number == id.serial_number &&
                                        certificate->issuer == id.issuer;
                               },
                               [&](const cms::SubjectKeyIdentifier& id) {
                                 return certificate.subject_key_identifier() == id.octets;
                               }},
                    sid);
}

/// A signature made, ready to be written.
struct Signature {
  const cms::SignerIdentifier& sid;
  pkix::AlgorithmIdentifier digest_algorithm;
  Bytes signed_attributes;  ///< SET OF: what was signed
  pkix::AlgorithmIdentifier algorithm;
  Bytes value;
  std::span<const pkix::Attribute> unsigned_attributes = {};

  [[nodiscard]] int version() const {  // RFC 5652 §5.3
    return std::holds_alternative<cms::SubjectKeyIdentifier>(sid) ? 3 : 1;
  }
};

void write_signer_identifier(asn1::Writer& writer, const cms::SignerIdentifier& sid) {
  std::visit(Overloaded{[&](const cms::IssuerAndSerialNumber& id) {
                          cms::write_issuer_and_serial_number(writer, id);
                        },
                        [&](const cms::SubjectKeyIdentifier& id) {
                          writer.octet_string(id.octets, asn1::context(0));
                        }},
             sid);
}

void write_signer_info(asn1::Writer& writer, const Signature& signature) {
  writer.sequence([&] {
    writer.integer(signature.version());
    write_signer_identifier(writer, signature.sid);
    pkix::write_algorithm_identifier(writer, signature.digest_algorithm);
    writer.raw(asn1::with_tag(signature.signed_attributes, asn1::context_constructed(0)));
    pkix::write_algorithm_identifier(writer, signature.algorithm);
    writer.octet_string(signature.value);
    if (signature.unsigned_attributes.empty()) return;
    writer.set_of(
        [&] {
          for (const auto& each : signature.unsigned_attributes) {
            pkix::write_attribute(writer, each);
          }
        },
        asn1::context_constructed(1));
  });
}

/// What goes into a ContentInfo with a SignedData: content and signature may be absent.
struct Sealed {
  const asn1::Oid& content_type;
  std::optional<ByteView> content;
  std::span<const Bytes> certificates;
  const Signature* signature = nullptr;
  std::span<const Bytes> crls = {};

  [[nodiscard]] int version() const {  // RFC 5652 §5.1
    const bool signed_by_key_identifier = signature != nullptr && signature->version() == 3;
    return content_type != cms::oid::kData || signed_by_key_identifier ? 3 : 1;
  }
};

void write_encapsulated_content(asn1::Writer& writer, const Sealed& sealed) {
  writer.sequence([&] {
    writer.oid(sealed.content_type);
    if (!sealed.content) return;
    writer.constructed(asn1::context_constructed(0), [&] { writer.octet_string(*sealed.content); });
  });
}

/// SET OF whole elements under an IMPLICIT tag; nothing when there are none.
void write_set(asn1::Writer& writer, std::span<const Bytes> elements, asn1::Tag tag) {
  if (elements.empty()) return;
  writer.set_of(
      [&] {
        for (const auto& element : elements) writer.raw(element);
      },
      tag);
}

void write_signed_data(asn1::Writer& writer, const Sealed& sealed) {
  const auto* signature = sealed.signature;
  writer.sequence([&] {
    writer.integer(sealed.version());
    writer.constructed(asn1::kSet, [&] {
      if (signature == nullptr) return;
      pkix::write_algorithm_identifier(writer, signature->digest_algorithm);
    });
    write_encapsulated_content(writer, sealed);
    write_set(writer, sealed.certificates, asn1::context_constructed(0));
    write_set(writer, sealed.crls, asn1::context_constructed(1));
    writer.constructed(asn1::kSet, [&] {
      if (signature != nullptr) write_signer_info(writer, *signature);
    });
  });
}

Bytes write_content_info(const Sealed& sealed) {
  asn1::Writer writer;
  writer.sequence([&] {
    writer.oid(cms::oid::kSignedData);
    writer.constructed(asn1::context_constructed(0), [&] { write_signed_data(writer, sealed); });
  });
  return std::move(writer).take();
}

}  // namespace

Result<Bytes> seal_signed_data(const SigningInput& input) {
  const auto digest = TRY(crypto::digest_of_signature(input.signature_algorithm));
  auto attributes = write_signed_attributes(
      input.content_type, crypto::digest(digest, input.content), input.signing_time);
  auto value = TRY(input.key.sign(input.signature_algorithm, attributes));
  const Signature signature{input.sid,
                            crypto::algorithm_identifier(digest),
                            std::move(attributes),
                            input.signature_algorithm,
                            std::move(value),
                            input.unsigned_attributes};
  return write_content_info(
      {input.content_type, input.content, input.certificates, &signature, input.crls});
}

Bytes seal_certificates_only(const std::vector<Bytes>& certificates,
                             const std::vector<Bytes>& crls) {
  return write_content_info({cms::oid::kData, {}, certificates, nullptr, crls});
}

Bytes seal_without_signature(ByteView pki_data, const cms::SubjectKeyIdentifier& sid) {
  using crypto::DigestAlgorithm;
  const cms::SignerIdentifier signer = sid;
  auto attributes = write_signed_attributes(cmc::oid::kPKIData, crypto::sha256(pki_data), {});
  auto value =
      cmc::write_no_signature_value(crypto::digest(DigestAlgorithm::sha1, attributes));  // AMB-12
  const pkix::AlgorithmIdentifier no_signature{pkix::oid::kNoSignature, Bytes{0x05, 0x00}};
  const Signature signature{signer, crypto::algorithm_identifier(DigestAlgorithm::sha256),
                            std::move(attributes), no_signature, std::move(value)};
  return write_content_info({cmc::oid::kPKIData, pki_data, {}, &signature});
}

Result<void> verify_signer(const cms::SignedData& signed_data, const cms::SignerInfo& signer,
                           const crypto::PublicKey& key) {
  const auto content = TRY(check_signed_attributes(signed_data, signer));
  const auto verified = key.verify(signer.signature_algorithm, *signer.signed_attrs_der,
                                   signer.signature, content.digest_algorithm);
  if (!verified.ok() && verified.error().fault != Fault::bad_signature) return verified.error();
  if (!verified.ok() || !content.digest_agrees) return does_not_verify();
  return {};
}

const pkix::Certificate* find_signer_certificate(const cms::SignedData& signed_data,
                                                 const cms::SignerIdentifier& sid) {
  const auto& carried = signed_data.certificates;
  const auto found = std::find_if(carried.begin(), carried.end(), [&](const auto& certificate) {
    return is_named(certificate, sid);
  });
  return found == carried.end() ? nullptr : &*found;
}

}  // namespace signet::envelope
