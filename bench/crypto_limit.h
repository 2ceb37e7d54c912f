#pragma once

#include <string_view>

namespace signet::bench {

/// What the cryptography of one user-signed enrollment costs, in microseconds of processor time,
/// through OpenSSL's EVP interface alone: make the requester's public key, verify the message's
/// signature and the proof of possession, sign the certificate and the response.
struct CryptoLimit {
  double make_public_key = 0;
  double verify = 0;
  double sign = 0;
  [[nodiscard]] double enrollment() const { return make_public_key + 2 * verify + 2 * sign; }
};

/// `key`: "ec:p256" or "rsa:2048". Medians of many rounds on this thread.
CryptoLimit measure_crypto_limit(std::string_view key);

}  // namespace signet::bench
