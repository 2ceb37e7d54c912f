#include "proof/possession/replaced_subject.h"

#include "codec/pkix/name_strings.h"
#include "crypto/key_hash.h"

namespace signet::proof {
namespace {

bool has_key_of(const cmc::TaggedRequest& request, const pkix::Certificate& certificate) {
  const auto* key = request.public_key();
  return key != nullptr &&
         crypto::key_hash(*key) == crypto::key_hash(certificate->subject_public_key_info);
}

Result<bool> is_on_record(const pkix::Name& subject, const store::CertificateStore& certificates) {
  std::vector<pkix::Name> spellings{subject};
  for (const auto type : {asn1::kUtf8String, asn1::kPrintableString}) {
    spellings.push_back(TRY(pkix::respelled(subject, type)));
  }
  for (const auto& spelling : spellings) {
    if (!TRY(certificates.find_some_by_subject(spelling.der(), 1)).empty()) return true;
  }
  return false;
}

Error may_be_anothers(Fault fault, const std::string& whose, const ProvenIdentity& identity) {
  return {fault, "the request " + whose + ", and nothing shows that it is made by " +
                     identity.name() + ", who signed the message: ask for that one's subject, or " +
                     "renew with the key that signed"};
}

}  // namespace

Result<void> check_replaced_subject(const cmc::TaggedRequest& request,
                                    const ProvenIdentity& identity,
                                    const store::CertificateStore& certificates) {
  const auto* own = identity.certificate();
  if (own == nullptr || identity.role() == Role::agent || has_key_of(request, *own)) return {};
  const auto* subject = request.subject();
  if (subject == nullptr || subject->empty()) {
    return may_be_anothers(Fault::malformed, "asks for an empty subject", identity);
  }
  if (!TRY(is_on_record(*subject, certificates))) return {};
  return may_be_anothers(Fault::identity_mismatch,
                         "asks for the subject " + pkix::to_text(*subject) +
                             ", which somebody else has a certificate for",
                         identity);
}

}  // namespace signet::proof
