#pragma once

#include <variant>

#include "codec/cmc/pki_data.h"

namespace signet::cmc {

/// Simple PKI Request (RFC 10002 §3.1): a bare PKCS#10. As a TaggedRequest it has body part 1, the
/// number that its response names (§6.1.1).
struct SimplePkiRequest {
  TaggedRequest request;
};

/// Full PKI Request (RFC 10002 §3.2) as received: nothing is verified yet. In a SignedData, or in
/// an AuthenticatedData; then `signed_data` is empty: no signers, no certificates. Or, as no
/// standard has it, in nothing at all: an id-data with the PKIData as its octets, in which Dogtag's
/// CMCRequest sends revocations by shared secret.
struct FullPkiRequest {
  cms::SignedData signed_data;
  std::optional<cms::AuthenticatedData> authenticated_data;
  bool bare = false;  ///< in nothing at all
  PKIData pki_data;
};

using PkiRequest = std::variant<SimplePkiRequest, FullPkiRequest>;

/// Reads whichever of the two came. Faults: malformed, trailing_data, too_large, too_deep;
/// unsupported_message for a ContentInfo that is neither over PKIData.
Result<PkiRequest> read_pki_request(ByteView octets);

/// What a message that cannot be read holds nevertheless, as far as that can.
struct LegibleParts {
  std::vector<TaggedAttribute> controls;
  std::optional<cms::SignedData> signed_data;  ///< none where it stands in none
};
LegibleParts legible_parts_of(ByteView message);

/// The controls of a request; none for a Simple one.
const std::vector<TaggedAttribute>& controls_of(const PkiRequest& request);
/// The certification requests, in order.
std::vector<const TaggedRequest*> requests_of(const PkiRequest& request);

}  // namespace signet::cmc
