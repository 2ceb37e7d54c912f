#include "authority/anchor_announcement.h"

#include "codec/cmc/controls.h"
#include "crypto/digest.h"

namespace signet::authority {

Bytes announce_anchors(std::uint64_t sequence_number,
                       const std::vector<pkix::Certificate>& anchors) {
  cmc::PublishTrustAnchors value;
  value.seq_number = asn1::Integer::from(sequence_number);
  //= E132 RFC 10002 §6.15: anchors are named by SHA-256 of the whole certificate
  value.hash_algorithm = crypto::algorithm_identifier(crypto::DigestAlgorithm::sha256);
  for (const auto& anchor : anchors) value.anchor_hashes.push_back(crypto::sha256(anchor.der));
  return cmc::write_publish_trust_anchors(value);
}

AnchorSet anchor_set(std::uint64_t sequence_number, const std::vector<pkix::Certificate>& anchors) {
  AnchorSet set;
  if (anchors.empty()) return set;
  set.control = announce_anchors(sequence_number, anchors);
  for (const auto& anchor : anchors) set.certificates.push_back(anchor.der);
  return set;
}

}  // namespace signet::authority
