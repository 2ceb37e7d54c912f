#include "crypto/pkcs1_unpadding.h"

namespace signet::crypto {
namespace {

/// All ones or all zeros: a truth value that is computed with, never branched on.
using Mask = std::uint32_t;

constexpr unsigned kHeaderOctets = 2;          ///< 00 02
constexpr unsigned kMinimumPaddingOctets = 8;  ///< RFC 8017 §7.2.1
constexpr unsigned kLengthCandidates = 128;    ///< enough that one fits but for 2^-128

Mask top_bit_spread(std::uint32_t value) {
  return 0U - (value >> 31);
}
Mask is_zero(std::uint32_t value) {
  return top_bit_spread(~value & (value - 1));
}
Mask is_equal(std::uint32_t left, std::uint32_t right) {
  return is_zero(left ^ right);
}
/// For numbers below 2^31.
Mask is_less(std::uint32_t left, std::uint32_t right) {
  return top_bit_spread(left - right);
}
std::uint32_t choose(Mask mask, std::uint32_t yes, std::uint32_t no) {
  return (mask & yes) | (~mask & no);
}

/// PRF of the draft: HMAC-SHA256(key, counter || label || bits), counter and bits of two octets.
SecretBytes derive(const Bytes& key, std::string_view label, std::size_t octets) {
  const auto bits = octets * 8;
  Bytes made;
  for (unsigned counter = 0; made.size() < octets; ++counter) {
    Bytes input{static_cast<std::uint8_t>(counter >> 8), static_cast<std::uint8_t>(counter)};
    append(input, as_bytes(label));
    append(input, Bytes{static_cast<std::uint8_t>(bits >> 8), static_cast<std::uint8_t>(bits)});
    append(made, mac(MacAlgorithm::hmac_sha256, key, input));
  }
  made.resize(octets);
  return SecretBytes(std::move(made));
}

/// A length from 0 to `below` - 1: the last of the candidates that is in range.
std::uint32_t derive_length(const Bytes& key, std::uint32_t below) {
  std::uint32_t in_range_bits = below;
  for (const unsigned shift : {1U, 2U, 4U, 8U}) in_range_bits |= in_range_bits >> shift;
  const auto candidates = derive(key, "length", std::size_t{2} * kLengthCandidates);
  const auto octets = candidates.view();
  std::uint32_t length = 0;
  for (std::size_t i = 0; i < octets.size(); i += 2) {
    const auto candidate =
        (static_cast<std::uint32_t>(octets[i]) << 8 | octets[i + 1]) & in_range_bits;
    length = choose(is_less(candidate, below), candidate, length);
  }
  return length;
}

/// Where M begins, and whether the block is one.
struct Found {
  Mask good;
  std::uint32_t message_at;
};

Found find_message(ByteView block) {
  Mask found_separator = 0;
  std::uint32_t separator_at = 0;
  for (std::uint32_t i = kHeaderOctets; i < block.size(); ++i) {
    const Mask separator = is_zero(block[i]);
    separator_at = choose(~found_separator & separator, i, separator_at);
    found_separator |= separator;
  }
  const Mask padded_enough = ~is_less(separator_at, kHeaderOctets + kMinimumPaddingOctets);
  const Mask good = is_zero(block[0]) & is_equal(block[1], 2) & found_separator & padded_enough;
  return {good, separator_at + 1};
}

}  // namespace

SecretBytes unpad_pkcs1(const Pkcs1Block& opened) {
  const auto size = static_cast<std::uint32_t>(opened.block.size());
  CHECK(size > kHeaderOctets + kMinimumPaddingOctets);
  auto secret = sha256(opened.private_exponent);
  auto key = mac(MacAlgorithm::hmac_sha256, secret, opened.ciphertext);
  const auto instead = derive(key, "message", size);
  const auto instead_at = size - derive_length(key, size - kHeaderOctets - kMinimumPaddingOctets);
  wipe(secret);
  wipe(key);

  const auto found = find_message(opened.block);
  const auto message_at = choose(found.good, found.message_at, instead_at);
  Bytes chosen(size);
  for (std::uint32_t i = 0; i < size; ++i) {
    chosen[i] = static_cast<std::uint8_t>(choose(found.good, opened.block[i], instead.view()[i]));
  }
  SecretBytes message(ByteView(chosen).subspan(message_at));
  wipe(chosen);
  return message;
}

}  // namespace signet::crypto
