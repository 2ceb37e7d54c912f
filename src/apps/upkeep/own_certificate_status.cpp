#include "apps/upkeep/own_certificate_status.h"

#include "adapters/pkcs11/token_name.h"
#include "apps/tool/credentials.h"

namespace signet::tool {
namespace {

using std::chrono::days;

/// A certificate that lives as long as its issuer cannot be renewed for longer.
struct Horizon {
  Time now;
  days within;
  Time issuer_ends;
};

void judge_time(OwnCertificateStatus& status, const Horizon& horizon) {
  const auto ends = (*status.certificate)->validity.not_after;
  status.left = std::chrono::floor<days>(ends - horizon.now);
  const bool is_authority = !status.service;
  const bool soon = ends < horizon.now + horizon.within;
  status.due = soon && (is_authority || ends < horizon.issuer_ends);
  if (ends < horizon.now) status.problem = "has ended";
}

/// Keys in tokens are left alone: a look costs a PIN.
void judge_key(OwnCertificateStatus& status, const HolderFiles& files) {
  if (pkcs11::is_token_name(files.key)) return;
  const auto key = read_key_file(files.key, files.passphrase_file);
  if (!key.ok()) {
    status.problem = key.error().detail;
  } else if ((*key)->public_key_info() != (*status.certificate)->subject_public_key_info) {
    status.problem = files.key + " is not its key: `signet ca renew` may have been broken off";
  }
}

OwnCertificateStatus status_of(Service service, const HolderFiles& files, const Horizon& horizon) {
  OwnCertificateStatus status{
      std::string(service_name(service)), files.certificate, {}, {}, false, "", service};
  auto certificates = read_certificates_file(files.certificate);
  if (!certificates.ok()) {
    status.problem = certificates.error().detail;
    return status;
  }
  status.certificate = certificates->front();
  judge_time(status, horizon);
  judge_key(status, files);
  return status;
}

OwnCertificateStatus authority_status(const pkix::Certificate& certificate, std::string file,
                                      bool issues, const Horizon& horizon) {
  OwnCertificateStatus status{issues ? "authority" : "authority (earlier key)",
                              std::move(file),
                              certificate,
                              {},
                              false,
                              "",
                              {}};
  judge_time(status, horizon);
  if (!issues) status.due = false;  // nothing follows it: another key took over
  return status;
}

}  // namespace

Result<std::vector<OwnCertificateStatus>> own_certificate_status(const AuthorityFolder& folder,
                                                                 days within, const Clock& clock) {
  const auto own = TRY(own_certificates(folder));
  const Horizon horizon{clock.now(), within, own.back()->validity.not_after};
  std::vector<OwnCertificateStatus> all;
  for (std::size_t at = 0; at < own.size(); ++at) {
    const auto& file = at == 0 ? folder.first.certificate : folder.generations[at - 1].certificate;
    all.push_back(authority_status(own[at], file, at + 1 == own.size(), horizon));
  }
  for (const auto service : kServices) {
    const auto& files = files_of(folder, service);
    if (!files.certificate.empty()) all.push_back(status_of(service, files, horizon));
  }
  return all;
}

}  // namespace signet::tool
