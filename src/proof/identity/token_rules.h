#pragma once

#include <string_view>

#include "base/random_source.h"
#include "base/secret_bytes.h"

namespace signet::proof {

inline constexpr std::size_t kLeastSecretCharacters = 16;

/// A secret that nobody guesses and people can read to each other: 140 random bits as seven groups
/// of four characters of Crockford's base 32, "k7f2-…". Faults: internal.
Result<SecretBytes> generate_secret(RandomSource& random);
/// Whether it has that form, so that it was drawn and not thought of. Capitals count as small ones.
[[nodiscard]] bool is_as_generated(const SecretBytes& secret);

/// Whether a secret that somebody chose will do: UTF-8 of at least 16 characters (Unicode scalar
/// values, as they stand: nothing is normalized), of which at least five differ; not mostly a
/// sequence as "abcdef…" or "987654…"; without the identification (of four octets or more) in it,
/// and still of 16 octets without the words that everybody tries first.
/// Faults: not_allowed. The detail does not show the secret.
Result<void> check_chosen_secret(const SecretBytes& secret, std::string_view identification);

}  // namespace signet::proof
