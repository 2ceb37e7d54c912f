#include "apps/import/taken_profiles.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "adapters/files/profile_folder.h"
#include "apps/folder/find_profiles.h"

namespace signet::tool {
namespace {

/// [authority] agent_profile, user_profile, simple_profile, secret_profile
constexpr std::array<std::string_view, 4> kNeeded = {"caFullCMCUserCert", "caFullCMCUserSignedCert",
                                                     "caSimpleCMCUserCert",
                                                     "caFullCMCSharedTokenCert"};

std::string id_of(const std::filesystem::path& file) {
  return file.stem().string();
}

/// At Dogtag an agent decides on each request of a profile that names no authenticator.
void remark_on_assumption(const policy::Profile& profile, ImportReport& report) {
  if (!profile.assumes_authenticator()) return;
  const bool is_signed = profile.authenticator() == policy::Authenticator::agent_signed;
  report.remarks.count("the profile " + profile.id() + " has no auth.instance_id: " +
                       (is_signed ? "an agent asks by it, in a message that the agent signed"
                                  : "an agent asks by it, by a bare request over TLS") +
                       ", and is granted it at once");
}

/// Empty when the profile is offered as it stands.
Result<std::string> fault_in(const std::string& file, ImportReport& report) {
  const auto parsed = TRY(read_profile(file));
  if (parsed.profile != nullptr) {
    remark_on_assumption(*parsed.profile, report);
    return std::string();
  }
  for (const auto& fault : parsed.faults) {
    if (fault.severity == policy::ProfileFault::Severity::error) {
      return "line " + std::to_string(fault.line) + ": " + fault.reason;
    }
  }
  return std::string("it cannot be read");
}

bool holds(const std::vector<std::filesystem::path>& files, std::string_view id) {
  return std::any_of(files.begin(), files.end(),
                     [&](const auto& file) { return id_of(file) == id; });
}

}  // namespace

Result<std::vector<std::filesystem::path>> choose_profiles(const std::string& folder,
                                                           const std::string& shipped,
                                                           ImportReport& report) {
  std::vector<std::filesystem::path> chosen;
  for (const auto& file : TRY(files::profile_files(folder.empty() ? shipped : folder))) {
    const auto fault = TRY(fault_in(file, report));
    if (fault.empty()) {
      chosen.push_back(file);
    } else {
      report.profiles_left_out.emplace_back(file.filename(), fault);
    }
  }
  if (chosen.empty()) {
    return Error{Fault::bad_configuration,
                 folder + " holds no profile (*.cfg) that can be offered"};
  }
  for (const auto& file : TRY(files::profile_files(shipped))) {
    const auto id = id_of(file);
    const bool is_needed = std::find(kNeeded.begin(), kNeeded.end(), id) != kNeeded.end();
    if (!is_needed || holds(chosen, id)) continue;
    chosen.push_back(file);
    report.remarks.count("the profile " + id + " is Signet's own: requests go to it by themselves");
  }
  for (const auto& file : chosen) report.profiles.push_back(id_of(file));
  return chosen;
}

}  // namespace signet::tool
