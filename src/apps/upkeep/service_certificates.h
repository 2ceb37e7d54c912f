#pragma once

#include <string_view>

#include "apps/folder/authority_folder.h"
#include "base/clock.h"

namespace signet::tool {

/// What an authority needs certificates for beside its own.
enum class Service { tls, cmc, encryption, agent };
inline constexpr Service kServices[] = {Service::tls, Service::cmc, Service::encryption,
                                        Service::agent};
std::string_view service_name(Service service);
/// Faults: malformed, naming the choices.
Result<Service> service_from_text(std::string_view text);
[[nodiscard]] const HolderFiles& files_of(const AuthorityFolder& folder, Service service);

enum class RenewalKey { fresh, same };

/// What another certificate is to say, where it is not what the old one said.
struct RenewalNames {
  /// Of the TLS server: its names and addresses, the first its CN.
  std::vector<std::string> hosts = {};
  /// Of an agent, where there is no agent.pem: one is made there.
  std::string agent = {};
};

struct Renewal {
  Service service = Service::tls;
  pkix::Certificate certificate;
  std::string file;       ///< where it is
  bool is_first = false;  ///< there was none before: nothing is beside it as .old
  /// What stood where the new files were to be written first, under the name that it has now.
  std::vector<std::string> set_aside;
};
/// Makes another certificate under the same names or `names`, by the key that issues now, for a new
/// key as strong as the old or for the same; puts it on record, then in the place of the old files.
/// One that signs responses is made even where there was none yet. Faults: bad_configuration (there
/// is no such certificate, or not of this authority, the authority's own has ended, or its key is
/// in a token and a fresh one wanted), those of files, keys and store.
Result<Renewal> renew_service(const AuthorityFolder& folder, Service service, RenewalKey key,
                              const Clock& clock, const RenewalNames& names = {});

}  // namespace signet::tool
