#include "client/published_anchors.h"

#include <algorithm>

#include "client/is_less.h"
#include "codec/cmc/controls.h"
#include "codec/cmc/oids.h"
#include "codec/cmc/pki_data.h"
#include "codec/pkix/oids.h"
#include "crypto/certification_path.h"
#include "envelope/signed_attributes.h"

namespace signet::client {
namespace {

constexpr std::chrono::hours kNearNow{1};

Result<std::optional<cmc::PublishTrustAnchors>> read_control(ByteView pki_response) {
  const auto response = TRY(cmc::read_pki_response(pki_response));
  std::optional<cmc::PublishTrustAnchors> found;
  for (const auto& control : response.control_sequence) {
    //= C70 RFC 10004 §5.2: what is said of trust anchors is read
    if (control.attr_type != cmc::oid::kTrustedAnchors) continue;
    if (found || control.attr_values.size() != 1) {
      return Error{Fault::malformed, "the answer names trust anchors more than once"};
    }
    found = TRY(cmc::read_publish_trust_anchors(control.attr_values.front()));
  }
  return found;
}

/// An announcement that somebody kept for later is not for now.
Result<void> check_time(const cms::SignedData& signed_data, Time now) {
  for (const auto& signer : signed_data.signer_infos) {
    const auto at = TRY(envelope::signing_time(signer));
    //= E130 RFC 10002 §6.15: the time under the signature is near now
    const bool near = at && now - kNearNow <= *at && *at <= now + kNearNow;
    if (near) continue;
    return Error{Fault::stale_time,
                 at ? "the answer that names trust anchors was signed at " + to_text(*at) +
                          ", more than an hour from now"
                    : std::string("the answer that names trust anchors bears no signing time")};
  }
  return {};
}

/// SHA-1 finds no anchors: who can make two certificates alike would choose one.
Result<crypto::DigestAlgorithm> hash_of(const cmc::PublishTrustAnchors& control) {
  //= E132 RFC 10002 §6.15: SHA-256 is known, and what is stronger
  const auto algorithm = TRY(crypto::digest_algorithm(control.hash_algorithm));
  if (crypto::digest_octets(algorithm) >= crypto::digest_octets(crypto::DigestAlgorithm::sha256)) {
    return algorithm;
  }
  return Error{Fault::unsupported_algorithm,
               "trust anchors are named by a hash that is too weak: "
               "SHA-256 is the least"};
}

Result<bool> is_authority(const pkix::Certificate& certificate) {
  const auto* found = pkix::find_extension(certificate->extensions, pkix::oid::kBasicConstraints);
  return found != nullptr && TRY(pkix::read_basic_constraints(found->extn_value)).ca;
}

Result<void> check_is_root_of(const pkix::Name& authority, const pkix::Certificate& anchor) {
  const bool is_root =
      pkix::names_match(anchor->issuer, anchor->subject) &&
      crypto::verify_certificate_signature(anchor, anchor->subject_public_key_info).ok();
  //= E129 RFC 10002 §6.15: the signer may say this: an authority speaks of its own anchors
  if (is_root && TRY(is_authority(anchor)) && pkix::names_match(anchor->subject, authority)) {
    return {};
  }
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

Result<PublishedAnchors> check(const cmc::PublishTrustAnchors& control,
                               const cms::SignedData& signed_data, const AnchorChecks& checks) {
  TRY(check_time(signed_data, checks.now));
  const auto algorithm = TRY(hash_of(control));
  PublishedAnchors published{authority_of(checks.signers.front()), control.seq_number, {}};
  for (const auto& certificate : signed_data.certificates) {
    const auto hash = crypto::digest(algorithm, certificate.der);
    const auto& named = control.anchor_hashes;
    if (std::find(named.begin(), named.end(), hash) == named.end()) continue;
    TRY(check_anchor(certificate, published.authority, signed_data.certificates, checks));
    published.anchors.push_back(certificate);
  }
  if (!published.anchors.empty()) return published;
  return Error{Fault::certificate_not_found,
               "the answer names trust anchors by hashes that no certificate in it has"};
}

}  // namespace

std::optional<Result<PublishedAnchors>> find_published_anchors(const cms::SignedData& signed_data,
                                                               ByteView pki_response,
                                                               const AnchorChecks& checks) {
  const auto control = read_control(pki_response);
  if (!control.ok()) return Result<PublishedAnchors>(control.error());
  if (!*control) return std::nullopt;
  //= E128 RFC 10002 §6.15: the signature leads to a present anchor: who signed was found so
  if (checks.signers.empty()) {
    return Result<PublishedAnchors>(
        Error{Fault::untrusted_signer, "nobody signed what is said of trust anchors"});
  }
  return check(**control, signed_data, checks);
}

Result<void> check_is_newer(const PublishedAnchors& published, const asn1::Integer& last_accepted) {
  //= E131 RFC 10002 §6.15: seqNumber is greater than the last that was accepted
  const auto& number = published.sequence_number;
  if (!number.is_negative() && is_less(last_accepted, number)) return {};
  return Error{Fault::replayed, "the trust anchors that the answer names (number 0x" +
                                    published.sequence_number.to_hex() +
                                    ") are not newer than those accepted last (0x" +
                                    last_accepted.to_hex() + "): it may be an old answer"};
}

}  // namespace signet::client
