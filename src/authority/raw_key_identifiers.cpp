#include "authority/raw_key_identifiers.h"

#include "codec/pkix/oids.h"

namespace signet::authority {
namespace {

constexpr std::size_t kSha1Octets = 20;

/// Whether it did.
bool wrap_if_raw(pkix::Extension& extension) {
  if (extension.extn_id != pkix::oid::kSubjectKeyIdentifier) return false;
  if (extension.extn_value.size() != kSha1Octets) return false;
  if (pkix::read_subject_key_identifier(extension.extn_value).ok()) return false;
  extension.extn_value = pkix::write_subject_key_identifier(extension.extn_value);
  return true;
}

bool wrap_in(cmc::TaggedRequest& request) {
  auto* tagged = std::get_if<cmc::TaggedCertReqMsg>(&request.choice);
  if (tagged == nullptr) return false;
  bool wrapped = false;
  for (auto& extension : tagged->cert_req_msg.cert_req.value.cert_template.extensions) {
    wrapped = wrap_if_raw(extension) || wrapped;
  }
  return wrapped;
}

}  // namespace

void wrap_raw_key_identifiers(cmc::PkiRequest& message, proof::UsedTolerances& used) {
  auto* full = std::get_if<cmc::FullPkiRequest>(&message);
  if (full == nullptr) return;
  for (auto& request : full->pki_data.req_sequence) {
    if (!wrap_in(request)) continue;
    used.push_back({Tolerance::raw_key_identifier, "subjectKeyIdentifier without its OCTET STRING",
                    request.body_part_id()});
  }
}

}  // namespace signet::authority
