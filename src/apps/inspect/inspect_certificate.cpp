#include "apps/inspect/inspect_certificate.h"

#include "apps/inspect/inspect_extensions.h"
#include "codec/pkix/oids.h"

namespace signet::tool {
namespace {

/// What a signature of `issuer` is checked with.
struct Signed {
  const pkix::Name& issuer;
  ByteView tbs_der;
  const pkix::AlgorithmIdentifier& algorithm;
  const asn1::BitString& signature;
};

/// By each certificate carried that bears the issuer's name; by the first whose key verifies.
AnnotatedTree check_by_carried(const Signed& what, const std::vector<pkix::Certificate>& carried) {
  AnnotatedTree tree{.name = "signature",
                     .value = algorithm_text(what.algorithm),
                     .check = Check::not_checked,
                     .remark = "the issuer's certificate is not here"};
  for (const auto& issuer : carried) {
    if (!pkix::names_match(issuer->subject, what.issuer)) continue;
    tree = check_signature(issuer->subject_public_key_info, what.algorithm, what.tbs_der,
                           what.signature, "by " + name_text(issuer->subject));
    if (tree.check == Check::verified) break;
  }
  return tree;
}

/// Whether it says itself that another key than its own signed it.
bool names_another_key(const pkix::Certificate& certificate) {
  const auto* found =
      pkix::find_extension(certificate->extensions, pkix::oid::kAuthorityKeyIdentifier);
  if (found == nullptr) return false;
  const auto read = pkix::read_authority_key_identifier(found->extn_value);
  const auto own = certificate.subject_key_identifier();
  return read.ok() && read->key_identifier && own && *read->key_identifier != *own;
}

/// A root by its own key; what a root of the same name certified, as the delegate that signs an
/// authority's responses, by the one that is carried.
AnnotatedTree check_self_issued(const pkix::Certificate& certificate, const Signed& what,
                                const std::vector<pkix::Certificate>& carried) {
  if (names_another_key(certificate)) {
    auto others = carried;
    std::erase(others, certificate);
    return check_by_carried(what, others);
  }
  auto own = check_signature(certificate->subject_public_key_info, what.algorithm, what.tbs_der,
                             what.signature, "self-signed");
  if (own.check == Check::broken) own.remark += "; by its own key, as issuer and subject are one";
  return own;
}

AnnotatedTree revoked_tree(const pkix::RevokedCertificate& revoked) {
  AnnotatedTree tree{"userCertificate", integer_text(revoked.user_certificate)};
  tree.add("revocationDate", to_text(revoked.revocation_date));
  if (!revoked.crl_entry_extensions.empty()) {
    tree.add(extensions_tree("crlEntryExtensions", revoked.crl_entry_extensions));
  }
  return tree;
}

}  // namespace

AnnotatedTree certificate_tree(const pkix::Certificate& certificate, const Scope& scope) {
  const auto& tbs = certificate.tbs.value;
  const bool self_issued = pkix::names_match(tbs.subject, tbs.issuer);
  AnnotatedTree tree{"Certificate", name_text(tbs.subject)};
  tree.add("version", std::to_string(tbs.version))
      .add("serialNumber", integer_text(tbs.serial_number))
      .add("issuer", name_text(tbs.issuer))
      .add("validity", to_text(tbs.validity.not_before) + " to " + to_text(tbs.validity.not_after))
      .add("subject", name_text(tbs.subject))
      .add(public_key_tree("subjectPublicKeyInfo", tbs.subject_public_key_info));
  if (!tbs.extensions.empty()) tree.add(extensions_tree("extensions", tbs.extensions));
  const Signed what{tbs.issuer, certificate.tbs.der, certificate.signature_algorithm,
                    certificate.signature_value};
  return tree.add(self_issued ? check_self_issued(certificate, what, scope.certificates)
                              : check_by_carried(what, scope.certificates));
}

AnnotatedTree certificate_list_tree(const pkix::CertificateList& list, const Scope& scope) {
  const auto& tbs = list.tbs.value;
  AnnotatedTree tree{"CertificateList", "CRL of " + name_text(tbs.issuer)};
  tree.add("version", std::to_string(tbs.version))
      .add("issuer", name_text(tbs.issuer))
      .add("thisUpdate", to_text(tbs.this_update));
  if (tbs.next_update) tree.add("nextUpdate", to_text(*tbs.next_update));
  AnnotatedTree revoked{"revokedCertificates", std::to_string(tbs.revoked_certificates.size())};
  for (const auto& one : tbs.revoked_certificates) revoked.add(revoked_tree(one));
  tree.add(std::move(revoked));
  if (!tbs.crl_extensions.empty()) tree.add(extensions_tree("crlExtensions", tbs.crl_extensions));
  return tree.add(
      check_by_carried({tbs.issuer, list.tbs.der, list.signature_algorithm, list.signature_value},
                       scope.certificates));
}

}  // namespace signet::tool
