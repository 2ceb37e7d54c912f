#include <algorithm>
#include <cctype>

#include "apps/dogtag/request_settings.h"
#include "apps/tool/crl_reasons.h"
#include "base/encoding.h"

namespace signet::dogtag {
namespace {

/// Letters and digits alone, in lower case: "SHA-256-HMAC" and "sha256hmac" are one.
std::string plain(std::string_view text) {
  std::string letters;
  for (const char c : text) {
    const auto letter = static_cast<unsigned char>(c);
    if (std::isalnum(letter) != 0) letters += static_cast<char>(std::tolower(letter));
  }
  return letters;
}

Error unknown(std::string_view name, std::string_view text, std::string_view choices) {
  return {Fault::bad_configuration, std::string(name) + "='" + std::string(text) +
                                        "' is not known: choose " + std::string(choices)};
}

/// The magnitude of a decimal number, most significant octet first.
Bytes from_decimal(std::string_view digits) {
  Bytes octets{0};
  for (const char digit : digits) {
    unsigned carry = static_cast<unsigned>(digit - '0');
    for (auto octet = octets.rbegin(); octet != octets.rend(); ++octet) {
      const unsigned product = *octet * 10U + carry;
      *octet = static_cast<std::uint8_t>(product);
      carry = product >> 8U;
    }
    if (carry != 0) octets.insert(octets.begin(), static_cast<std::uint8_t>(carry));
  }
  return octets;
}

}  // namespace

Result<crypto::DigestAlgorithm> read_hash_name(std::string_view name, std::string_view text) {
  const auto letters = plain(text);
  if (letters == "sha256") return crypto::DigestAlgorithm::sha256;
  if (letters == "sha384") return crypto::DigestAlgorithm::sha384;
  if (letters == "sha512") return crypto::DigestAlgorithm::sha512;
  return unknown(name, text, "SHA-256, SHA-384 or SHA-512");
}

Result<crypto::MacAlgorithm> read_mac_name(std::string_view name, std::string_view text) {
  const auto letters = plain(text);
  for (const auto& [digits, algorithm] : {std::pair{"256", crypto::MacAlgorithm::hmac_sha256},
                                          std::pair{"384", crypto::MacAlgorithm::hmac_sha384},
                                          std::pair{"512", crypto::MacAlgorithm::hmac_sha512}}) {
    const std::string hash = std::string("sha") + digits;
    if (letters == hash || letters == hash + "hmac" || letters == "hmac" + hash) return algorithm;
  }
  return unknown(name, text, "SHA-256-HMAC, SHA-384-HMAC or SHA-512-HMAC");
}

Result<asn1::Integer> read_serial_number(std::string_view name, std::string_view text) {
  constexpr std::size_t kMostDigits = 60;  // a serial number has 20 octets at most
  const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
  std::string digits(text.substr(hexadecimal ? 2 : 0));
  const auto is_digit = [&](unsigned char c) {
    return hexadecimal ? std::isxdigit(c) != 0 : std::isdigit(c) != 0;
  };
  if (digits.empty() || digits.size() > kMostDigits ||
      !std::all_of(digits.begin(), digits.end(), is_digit)) {
    return unknown(name, text, "a serial number: decimal, or hexadecimal after 0x");
  }
  if (!hexadecimal) return asn1::Integer::from_unsigned(from_decimal(digits));
  if (digits.size() % 2 != 0) digits.insert(0, "0");
  return asn1::Integer::from_unsigned(TRY(from_hex(digits)));
}

Result<pkix::CRLReason> read_reason(std::string_view text) {
  const auto letters = plain(text);
  for (const auto& [name, reason] : tool::crl_reasons()) {
    if (letters == plain(name) || letters == std::to_string(static_cast<int>(reason)))
      return reason;
  }
  return Error{Fault::bad_configuration,
               "Unrecognized CRL reason '" + std::string(text) +
                   "': choose unspecified, keyCompromise, caCompromise, affiliationChanged, "
                   "superseded, cessationOfOperation, certificateHold, removeFromCRL"};
}

}  // namespace signet::dogtag
