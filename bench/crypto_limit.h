#pragma once

#include <string_view>

namespace signet::bench {

/// What the cryptography of enrollments costs, in microseconds of processor time, through OpenSSL's
/// EVP interface alone: make the requester's public key, verify the message's signature and the
/// proof of possession, sign the certificate and the response. Where the key only
/// decrypts, two rounds: each message verified, each response signed, the key made each time, one
/// challenge encrypted to it, and the certificate signed.
struct CryptoLimit {
  double make_public_key = 0;
  double verify = 0;
  double sign = 0;
  double encrypt = 0;  ///< RSAES-OAEP; EC: an ephemeral key, and ECDH with it
  /// A signed message of so many requests, each of whose keys signed its own.
  [[nodiscard]] double message_of(double requests) const {
    return requests * make_public_key + (requests + 1) * (verify + sign);
  }
  [[nodiscard]] double two_rounds() const {
    return 2 * make_public_key + 2 * verify + 3 * sign + encrypt;
  }
};

/// `key`: "ec:p256" or "rsa:2048". Medians of many rounds on this thread.
CryptoLimit measure_crypto_limit(std::string_view key);

/// Likewise, on as many threads at once as there are processors; the mean of them. Under full load
/// every processor is busy, and each is slower then than one that is busy alone.
CryptoLimit measure_crypto_limit_on_all_processors(std::string_view key);

}  // namespace signet::bench
