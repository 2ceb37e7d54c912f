#include "support/message_builder.h"

#include "base/overloaded.h"
#include "codec/cmc/controls.h"
#include "codec/pkix/oids.h"
#include "crypto/digest.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

const pkix::AlgorithmIdentifier kNoSignature{pkix::oid::kNoSignature, Bytes{0x05, 0x00}};

/// What an algorithm name says and what was done with the key.
struct Made {
  pkix::AlgorithmIdentifier algorithm;
  Bytes signature;
};

Made sign(const crypto::PrivateKey& key, const std::optional<pkix::AlgorithmIdentifier>& wanted,
          ByteView message) {
  const auto fitting = unwrap(crypto::default_signature_algorithm(key));
  auto signature = key.sign(wanted.value_or(fitting), message);
  if (!signature.ok()) signature = key.sign(fitting, message);
  return {wanted.value_or(fitting), unwrap(std::move(signature))};
}

Made sign(Possession possession, const crypto::PrivateKey& key,
          const std::optional<pkix::AlgorithmIdentifier>& wanted, ByteView message) {
  switch (possession) {
    case Possession::own_key:
      return sign(key, wanted, message);
    case Possession::other_key:
      return sign(*test_key("ec:p256", -1), wanted, message);
    case Possession::no_signature:
      return {kNoSignature, cmc::write_no_signature_value(
                                crypto::digest(crypto::DigestAlgorithm::sha1, message))};
  }
  std::abort();
}

pkix::Name name_or_null(const std::string& text) {
  return text.empty() ? pkix::Name{} : unwrap(pkix::name_from_text(text));
}

pkix::Extensions with_ski(pkix::Extensions extensions, const crypto::PrivateKey& key) {
  if (pkix::find_extension(extensions, pkix::oid::kSubjectKeyIdentifier) != nullptr) {
    return extensions;
  }
  extensions.push_back({pkix::oid::kSubjectKeyIdentifier, false,
                        pkix::write_subject_key_identifier(key_identifier_of(key))});
  return extensions;
}

crypto::DigestAlgorithm digest_of(const pkix::AlgorithmIdentifier& digest_algorithm) {
  const auto known = crypto::signer_digest_algorithm(digest_algorithm);
  return known.ok() ? *known : crypto::DigestAlgorithm::sha256;
}

std::vector<pkix::Attribute> right_attributes(const asn1::Oid& content_type, ByteView content,
                                              const pkix::AlgorithmIdentifier& digest_algorithm,
                                              std::optional<Time> signing_time) {
  const auto encoded = [](auto&& write) {
    asn1::Writer writer;
    write(writer);
    return std::move(writer).take();
  };
  std::vector<pkix::Attribute> attributes{
      attribute(pkix::oid::kContentType,
                encoded([&](asn1::Writer& writer) { writer.oid(content_type); })),
      attribute(pkix::oid::kMessageDigest, encoded([&](asn1::Writer& writer) {
                  writer.octet_string(crypto::digest(digest_of(digest_algorithm), content));
                }))};
  if (signing_time) {
    attributes.push_back(attribute(pkix::oid::kSigningTime, encoded([&](asn1::Writer& writer) {
                                     writer.time(*signing_time);
                                   })));
  }
  return attributes;
}

Bytes write_set(const std::vector<pkix::Attribute>& attributes) {
  asn1::Writer writer;
  writer.set_of([&] {
    for (const auto& item : attributes) pkix::write_attribute(writer, item);
  });
  return std::move(writer).take();
}

void write_sid(asn1::Writer& writer, const cms::SignerIdentifier& sid) {
  std::visit(Overloaded{[&](const cms::IssuerAndSerialNumber& id) {
                          cms::write_issuer_and_serial_number(writer, id);
                        },
                        [&](const cms::SubjectKeyIdentifier& id) {
                          writer.octet_string(id.octets, asn1::context(0));
                        }},
             sid);
}

pkix::AlgorithmIdentifier digest_algorithm_of(const Signing& signing) {
  if (signing.digest_algorithm) return *signing.digest_algorithm;
  if (signing.key == nullptr) return crypto::algorithm_identifier(crypto::DigestAlgorithm::sha256);
  const auto fitting = unwrap(crypto::default_signature_algorithm(*signing.key));
  return crypto::algorithm_identifier(unwrap(crypto::digest_of_signature(fitting)));
}

void write_signer_info(asn1::Writer& writer, const Signing& signing, const SignedMessage& message) {
  const auto digest_algorithm = digest_algorithm_of(signing);
  auto attributes = right_attributes(message.content_type, message.content, digest_algorithm,
                                     signing.signing_time);
  if (signing.edit_attributes) signing.edit_attributes(attributes);
  const auto attributes_der = write_set(attributes);
  const bool has_attributes = signing.signed_attributes == SignedAttributes::present;
  auto made = signing.key == nullptr
                  ? Made{signing.signature_algorithm.value_or(kNoSignature), {}}
                  : sign(*signing.key, signing.signature_algorithm,
                         has_attributes ? ByteView{attributes_der} : ByteView{message.content});
  if (!signing.signature.empty()) made.signature = signing.signature;
  writer.sequence([&] {
    writer.integer(std::holds_alternative<cms::SubjectKeyIdentifier>(signing.sid) ? 3 : 1);
    write_sid(writer, signing.sid);
    pkix::write_algorithm_identifier(writer, digest_algorithm);
    if (has_attributes) writer.raw(asn1::with_tag(attributes_der, asn1::context_constructed(0)));
    pkix::write_algorithm_identifier(writer, made.algorithm);
    writer.octet_string(made.signature);
  });
}

void write_signed_data(asn1::Writer& writer, const SignedMessage& message) {
  writer.sequence([&] {
    writer.integer(3);
    writer.set_of([&] {
      for (const auto& signer : message.signers) {
        pkix::write_algorithm_identifier(writer, digest_algorithm_of(signer));
      }
    });
    writer.sequence([&] {
      writer.oid(message.content_type);
      writer.constructed(asn1::context_constructed(0), [&] {
        writer.octet_string(message.content_sent.value_or(message.content));
      });
    });
    if (!message.certificates.empty()) {
      writer.set_of(
          [&] {
            for (const auto& certificate : message.certificates) writer.raw(certificate);
          },
          asn1::context_constructed(0));
    }
    writer.set_of([&] {
      for (const auto& signer : message.signers) write_signer_info(writer, signer, message);
    });
  });
}

/// write_cert_req_msg knows no regInfo, which CMC forbids.
Bytes with_reg_info(ByteView cert_req_msg,
                    const std::vector<crmf::AttributeTypeAndValue>& reg_info) {
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader outer{cert_req_msg, budget};
  const auto parts = unwrap(outer.read(asn1::kSequence)).value;
  asn1::Writer writer;
  writer.sequence([&] {
    writer.raw(parts);
    writer.sequence([&] {
      for (const auto& item : reg_info) {
        writer.sequence([&] {
          writer.oid(item.type);
          writer.raw(item.value);
        });
      }
    });
  });
  return std::move(writer).take();
}

}  // namespace

Bytes pkcs10(const Pkcs10Input& input) {
  const auto key = input.key != nullptr ? input.key : test_key();
  pkix::CertificationRequestInfo info;
  info.subject = name_or_null(input.subject);
  info.subject_public_key_info = key->public_key_info();
  info.attributes = input.attributes;
  const auto extensions = input.without_ski ? input.extensions : with_ski(input.extensions, *key);
  if (!extensions.empty()) info.attributes.push_back(pkix::extension_request(extensions));
  const auto der = pkix::write_certification_request_info(info);
  const auto made = sign(input.possession, *key, input.signature_algorithm, der);
  return pkix::write_certification_request(der, made.algorithm, asn1::BitString{made.signature, 0});
}

Bytes crmf(const CrmfInput& input) {
  const auto key = input.key != nullptr ? input.key : test_key();
  crmf::CertRequest request;
  request.cert_req_id = asn1::Integer::from(input.id);
  request.cert_template.subject = name_or_null(input.subject);
  request.cert_template.public_key = key->public_key_info();
  request.cert_template.extensions = with_ski(input.extensions, *key);
  request.controls = input.controls;
  if (input.edit_template) input.edit_template(request.cert_template);
  const auto der = crmf::write_cert_request(request);
  auto popo = input.popo;
  if (!popo && input.possession != Possession::no_signature) {
    auto made = sign(input.possession, *key, {}, der);
    popo = crmf::PopoSigningKey{{}, made.algorithm, asn1::BitString{std::move(made.signature), 0}};
  }
  auto message = crmf::write_cert_req_msg(der, popo);
  return input.reg_info.empty() ? message : with_reg_info(message, input.reg_info);
}

Bytes tagged(std::uint32_t id, ByteView certification_request) {
  return cmc::write_tagged_request(cmc::BodyPartID{id}, certification_request);
}

Bytes tagged(ByteView cert_req_msg) {
  return cmc::write_tagged_request(cert_req_msg);
}

Bytes tagged_other(std::uint32_t id, const asn1::Oid& type) {
  asn1::Writer writer;
  writer.constructed(asn1::context_constructed(2), [&] {
    writer.integer(std::int64_t{id});
    writer.oid(type);
    writer.null();
  });
  return std::move(writer).take();
}

cmc::TaggedRequest read_tagged(ByteView tagged_request) {
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader reader{tagged_request, budget};
  return unwrap(cmc::read_tagged_request(reader));
}

cmc::TaggedAttribute control(std::uint32_t id, const asn1::Oid& type, Bytes value) {
  return {cmc::BodyPartID{id}, type, {std::move(value)}};
}

Bytes pki_data(const std::vector<cmc::TaggedAttribute>& controls,
               const std::vector<Bytes>& tagged_requests) {
  cmc::PKIDataParts parts;
  parts.control_sequence = controls;
  parts.tagged_requests = tagged_requests;
  return cmc::write_pki_data(parts);
}

Signing signed_by(const Credential& signer) {
  const auto& certificate = signer.certificate;
  return {signer.key, cms::IssuerAndSerialNumber{certificate->issuer, certificate->serial_number}};
}

Signing signed_by_key_identifier(const Credential& signer) {
  return signed_by_request_key(signer.key, signer.certificate.subject_key_identifier().value());
}

Signing signed_by_request_key(const Key& key, const Bytes& ski) {
  return {key, cms::SubjectKeyIdentifier{ski}};
}

Signing signed_by_nobody(const Bytes& ski) {
  Signing signing{nullptr, cms::SubjectKeyIdentifier{ski}};
  signing.signature = cmc::write_no_signature_value(Bytes(20, 0));  // AMB-12: nobody looks at it
  return signing;
}

Bytes SignedMessage::encode() const {
  asn1::Writer writer;
  writer.sequence([&] {
    writer.oid(cms::oid::kSignedData);
    writer.constructed(asn1::context_constructed(0), [&] { write_signed_data(writer, *this); });
  });
  return std::move(writer).take();
}

SignedMessage full_request(const Credential& signer, const std::vector<Bytes>& tagged_requests,
                           const std::vector<cmc::TaggedAttribute>& controls) {
  SignedMessage message;
  message.content = pki_data(controls, tagged_requests);
  message.signers = {signed_by(signer)};
  message.certificates = {signer.certificate.der};
  return message;
}

pkix::Attribute attribute(const asn1::Oid& type, Bytes value) {
  return {type, {std::move(value)}};
}

Bytes with_last_bit_changed(Bytes octets) {
  octets.back() = static_cast<std::uint8_t>(octets.back() ^ 1);
  return octets;
}

}  // namespace signet::test
