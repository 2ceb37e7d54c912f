// What a guesser may learn from the time of a refusal: an unknown identification and a wrong secret
// must cost the same (RFC 10002 §10). Compare the two rows.
#include <benchmark/benchmark.h>

#include "proof/witness/identity_proof.h"
#include "support/message_builder.h"
#include "support/test_authority.h"

namespace signet::bench {
namespace {

/// A message of `identification` with a proof by a secret that is not its own.
Bytes message_of(const std::string& identification) {
  using namespace test;
  const auto key = test_key("ec:p256", 1);
  const std::vector<Bytes> requests{tagged(20, pkcs10({.subject = "", .key = key}))};
  const SecretBytes wrong{std::string_view("a secret that nobody has")};
  const proof::SharedKnowledge known{wrong, identification};
  const std::vector<cmc::TaggedAttribute> controls{
      control(1, cmc::oid::kIdentification, cmc::write_utf8_value(identification)),
      control(2, cmc::oid::kIdentityProofV2,
              cmc::write_identity_proof_v2(
                  proof::make_identity_proof_v2({}, known, cmc::write_req_sequence(requests))))};
  SignedMessage message{.content = pki_data(controls, requests)};
  message.signers = {signed_by_request_key(key, key_identifier_of(*key))};
  return message.encode();
}

void refuse(benchmark::State& state, const std::string& identification) {
  test::TestAuthority::Choices choices;
  choices.secret_rules.most_failures = 0;  // never locked
  test::TestAuthority ca{choices};
  ca.secrets->entries["alice"] = {.secret = "correct horse battery staple",
                                  .subject = "CN=Alice,O=Test"};
  const auto message = message_of(identification);
  for (auto _ : state) {
    const auto told = ca.send(message, nullptr);
    if (told.issued()) state.SkipWithError("granted");
  }
}

void wrong_secret(benchmark::State& state) {
  refuse(state, "alice");
}
void unknown_identification(benchmark::State& state) {
  refuse(state, "malice");
}
BENCHMARK(wrong_secret)->Unit(benchmark::kMicrosecond)->Repetitions(9)->ReportAggregatesOnly();
BENCHMARK(unknown_identification)
    ->Unit(benchmark::kMicrosecond)
    ->Repetitions(9)
    ->ReportAggregatesOnly();

}  // namespace
}  // namespace signet::bench
