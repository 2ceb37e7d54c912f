#include "base/encoding.h"

#include <array>

namespace signet {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNoDigit = 0xFF;

constexpr std::array<std::uint8_t, 256> reverse_alphabet() {
  std::array<std::uint8_t, 256> table{};
  table.fill(kNoDigit);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    table[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return table;
}

constexpr auto kReverse = reverse_alphabet();

constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// Two digits for each twelve bits.
constexpr auto kPairs = [] {
  std::array<std::array<char, 2>, 1 << 12> pairs{};
  for (std::size_t bits = 0; bits < pairs.size(); ++bits) {
    pairs[bits] = {kAlphabet[bits >> 6], kAlphabet[bits & 0x3F]};
  }
  return pairs;
}();

constexpr void write_pair(char* to, int bits) {
  const auto& pair = kPairs[static_cast<std::size_t>(bits)];
  to[0] = pair[0];
  to[1] = pair[1];
}

/// The first of the four digits that 24 bits are written with.
constexpr void write_group(char* to, int bits, int digits) {
  for (int digit = 0; digit < digits; ++digit) {
    to[digit] = kAlphabet[static_cast<std::size_t>(bits >> (18 - 6 * digit) & 0x3F)];
  }
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string to_base64(ByteView octets) {
  std::string text((octets.size() + 2) / 3 * 4, '=');
  auto* to = text.data();
  const auto whole = octets.size() / 3 * 3;
  for (std::size_t i = 0; i < whole; i += 3, to += 4) {
    write_pair(to, octets[i] << 4 | octets[i + 1] >> 4);
    write_pair(to + 2, (octets[i + 1] & 0x0F) << 8 | octets[i + 2]);
  }
  const auto left = octets.size() - whole;
  if (left == 1) write_group(to, octets[whole] << 16, 2);
  if (left == 2) write_group(to, octets[whole] << 16 | octets[whole + 1] << 8, 3);
  return text;
}

Result<Bytes> from_base64(std::string_view text) {
  Bytes octets;
  octets.reserve(text.size() / 4 * 3);
  std::uint32_t group = 0;
  int digits = 0;
  int padding = 0;
  for (const char c : text) {
    if (is_blank(c)) continue;
    if (c == '=') {
      ++padding;
      continue;
    }
    const auto digit = kReverse[static_cast<unsigned char>(c)];
    if (digit == kNoDigit)
      return Error{Fault::malformed, "a character outside the base64 alphabet"};
    if (padding > 0) return Error{Fault::malformed, "base64 goes on after its padding"};
    group = group << 6 | digit;
    if (++digits == 4) {
      octets.push_back(static_cast<std::uint8_t>(group >> 16));
      octets.push_back(static_cast<std::uint8_t>(group >> 8));
      octets.push_back(static_cast<std::uint8_t>(group));
      group = 0;
      digits = 0;
    }
  }
  const int expected_padding = digits == 0 ? 0 : 4 - digits;
  if (digits == 1 || padding != expected_padding) {
    return Error{Fault::malformed, "base64 ends in the middle of a group"};
  }
  if (digits == 2) octets.push_back(static_cast<std::uint8_t>(group >> 4));
  if (digits == 3) {
    octets.push_back(static_cast<std::uint8_t>(group >> 10));
    octets.push_back(static_cast<std::uint8_t>(group >> 2));
  }
  return octets;
}

Result<Bytes> from_hex(std::string_view text) {
  Bytes octets;
  int high = -1;
  for (const char c : text) {
    if (is_blank(c) || c == ':') continue;
    const int digit = hex_digit(c);
    if (digit < 0) return Error{Fault::malformed, "a character that is no hexadecimal digit"};
    if (high < 0) {
      high = digit;
    } else {
      octets.push_back(static_cast<std::uint8_t>(high << 4 | digit));
      high = -1;
    }
  }
  if (high >= 0) return Error{Fault::malformed, "an odd number of hexadecimal digits"};
  return octets;
}

std::string to_pem(std::string_view label, ByteView octets) {
  constexpr std::size_t kColumns = 64;  // RFC 7468 §2
  const auto body = to_base64(octets);
  std::string text = "-----BEGIN " + std::string(label) + "-----\n";
  for (std::size_t i = 0; i < body.size(); i += kColumns) text += body.substr(i, kColumns) + "\n";
  return text + "-----END " + std::string(label) + "-----\n";
}

Result<std::vector<PemBlock>> from_pem(std::string_view text) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  constexpr std::string_view kDashes = "-----";
  std::vector<PemBlock> blocks;
  std::size_t at = 0;
  while ((at = text.find(kBegin, at)) != std::string_view::npos) {
    const auto label_at = at + kBegin.size();
    const auto label_end = text.find(kDashes, label_at);
    if (label_end == std::string_view::npos) {
      return Error{Fault::malformed, "a PEM BEGIN line without its closing dashes"};
    }
    const std::string label(text.substr(label_at, label_end - label_at));
    const auto body_at = label_end + kDashes.size();
    const std::string end = "-----END " + label + "-----";
    const auto body_end = text.find(end, body_at);
    if (body_end == std::string_view::npos) {
      return Error{Fault::malformed, "PEM block " + label + " has no END line"};
    }
    const auto body = text.substr(body_at, body_end - body_at);
    if (body.find(':') != std::string_view::npos) {
      return Error{Fault::malformed, "PEM block " + label +
                                         " carries headers (an old encrypted "
                                         "key?); convert it with: openssl pkcs8 -topk8"};
    }
    auto octets = TRY(from_base64(body));
    blocks.push_back({label, std::move(octets)});
    at = body_end + end.size();
  }
  return blocks;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (auto& letter : lower) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return lower;
}

}  // namespace signet
