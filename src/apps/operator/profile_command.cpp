#include "apps/operator/profile_command.h"

#include <algorithm>
#include <filesystem>

#include "adapters/files/profile_folder.h"
#include "apps/folder/find_profiles.h"
#include "apps/operator/profile_publish_command.h"
#include "apps/operator/profile_text.h"
#include "apps/tool/report.h"
#include "policy/description.h"

namespace signet::tool {
namespace {

using policy::ProfileFault;

struct ProfileOptions {
  std::vector<std::string> files;
  std::string name_or_file;
  std::string folder;  ///< empty: the shipped ones
};

/// A file, or every *.cfg of a folder.
Result<std::vector<std::string>> files_named(const std::vector<std::string>& names) {
  std::vector<std::string> found;
  std::error_code ignored;
  for (const auto& name : names) {
    if (!std::filesystem::is_directory(name, ignored)) {
      found.push_back(name);
      continue;
    }
    const auto in_folder = TRY(files::profile_files(name));
    if (in_folder.empty()) {
      return Error{Fault::bad_configuration, name + " holds no profile (*.cfg)"};
    }
    for (const auto& file : in_folder) found.push_back(file.string());
  }
  return found;
}

Result<policy::Profile::Parsed> read_in_order_of_lines(const std::string& file) {
  auto parsed = TRY(read_profile(file));
  std::stable_sort(
      parsed.faults.begin(), parsed.faults.end(),
      [](const ProfileFault& left, const ProfileFault& right) { return left.line < right.line; });
  return parsed;
}

std::string summary_of(const policy::Profile::Parsed& parsed) {
  const auto errors = std::count_if(
      parsed.faults.begin(), parsed.faults.end(),
      [](const ProfileFault& fault) { return fault.severity == ProfileFault::Severity::error; });
  const auto warnings = static_cast<std::ptrdiff_t>(parsed.faults.size()) - errors;
  if (parsed.profile == nullptr) {
    return "cannot be used: " + std::to_string(errors) +
           " of its lines must be mended, the others are supported";
  }
  if (warnings == 0) return "supported, every line of it";
  return "supported, but for " +
         (warnings == 1 ? std::string("the warning") : std::to_string(warnings) + " warnings") +
         " above";
}

void print_check(std::ostream& out, const std::string& file,
                 const policy::Profile::Parsed& parsed) {
  for (const auto& fault : parsed.faults) out << printable(to_text(fault)) << "\n";
  out << printable(file) << ": " << summary_of(parsed) << "\n";
}

Json check_to_json(const std::string& file, const policy::Profile::Parsed& parsed) {
  Json object{{"file", file}, {"supported", parsed.profile != nullptr}, {"faults", Json::array()}};
  for (const auto& fault : parsed.faults) object["faults"].push_back(to_json(fault));
  return object;
}

Result<void> check(const ProfileOptions& options, Context& context) {
  Json checked = Json::array();
  bool all_good = true;
  for (const auto& file : TRY(files_named(options.files))) {
    const auto parsed = TRY(read_in_order_of_lines(file));
    all_good = all_good && parsed.profile != nullptr;
    if (context.json) {
      checked.push_back(check_to_json(file, parsed));
    } else {
      print_check(context.out, file, parsed);
    }
  }
  if (context.json) write_json(context.out, {{"ok", all_good}, {"files", checked}});
  if (!all_good) context.exit_status = 1;
  return {};
}

Error not_usable(const std::string& file, const std::vector<ProfileFault>& faults) {
  const auto first = std::find_if(faults.begin(), faults.end(), [](const ProfileFault& fault) {
    return fault.severity == ProfileFault::Severity::error;
  });
  return {Fault::bad_configuration,
          to_text(*first) + "; `signet profile check " + file + "` tells the rest"};
}

Result<void> explain(const ProfileOptions& options, Context& context) {
  const auto file = TRY(profile_file(options.name_or_file, options.folder));
  const auto parsed = TRY(read_in_order_of_lines(file));
  if (parsed.profile == nullptr) return not_usable(file, parsed.faults);
  if (!context.json) {
    print_profile(context.out, *parsed.profile);
    return {};
  }
  Json told{{"ok", true}, {"file", file}};
  told.update(to_json(*parsed.profile));
  write_json(context.out, told);
  return {};
}

void print_profile_line(std::ostream& out, const std::string& file,
                        const policy::Profile* profile) {
  if (profile == nullptr) {
    out << printable(file) << ": cannot be used; see: signet profile check " << printable(file)
        << "\n";
    return;
  }
  out << printable(profile->id()) << (profile->enabled() ? "" : " (not enabled)") << "\n    "
      << to_text(profile->authenticator()) << "  " << printable(profile->name()) << "\n";
}

Json line_to_json(const std::string& file, const policy::Profile* profile) {
  Json object{{"file", file}, {"supported", profile != nullptr}};
  if (profile == nullptr) return object;
  object["profile"] = profile->id();
  object["name"] = profile->name();
  object["enabled"] = profile->enabled();
  object["authenticator"] = to_text(profile->authenticator());
  return object;
}

Result<void> list_profiles(const ProfileOptions& options, Context& context) {
  Json listed = Json::array();
  const auto folder = TRY(find_profiles(options.folder));
  for (const auto& file : TRY(files::profile_files(folder))) {
    const auto parsed = TRY(read_profile(file));
    if (context.json) {
      listed.push_back(line_to_json(file, parsed.profile.get()));
    } else {
      print_profile_line(context.out, file, parsed.profile.get());
    }
  }
  if (context.json) write_json(context.out, {{"ok", true}, {"profiles", listed}});
  return {};
}

void add_folder_option(CLI::App& command, std::string& folder) {
  command.add_option("--profiles", folder, "Folder of profiles, in place of the shipped ones")
      ->type_name("DIR");
}

}  // namespace

void add_profile_command(CLI::App& app, Context& context, const Surroundings& surroundings) {
  auto options = std::make_shared<ProfileOptions>();
  auto* profile =
      app.add_subcommand("profile", "Check, explain and publish enrollment profiles (*.cfg)");
  profile->require_subcommand(1);

  auto* checking = profile->add_subcommand(
      "check", "Tell what of a profile is supported and what is not, line by line");
  checking->add_option("FILE", options->files, "Profiles in Dogtag's form, or folders of them")
      ->required();
  checking->footer("Example:\n  signet profile check /var/lib/pki/pki-tomcat/ca/profiles/ca/*.cfg");
  checking->callback([options, &context] { report(context, check(*options, context)); });

  auto* explaining = profile->add_subcommand(
      "explain", "Tell what a certificate from a profile holds, and who can get it");
  explaining->add_option("PROFILE", options->name_or_file, "Its name, or its file")->required();
  add_folder_option(*explaining, options->folder);
  explaining->footer("Example:\n  signet profile explain caFullCMCUserSignedCert");
  explaining->callback([options, &context] { report(context, explain(*options, context)); });

  auto* listing = profile->add_subcommand("list", "Name the profiles of a folder");
  add_folder_option(*listing, options->folder);
  listing->footer("Example:\n  signet profile list --profiles /srv/signet/profiles");
  listing->callback([options, &context] { report(context, list_profiles(*options, context)); });

  add_publish_command(*profile, context, surroundings);
}

}  // namespace signet::tool
