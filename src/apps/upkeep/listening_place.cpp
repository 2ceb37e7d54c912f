#include "apps/upkeep/listening_place.h"

namespace signet::tool {

std::string listening_place(const NewAuthority& wanted) {
  const bool is_v6 = wanted.address.find(':') != std::string::npos;
  const auto address = is_v6 ? "[" + wanted.address + "]" : wanted.address;
  return address + ":" + std::to_string(wanted.port);
}

std::string listening_text(const NewAuthority& wanted, const std::string& configuration) {
  const auto place = listening_place(wanted);
  if (!wanted.address.starts_with("127.") && wanted.address != "::1") return place;
  return place +
         ", which only this machine reaches; for others, write address = \"0.0.0.0\" under [http] "
         "in " +
         configuration + " (or give --address 0.0.0.0 to ca init)";
}

}  // namespace signet::tool
