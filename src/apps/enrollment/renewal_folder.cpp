#include "apps/enrollment/renewal_folder.h"

#include <filesystem>

#include "adapters/files/file.h"
#include "apps/tool/credentials.h"
#include "apps/tool/file_pair.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

/// A renewal's files, under the names that `signet enroll --output` gives them.
HolderFiles files_in(const HolderFiles& files) {
  const fs::path folder{renewal_folder(files)};
  return {(folder / "certificate.pem").string(), (folder / "key.pem").string(),
          files.passphrase_file};
}

/// Beside its certificate; empty where the authority sent none.
std::string chain_in(const HolderFiles& files) {
  return (fs::path{renewal_folder(files)} / "chain.pem").string();
}

/// The certificate that asked.
std::string signer_in(const HolderFiles& files) {
  return (fs::path{renewal_folder(files)} / "signer.pem").string();
}

/// What takes the place of the standing certificates: the new one, with its chain where they had
/// theirs (web servers want it so), and with the root where they had it.
Result<std::string> certificates_for(const HolderFiles& files,
                                     const pkix::Certificate& certificate) {
  std::vector<pkix::Certificate> certificates{certificate};
  const auto standing = read_certificates_file(files.certificate);
  const bool had_chain = standing.ok() && standing->size() > 1;
  std::error_code none;
  if (had_chain && fs::file_size(chain_in(files), none) > 0 && !none) {
    const bool had_root = is_self_issued(standing->back());
    for (const auto& issuer : TRY(read_certificates_file(chain_in(files)))) {
      if (had_root || !is_self_issued(issuer)) certificates.push_back(issuer);
    }
  }
  return pkix::to_pem(certificates);
}

Result<bool> is_key_of(const HolderFiles& key, const pkix::Certificate& certificate) {
  const auto read = TRY(read_key_file(key.key, key.passphrase_file));
  return certificate->subject_public_key_info == read->public_key_info();
}

/// Whether the files that are to be replaced belong together themselves.
Result<bool> stands_beside_its_key(const HolderFiles& files) {
  return is_key_of(files, TRY(read_certificates_file(files.certificate)).front());
}

/// Whether a pair that belongs together stands there, of a certificate that was made later.
Result<bool> stands_newer(const HolderFiles& files, const pkix::Certificate& certificate) {
  const auto standing = read_certificates_file(files.certificate);
  if (!standing.ok()) return false;
  const auto& newest = standing->front();
  if (newest->validity.not_before <= certificate->validity.not_before) return false;
  return is_key_of(files, newest);
}

/// The key has its place already, or it stays: only the certificate is missing there.
Result<void> follow_key(const HolderFiles& files, const pkix::Certificate& certificate,
                        const std::string& pem) {
  const auto standing = TRY(read_certificates_file(files.certificate)).front();
  if (standing == certificate) return {};
  return replace_pair(files, nullptr, SecretBytes(), pem);
}

Result<bool> put_in_place(const HolderFiles& files, const HolderFiles& renewed,
                          const pkix::Certificate& certificate) {
  const auto pem = TRY(certificates_for(files, certificate));
  if (TRY(is_key_of(files, certificate))) {
    TRY(follow_key(files, certificate, pem));
    return true;
  }
  if (!is_there(renewed.key) || !TRY(is_key_of(renewed, certificate))) return false;
  const auto key = TRY(read_key_file(renewed.key, renewed.passphrase_file));
  const auto passphrase = TRY(read_passphrase(renewed.passphrase_file));
  TRY(replace_pair(files, key.get(), passphrase, pem));
  return true;
}

}  // namespace

std::string renewal_folder(const HolderFiles& files) {
  return files.certificate + ".renewal";
}

Result<Installed> install_renewal(const HolderFiles& files, LeftBy left_by, Time now) {
  const auto renewed = files_in(files);
  if (!is_there(renewed.certificate)) return Installed::nothing;
  const auto certificate = TRY(read_certificates_file(renewed.certificate)).front();
  const bool expired = certificate->validity.not_after < now;
  if (expired && TRY(stands_beside_its_key(files))) return Installed::nothing;
  if (left_by == LeftBy::earlier_run && TRY(stands_newer(files, certificate))) {
    clear_renewal(files);
    return Installed::superseded;
  }
  if (!TRY(put_in_place(files, renewed, certificate))) return Installed::nothing;
  clear_renewal(files);
  return Installed::in_place;
}

Result<void> begin_renewal(const HolderFiles& files, const pkix::Certificate& signer) {
  clear_renewal(files);
  const auto folder = renewal_folder(files);
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    return Error{Fault::storage_failed,
                 "the folder " + folder + " cannot be made: " + error.message()};
  }
  return files::write_file(signer_in(files), as_bytes(pkix::to_pem({signer})));
}

bool waits_for_decision(const HolderFiles& files) {
  return is_there(fs::path(renewal_folder(files)) / "pending.json");
}

Result<bool> is_asked_by_another(const HolderFiles& files) {
  if (!is_there(signer_in(files))) return false;
  const auto signer = TRY(read_certificates_file(signer_in(files))).front();
  const auto standing = TRY(read_certificates_file(files.certificate)).front();
  if (standing == signer) return false;
  return is_key_of(files, standing);
}

void clear_renewal(const HolderFiles& files) {
  std::error_code ignored;
  fs::remove_all(renewal_folder(files), ignored);
}

}  // namespace signet::tool
