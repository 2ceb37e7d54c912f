#include "apps/dogtag/options.h"

#include "adapters/files/file.h"
#include "apps/dogtag/names.h"
#include "base/encoding.h"

namespace signet::dogtag {

Result<Options> Options::read(const Arguments& arguments, const OptionNames& names) {
  Options options;
  for (std::size_t at = 0; at < arguments.size(); ++at) {
    const auto& name = arguments[at];
    if (contains(names.without_value, name)) {
      options.values_[name] = "true";
    } else if (!contains(names.with_value, name)) {
      return Error{Fault::bad_configuration, "unknown option " + name};
    } else if (at + 1 == arguments.size()) {
      return Error{Fault::bad_configuration, "the option " + name + " needs a value"};
    } else {
      options.values_[name] = arguments[++at];
    }
  }
  return options;
}

std::string Options::text(std::string_view name, std::string_view otherwise) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::string(otherwise) : found->second;
}

bool Options::flag(std::string_view name) const {
  return lower_case(text(name)) == "true";
}

Result<std::string> Options::required(std::string_view name, std::string_view what) const {
  auto value = text(name);
  if (!value.empty()) return value;
  return Error{Fault::bad_configuration,
               "Missing " + std::string(what) + ": give it with " + std::string(name)};
}

void warn_of_flags(const Options& options, const std::vector<std::string_view>& names,
                   std::string_view tool, Console& console) {
  for (const auto name : names) {
    if (!options.has(name) || options.flag(name)) continue;
    if (lower_case(options.text(name)) == "false") continue;
    warn(console, tool,
         std::string(name) + " " + options.text(name) +
             " is neither true nor false; it counts as false");
  }
}

Result<SecretBytes> read_password(const Options& options) {
  if (options.has("-p") && options.has("-P")) {
    return Error{Fault::bad_configuration,
                 "give the password with -p or its file with -P, not both"};
  }
  if (options.has("-P")) return files::read_passphrase_file(options.text("-P"));
  return SecretBytes(std::string_view(options.text("-p")));
}

}  // namespace signet::dogtag
