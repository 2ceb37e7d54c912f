#include "apps/inspect/inspect.h"

#include <array>

#include "apps/inspect/inspect_certificate.h"
#include "apps/inspect/inspect_cms.h"
#include "apps/inspect/inspect_pki_data.h"
#include "apps/inspect/inspect_request.h"

namespace signet::tool {
namespace {

/// No file is worth more work than this; messages themselves have tighter limits.
constexpr asn1::Limits kLimits{.rules = asn1::Rules::ber, .octets = 16 * 1024 * 1024};

Result<AnnotatedTree> inspect_certificate(ByteView octets, const Scope&) {
  return certificate_tree(TRY(pkix::read_certificate(octets)), {});
}

Result<AnnotatedTree> inspect_crl(ByteView octets, const Scope&) {
  return certificate_list_tree(TRY(pkix::read_certificate_list(octets)), {});
}

Result<AnnotatedTree> inspect_pkcs10(ByteView octets, const Scope&) {
  return certification_request_tree(TRY(pkix::read_certification_request(octets)));
}

Result<AnnotatedTree> inspect_cert_req_msg(ByteView octets) {
  asn1::Budget budget{asn1::Limits::ber()};
  asn1::Reader reader{octets, budget};
  const auto message = TRY(crmf::read_cert_req_msg(reader));
  TRY(reader.finish());
  return cert_req_msg_tree(message);
}

Result<AnnotatedTree> inspect_crmf(ByteView octets, const Scope&) {
  auto one = inspect_cert_req_msg(octets);
  if (one.ok()) return one;
  const auto messages = TRY(crmf::read_cert_req_messages(octets));
  AnnotatedTree tree{"CertReqMessages", std::to_string(messages.size())};
  for (const auto& message : messages) tree.add(cert_req_msg_tree(message));
  return tree;
}

Result<AnnotatedTree> inspect_cms(ByteView octets, const Scope& scope) {
  return content_info_tree(TRY(cms::read_content_info(octets)), scope);
}

Result<AnnotatedTree> inspect_pki_data(ByteView octets, const Scope& scope) {
  return pki_data_tree(TRY(cmc::read_pki_data(octets)), scope);
}

Result<AnnotatedTree> inspect_pki_response(ByteView octets, const Scope&) {
  return pki_response_tree(TRY(cmc::read_pki_response(octets)), {});
}

Result<AnnotatedTree> inspect_asn1(ByteView octets, const Scope&) {
  TRY(asn1::check_well_formed(octets, kLimits));
  return asn1_tree("ASN.1 of a type not known here", octets);
}

struct Kind {
  ObjectType type;
  const char* name;
  Result<AnnotatedTree> (*inspect)(ByteView octets, const Scope& scope);
};

/// In this order they are tried. No encoding is two of the first five; an empty PKIResponse could
/// be an empty PKIData, but for its number of parts.
constexpr std::array kKinds{
    Kind{ObjectType::cms, "ContentInfo", inspect_cms},
    Kind{ObjectType::certificate, "Certificate", inspect_certificate},
    Kind{ObjectType::crl, "CertificateList", inspect_crl},
    Kind{ObjectType::pkcs10, "CertificationRequest", inspect_pkcs10},
    Kind{ObjectType::crmf, "CertReqMessages", inspect_crmf},
    Kind{ObjectType::pki_data, "PKIData", inspect_pki_data},
    Kind{ObjectType::pki_response, "PKIResponse", inspect_pki_response},
    Kind{ObjectType::asn1, "ASN.1", inspect_asn1},
};

bool begins_like_a_content_info(ByteView octets) {
  asn1::Budget budget{kLimits};
  asn1::Reader outer{octets, budget};
  const auto inner = outer.enter(asn1::kSequence);
  return inner.ok() && inner->next_is(asn1::kOid);
}

/// The first type that reads. When none does, the bare ASN.1, and why it is none of them.
Result<AnnotatedTree> inspect_by_trying(ByteView octets, const Scope& scope) {
  const bool content_info = begins_like_a_content_info(octets);
  AnnotatedTree reasons{"tried as"};
  for (const auto& kind : kKinds) {
    if (content_info != (kind.type == ObjectType::cms)) continue;
    if (kind.type == ObjectType::asn1) continue;
    auto tree = kind.inspect(octets, scope);
    if (tree.ok()) return tree;
    reasons.add(kind.name, tree.error().detail);
  }
  auto tree = TRY(inspect_asn1(octets, scope));
  return tree.add(std::move(reasons));
}

}  // namespace

Result<AnnotatedTree> inspect(ByteView octets, ObjectType type, const SecretBytes* secret) {
  const Scope scope{.secret = secret};
  if (type == ObjectType::automatic) return inspect_by_trying(octets, scope);
  for (const auto& kind : kKinds) {
    if (kind.type == type) return kind.inspect(octets, scope);
  }
  return Error{Fault::internal, "no way to inspect this type"};
}

}  // namespace signet::tool
