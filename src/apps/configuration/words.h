#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "base/log.h"

/// The settings that are one of a few words, and by which words signetd.toml says them.
namespace signet::server {

enum class ContentEncryption { aes_128_cbc, aes_128_gcm, aes_256_cbc, aes_256_gcm };
enum class KeyTransport { oaep, pkcs1 };
enum class LogFormat { json, text };
enum class ProfilesFrom { folder, store };  ///< store: one edition for all its nodes
enum class SecretsFrom { file, ldap, none, store };
enum class StoreEngine { memory, postgres, sqlite };
enum class TlsMatch { certificate, subject };
enum class Unconfirmed { hold, revoke };  ///< what becomes of a certificate

template <typename Setting, std::size_t count>
using Vocabulary = std::array<std::pair<std::string_view, Setting>, count>;

constexpr Vocabulary<ContentEncryption, 4> words_of(ContentEncryption) {
  using enum ContentEncryption;
  return {{{"aes-128-cbc", aes_128_cbc},
           {"aes-128-gcm", aes_128_gcm},
           {"aes-256-cbc", aes_256_cbc},
           {"aes-256-gcm", aes_256_gcm}}};
}
constexpr Vocabulary<KeyTransport, 2> words_of(KeyTransport) {
  return {{{"oaep", KeyTransport::oaep}, {"pkcs1", KeyTransport::pkcs1}}};
}
constexpr Vocabulary<Log::Level, 4> words_of(Log::Level) {
  using enum Log::Level;
  return {{{"debug", debug}, {"error", error}, {"info", info}, {"warning", warning}}};
}
constexpr Vocabulary<LogFormat, 2> words_of(LogFormat) {
  return {{{"json", LogFormat::json}, {"text", LogFormat::text}}};
}
constexpr Vocabulary<ProfilesFrom, 2> words_of(ProfilesFrom) {
  return {{{"folder", ProfilesFrom::folder}, {"store", ProfilesFrom::store}}};
}
constexpr Vocabulary<SecretsFrom, 4> words_of(SecretsFrom) {
  using enum SecretsFrom;
  return {{{"file", file}, {"ldap", ldap}, {"none", none}, {"store", store}}};
}
constexpr Vocabulary<StoreEngine, 3> words_of(StoreEngine) {
  using enum StoreEngine;
  return {{{"memory", memory}, {"postgres", postgres}, {"sqlite", sqlite}}};
}
constexpr Vocabulary<TlsMatch, 2> words_of(TlsMatch) {
  return {{{"certificate", TlsMatch::certificate}, {"subject", TlsMatch::subject}}};
}
constexpr Vocabulary<Unconfirmed, 2> words_of(Unconfirmed) {
  return {{{"hold", Unconfirmed::hold}, {"revoke", Unconfirmed::revoke}}};
}

/// The one that says `setting`.
template <typename Setting>
constexpr std::string_view word_of(Setting setting) {
  for (const auto& [word, said] : words_of(setting)) {
    if (said == setting) return word;
  }
  return {};
}

}  // namespace signet::server
