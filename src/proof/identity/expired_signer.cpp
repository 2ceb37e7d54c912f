#include "proof/identity/requested_names.h"
#include "proof/identity/standing.h"

/// What an expired certificate may still ask for, where a profile renews with one.
namespace signet::proof {

Result<void> check_renews_itself(const cmc::TaggedRequest& request,
                                 const ProvenIdentity& identity) {
  if (!identity.is_expired()) return {};
  const auto& own = *identity.certificate();
  const auto* key = request.public_key();
  if (key != nullptr && key->der == own->subject_public_key_info.der) return {};
  return Error{Fault::identity_mismatch,
               "the request is signed by " + describe(own) + ", which expired at " +
                   to_text(own->validity.not_after) +
                   ": it may be renewed with its own key alone; for another key, enroll anew"};
}

}  // namespace signet::proof
