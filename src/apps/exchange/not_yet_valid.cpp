#include "apps/exchange/not_yet_valid.h"

#include <ostream>

namespace signet::tool {

bool begins_later(const pkix::Certificate& certificate, Time now) {
  return now + kClockFault < certificate->validity.not_before;
}

void tell_put_off(std::ostream& err, const PutOff& put_off, const std::string& certificate_file) {
  const auto from = signet::to_text(put_off.in_place_from);
  const auto folder = printable(put_off.folder);
  err << "The renewed certificate is not valid before " << from << ": it waits in " << folder
      << ", and the first run from then on puts it in the place of " << printable(certificate_file)
      << ", which stays until then\n";
  if (put_off.in_place_from <= put_off.in_force_until) return;
  err << "What stands there ends before that, on " << signet::to_text(put_off.in_force_until)
      << ". To have the next run ask for another one, remove " << folder << "\n";
}

Json to_json(const PutOff& put_off) {
  return {{"not_yet_valid", true},
          {"in_place_from", signet::to_text(put_off.in_place_from)},
          {"in_force_until", signet::to_text(put_off.in_force_until)},
          {"folder", put_off.folder}};
}

}  // namespace signet::tool
