#pragma once

#include <string_view>

namespace signet {

/// What may be wrong, in the words of the domain. Each maps to one CMCFailInfo, in
/// authority/refusal.cpp and nowhere else.
enum class Fault {
  // octets
  malformed,
  trailing_data,
  too_large,
  too_deep,
  // message
  bad_signature,
  mac_mismatch,
  auth_data_failed,
  decryption_failed,
  stale_time,
  replayed,
  unknown_control,
  misplaced_control,
  duplicate_control,
  duplicate_body_part,
  dangling_reference,
  unauthorized_assertion,
  unsupported_message,
  unsupported_request_type,
  unsupported_control,
  unknown_profile,
  // algorithms
  unsupported_algorithm,
  weak_key,
  // identity
  unknown_identity,
  identity_mismatch,
  untrusted_signer,
  tls_mismatch,
  // possession
  possession_missing,
  possession_failed,
  link_failed,
  // policy
  name_not_allowed,
  extension_not_allowed,
  validity_not_allowed,
  key_reuse,
  not_allowed,
  // look-up
  certificate_not_found,
  crl_not_found,
  key_not_found,
  already_exists,
  // ours
  busy,
  takes_time,
  storage_failed,
  in_doubt,  ///< not known whether it was kept
  signing_failed,
  token_failed,
  directory_unreachable,
  bad_configuration,
  internal,
};

/// The word itself, as it stands above: "bad_signature".
std::string_view to_text(Fault fault);

}  // namespace signet
