#include "base/fault.h"

namespace signet {

std::string_view to_text(Fault fault) {
  switch (fault) {
    case Fault::malformed:
      return "malformed";
    case Fault::trailing_data:
      return "trailing_data";
    case Fault::too_large:
      return "too_large";
    case Fault::too_deep:
      return "too_deep";
    case Fault::bad_signature:
      return "bad_signature";
    case Fault::mac_mismatch:
      return "mac_mismatch";
    case Fault::decryption_failed:
      return "decryption_failed";
    case Fault::stale_time:
      return "stale_time";
    case Fault::replayed:
      return "replayed";
    case Fault::unknown_control:
      return "unknown_control";
    case Fault::misplaced_control:
      return "misplaced_control";
    case Fault::duplicate_control:
      return "duplicate_control";
    case Fault::duplicate_body_part:
      return "duplicate_body_part";
    case Fault::dangling_reference:
      return "dangling_reference";
    case Fault::unauthorized_assertion:
      return "unauthorized_assertion";
    case Fault::unsupported_request_type:
      return "unsupported_request_type";
    case Fault::unsupported_message:
      return "unsupported_message";
    case Fault::unsupported_control:
      return "unsupported_control";
    case Fault::unknown_profile:
      return "unknown_profile";
    case Fault::unsupported_algorithm:
      return "unsupported_algorithm";
    case Fault::weak_key:
      return "weak_key";
    case Fault::unknown_identity:
      return "unknown_identity";
    case Fault::identity_mismatch:
      return "identity_mismatch";
    case Fault::untrusted_signer:
      return "untrusted_signer";
    case Fault::tls_mismatch:
      return "tls_mismatch";
    case Fault::possession_missing:
      return "possession_missing";
    case Fault::possession_failed:
      return "possession_failed";
    case Fault::link_failed:
      return "link_failed";
    case Fault::name_not_allowed:
      return "name_not_allowed";
    case Fault::extension_not_allowed:
      return "extension_not_allowed";
    case Fault::validity_not_allowed:
      return "validity_not_allowed";
    case Fault::key_reuse:
      return "key_reuse";
    case Fault::not_allowed:
      return "not_allowed";
    case Fault::certificate_not_found:
      return "certificate_not_found";
    case Fault::crl_not_found:
      return "crl_not_found";
    case Fault::already_exists:
      return "already_exists";
    case Fault::busy:
      return "busy";
    case Fault::storage_failed:
      return "storage_failed";
    case Fault::signing_failed:
      return "signing_failed";
    case Fault::directory_unreachable:
      return "directory_unreachable";
    case Fault::bad_configuration:
      return "bad_configuration";
    case Fault::internal:
      return "internal";
  }
  return "unknown";
}

}  // namespace signet
