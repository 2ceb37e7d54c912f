#include "crypto/rsa_modulus.h"

#include <array>
#include <bitset>
#include <string>
#include <vector>

namespace signet::crypto {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr unsigned kLargestPrime = 751;

constexpr bool is_prime(unsigned number) {
  for (unsigned divisor = 2; divisor * divisor <= number; ++divisor) {
    if (number % divisor == 0) return false;
  }
  return number > 1;
}

/// Primes whose product fits 64 bits: one long division serves them all.
struct PrimeGroup {
  std::uint64_t product = 1;
  std::vector<unsigned> primes;
};

std::vector<PrimeGroup> group_odd_primes() {
  std::vector<PrimeGroup> groups(1);
  for (unsigned prime = 3; prime <= kLargestPrime; prime += 2) {
    if (!is_prime(prime)) continue;
    if (groups.back().product > UINT64_MAX / prime) groups.emplace_back();
    groups.back().product *= prime;
    groups.back().primes.push_back(prime);
  }
  return groups;
}

/// The modulus as 64-bit words, most significant first.
std::vector<std::uint64_t> words_of(ByteView modulus) {
  std::vector<std::uint64_t> words((modulus.size() + 7) / 8);
  const auto padding = words.size() * 8 - modulus.size();
  for (std::size_t i = 0; i < modulus.size(); ++i) {
    auto& word = words[(i + padding) / 8];
    word = word << 8 | modulus[i];
  }
  return words;
}

std::uint64_t remainder(const std::vector<std::uint64_t>& words, std::uint64_t divisor) {
  Wide rest = 0;
  for (const auto word : words) rest = (rest << 64 | word) % divisor;
  return static_cast<std::uint64_t>(rest);
}

/// The primes of Nemec et al., "The Return of Coppersmith's Attack" (2017), by which the
/// vulnerable moduli are told: an honest one passes for them all with probability 2^-27.
constexpr std::array<unsigned, 17> kRocaPrimes{11, 13, 17,  19,  37,  53,  61,  71, 73,
                                               79, 97, 103, 107, 109, 127, 151, 157};

using Residues = std::bitset<kLargestPrime + 1>;

/// The residues modulo `prime` that 65537 generates.
Residues powers_of_65537(unsigned prime) {
  Residues residues;
  for (unsigned power = 1; !residues.test(power); power = power * (65537 % prime) % prime) {
    residues.set(power);
  }
  return residues;
}

struct Tables {
  std::vector<PrimeGroup> groups = group_odd_primes();
  std::array<Residues, kRocaPrimes.size()> roca_residues;

  Tables() {
    for (std::size_t i = 0; i < kRocaPrimes.size(); ++i) {
      roca_residues.at(i) = powers_of_65537(kRocaPrimes.at(i));
    }
  }
};

const Tables& tables() {
  static const Tables made;
  return made;
}

using Remainders = std::array<unsigned, kLargestPrime + 1>;

/// The modulus modulo each odd prime up to kLargestPrime, at the prime's own place.
Remainders remainders_of(ByteView modulus) {
  const auto words = words_of(modulus);
  Remainders remainders{};
  for (const auto& group : tables().groups) {
    const auto of_product = remainder(words, group.product);
    for (const auto prime : group.primes) {
      remainders.at(prime) = static_cast<unsigned>(of_product % prime);
    }
  }
  return remainders;
}

bool has_roca_shape(const Remainders& remainders) {
  for (std::size_t i = 0; i < kRocaPrimes.size(); ++i) {
    if (!tables().roca_residues.at(i).test(remainders.at(kRocaPrimes.at(i)))) return false;
  }
  return true;
}

}  // namespace

Result<void> check_rsa_modulus(ByteView modulus) {
  if ((modulus.back() & 1) == 0) return Error{Fault::weak_key, "RSA modulus is even"};
  const auto remainders = remainders_of(modulus);
  for (const auto& group : tables().groups) {
    for (const auto prime : group.primes) {
      if (remainders.at(prime) != 0) continue;
      return Error{Fault::weak_key, "RSA modulus is divisible by " + std::to_string(prime)};
    }
  }
  if (has_roca_shape(remainders)) {
    return Error{Fault::weak_key,
                 "RSA modulus has the shape of CVE-2017-15361 (ROCA); make the key elsewhere"};
  }
  return {};
}

}  // namespace signet::crypto
