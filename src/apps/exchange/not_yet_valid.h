#pragma once

#include <chrono>
#include <iosfwd>
#include <string>

#include "apps/tool/report.h"
#include "base/clock.h"
#include "codec/pkix/certificate.h"

namespace signet::tool {

/// By how much two clocks may differ that both are right enough.
inline constexpr std::chrono::minutes kClockFault{5};

/// Whether the certificate's notBefore (RFC 5280 §4.1.2.5) lies ahead of `now` by more than a
/// clock's fault: nobody takes it until then.
bool begins_later(const pkix::Certificate& certificate, Time now);

/// A renewal in place that waits for the notBefore of its certificate: the pair that it is to
/// replace serves until then.
struct PutOff {
  Time in_place_from;   ///< notBefore of the renewal
  Time in_force_until;  ///< notAfter of the certificate that stands
  std::string folder;   ///< where the renewal waits
};

/// Tells from when it serves, and that nobody is served between the two where that is so.
/// `certificate_file`: which it replaces then.
void tell_put_off(std::ostream& err, const PutOff& put_off, const std::string& certificate_file);
/// {"not_yet_valid":true,"in_place_from":"…","in_force_until":"…","folder":"…"}
Json to_json(const PutOff& put_off);

}  // namespace signet::tool
