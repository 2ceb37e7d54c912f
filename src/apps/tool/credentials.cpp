#include "apps/tool/credentials.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "adapters/files/file.h"
#include "apps/tool/file_kind.h"
#include "apps/tool/message_file.h"
#include "apps/tool/signer_file.h"
#include "apps/tool/token_credentials.h"
#include "apps/tool/usage.h"
#include "crypto/key_hash.h"

namespace signet::tool {
namespace {

Error in_file(const std::string& path, const Error& error) {
  return {error.fault, path + ": " + error.detail};
}

/// What the file is instead, where that is plain; else what was met in it.
Error not_wanted(const std::string& path, const char* is_not, ByteView file, const Error& error) {
  const auto kind = what_file_is(file);
  if (error.fault != Fault::malformed || kind.empty()) return in_file(path, error);
  return {error.fault, path + is_not + ": " + kind};
}

bool in_one_file(const SignerOptions& options) {
  return key_place(options) == options.certificate_file;
}

/// Both are often given together, and one of another pair by mistake.
Result<Signer> matching(Signer signer, const SignerOptions& options) {
  const auto& certified = signer.certificate->subject_public_key_info;
  if (crypto::key_hash(signer.key->public_key_info()) == crypto::key_hash(certified)) return signer;
  const auto subject = " (" + pkix::to_text(signer.certificate->subject) + ")";
  if (in_one_file(options)) {
    return Error{Fault::signing_failed, options.certificate_file +
                                            ": its private key is not that of its first "
                                            "certificate" +
                                            subject +
                                            "; the key's own comes first, its chain after it"};
  }
  return Error{Fault::signing_failed,
               options.key_file + " is not the key of " + options.certificate_file + subject};
}

Result<Signer> read_pkcs12_signer(const SignerOptions& options, const SecretBytes& passphrase) {
  const auto file = TRY(files::read_file(options.pkcs12_file));
  auto read = crypto::read_pkcs12(file, passphrase);
  if (!read.ok()) {
    return not_wanted(options.pkcs12_file, " is no PKCS#12 file", file, read.error());
  }
  auto& certificates = read->certificates;
  if (certificates.empty() || read->key == nullptr) {
    return Error{Fault::malformed,
                 options.pkcs12_file + " holds no private key with its certificate"};
  }
  return Signer{
      certificates.front(), {certificates.begin() + 1, certificates.end()}, std::move(read->key)};
}

Result<std::unique_ptr<crypto::PrivateKey>> key_beside(const SignerFile& file,
                                                       const SignerOptions& options) {
  const auto& path = options.certificate_file;
  if (file.keys.empty() && !options.key_file.empty()) {
    return read_key_file(path, options.passphrase_file);  // which tells what is there instead
  }
  if (file.keys.empty()) {
    return Error{Fault::malformed,
                 path + " holds no private key: name the file that does by --signer-key"};
  }
  if (file.keys.size() > 1) {
    return Error{Fault::malformed, path + " holds " + std::to_string(file.keys.size()) +
                                       " private keys: leave one, or name the file of the right "
                                       "one alone by --signer-key"};
  }
  const auto passphrase = TRY(read_passphrase(options.passphrase_file));
  auto key = crypto::read_private_key(file.keys.front().view(), passphrase);
  if (!key.ok()) return in_file(path, key.error());
  return key;
}

Result<Signer> read_pem_signer(const SignerOptions& options) {
  if (options.certificate_file.empty() && pkcs11::is_token_name(options.key_file)) {
    return find_token_signer(options.key_file, options.passphrase_file);
  }
  const auto file = TRY(read_signer_file(options.certificate_file));
  auto key = TRY(in_one_file(options) ? key_beside(file, options)
                                      : read_key_file(options.key_file, options.passphrase_file));
  const auto& certificates = file.certificates;
  return matching(
      {certificates.front(), {certificates.begin() + 1, certificates.end()}, std::move(key)},
      options);
}

/// One of PEM has a label that says so.
bool may_be_certificate(const FileObject& object) {
  return object.wrapping != Wrapping::pem || object.label.ends_with("CERTIFICATE");
}

}  // namespace

void add_signer_options(CLI::App& command, SignerOptions& options) {
  auto* certificate = command.add_option("--signer", options.certificate_file,
                                         "Certificate that signs the request and opens the TLS "
                                         "connection (PEM; its chain may follow, and its key "
                                         "stand in the same file)");
  auto* key =
      command.add_option("--signer-key", options.key_file,
                         "Private key of --signer (PEM or DER), unless its file holds it; or a key "
                         "in a token, pkcs11:… or "
                         "nss:FOLDER?nickname=NAME, which needs no --signer where its certificate "
                         "stands beside it");
  auto* pkcs12 = command.add_option("--signer-p12", options.pkcs12_file,
                                    "PKCS#12 file in place of --signer and --signer-key");
  command
      .add_option("--passphrase-file", options.passphrase_file,
                  "File whose first line is the passphrase of the key or of --signer-p12, or the "
                  "token's PIN")
      ->type_name("FILE");
  certificate->excludes(pkcs12)->type_name("FILE");
  key->excludes(pkcs12)->type_name("FILE")->check(taken_by(check_key_name));
  pkcs12->type_name("FILE");
  put_options_under(command, "Who signs",
                    {"--signer", "--signer-key", "--signer-p12", "--passphrase-file"});
}

bool names_signer(const SignerOptions& options) {
  return !options.certificate_file.empty() || !options.key_file.empty() ||
         !options.pkcs12_file.empty();
}

const std::string& key_place(const SignerOptions& options) {
  return options.key_file.empty() ? options.certificate_file : options.key_file;
}

Result<SecretBytes> read_passphrase(const std::string& path) {
  if (path.empty()) return SecretBytes{};
  return files::read_passphrase_file(path);
}

Result<void> check_signer(const SignerOptions& options) {
  if (!names_signer(options)) {
    return Error{Fault::bad_configuration,
                 "nothing says who signs: give --signer and --signer-key (or --signer-p12)"};
  }
  const bool stands_alone = !options.pkcs12_file.empty() || pkcs11::is_token_name(options.key_file);
  if (stands_alone || !options.certificate_file.empty()) return {};
  return Error{Fault::bad_configuration, "--signer-key " + options.key_file +
                                             " is a file: --signer must name its certificate"};
}

Result<Signer> read_signer(const SignerOptions& options) {
  TRY(check_signer(options));
  if (options.pkcs12_file.empty()) return read_pem_signer(options);
  return read_pkcs12_signer(options, TRY(read_passphrase(options.passphrase_file)));
}

Result<std::unique_ptr<crypto::PrivateKey>> read_key_file(const std::string& path,
                                                          const std::string& passphrase_file) {
  if (pkcs11::is_token_name(path)) return find_token_key(path, passphrase_file);
  const auto passphrase = TRY(read_passphrase(passphrase_file));
  const auto file = TRY(files::read_file(path));
  auto key = crypto::read_private_key(file, passphrase);
  if (!key.ok()) return not_wanted(path, " holds no private key", file, key.error());
  return key;
}

Result<void> check_key_name(const std::string& name) {
  if (pkcs11::is_token_name(name)) TRY(pkcs11::read_token_name(name));
  return {};
}

Result<void> write_key(const std::string& file, const crypto::PrivateKey& key,
                       const SecretBytes& passphrase) {
  const auto pem = TRY(crypto::write_private_key(key, passphrase));
  return files::write_secret_file(file, pem.view());
}

Result<std::vector<pkix::Certificate>> read_certificates_file(const std::string& path) {
  return read_certificates_in(TRY(files::read_file(path)), path);
}

Result<std::vector<pkix::Certificate>> read_certificates_in(ByteView file,
                                                            const std::string& path) {
  const auto objects = unwrap(file);
  if (!objects.ok() && objects.error().fault == Fault::not_allowed) {
    return Error{Fault::malformed,
                 path + " is no file of certificates alone: " + what_file_is(file)};
  }
  if (!objects.ok()) return in_file(path, objects.error());
  std::vector<pkix::Certificate> certificates;
  for (const auto& object : *objects) {
    if (!may_be_certificate(object)) continue;
    auto certificate = pkix::read_certificate(object.octets);
    if (!certificate.ok() && object.wrapping == Wrapping::pem) {
      return in_file(path, certificate.error());
    }
    if (!certificate.ok()) {
      return not_wanted(path, " holds no certificate", file, certificate.error());
    }
    certificates.push_back(std::move(certificate).value());
  }
  if (!certificates.empty()) return certificates;
  return Error{Fault::malformed, path + " holds no certificate: " + what_file_is(file)};
}

bool is_self_issued(const pkix::Certificate& certificate) {
  return pkix::names_match(certificate->issuer, certificate->subject);
}

Result<proof::Trust> read_trust(const std::string& anchors_file) {
  return proof::Trust::make(TRY(read_certificates_file(anchors_file)), {});
}

Result<MemoryFile> MemoryFile::make(ByteView octets) {
  MemoryFile file{::memfd_create("signet", MFD_CLOEXEC)};
  const bool written =
      file.descriptor_ >= 0 && ::write(file.descriptor_, octets.data(), octets.size()) ==
                                   static_cast<ssize_t>(octets.size());
  if (!written) {
    return Error{Fault::storage_failed,
                 std::string("no file in memory can be made: ") + std::strerror(errno)};
  }
  return file;
}

MemoryFile::~MemoryFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::string MemoryFile::path() const {
  return "/proc/self/fd/" + std::to_string(descriptor_);
}

}  // namespace signet::tool
