#include "proof/identity/token_rules.h"

#include <algorithm>
#include <array>
#include <set>

#include "codec/asn1/utf8.h"

namespace signet::proof {
namespace {

constexpr std::string_view kAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::size_t kGroups = 7;
constexpr std::size_t kGroupCharacters = 4;
constexpr std::size_t kLeastDifferent = 5;
constexpr std::size_t kLeastIdentification = 4;  // shorter ones stand in many a good secret
constexpr std::array<std::string_view, 10> kTriedFirst{
    "password",   "passphrase", "passwort",  "changeme",      "letmein",
    "qwertyuiop", "qwertzuiop", "asdfghjkl", "administrator", "sharedsecret"};

/// Wiped when it goes.
struct LowerCase {
  explicit LowerCase(std::string_view from) : text(from) {
    std::transform(text.begin(), text.end(), text.begin(), [](char letter) {
      return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    });
  }
  ~LowerCase() { wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()}); }
  LowerCase(const LowerCase&) = delete;
  LowerCase& operator=(const LowerCase&) = delete;

  void remove(std::string_view word) {
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word)) {
      text.erase(at, word.size());
    }
  }
  std::string text;
};

Error weak(std::string why) {
  return {Fault::not_allowed,
          "the secret is too weak: " + std::move(why) + "; choose another, or let one be made"};
}

std::size_t count_characters(ByteView utf8) {
  const auto is_first = [](std::uint8_t octet) { return (octet & 0xC0) != 0x80; };
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), is_first));
}

/// Whether three of four octets follow or precede their neighbour, or repeat it.
bool is_sequence(ByteView octets) {
  std::size_t steps = 0;
  for (std::size_t at = 1; at < octets.size(); ++at) {
    const int step = octets[at] - octets[at - 1];
    if (step >= -1 && step <= 1) ++steps;
  }
  return steps * 4 >= (octets.size() - 1) * 3;
}

}  // namespace

//= E163 RFC 10002 §10: of good randomness: 28 characters of 5 random bits
Result<SecretBytes> generate_secret(RandomSource& random) {
  const SecretBytes drawn(TRY(random.octets(kGroups * kGroupCharacters)));
  Bytes text;
  text.reserve(drawn.size() + kGroups);
  for (std::size_t at = 0; at < drawn.size(); ++at) {
    if (at != 0 && at % kGroupCharacters == 0) text.push_back('-');
    text.push_back(static_cast<std::uint8_t>(kAlphabet[drawn.view()[at] % kAlphabet.size()]));
  }
  return SecretBytes(std::move(text));
}

bool is_as_generated(const SecretBytes& secret) {
  constexpr std::size_t kWithHyphen = kGroupCharacters + 1;
  const LowerCase lower(secret.text());
  const std::string_view text = lower.text;
  if (text.size() != kGroups * kWithHyphen - 1) return false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool is_between = at % kWithHyphen == kGroupCharacters;
    if (is_between != (text[at] == '-')) return false;
    if (!is_between && kAlphabet.find(text[at]) == std::string_view::npos) return false;
  }
  return true;
}

Result<void> check_chosen_secret(const SecretBytes& secret, std::string_view identification) {
  const auto octets = secret.view();
  if (!asn1::is_utf8(octets)) return weak("it is not UTF-8 text");
  //= E74 RFC 10002 §6.2.1: secrets of sixteen characters and more; shorter ones do not serve
  if (count_characters(octets) < kLeastSecretCharacters) {
    return weak("it has fewer than 16 characters");
  }
  if (std::set<std::uint8_t>(octets.begin(), octets.end()).size() < kLeastDifferent) {
    return weak("it repeats a few characters");
  }
  if (is_sequence(octets)) return weak("it is mostly a sequence of neighbouring characters");
  LowerCase lower(secret.text());
  const LowerCase name(identification);
  if (name.text.size() >= kLeastIdentification && lower.text.find(name.text) != std::string::npos) {
    return weak("it contains the identification");
  }
  for (const auto word : kTriedFirst) lower.remove(word);
  if (lower.text.size() < kLeastSecretCharacters) {
    return weak("it is little more than a word that is tried first");
  }
  return {};
}

}  // namespace signet::proof
