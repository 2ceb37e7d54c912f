#include <openssl/pkcs12.h>

#include "crypto/held_private_key.h"
#include "crypto/x509.h"

namespace signet::crypto {
namespace {

using File = std::unique_ptr<PKCS12, openssl::Release<PKCS12_free>>;

struct Opened {
  openssl::Key key;
  openssl::X509Pointer own;
  openssl::X509Stack others;
};

Result<File> decode(ByteView der) {
  const auto* at = der.data();
  File file(d2i_PKCS12(nullptr, &at, static_cast<long>(der.size())));
  if (file && at == der.data() + der.size()) return file;
  return Error{Fault::malformed, "this is no PKCS#12 file: " + openssl::reason()};
}

Result<void> check_mac(PKCS12* file, const SecretBytes& passphrase) {
  if (PKCS12_mac_present(file) != 1) {
    return Error{Fault::malformed, "a PKCS#12 file without MAC; make it with a passphrase"};
  }
  const auto secret = passphrase.text();
  if (PKCS12_verify_mac(file, secret.data(), static_cast<int>(secret.size())) == 1) return {};
  openssl::forget_reason();
  return Error{Fault::decryption_failed, "the passphrase does not open the PKCS#12 file"};
}

/// PKCS12_parse wants text that ends in a zero octet.
Bytes terminated(const SecretBytes& passphrase) {
  auto text = to_bytes(passphrase.view());
  text.push_back(0);
  return text;
}

Result<Opened> parse(PKCS12* file, const SecretBytes& passphrase) {
  EVP_PKEY* key = nullptr;
  X509* own = nullptr;
  STACK_OF(X509)* others = nullptr;
  auto text = terminated(passphrase);
  const int parsed =
      PKCS12_parse(file, reinterpret_cast<const char*>(text.data()), &key, &own, &others);
  wipe(text);
  Opened opened{openssl::Key(key), openssl::X509Pointer(own), openssl::X509Stack(others)};
  if (parsed == 1) return opened;
  return Error{
      Fault::unsupported_algorithm,
      "a PKCS#12 file with ciphers of old (" + openssl::reason() + "); write it anew with AES-256"};
}

Result<std::vector<pkix::Certificate>> read_certificates(const Opened& opened) {
  std::vector<pkix::Certificate> certificates;
  const int count = opened.others ? sk_X509_num(opened.others.get()) : 0;
  if (opened.own) {
    certificates.push_back(TRY(from_x509(opened.own.get())));
  } else if (count > 0) {
    return Error{Fault::malformed, "a PKCS#12 file without a certificate for its private key"};
  }
  for (int i = 0; i < count; ++i) {
    certificates.push_back(TRY(from_x509(sk_X509_value(opened.others.get(), i))));
  }
  return certificates;
}

/// The stack of all certificates but the first, which PKCS12_create takes by itself.
Result<openssl::X509Stack> stack_of_others(const std::vector<pkix::Certificate>& certificates) {
  if (certificates.size() < 2) return openssl::X509Stack();
  return to_stack({certificates.begin() + 1, certificates.end()});
}

SecretBytes encode(const PKCS12* file) {
  const openssl::Bio target(BIO_new(BIO_s_secmem()));
  CHECK(target != nullptr && i2d_PKCS12_bio(target.get(), file) == 1);
  return SecretBytes(openssl::contents(target.get()));
}

}  // namespace

Result<Pkcs12> read_pkcs12(ByteView file, const SecretBytes& passphrase) {
  const auto decoded = TRY(decode(file));
  TRY(check_mac(decoded.get(), passphrase));
  auto opened = TRY(parse(decoded.get(), passphrase));
  if (!opened.key) return Error{Fault::malformed, "a PKCS#12 file without private key"};
  Pkcs12 contents;
  contents.certificates = TRY(read_certificates(opened));
  contents.key = TRY(HeldPrivateKey::make(std::move(opened.key)));
  return contents;
}

Result<SecretBytes> write_pkcs12(const PrivateKey& key,
                                 const std::vector<pkix::Certificate>& certificates,
                                 std::string_view friendly_name, const SecretBytes& passphrase) {
  if (passphrase.empty()) {
    return Error{Fault::bad_configuration, "a PKCS#12 file needs a passphrase; give one"};
  }
  auto* const openssl_key = TRY(HeldPrivateKey::openssl_key(key));
  openssl::X509Pointer own;
  if (!certificates.empty()) own = TRY(to_x509(certificates.front()));
  const auto others = TRY(stack_of_others(certificates));
  auto text = terminated(passphrase);
  const std::string name(friendly_name);
  const File file(PKCS12_create(reinterpret_cast<const char*>(text.data()),
                                name.empty() ? nullptr : name.c_str(), openssl_key, own.get(),
                                others.get(), NID_aes_256_cbc, NID_aes_256_cbc,
                                kPassphraseIterations, kPassphraseIterations, 0));
  wipe(text);
  if (file) return encode(file.get());
  return Error{Fault::internal, "OpenSSL does not write the PKCS#12 file: " + openssl::reason()};
}

}  // namespace signet::crypto
