#include "apps/dogtag/key_id.h"

#include "base/encoding.h"

namespace signet::dogtag {
namespace {

constexpr std::size_t kKeyIdOctets = 20;

/// Two's complement: the same number with the other sign.
Bytes negated(Bytes number) {
  unsigned carry = 1;
  for (auto octet = number.rbegin(); octet != number.rend(); ++octet) {
    const unsigned sum = (~static_cast<unsigned>(*octet) & 0xFFU) + carry;
    *octet = static_cast<std::uint8_t>(sum);
    carry = sum >> 8U;
  }
  return number;
}

Error no_key_id(std::string_view text) {
  return {Fault::bad_configuration, "request.privKeyId '" + std::string(text) +
                                        "' is no key id: take it from the .keyId file that "
                                        "PKCS10Client or CRMFPopClient wrote, or from certutil -K "
                                        "with 0x before it"};
}

}  // namespace

std::string key_id_text(ByteView key_id) {
  const bool negative = !key_id.empty() && (key_id.front() & 0x80) != 0;
  const auto digits = to_hex(negative ? negated(to_bytes(key_id)) : to_bytes(key_id));
  const auto first = digits.find_first_not_of('0');
  if (first == std::string::npos) return "0";
  return (negative ? "-" : "") + digits.substr(first);
}

Result<Bytes> read_key_id(std::string_view text) {
  const bool plain = text.starts_with("0x") || text.starts_with("0X");
  const bool negative = text.starts_with("-");
  std::string digits(text.substr(plain ? 2 : (negative ? 1 : 0)));
  if (digits.size() % 2 != 0) digits.insert(0, "0");
  const auto octets = from_hex(digits);
  if (!octets.ok() || octets->empty()) return no_key_id(text);
  if (plain) return *octets;
  if (octets->size() > kKeyIdOctets) return no_key_id(text);
  Bytes number(kKeyIdOctets - octets->size());
  append(number, *octets);
  return negative ? negated(std::move(number)) : number;
}

}  // namespace signet::dogtag
