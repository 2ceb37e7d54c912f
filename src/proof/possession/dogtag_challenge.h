#pragma once

#include "proof/possession/challenge.h"

namespace signet::proof {

/// The challenge in the form that Dogtag's client reads (dogtag/server.md §7, clients.md §1.6): an
/// EnvelopedData for a made-up issuer, RSA PKCS#1 v1.5, AES-128-CBC without padding; the IV that
/// counts stands in thePOPAlgID, whose MAC is HMAC-SHA256 whatever it says.
/// `value`: a whole number of AES blocks. Faults: possession_missing (no RSA key), internal.
Result<cmc::EncryptedPOPParts> make_dogtag_challenge(const ChallengeDue& due,
                                                     const SecretBytes& value,
                                                     RandomSource& random);

}  // namespace signet::proof
