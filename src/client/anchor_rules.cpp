#include "client/anchor_rules.h"

#include <algorithm>

#include "client/one_control.h"
#include "codec/cmc/oids.h"
#include "codec/pkix/oids.h"
#include "crypto/certification_path.h"

namespace signet::client {
namespace {

constexpr std::chrono::hours kNearNow{1};

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

}  // namespace

Result<std::optional<cmc::PublishTrustAnchors>> read_anchor_control(
    const std::vector<cmc::TaggedAttribute>& controls) {
  //= C70 RFC 10004 §5.2: what is said of trust anchors is read
  return read_control(controls, cmc::oid::kTrustedAnchors, cmc::read_publish_trust_anchors);
}

Result<void> check_near_now(const std::optional<Time>& at, Time now) {
  //= E130 RFC 10002 §6.15: the time under the signature is near now
  const bool near = at && now - kNearNow <= *at && *at <= now + kNearNow;
  if (near) return {};
  return Error{Fault::stale_time,
               at ? "the answer that names trust anchors was signed at " + to_text(*at) +
                        ", more than an hour from now"
                  : std::string("the answer that names trust anchors bears no signing time")};
}

Result<std::vector<pkix::Certificate>> named_anchors(
    const cmc::PublishTrustAnchors& control, const std::vector<pkix::Certificate>& certificates) {
  const auto algorithm = TRY(hash_of(control));
  const auto& hashes = control.anchor_hashes;
  std::vector<pkix::Certificate> named;
  for (const auto& each : certificates) {
    const auto hash = crypto::digest(algorithm, each.der);
    if (std::find(hashes.begin(), hashes.end(), hash) != hashes.end()) named.push_back(each);
  }
  if (!named.empty()) return named;
  return Error{Fault::certificate_not_found,
               "the answer names trust anchors by hashes that no certificate in it has"};
}

Result<bool> is_authority(const pkix::Certificate& certificate) {
  const auto* found = pkix::find_extension(certificate->extensions, pkix::oid::kBasicConstraints);
  return found != nullptr && TRY(pkix::read_basic_constraints(found->extn_value)).ca;
}

Result<bool> is_root(const pkix::Certificate& certificate) {
  const bool is_self_signed =
      pkix::names_match(certificate->issuer, certificate->subject) &&
      crypto::verify_certificate_signature(certificate, certificate->subject_public_key_info).ok();
  return is_self_signed && TRY(is_authority(certificate));
}

}  // namespace signet::client
