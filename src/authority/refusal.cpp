#include "authority/refusal.h"

#include <algorithm>

#include "codec/cmc/controls.h"

namespace signet::authority {
namespace {

using cmc::CMCFailInfo;

CMCFailInfo fail_info(Fault fault) {
  switch (fault) {
    case Fault::malformed:
    case Fault::trailing_data:
    case Fault::too_large:
    case Fault::too_deep:
    case Fault::replayed:
    case Fault::unknown_control:
    case Fault::misplaced_control:
    case Fault::duplicate_control:
    case Fault::duplicate_body_part:
    case Fault::dangling_reference:
    case Fault::unauthorized_assertion:
    case Fault::unsupported_message:
    case Fault::unsupported_control:
    case Fault::unsupported_request_type:
    case Fault::unknown_profile:
    case Fault::validity_not_allowed:
    case Fault::not_allowed:
      return CMCFailInfo::badRequest;
    //= E41 RFC 10002 §3.2.1.3.4: a signature that does not verify is badMessageCheck
    case Fault::bad_signature:
    case Fault::mac_mismatch:
    case Fault::decryption_failed:
      return CMCFailInfo::badMessageCheck;
    //= E135 RFC 10002 §6.16: what does not authenticate is authDataFail
    case Fault::auth_data_failed:
      return CMCFailInfo::authDataFail;
    case Fault::stale_time:
      return CMCFailInfo::badTime;
    case Fault::unsupported_algorithm:
    case Fault::weak_key:
      return CMCFailInfo::badAlg;
    case Fault::unknown_identity:
    case Fault::identity_mismatch:
    case Fault::untrusted_signer:
    case Fault::tls_mismatch:
    case Fault::name_not_allowed:
      return CMCFailInfo::badIdentity;
    case Fault::possession_missing:
      return CMCFailInfo::popRequired;
    case Fault::possession_failed:
    case Fault::link_failed:
      return CMCFailInfo::popFailed;
    case Fault::extension_not_allowed:
      return CMCFailInfo::unsupportedExt;
    case Fault::key_reuse:
      return CMCFailInfo::noKeyReuse;
    case Fault::certificate_not_found:
    case Fault::crl_not_found:
      return CMCFailInfo::badCertId;
    case Fault::busy:
    case Fault::takes_time:  // never told: see certificate_authority.cpp, takes_time
    case Fault::in_doubt:
    case Fault::token_failed:  // it is looked for again
      return CMCFailInfo::tryLater;
    case Fault::already_exists:
    case Fault::storage_failed:
    case Fault::key_not_found:
    case Fault::signing_failed:
    case Fault::directory_unreachable:
    case Fault::bad_configuration:
    case Fault::internal:
      return CMCFailInfo::internalCAError;
  }
  return CMCFailInfo::internalCAError;
}

bool is_of_octets(Fault fault) {
  return fault == Fault::malformed || fault == Fault::trailing_data || fault == Fault::too_large ||
         fault == Fault::too_deep;
}

/// Of the control in this body part; empty when it is none that the standard names, or a request
/// shares its id (as Dogtag's clients have it), which may be what is meant.
std::string_view control_name(const cmc::PkiRequest& message, std::uint32_t body_part) {
  const auto requests = cmc::requests_of(message);
  const bool is_shared = std::any_of(requests.begin(), requests.end(), [&](const auto* request) {
    return request->body_part_id().value == body_part;
  });
  if (is_shared) return {};
  const auto& controls = cmc::controls_of(message);
  const auto named = std::find_if(controls.begin(), controls.end(), [&](const auto& control) {
    return control.body_part_id.value == body_part;
  });
  if (named == controls.end()) return {};
  const auto* kind = cmc::find_control_kind(named->attr_type);
  return kind == nullptr ? std::string_view() : kind->name;
}

constexpr std::size_t kMostOfText = 2048;

/// Cut between two characters of UTF-8, with its length at the end; once.
void shorten(std::string& text) {
  constexpr std::size_t kTail = 40;
  if (text.size() <= kMostOfText) return;
  const auto is_inside = [&](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
  };
  auto end = kMostOfText - kTail;
  while (end > 0 && is_inside(end)) --end;
  text = text.substr(0, end) + "... (" + std::to_string(text.size()) + " octets)";
}

}  // namespace

RefusalStatus refusal_status(Fault fault) {
  //= E19 RFC 10002 §3.2.1: a request message type we do not know is answered noSupport
  if (fault == Fault::unsupported_request_type) return {cmc::CMCStatus::noSupport, std::nullopt};
  //= A09 RFC 10004 §5: the failure is told in failInfo
  //= A08, A10 RFC 10004 §5: extendedFailInfo is never populated; so none goes without a failInfo
  return {cmc::CMCStatus::failed, fail_info(fault)};
}

bool is_our_failure(Fault fault) {
  return fault == Fault::in_doubt || fault == Fault::token_failed ||
         fail_info(fault) == CMCFailInfo::internalCAError;
}

bool may_pass_by_itself(Fault fault) {
  return fail_info(fault) == CMCFailInfo::tryLater;
}

Error in_short(Error why) {
  shorten(why.detail);
  shorten(why.confidential);
  return why;
}

Error naming_its_control(Error why, const cmc::PkiRequest& message) {
  if (!is_of_octets(why.fault) || why.body_parts.size() != 1) return why;
  const auto name = control_name(message, why.body_parts.front());
  if (why.detail.find(name) == std::string::npos)
    why.detail = std::string(name) + ": " + why.detail;
  return why;
}

std::string refusal_text(const Error& error) {
  if (error.fault == Fault::in_doubt) {
    return "it is not known yet whether this message was granted. Send the very same message again "
           "in a moment, not a new one: what was granted is then told, and nothing is granted "
           "twice";
  }
  if (error.fault == Fault::token_failed) {
    return "the authority cannot use one of its keys for now; nothing was issued. Send the same "
           "message again in a minute, and tell the authority's operator if this goes on";
  }
  switch (refusal_status(error.fault).fail_info.value_or(CMCFailInfo::badRequest)) {
    case CMCFailInfo::internalCAError:
      return "the authority could not complete the request, and issued nothing for it now. Send "
             "the same message again later, and tell the authority's operator if this goes on";
    case CMCFailInfo::tryLater:
      return "the authority is busy; nothing was issued. Send the same message again in a moment";
    default:
      return error.detail;
  }
}

std::string refusal_text_around_others(const Error& error) {
  if (!is_our_failure(error.fault) && !may_pass_by_itself(error.fault)) return refusal_text(error);
  if (error.fault == Fault::in_doubt) return refusal_text(error);
  const bool is_for_now = may_pass_by_itself(error.fault);
  return std::string(is_for_now ? "the authority is busy, or cannot use one of its keys for now"
                                : "the authority could not complete the answer") +
         ". Send the same message again " + (is_for_now ? "in a moment" : "later") +
         ", not a new one: whatever was granted is then told, and nothing is granted twice. Tell "
         "the authority's operator if this goes on";
}

}  // namespace signet::authority
