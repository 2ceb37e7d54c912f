#include "apps/import/time_zone.h"

#include <cstdlib>
#include <ctime>
#include <filesystem>

namespace signet::tool {
namespace {

constexpr const char* kTables = "/usr/share/zoneinfo";

bool is_utc(const std::string& name) {
  return name.empty() || name == "UTC";
}

bool is_zone(const std::string& name) {
  std::error_code ignored;
  return name.find("..") == std::string::npos && name.front() != '/' &&
         std::filesystem::is_regular_file(std::filesystem::path{kTables} / name, ignored);
}

Time to_utc(Time written) {
  const auto seconds = written.time_since_epoch().count();
  std::tm fields{};
  ::gmtime_r(&seconds, &fields);
  fields.tm_isdst = -1;  // whether summer time was in force is the zone's to know
  return Time{std::chrono::seconds{std::mktime(&fields)}};
}

}  // namespace

Result<void> check_zone(const std::string& name) {
  if (is_utc(name) || is_zone(name)) return {};
  return Error{Fault::bad_configuration, "--time-zone " + name + " is not known here (" + kTables +
                                             "); it is like Europe/Berlin"};
}

Result<takeover::ToUtc> times_of_zone(const std::string& name) {
  TRY(check_zone(name));
  if (is_utc(name)) return takeover::ToUtc([](Time written) { return written; });
  ::setenv("TZ", name.c_str(), 1);
  ::tzset();
  return takeover::ToUtc(to_utc);
}

}  // namespace signet::tool
