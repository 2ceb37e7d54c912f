#pragma once

#include "codec/cmc/controls.h"
#include "codec/cmc/pki_data.h"
#include "support/message_builder.h"
#include "support/test_authority.h"

namespace signet::test {

/// The SignedData inside a message, to be altered and written again.
cms::SignedData signed_data_of(ByteView message);
Bytes write_message(const cms::SignedData& signed_data);

/// The PKIData inside a message, taken apart: alter it, then sign it anew.
cmc::PKIDataParts parts_of(ByteView message);
/// A Full PKI Request of these parts, properly signed.
Bytes seal(const cmc::PKIDataParts& parts, const Holder& signer,
           std::optional<Time> signing_time = std::nullopt);
/// The same over whatever content.
Bytes seal_content(ByteView content, const asn1::Oid& content_type, const Holder& signer,
                   std::optional<Time> signing_time = std::nullopt);

}  // namespace signet::test
