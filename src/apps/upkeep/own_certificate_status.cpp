#include "apps/upkeep/own_certificate_status.h"

#include <unistd.h>

#include "adapters/files/file.h"
#include "adapters/pkcs11/token_name.h"
#include "apps/tool/credentials.h"
#include "apps/tool/file_pair.h"
#include "issuance/authority_chain.h"

namespace signet::tool {
namespace {

using std::chrono::days;

/// A certificate that lives as long as its issuer cannot be renewed for longer.
struct Horizon {
  Time now;
  days within;
  Time issuer_ends;
};

HolderFiles files_of(const files::Generation& generation) {
  return {generation.certificate, generation.key, generation.key_passphrase_file};
}

std::string advice_on(const OwnCertificateStatus& status) {
  if (status.service) return "signet ca renew " + std::string(service_name(*status.service));
  return "bring it back from a backup (signet ca restore, into another folder)";
}

/// What an authority vouched for ends with it, and its key vouches for no other any more.
std::string step_after_end(const OwnCertificateStatus& status) {
  if (status.service) return advice_on(status);
  return issuance::is_self_signed(*status.certificate)
             ? "make another authority in another folder (signet ca init)"
             : "have its key certified again (signet ca install-certificate)";
}

void judge_time(OwnCertificateStatus& status, const Horizon& horizon) {
  const auto& validity = (*status.certificate)->validity;
  const auto ends = validity.not_after;
  status.left = std::chrono::floor<days>(ends - horizon.now);
  const bool is_authority = !status.service;
  const bool soon = ends < horizon.now + horizon.within;
  status.due = soon && (is_authority || ends < horizon.issuer_ends);
  if (status.due) status.next = is_authority ? "signet ca rollover" : advice_on(status);
  if (ends < horizon.now) {
    status.problem = "has ended";
    status.next = step_after_end(status);
  }
  if (horizon.now < validity.not_before) {
    status.problem = "begins at " + signet::to_text(validity.not_before);
    status.next = "set this machine's clock";
  }
}

void blame(OwnCertificateStatus& status, std::string problem, std::string next) {
  status.problem = std::move(problem);
  status.next = std::move(next);
}

/// A file that is there and cannot be opened is not for renewing: that would fail as well.
std::string step_to_open(const OwnCertificateStatus& status, const std::string& file) {
  if (!is_there(file) || ::access(file.c_str(), R_OK) == 0) return advice_on(status);
  return "run this as the account that signetd has, or give the file back to that one (chown)";
}

/// The key itself may be whole.
std::string step_to_open(const OwnCertificateStatus& status, const HolderFiles& files) {
  const auto& passphrase = files.passphrase_file;
  const bool is_closed = !passphrase.empty() && ::access(passphrase.c_str(), R_OK) != 0;
  if (!is_there(files.key) || !is_closed) return step_to_open(status, files.key);
  return "see that " + passphrase +
         " is there for who runs this: what systemd passes in /run/credentials is, while signetd "
         "runs, for its account and root";
}

/// Keys in tokens are left alone: a look costs a PIN.
void judge_key(OwnCertificateStatus& status, const HolderFiles& files) {
  if (pkcs11::is_token_name(files.key)) return;
  const auto key = read_key_file(files.key, files.passphrase_file);
  const auto is_private = files::check_is_private(files.key);
  if (!key.ok()) {
    blame(status, key.error().detail, step_to_open(status, files));
  } else if ((*key)->public_key_info() != (*status.certificate)->subject_public_key_info) {
    const std::string why = status.service ? ": `signet ca renew` may have been broken off" : "";
    blame(status, files.key + " is not its key" + why, advice_on(status));
  } else if (!is_private.ok()) {
    blame(status, is_private.error().detail, "");
  }
}

/// One that was bought elsewhere is on no record here.
void judge_standing(OwnCertificateStatus& status, const store::Engine& engine) {
  const auto& certificate = *status.certificate;
  const auto record = engine.find_certificate(certificate->serial_number);
  if (!record.ok() || !*record || (*record)->certificate_der != certificate.der) return;
  if ((*record)->status == store::CertificateStatus::valid) return;
  blame(status,
        (*record)->revoked_at ? "is revoked since " + signet::to_text(*(*record)->revoked_at)
                              : "is revoked, or on hold",
        advice_on(status));
}

OwnCertificateStatus status_of(Service service, const HolderFiles& files,
                               const StoreAsOpened& engine, const Horizon& horizon) {
  OwnCertificateStatus status{
      std::string(service_name(service)), files.certificate, {}, {}, false, "", "", service};
  auto certificates = read_certificates_file(files.certificate);
  if (!certificates.ok()) {
    blame(status, certificates.error().detail, step_to_open(status, files.certificate));
    return status;
  }
  status.certificate = certificates->front();
  judge_time(status, horizon);
  if (engine.ok()) judge_standing(status, **engine);
  judge_key(status, files);
  return status;
}

OwnCertificateStatus authority_status(const pkix::Certificate& certificate,
                                      const HolderFiles& files, bool issues,
                                      const Horizon& horizon) {
  OwnCertificateStatus status{issues ? "authority" : "authority (earlier key)",
                              files.certificate,
                              certificate,
                              {},
                              false,
                              "",
                              "",
                              {}};
  judge_time(status, horizon);
  if (!issues) {  // nothing follows it: another key took over
    status.due = false;
    status.next.clear();
  }
  judge_key(status, files);
  return status;
}

}  // namespace

Result<std::vector<OwnCertificateStatus>> own_certificate_status(const AuthorityFolder& folder,
                                                                 const StoreAsOpened& engine,
                                                                 days within, const Clock& clock) {
  const auto own = TRY(own_certificates(folder));
  const Horizon horizon{clock.now(), within, own.back()->validity.not_after};
  std::vector<OwnCertificateStatus> all;
  for (std::size_t at = 0; at < own.size(); ++at) {
    const auto files = at == 0 ? folder.first : files_of(folder.generations[at - 1]);
    all.push_back(authority_status(own[at], files, at + 1 == own.size(), horizon));
  }
  for (const auto service : kServices) {
    const auto& files = files_of(folder, service);
    if (!files.certificate.empty()) all.push_back(status_of(service, files, engine, horizon));
  }
  return all;
}

}  // namespace signet::tool
