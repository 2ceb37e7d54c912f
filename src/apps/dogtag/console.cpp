#include "apps/dogtag/console.h"

#include <algorithm>

#include "apps/tool/report.h"
#include "base/encoding.h"

namespace signet::dogtag {

bool asks_for_help(const Arguments& arguments) {
  return std::find(arguments.begin(), arguments.end(), "--help") != arguments.end();
}

Error wrong(std::string detail) {
  return {Fault::bad_configuration, std::move(detail)};
}

int report(Console& console, std::string_view tool, const Error& error) {
  console.err << tool << ": ERROR: " << tool::printable(error.detail) << "\n";
  return kFailed;
}

void warn(Console& console, std::string_view tool, std::string_view warning) {
  console.err << tool << ": WARNING: " << tool::printable(warning) << "\n";
}

std::string base64_lines(ByteView octets) {
  constexpr std::size_t kLine = 64;
  const auto base64 = to_base64(octets);
  std::string lines;
  for (std::size_t at = 0; at < base64.size(); at += kLine) {
    lines += base64.substr(at, kLine) + "\r\n";
  }
  return lines;
}

}  // namespace signet::dogtag
