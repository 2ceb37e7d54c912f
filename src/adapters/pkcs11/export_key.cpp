#include "adapters/pkcs11/export_key.h"

#include "adapters/pkcs11/token_key.h"
#include "crypto/cipher.h"
#include "crypto/digest.h"

namespace signet::pkcs11 {
namespace {

constexpr CK_ULONG kKeyOctets = 32;
constexpr std::size_t kIvOctets = 16;

/// A secret key of this session that wraps and may be seen.
CK_OBJECT_HANDLE make_wrapping_key(Session& session) {
  Template wanted(CKO_SECRET_KEY);
  wanted.number(CKA_KEY_TYPE, CKK_AES)
      .number(CKA_VALUE_LEN, kKeyOctets)
      .boolean(CKA_TOKEN, false)
      .boolean(CKA_SENSITIVE, false)
      .boolean(CKA_EXTRACTABLE, true)
      .boolean(CKA_WRAP, true);
  CK_MECHANISM mechanism{CKM_AES_KEY_GEN, nullptr, 0};
  CK_OBJECT_HANDLE key = 0;
  session.note(
      session->C_GenerateKey(session.handle(), &mechanism, wanted.data(), wanted.size(), &key));
  return key;
}

/// Asked twice: for the length, then for the octets.
Bytes wrap(Session& session, CK_OBJECT_HANDLE wrapping_key, CK_OBJECT_HANDLE key, Bytes& iv) {
  CK_MECHANISM mechanism{CKM_AES_CBC_PAD, iv.data(), iv.size()};
  CK_ULONG octets = 0;
  const auto ask = [&](CK_BYTE* to) {
    return session.note(
        session->C_WrapKey(session.handle(), &mechanism, wrapping_key, key, to, &octets));
  };
  if (!ask(nullptr)) return {};
  Bytes wrapped(octets);
  if (!ask(wrapped.data())) return {};
  wrapped.resize(octets);
  return wrapped;
}

struct Wrapped {
  SecretBytes wrapping_key;
  Bytes key;
};

Wrapped wrap_under_new_key(Session& session, CK_OBJECT_HANDLE key, Bytes& iv) {
  const auto wrapping_key = make_wrapping_key(session);
  if (session.answer() != CKR_OK) return {};
  auto wrapped = wrap(session, wrapping_key, key, iv);
  auto value = session.attribute(wrapping_key, CKA_VALUE).value_or(Bytes{});
  session->C_DestroyObject(session.handle(), wrapping_key);
  return {SecretBytes(std::move(value)), std::move(wrapped)};
}

}  // namespace

Result<SecretBytes> export_key(Connection& connection,
                               const pkix::SubjectPublicKeyInfo& public_key) {
  auto iv = TRY(crypto::system_random().octets(kIvOctets));
  std::optional<CK_OBJECT_HANDLE> key;
  Wrapped wrapped;
  const auto answer = TRY(connection.run([&](Session& session) {
    key = find_private_key(session, public_key);
    if (key) wrapped = wrap_under_new_key(session, *key, iv);
  }));
  if (!key && answer != CKR_OK) return connection.failed("look for the key", answer);
  if (!key) {
    return Error{Fault::key_not_found,
                 connection.place().name() + " does not hold this public key's private key"};
  }
  if (answer != CKR_OK || wrapped.wrapping_key.size() != kKeyOctets) {
    return Error{Fault::not_allowed, connection.place().name() +
                                         " does not let its private key go: " + to_text(answer)};
  }
  return crypto::aes_cbc_decrypt(wrapped.wrapping_key, iv, wrapped.key);
}

}  // namespace signet::pkcs11
