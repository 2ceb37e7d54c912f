#include "crypto/pwri_key.h"

#include "crypto/cipher.h"
#include "crypto/not_opened.h"

namespace signet::crypto {
namespace {

constexpr std::size_t kCheckOctets = 3;
constexpr std::size_t kLeastKeyOctets = 16;  // of AES; MAC keys have no fewer

/// Undoes the second encryption, whose IV was the last block of the first.
Result<SecretBytes> undo_outer(const SecretBytes& wrapping_key, ByteView wrapped) {
  const auto last = wrapped.last(kAesBlockOctets);
  const auto before_last = wrapped.last(2 * kAesBlockOctets).first(kAesBlockOctets);
  const auto iv = TRY(aes_cbc_decrypt_blocks(wrapping_key, before_last, last));
  return aes_cbc_decrypt_blocks(wrapping_key, iv.view(), wrapped);
}

/// COUNT, three check octets, which are the complement of the key's first, the key, padding.
/// Whoever alters `iv` alters COUNT and the check, and nothing shows it: a key that was cut short
/// so would be guessed.
Result<SecretBytes> take_key(const SecretBytes& padded) {
  const auto octets = padded.view();
  const std::size_t count = octets[0];
  const auto rest = octets.subspan(1 + kCheckOctets);
  if (count < kLeastKeyOctets || count > rest.size()) return not_opened();
  std::uint8_t difference = 0;
  for (std::size_t i = 0; i < kCheckOctets; ++i) {
    difference |= static_cast<std::uint8_t>(octets[1 + i] ^ rest[i] ^ 0xff);
  }
  if (difference != 0) return not_opened();
  return SecretBytes(rest.first(count));
}

}  // namespace

Result<SecretBytes> pwri_key_unwrap(const SecretBytes& wrapping_key, ByteView iv,
                                    ByteView wrapped) {
  if (wrapped.size() < 2 * kAesBlockOctets || wrapped.size() % kAesBlockOctets != 0)
    return not_opened();
  const auto inner = TRY(undo_outer(wrapping_key, wrapped));
  const auto padded = TRY(aes_cbc_decrypt_blocks(wrapping_key, iv, inner.view()));
  return take_key(padded);
}

}  // namespace signet::crypto
