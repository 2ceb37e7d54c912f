// signetd's configuration, and the reading of TOML beneath it: whatever stands in the file, it is
// taken, and then within its limits, or refused with the file's name, one fault a line.
#include "apps/configuration/configuration.h"
#include "base/bytes.h"
#include "base/check.h"

using namespace signet;

namespace {

constexpr const char* kFile = "/etc/signet/signetd.toml";

void check_limits(const server::Configuration& configuration) {
  CHECK(configuration.http.port >= 0 && configuration.http.port <= 65535);
  CHECK(configuration.http.threads >= 1 && configuration.http.threads <= 256);
  CHECK(configuration.crl.overlap_hours < configuration.crl.validity_hours);
  CHECK(!configuration.authority.key.empty() && !configuration.http.key.empty());
  CHECK(configuration.limits.burst_seconds >= 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto configuration = server::read_configuration(kFile, as_text(ByteView{data, size}));
  if (configuration.ok()) {
    check_limits(*configuration);
    return 0;
  }
  CHECK(configuration.error().fault == Fault::bad_configuration);
  CHECK(configuration.error().detail.starts_with(kFile));
  return 0;
}
