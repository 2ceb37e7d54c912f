#include "apps/dogtag/response_file.h"

#include <algorithm>

#include "apps/tool/message_file.h"
#include "client/verdicts.h"
#include "codec/cmc/pki_request.h"
#include "envelope/signed_data.h"

namespace signet::dogtag {
namespace {

Result<cms::SignedData> read_signed_data(ByteView octets) {
  const auto info = TRY(cms::read_content_info(octets));
  if (info.content_type == cms::oid::kSignedData) return cms::read_signed_data(info.content);
  return Error{Fault::malformed, "the answer is a ContentInfo of type " +
                                     info.content_type.to_text() + ", not a SignedData"};
}

/// The certificate of the first signer, once all signatures have verified.
Result<pkix::Certificate> verify_signers(const cms::SignedData& signed_data) {
  std::optional<pkix::Certificate> first;
  for (const auto& signer : signed_data.signer_infos) {
    const auto* certificate = envelope::find_signer_certificate(signed_data, signer.sid);
    if (certificate == nullptr) {
      return Error{Fault::untrusted_signer, "the answer does not carry its signer's certificate"};
    }
    const auto key = TRY(crypto::PublicKey::from((*certificate)->subject_public_key_info));
    TRY(envelope::verify_signer(signed_data, signer, key));
    if (!first) first = *certificate;
  }
  if (first) return *std::move(first);
  return Error{Fault::bad_signature, "the answer holds a PKIResponse that nobody signed"};
}

Result<ResponseFile> read(Bytes octets) {
  ResponseFile file;
  file.octets = std::move(octets);
  file.signed_data = TRY(read_signed_data(file.octets));
  const auto& content = file.signed_data.encap_content_info;
  file.simple = !content.e_content && file.signed_data.signer_infos.empty();
  if (file.simple) return file;
  if (content.e_content_type != cmc::oid::kPKIResponse || !content.e_content) {
    return Error{Fault::malformed, "the answer holds content of type " +
                                       content.e_content_type.to_text() +
                                       " instead of a PKIResponse"};
  }
  file.signer = TRY(verify_signers(file.signed_data));
  file.response = TRY(cmc::read_pki_response(*content.e_content));
  file.verdicts = TRY(client::read_verdicts(file.response.control_sequence));
  return file;
}

/// What a file is that is no answer; empty where nobody knows.
std::string_view other_kind(ByteView octets) {
  if (pkix::read_certification_request(octets).ok()) return "a PKCS#10 request";
  if (crmf::read_cert_req_messages(octets).ok()) return "a CRMF request";
  if (pkix::read_certificate(octets).ok()) return "a certificate";
  if (cmc::read_pki_request(octets).ok()) return "a message to the authority, as CMCRequest makes";
  return {};
}

}  // namespace

Result<ResponseFile> read_response_file(const std::string& path) {
  const auto octets = TRY(tool::read_message_file(path));
  auto file = read(octets);
  if (file.ok()) return file;
  const auto kind = other_kind(octets);
  if (kind.empty()) return Error{file.error().fault, path + ": " + file.error().detail};
  return Error{Fault::malformed, path + " is " + std::string(kind) +
                                     ", not an answer: that is what HttpClient wrote into its "
                                     "output"};
}

const client::Verdict* first_refusal(const ResponseFile& file) {
  const auto found = std::find_if(file.verdicts.begin(), file.verdicts.end(), [](const auto& one) {
    return one.status != cmc::CMCStatus::success;
  });
  return found == file.verdicts.end() ? nullptr : &*found;
}

}  // namespace signet::dogtag
