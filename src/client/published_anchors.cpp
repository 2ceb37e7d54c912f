#include "client/published_anchors.h"

#include <algorithm>

#include "client/anchor_rules.h"
#include "client/is_less.h"
#include "crypto/certification_path.h"
#include "envelope/signed_attributes.h"

namespace signet::client {
namespace {

/// An announcement that somebody kept for later is not for now.
Result<void> check_time(const cms::SignedData& signed_data, Time now) {
  for (const auto& signer : signed_data.signer_infos) {
    const auto at = TRY(envelope::signing_time(signer));
    TRY(check_near_now(at, now));
  }
  return {};
}

Result<void> check_is_root_of(const pkix::Name& authority, const pkix::Certificate& anchor) {
  //= E129 RFC 10002 §6.15: the signer may say this: an authority speaks of its own anchors
  if (TRY(is_root(anchor)) && pkix::names_match(anchor->subject, authority)) return {};
  return Error{Fault::untrusted_signer, "the answer of " + pkix::to_text(authority) + " names " +
                                            pkix::to_text(anchor->subject) +
                                            " as a trust anchor, which is no root of its name"};
}

/// What the answer carries of one authority: its keys, signed by each other or themselves. Paths
/// are looked for among them alone, so that no authority below another one, and no delegate, can
/// vouch for a root.
std::vector<pkix::Certificate> keys_of(const pkix::Name& authority,
                                       const std::vector<pkix::Certificate>& carried) {
  std::vector<pkix::Certificate> keys;
  for (const auto& each : carried) {
    const bool is_own =
        pkix::names_match(each->subject, authority) && pkix::names_match(each->issuer, authority);
    const auto may_sign = is_authority(each);
    if (is_own && may_sign.ok() && *may_sign) keys.push_back(each);
  }
  return keys;
}

/// RFC 4210 §4.4, new with old: a key that is trusted has signed the new one.
Result<void> check_is_vouched_for(const pkix::Certificate& anchor,
                                  const std::vector<pkix::Certificate>& carried,
                                  const AnchorChecks& checks) {
  const auto keys = keys_of(anchor->subject, carried);
  std::vector<pkix::Certificate> own_anchors;
  for (const auto& each : checks.trust.anchors()) {
    if (pkix::names_match(each->subject, anchor->subject)) own_anchors.push_back(each);
  }
  const auto validator = TRY(crypto::CertificationPathValidator::make(own_anchors));
  for (const auto& each : keys) {
    const bool is_cross =
        each != anchor && each->subject_public_key_info == anchor->subject_public_key_info;
    if (is_cross && validator.validate(each, keys, checks.now).ok()) return {};
  }
  return Error{Fault::untrusted_signer,
               "the answer names a new root of " + pkix::to_text(anchor->subject) +
                   ", but carries no cross-certificate for it that leads to a root trusted now: "
                   "take it from the authority's operator, and compare its SHA-256"};
}

Result<void> check_anchor(const pkix::Certificate& anchor, const pkix::Name& authority,
                          const std::vector<pkix::Certificate>& carried,
                          const AnchorChecks& checks) {
  const auto& trusted = checks.trust.anchors();
  if (std::find(trusted.begin(), trusted.end(), anchor) != trusted.end()) return {};
  TRY(check_is_root_of(authority, anchor));
  return check_is_vouched_for(anchor, carried, checks);
}

/// What the signer speaks for.
const pkix::Name& authority_of(const ResponseSigner& signer) {
  return signer.delegated ? signer.certificate->issuer : signer.certificate->subject;
}

Result<std::vector<pkix::Certificate>> check(const cmc::PublishTrustAnchors& control,
                                             const cms::SignedData& signed_data,
                                             const AnchorChecks& checks) {
  TRY(check_time(signed_data, checks.now));
  auto anchors = TRY(named_anchors(control, signed_data.certificates));
  const auto& authority = authority_of(checks.signers.front());
  for (const auto& anchor : anchors) {
    TRY(check_anchor(anchor, authority, signed_data.certificates, checks));
  }
  return anchors;
}

}  // namespace

std::optional<Result<PublishedAnchors>> find_published_anchors(const cms::SignedData& signed_data,
                                                               const cmc::PKIResponse& response,
                                                               const AnchorChecks& checks) {
  const auto control = read_anchor_control(response.control_sequence);
  if (!control.ok()) return Result<PublishedAnchors>(control.error());
  if (!*control) return std::nullopt;
  //= E128 RFC 10002 §6.15: the signature leads to a present anchor: who signed was found so
  if (checks.signers.empty()) {
    return Result<PublishedAnchors>(
        Error{Fault::untrusted_signer, "nobody signed what is said of trust anchors"});
  }
  if (checks.signers.front().registers) {
    return Result<PublishedAnchors>(Error{
        Fault::untrusted_signer, "a registration authority signed what is said of trust anchors"});
  }
  auto anchors = check(**control, signed_data, checks);
  if (!anchors.ok()) return Result<PublishedAnchors>(std::move(anchors).error());
  return PublishedAnchors{authority_of(checks.signers.front()), (*control)->seq_number,
                          std::move(anchors).value()};
}

Result<void> check_is_newer(const PublishedAnchors& published, const asn1::Integer& last_accepted) {
  //= E131 RFC 10002 §6.15: seqNumber is greater than the last that was accepted
  const auto& number = published.sequence_number();
  if (!number.is_negative() && is_less(last_accepted, number)) return {};
  return Error{Fault::replayed, "the trust anchors that the answer names (number 0x" +
                                    published.sequence_number().to_hex() +
                                    ") are not newer than those accepted last (0x" +
                                    last_accepted.to_hex() + "): it may be an old answer"};
}

}  // namespace signet::client
