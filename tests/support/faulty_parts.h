#pragma once

#include <memory>

#include "audit/event.h"
#include "base/clock.h"
#include "base/random_source.h"
#include "crypto/private_key.h"
#include "proof/identity/secret_source.h"
#include "support/fault_plan.h"

/// The parts that a server stands on, each call a step of a FaultPlan; but for the store, see
/// faulty_engine.h. What is wrapped outlives the wrapping.
namespace signet::test {

class FaultyKey final : public crypto::PrivateKey {
 public:
  FaultyKey(std::shared_ptr<const crypto::PrivateKey> key, FaultPlan& plan)
      : key_(std::move(key)), plan_(plan) {}

  [[nodiscard]] const pkix::SubjectPublicKeyInfo& public_key_info() const override {
    return key_->public_key_info();
  }
  [[nodiscard]] crypto::KeyKind kind() const override { return key_->kind(); }
  [[nodiscard]] Result<Bytes> sign(const pkix::AlgorithmIdentifier& algorithm,
                                   ByteView message) const override {
    return plan_.step(Fault::signing_failed, [&] { return key_->sign(algorithm, message); });
  }
  [[nodiscard]] Result<SecretBytes> decrypt(const pkix::AlgorithmIdentifier& algorithm,
                                            ByteView ciphertext) const override {
    return plan_.step(Fault::token_failed, [&] { return key_->decrypt(algorithm, ciphertext); });
  }
  [[nodiscard]] Result<SecretBytes> agree(const crypto::PublicKey& peer) const override {
    return plan_.step(Fault::token_failed, [&] { return key_->agree(peer); });
  }

 private:
  std::shared_ptr<const crypto::PrivateKey> key_;
  FaultPlan& plan_;
};

class FaultyJournal final : public audit::Journal {
 public:
  FaultyJournal(audit::Journal& journal, FaultPlan& plan) : journal_(journal), plan_(plan) {}
  Result<void> append(const std::vector<const audit::Event*>& events) override {
    return plan_.step(Fault::storage_failed, [&] { return journal_.append(events); });
  }

 private:
  audit::Journal& journal_;
  FaultPlan& plan_;
};

/// A look at it is a step too, since the clock may jump there; it cannot fail.
class FaultyClock final : public Clock {
 public:
  FaultyClock(const Clock& clock, FaultPlan& plan) : clock_(clock), plan_(plan) {}
  [[nodiscard]] PreciseTime now_precise() const override {
    static_cast<void>(plan_.step(Fault::internal, [] { return Result<void>(); }));
    return clock_.now_precise() + plan_.clock_error();
  }

 private:
  const Clock& clock_;
  FaultPlan& plan_;
};

class FaultyRandom final : public RandomSource {
 public:
  FaultyRandom(RandomSource& random, FaultPlan& plan) : random_(random), plan_(plan) {}
  Result<void> fill(std::span<std::uint8_t> octets) override {
    return plan_.step(Fault::internal, [&] { return random_.fill(octets); });
  }

 private:
  RandomSource& random_;
  FaultPlan& plan_;
};

class FaultySecrets final : public proof::SecretSource {
 public:
  FaultySecrets(std::shared_ptr<const proof::SecretSource> secrets, FaultPlan& plan)
      : secrets_(std::move(secrets)), plan_(plan) {}
  Result<std::optional<proof::SharedSecret>> find(std::string_view identification) const override {
    return plan_.step(Fault::storage_failed, [&] { return secrets_->find(identification); });
  }

 private:
  std::shared_ptr<const proof::SecretSource> secrets_;
  FaultPlan& plan_;
};

}  // namespace signet::test
