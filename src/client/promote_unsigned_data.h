#pragma once

#include "codec/cmc/pki_data.h"

namespace signet::client {

/// A message without its CMCUnsignedData, and what that held (RFC 10002 §3.2.3).
struct WithoutUnsignedData {
  Bytes octets;                              ///< ContentInfo; all else stands octet for octet
  std::vector<cmc::CMCUnsignedData> values;  ///< each once, however many signers had it
};
/// Takes the attribute out of the unsigned attributes of every SignerInfo, or of an
/// AuthenticatedData, which no signature and no MAC covers. A message that has none stays as it is.
/// Does not look into messages within. Faults: malformed.
Result<WithoutUnsignedData> take_unsigned_data(ByteView content_info);

/// The attribute of the one who puts `item`, the message they stood in, into cmsSequence.
cmc::CMCUnsignedData promoted(cmc::CMCUnsignedData value, cmc::BodyPartID item);

}  // namespace signet::client
