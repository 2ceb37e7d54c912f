#include "apps/signetd/start_profiles.h"

#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "apps/signetd/profile_source.h"
#include "apps/signetd/room_settings.h"

namespace signet::server {
namespace {

/// They serve messages that name no profile, but for shared secrets, which not everybody hands out.
std::vector<std::string> default_profiles(const Configuration::Authority& settings) {
  return {settings.agent_profile, settings.user_profile, settings.simple_profile};
}

Result<BegunProfiles> begin_folder(const Configuration::Authority& settings, Log& log) {
  return begin_profiles(profiles_of_folder(settings.profiles), default_profiles(settings), log);
}

/// A profile that was withdrawn may be named: its certificates are published on. Whoever chooses a
/// name without an agent may choose whose entry it leads to.
void warn_of_published(const Configuration& configuration,
                       const policy::ProfileCollection& collection, Log& log) {
  const auto warn = [&](const char* what, const std::string& id) {
    log.write(Log::Level::warning, "profile", {{what, id}});
  };
  for (const auto& id : configuration.publishing.profiles) {
    if (collection.profiles.find(id) == nullptr) warn("published_absent", id);
  }
  const auto published = settings_of(configuration).published;
  for (const auto& id : collection.profiles.enabled_ids()) {
    const auto change = collection.profiles.find(id)->name_change();
    if (published.includes(id) && change == policy::NameChange::free) {
      warn("published_by_free_names", id);
    }
  }
}

/// Dogtag has an address of its own to fill in.
void warn_of_open_ocsp(const Configuration& configuration,
                       const policy::ProfileCollection& collection, Log& log) {
  const auto open = collection.profiles.ids_that_want_ocsp_uri();
  if (open.empty() || !configuration.authority.ocsp_uri.empty()) return;
  log.write(Log::Level::warning, "profile",
            {{"fault",
              "authInfoAccess leaves the place of OCSP open, and ocsp_uri is not set: certificates "
              "name none"},
             {"profiles", std::to_string(open.size())},
             {"first", open.front()}});
}

Result<void> check_all_can_be_offered(const policy::ProfileCollection& collection) {
  if (collection.left_out.empty()) return {};
  return unusable(collection);
}

}  // namespace

Result<std::optional<BegunProfiles>> begin_in_folder(const Configuration::Authority& settings,
                                                     Log& log) {
  if (settings.profiles_from != ProfilesFrom::folder) return std::optional<BegunProfiles>();
  return std::optional(TRY(begin_folder(settings, log)));
}

Result<BegunProfiles> begin_in_store(const Configuration::Authority& settings,
                                     const Ground& ground) {
  return begin_profiles(profiles_of_store(*ground.keeping.engine, settings.profiles, ground.clock),
                        default_profiles(settings), ground.log);
}

void warn_of_profiles(const Configuration& configuration,
                      const policy::ProfileCollection& collection, Log& log) {
  warn_of_published(configuration, collection, log);
  warn_of_open_ocsp(configuration, collection, log);
}

Result<void> check_profiles(const Configuration& configuration,
                            const std::optional<BegunProfiles>& begun, Log& log) {
  if (begun) {
    warn_of_profiles(configuration, begun->collection, log);
    return check_all_can_be_offered(begun->collection);
  }
  std::error_code ignored;
  const auto& settings = configuration.authority;
  if (!std::filesystem::is_directory(settings.profiles, ignored)) return {};
  const auto first = TRY(begin_folder(settings, log));
  return check_all_can_be_offered(first.collection);
}

}  // namespace signet::server
