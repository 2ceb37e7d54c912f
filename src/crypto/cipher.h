#pragma once

#include "crypto/digest.h"

namespace signet::crypto {

constexpr std::size_t kAesBlockOctets = 16;

/// AES key wrap, RFC 3394; key size from the wrapping key (16, 24, 32 octets).
Result<Bytes> aes_key_wrap(const SecretBytes& wrapping_key, const SecretBytes& key);
/// Faults: decryption_failed, weak_key when the wrapping key has another size.
Result<SecretBytes> aes_key_unwrap(const SecretBytes& wrapping_key, ByteView wrapped);

/// AES-CBC with PKCS#7 padding. Faults: decryption_failed for whatever is wrong, no more said.
Result<Bytes> aes_cbc_encrypt(const SecretBytes& key, ByteView iv, ByteView plaintext);
/// The same without padding: `plaintext` is a whole number of blocks. For formats that want it so.
Result<Bytes> aes_cbc_encrypt_blocks(const SecretBytes& key, ByteView iv, ByteView plaintext);
Result<SecretBytes> aes_cbc_decrypt(const SecretBytes& key, ByteView iv, ByteView ciphertext);
Result<SecretBytes> aes_cbc_decrypt_blocks(const SecretBytes& key, ByteView iv,
                                           ByteView ciphertext);

struct GcmSealed {
  Bytes ciphertext;
  Bytes icv;
};
/// AES-GCM; `icv_octets` 12..16, nonce of any length from 1 octet.
Result<GcmSealed> aes_gcm_seal(const SecretBytes& key, ByteView nonce, ByteView additional,
                               ByteView plaintext, std::size_t icv_octets);
/// Releases nothing before the tag has verified. Faults: decryption_failed.
Result<SecretBytes> aes_gcm_open(const SecretBytes& key, ByteView nonce, ByteView additional,
                                 ByteView ciphertext, ByteView icv);

bool is_aes_cbc(const asn1::Oid& algorithm);
bool is_aes_gcm(const asn1::Oid& algorithm);
bool is_aes_key_wrap(const asn1::Oid& algorithm);
/// Key length in octets of an AES-CBC, AES-GCM or AES-wrap OID.
/// Faults: unsupported_algorithm.
Result<std::size_t> aes_key_octets(const asn1::Oid& algorithm);

}  // namespace signet::crypto
