#include "client/follow_up.h"

#include <algorithm>

#include "codec/cmc/status.h"
#include "crypto/digest.h"

namespace signet::client {
namespace {

/// Its id is given when the message is put together.
cmc::TaggedAttribute control(const asn1::Oid& type, Bytes value) {
  return {cmc::BodyPartID{0}, type, {std::move(value)}};
}

}  // namespace

//= C64 RFC 10004 §5.2: queryPending is sent
std::vector<cmc::TaggedAttribute> poll_controls(ByteView pend_token) {
  return {control(cmc::oid::kQueryPending, cmc::write_octets_value(pend_token))};
}

//= C67 RFC 10004 §5.2: confirmCertAcceptance is sent
//= E125 RFC 10002 §6.14: confirmRequired is answered by it
std::vector<cmc::TaggedAttribute> confirmation_controls(const pkix::Certificate& certificate,
                                                        bool is_taken) {
  cmc::CMCStatusInfoV2 status;
  status.cmc_status = is_taken ? cmc::CMCStatus::success : cmc::CMCStatus::failed;
  status.body_list.emplace_back(cmc::kThisPKIData);
  return {control(cmc::oid::kConfirmCertAcceptance,
                  cmc::write_cmc_cert_id({certificate->issuer, certificate->serial_number})),
          control(cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(status))};
}

//= C80 RFC 10004 §5.2: publishCert is sent
std::vector<cmc::TaggedAttribute> publication_controls(
    const std::vector<pkix::Certificate>& certificates, Publishing what) {
  constexpr std::int64_t kPleasePublish = 1;
  //= E139 RFC 10002 §6.18: without pubInfos, whatever is wanted
  //= E140 RFC 10002 §6.18: all certificates stand in one control, each once
  cmc::CMCPublicationInfo wanted;
  wanted.hash_alg = crypto::algorithm_identifier(crypto::DigestAlgorithm::sha256);
  wanted.pub_info.action = what == Publishing::wanted ? kPleasePublish : 0;
  for (const auto& certificate : certificates) {
    auto hash = crypto::sha256(certificate.der);
    const auto& known = wanted.cert_hashes;
    if (std::find(known.begin(), known.end(), hash) != known.end()) continue;
    wanted.cert_hashes.push_back(std::move(hash));
  }
  return {control(cmc::oid::kPublishCert, cmc::write_cmc_publication_info(wanted))};
}

//= C49 RFC 10004 §5.2: getCert is sent
std::vector<cmc::TaggedAttribute> get_certificate_controls(const pkix::Name& issuer,
                                                           const asn1::Integer& serial_number) {
  return {control(cmc::oid::kGetCert, cmc::write_get_cert({issuer, serial_number}))};
}

//= C52 RFC 10004 §5.2: getCRL is sent
std::vector<cmc::TaggedAttribute> get_crl_controls(const pkix::Name& issuer,
                                                   const std::optional<pkix::GeneralName>& name) {
  cmc::GetCRL wanted;
  wanted.issuer_name = issuer;
  wanted.crl_name = name;
  return {control(cmc::oid::kGetCRL, cmc::write_get_crl(wanted))};
}

cmc::TaggedAttribute revocation_secret_control(std::string_view verifier) {
  const auto text = "revocationSecret:" + std::string(verifier);
  return control(cmc::oid::kRegInfo, cmc::write_octets_value(to_bytes(text)));
}

}  // namespace signet::client
