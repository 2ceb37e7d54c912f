#include "client/signed_status.h"

#include "crypto/public_key.h"

namespace signet::client {
namespace {

constexpr std::chrono::minutes kClockSkew{5};

}  // namespace

Result<void> verify(const pkix::AlgorithmIdentifier& algorithm, ByteView signed_der,
                    const pkix::BitString& signature, const pkix::SubjectPublicKeyInfo& by) {
  const auto key = TRY(crypto::PublicKey::from(by));
  return key.verify(algorithm, signed_der, signature.octets);
}

Result<void> check_time(Time this_update, const std::optional<Time>& next_update, Time now,
                        std::string_view what) {
  const bool early = now + kClockSkew < this_update;
  const bool late = next_update && *next_update + kClockSkew < now;
  if (!early && !late) return {};
  return Error{Fault::stale_time,
               "the " + std::string(what) + " is of " + to_text(this_update) +
                   (next_update ? ", good until " + to_text(*next_update) : std::string()) +
                   "; here it is " + to_text(now)};
}

}  // namespace signet::client
