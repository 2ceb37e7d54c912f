#include "apps/operator/key_of_file.h"

#include "adapters/files/file.h"
#include "adapters/pkcs11/token_name.h"
#include "apps/tool/credentials.h"
#include "apps/tool/file_kind.h"
#include "apps/tool/message_file.h"
#include "codec/pkix/certification_request.h"
#include "crypto/key_hash.h"

namespace signet::tool {
namespace {

std::optional<pkix::SubjectPublicKeyInfo> public_key_in(ByteView der) {
  if (const auto certificate = pkix::read_certificate(der); certificate.ok()) {
    return (*certificate)->subject_public_key_info;
  }
  if (const auto request = pkix::read_certification_request(der); request.ok()) {
    return request->info.value.subject_public_key_info;
  }
  if (auto key = pkix::read_subject_public_key_info(der); key.ok()) return *std::move(key);
  return std::nullopt;
}

/// The first one.
std::optional<pkix::SubjectPublicKeyInfo> public_key_in(const std::vector<FileObject>& objects) {
  for (const auto& object : objects) {
    if (auto key = public_key_in(object.octets)) return key;
  }
  return std::nullopt;
}

Error no_key(const std::string& path, ByteView file) {
  const auto what = what_file_is(file);
  return {Fault::malformed, path + " holds no certificate, PKCS#10 request or key" +
                                (what.empty() ? what : ": " + what)};
}

}  // namespace

Result<Bytes> key_hash_of_file(const std::string& path, const std::string& passphrase_file) {
  if (!pkcs11::is_token_name(path)) {
    const auto file = TRY(files::read_file(path));
    const auto objects = unwrap(file);
    if (objects.ok()) {
      if (const auto key = public_key_in(*objects)) return crypto::key_hash(*key);
      if (objects->front().wrapping != Wrapping::binary) return no_key(path, file);
    } else if (objects.error().fault != Fault::not_allowed) {
      return no_key(path, file);
    }
  }
  const auto key = read_key_file(path, passphrase_file);
  if (!key.ok()) return key.error();
  return crypto::key_hash((*key)->public_key_info());
}

}  // namespace signet::tool
