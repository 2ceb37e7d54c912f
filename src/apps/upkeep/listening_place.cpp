#include "apps/upkeep/listening_place.h"

namespace signet::tool {
namespace {

std::string with_port(const std::string& host, int port) {
  const bool is_v6 = host.find(':') != std::string::npos;
  return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

}  // namespace

std::string listening_place(const NewAuthority& wanted) {
  return with_port(wanted.address, wanted.port);
}

std::string server_url(const NewAuthority& wanted) {
  return "https://" + with_port(wanted.hosts.front(), wanted.port);
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
