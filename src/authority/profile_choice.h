#pragma once

#include "authority/asker.h"

namespace signet::authority {

/// A bare PKCS#10 must not have come over a path (or with a profileId) whose profile wants a signed
/// message. Said before anything else, since its sender mistook the path. Faults:
/// unsupported_message.
Result<void> check_simple_path(const policy::ProfileSet& offered, const std::string& named,
                               const cmc::PkiRequest& message);

/// The profile that is asked for: the one named, else the default of who asks and how.
const std::string& profile_id_of(const Settings& settings, const std::string& named,
                                 const proof::ProvenIdentity& identity);

/// Whether who asked must say that the certificate is taken (Settings::confirmed_profiles).
bool awaits_confirmation(const Settings& settings, const policy::Profile& profile);

/// The profile of `offered` that serves this message: the one named, else by who asks and how.
/// Faults: unknown_profile, naming those there are; unknown_identity and unsupported_message when
/// the profile is not for this kind of message.
Result<const policy::Profile*> choose_profile(const Asker& asker, const policy::ProfileSet& offered,
                                              const std::string& named);

}  // namespace signet::authority
