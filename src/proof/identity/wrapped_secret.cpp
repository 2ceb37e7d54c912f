#include "proof/identity/wrapped_secret.h"

#include "base/encoding.h"
#include "codec/asn1/reader.h"
#include "codec/asn1/writer.h"
#include "codec/pkix/oids.h"
#include "crypto/cipher.h"

namespace signet::proof {
namespace {

constexpr std::size_t kKeyOctets = 16;
constexpr std::size_t kMostTextOctets = 64 * 1024;

/// Fixed by the form; harmless, because every secret has a key of its own.
Bytes fixed_iv() {
  return Bytes(16, 0x01);
}

pkix::AlgorithmIdentifier algorithm_of(SecretTransport transport) {
  if (transport == SecretTransport::oaep) {
    return crypto::rsaes_oaep(crypto::DigestAlgorithm::sha256);
  }
  return {pkix::oid::kRsaEncryption, Bytes{0x05, 0x00}};
}

struct Wrapped {
  Bytes key;
  Bytes secret;
};

Result<Wrapped> read_wrapped(ByteView der) {
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader outer{der, budget};
  auto fields = TRY(outer.enter(asn1::kSequence));
  TRY(outer.finish());
  Wrapped wrapped;
  wrapped.key = TRY(fields.read_octet_string());
  wrapped.secret = TRY(fields.read_octet_string());
  TRY(fields.finish());
  return wrapped;
}

}  // namespace

Result<std::string> wrap_secret(const SecretBytes& secret, const crypto::PublicKey& protection,
                                RandomSource& random, SecretTransport transport) {
  const SecretBytes key{TRY(random.octets(kKeyOctets))};
  const auto wrapped_key =
      TRY(crypto::encrypt_key_transport(protection, algorithm_of(transport), key));
  const auto encrypted = TRY(crypto::aes_cbc_encrypt(key, fixed_iv(), secret.view()));
  asn1::Writer writer;
  writer.sequence([&] {
    writer.octet_string(wrapped_key);
    writer.octet_string(encrypted);
  });
  return to_base64(std::move(writer).take());
}

Result<SecretBytes> unwrap_secret(std::string_view text, const crypto::PrivateKey& protection,
                                  SecretTransport transport) {
  if (text.size() > kMostTextOctets) {
    return Error{Fault::too_large, "a wrapped secret of more than 64 KiB"};
  }
  std::string base64;
  for (const char c : text) {
    if (c != '\r' && c != '\n' && c != ' ') base64 += c;
  }
  const auto der = from_base64(base64);
  if (!der.ok()) return Error{Fault::malformed, "a wrapped secret that is no base64"};
  const auto wrapped = read_wrapped(*der);
  if (!wrapped.ok()) return Error{Fault::malformed, "a wrapped secret: " + wrapped.error().detail};

  const Error failed{Fault::decryption_failed,
                     "a wrapped secret does not open with the issuance protection key"};
  const auto key = protection.decrypt(algorithm_of(transport), wrapped->key);
  if (!key.ok() && key.error().fault == Fault::token_failed) return key.error();
  if (!key.ok() || key->size() != kKeyOctets) return failed;
  auto secret = crypto::aes_cbc_decrypt(*key, fixed_iv(), wrapped->secret);
  if (!secret.ok() || secret->empty()) return failed;
  return secret;
}

}  // namespace signet::proof
