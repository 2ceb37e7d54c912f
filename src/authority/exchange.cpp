#include "authority/exchange.h"

#include "codec/cmc/concerning.h"
#include "codec/cmc/controls.h"
#include "codec/cmc/status.h"

namespace signet::authority {
namespace {

// A nonce is echoed and remembered, a dataReturn echoed: larger ones serve nobody but an attacker.
constexpr std::size_t kMaximumNonceOctets = 1024;
constexpr std::size_t kMaximumDataReturnOctets = 64 * 1024;
constexpr std::size_t kMaximumTransactionOctets = 64;

std::optional<Bytes> octets_of(const std::vector<cmc::TaggedAttribute>& controls,
                               const asn1::Oid& type, std::size_t most) {
  const auto* control = cmc::find_control(controls, type);
  if (control == nullptr || control->attr_values.size() != 1) return std::nullopt;
  auto octets = cmc::read_octets_value(control->attr_values.front());
  if (!octets.ok() || octets->size() > most) return std::nullopt;
  return std::move(octets).value();
}

Result<void> check_size(std::size_t octets, std::size_t most, std::string_view name) {
  if (octets <= most) return {};
  return Error{Fault::too_large, std::string(name) + " has " + std::to_string(octets) +
                                     " octets; at most " + std::to_string(most) + " are taken"};
}

Result<void> check_value(const cmc::TaggedAttribute& control) {
  const auto& type = control.attr_type;
  const auto& value = control.attr_values.front();
  if (type == cmc::oid::kTransactionId) {
    const auto id = TRY(cmc::read_integer_value(value));
    return check_size(id.octets.size(), kMaximumTransactionOctets, "transactionId");
  }
  if (type == cmc::oid::kSenderNonce || type == cmc::oid::kRecipientNonce) {
    const auto nonce = TRY(cmc::read_octets_value(value));
    return check_size(nonce.size(), kMaximumNonceOctets, "a nonce");
  }
  if (type == cmc::oid::kDataReturn || type == cmc::oid::kRegInfo) {
    const auto data = TRY(cmc::read_octets_value(value));
    return check_size(data.size(), kMaximumDataReturnOctets, "dataReturn or regInfo");
  }
  if (type == cmc::oid::kStatusInfoV2) TRY(cmc::read_cmc_status_info_v2(value));
  if (type == cmc::oid::kStatusInfo) TRY(cmc::read_cmc_status_info(value));
  return {};
}

}  // namespace

Exchange exchange_of(const std::vector<cmc::TaggedAttribute>& controls) {
  Exchange exchange;
  exchange.sender_nonce = octets_of(controls, cmc::oid::kSenderNonce, kMaximumNonceOctets);
  exchange.data_return = octets_of(controls, cmc::oid::kDataReturn, kMaximumDataReturnOctets);
  const auto* transaction = cmc::find_control(controls, cmc::oid::kTransactionId);
  if (transaction != nullptr && transaction->attr_values.size() == 1) {
    auto id = cmc::read_integer_value(transaction->attr_values.front());
    if (id.ok() && id->octets.size() <= kMaximumTransactionOctets) {
      exchange.transaction_id = std::move(id).value();
    }
  }
  return exchange;
}

Bytes transaction_of(const cmc::PkiRequest& message) {
  auto id = exchange_of(cmc::controls_of(message)).transaction_id;
  return id ? std::move(id->octets) : Bytes();
}

Result<void> check_exchange(const std::vector<cmc::TaggedAttribute>& controls) {
  for (const auto& control : controls) {
    TRY(concerning(control.body_part_id, check_value(control)));
  }
  return {};
}

}  // namespace signet::authority
