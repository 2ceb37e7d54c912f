#pragma once

#include <optional>

#include "codec/cmc/pki_request.h"

namespace signet::authority {

/// What a response takes over from its request, whatever becomes of it: read leniently, so that a
/// refusal too carries it (RFC 10002 §6.4, §6.6). What is malformed is left out here and refused by
/// check_exchange.
struct Exchange {
  std::optional<asn1::Integer> transaction_id;
  std::optional<Bytes> sender_nonce;
  std::optional<Bytes> data_return;
};

Exchange exchange_of(const std::vector<cmc::TaggedAttribute>& controls);

/// The contents of the message's transactionId; empty where it has none.
Bytes transaction_of(const cmc::PkiRequest& message);

/// Whether the values of the plain controls are what their types say, and of bearable size.
/// Faults: malformed, too_large, naming the control.
Result<void> check_exchange(const std::vector<cmc::TaggedAttribute>& controls);

}  // namespace signet::authority
