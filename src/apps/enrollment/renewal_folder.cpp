#include "apps/enrollment/renewal_folder.h"

#include <filesystem>
#include <optional>

#include "adapters/files/file.h"
#include "apps/exchange/pending_file.h"
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

/// What it asked for; absent once that was refused.
std::string wish_in(const HolderFiles& files) {
  return (fs::path{renewal_folder(files)} / "wish").string();
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

/// The certificate that begin_renewal noted, where it noted one.
Result<std::optional<pkix::Certificate>> noted_signer(const HolderFiles& files) {
  if (!is_there(signer_in(files))) return std::optional<pkix::Certificate>();
  return std::optional(TRY(read_certificates_file(signer_in(files))).front());
}

/// Whether a pair that belongs together stands there, of a certificate that was made later: by its
/// notBefore, unless it is known to have asked for the renewal itself.
Result<bool> stands_newer(const HolderFiles& files, const pkix::Certificate& certificate) {
  const auto standing = read_certificates_file(files.certificate);
  if (!standing.ok()) return false;
  const auto& newest = standing->front();
  if (TRY(noted_signer(files)) == newest) return false;
  if (newest->validity.not_before <= certificate->validity.not_before) return false;
  return is_key_of(files, newest);
}

/// Whether the renewal is a pair, by a key of its own or by the one that stands.
Result<bool> is_whole(const HolderFiles& files, const HolderFiles& renewed,
                      const pkix::Certificate& certificate) {
  const bool has_key = is_there(renewed.key);
  return is_key_of(has_key ? renewed : files, certificate);
}

/// Where the renewal has to wait for its own beginning, behind a pair that belongs together. In the
/// place of anything else it harms nobody.
Result<std::optional<PutOff>> find_put_off(const HolderFiles& files, const HolderFiles& renewed,
                                           const pkix::Certificate& certificate, Time now) {
  std::optional<PutOff> put_off;
  if (!begins_later(certificate, now)) return put_off;
  const auto standing = read_certificates_file(files.certificate);
  if (!standing.ok() || standing->front() == certificate) return put_off;
  if (!TRY(is_key_of(files, standing->front()))) return put_off;
  if (!TRY(is_whole(files, renewed, certificate))) return put_off;
  put_off = {certificate->validity.not_before, standing->front()->validity.not_after,
             renewal_folder(files)};
  return put_off;
}

/// The folder last: with it all is put aside.
Result<std::vector<std::string>> put_rest_aside(const HolderFiles& files) {
  std::vector<std::string> put;
  if (!is_there(fs::path{rest_folder(files)} / "pending.json")) return put;
  for (const auto& path : {files.certificate + ".old", files.key + ".old", rest_folder(files)}) {
    TRY(put_aside(path, put));
  }
  return put;
}

/// `key` null: it stays.
Result<Installation> replace(const HolderFiles& files, const crypto::PrivateKey* key,
                             const SecretBytes& passphrase, const std::string& pem) {
  Installation installation{Installed::in_place};
  installation.earlier_rest = TRY(put_rest_aside(files));
  installation.set_aside = TRY(replace_pair(files, key, passphrase, pem));
  return installation;
}

/// The key has its place already, or it stays: only the certificate is missing there.
Result<Installation> follow_key(const HolderFiles& files, const pkix::Certificate& certificate,
                                const std::string& pem) {
  const auto standing = TRY(read_certificates_file(files.certificate)).front();
  if (standing == certificate) return Installation{Installed::in_place};
  return replace(files, nullptr, SecretBytes(), pem);
}

Result<Installation> put_in_place(const HolderFiles& files, const HolderFiles& renewed,
                                  const pkix::Certificate& certificate) {
  const auto pem = TRY(certificates_for(files, certificate));
  if (TRY(is_key_of(files, certificate))) return follow_key(files, certificate, pem);
  if (!is_there(renewed.key) || !TRY(is_key_of(renewed, certificate))) return Installation{};
  const auto key = TRY(read_key_file(renewed.key, renewed.passphrase_file));
  const auto passphrase = TRY(read_passphrase(renewed.passphrase_file));
  return replace(files, key.get(), passphrase, pem);
}

/// What asks for the rest of a request whose certificate came; none: nothing of it comes later.
std::optional<cmc::PendInfo> find_rest(const fs::path& folder) {
  auto pending = read_pending_file(folder / "pending.json");
  if (!pending.ok() || !pending->has_certificate) return std::nullopt;
  return std::move(pending->pend_info);
}

constexpr const char* kFilesOfRest[] = {"certificate.pem", "chain.pem", "exchange.json",
                                        "pending.json"};

/// A folder without these files; what else stands in it is somebody's.
Result<void> make_rest_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  // An earlier one's that came, no file of which goes with the next.
  for (const auto* name : kFilesOfRest) {
    if (!error) fs::remove(folder / name, error);
  }
  if (!error) return {};
  return Error{Fault::storage_failed,
               "the folder " + folder.string() + " cannot be made: " + error.message()};
}

/// What `signet poll` wants of the folder; what asks comes last.
Result<void> keep_rest(const HolderFiles& files) {
  const fs::path from{renewal_folder(files)};
  const fs::path to{rest_folder(files)};
  TRY(make_rest_folder(to));
  for (const auto* name : kFilesOfRest) {
    if (!is_there(from / name)) continue;
    const auto octets = TRY(files::read_file(from / name));
    TRY(files::write_file(to / name, octets));
  }
  return {};
}

}  // namespace

std::string renewal_folder(const HolderFiles& files) {
  return files.certificate + ".renewal";
}

std::string rest_folder(const HolderFiles& files) {
  return files.certificate + ".rest";
}

Result<Installation> install_renewal(const HolderFiles& files, LeftBy left_by, Time now) {
  const auto renewed = files_in(files);
  if (!is_there(renewed.certificate)) return Installation{};
  const auto certificate = TRY(read_certificates_file(renewed.certificate)).front();
  const bool expired = certificate->validity.not_after < now;
  if (expired && TRY(stands_beside_its_key(files))) return Installation{};
  if (left_by == LeftBy::earlier_run && TRY(stands_newer(files, certificate))) {
    clear_renewal(files);
    return Installation{Installed::superseded};
  }
  if (auto put_off = TRY(find_put_off(files, renewed, certificate, now))) {
    if (left_by == LeftBy::earlier_run && TRY(is_asked_by_another(files))) {
      clear_renewal(files);
      return Installation{Installed::superseded};
    }
    return Installation{.what = Installed::put_off, .put_off = std::move(put_off)};
  }
  auto installation = TRY(put_in_place(files, renewed, certificate));
  if (installation.what == Installed::in_place) {
    installation.rest = find_rest(renewal_folder(files));
    const auto kept = installation.rest ? keep_rest(files) : Result<void>{};
    if (!kept.ok()) installation.rest_lost = kept.error().detail;
    clear_renewal(files);
  }
  return installation;
}

Result<void> begin_renewal(const HolderFiles& files, const pkix::Certificate& signer,
                           const std::string& wish) {
  clear_renewal(files);
  const auto folder = renewal_folder(files);
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    return Error{Fault::storage_failed,
                 "the folder " + folder + " cannot be made: " + error.message()};
  }
  TRY(files::write_file(signer_in(files), as_bytes(pkix::to_pem({signer}))));
  return files::write_file(wish_in(files), as_bytes(wish));
}

Result<bool> is_unanswered(const HolderFiles& files, const std::string& wish) {
  const fs::path folder{renewal_folder(files)};
  const bool was_made = is_there(folder / "request.crq") && is_there(folder / "exchange.json");
  if (!was_made || !is_there(wish_in(files))) return false;
  if (as_text(TRY(files::read_file(wish_in(files)))) != wish) return false;
  const auto& key = files_in(files).key;  // absent where the old one is kept
  if (is_there(key) && !read_key_file(key, files.passphrase_file).ok()) return false;
  const auto standing = TRY(read_certificates_file(files.certificate)).front();
  return TRY(noted_signer(files)) == standing;
}

void give_up_wish(const HolderFiles& files) {
  std::error_code ignored;
  fs::remove(wish_in(files), ignored);
}

bool waits_for_decision(const HolderFiles& files) {
  const fs::path folder{renewal_folder(files)};
  if (!is_there(folder / "pending.json")) return false;
  return is_there(files_in(files).certificate) || !find_rest(folder);
}

Result<bool> is_asked_by_another(const HolderFiles& files) {
  const auto signer = TRY(noted_signer(files));
  if (!signer) return false;
  const auto standing = TRY(read_certificates_file(files.certificate)).front();
  if (standing == *signer) return false;
  return is_key_of(files, standing);
}

void clear_renewal(const HolderFiles& files) {
  const auto folder = renewal_folder(files);
  const auto removed = folder + ".removed";
  std::error_code ignored;
  fs::remove_all(removed, ignored);  // left by one that was cut off
  std::error_code error;
  fs::rename(folder, removed, error);
  fs::remove_all(error ? folder : removed, ignored);
}

}  // namespace signet::tool
