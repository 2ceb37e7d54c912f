// What deciding alone costs: a user-signed message in, its signed answer and its commit out,
// without HTTP, TLS and a commit. Beside the crypto limit, in one run: what is between the two is
// our own code. On the embedded store, the questions to it are in.
#include <benchmark/benchmark.h>

#include "adapters/sqlite/sqlite_engine.h"
#include "base/check.h"
#include "crypto_limit.h"
#include "support/temporary_folder.h"
#include "support/test_authority.h"

namespace signet::bench {
namespace {

constexpr std::size_t kMessages = 500;

std::vector<authority::Inquiry> make_inquiries(test::TestAuthority& ca) {
  std::vector<authority::Inquiry> inquiries(kMessages);
  for (auto& inquiry : inquiries) {
    inquiry.octets = ca.request(ca.alice, "CN=Alice,O=Test").octets;
    inquiry.peer.address = "192.0.2.1";
    inquiry.peer.tls_client_certificate = ca.alice.certificate.der;
  }
  return inquiries;
}

/// Nothing is committed, so that the same messages are new again and again.
void decide(benchmark::State& state, test::TestAuthority& ca) {
  const auto limit = measure_crypto_limit("ec:p256").message_of(1);
  const auto inquiries = make_inquiries(ca);
  std::size_t at = 0;
  for (auto run : state) {
    const auto answer = ca.decide(inquiries[at++ % inquiries.size()]);
    CHECK(answer.issued == 1);
  }
  state.counters["limit_us"] = limit;
}

void decide_on_memory(benchmark::State& state) {
  test::TestAuthority ca;
  decide(state, ca);
}
void decide_on_sqlite(benchmark::State& state) {
  const test::TemporaryFolder folder;
  const auto engine = std::move(sqlite::SqliteEngine::open(folder / "store")).value();
  test::TestAuthority::Choices choices;
  choices.engine = engine.get();
  test::TestAuthority ca{choices};
  decide(state, ca);
}
BENCHMARK(decide_on_memory)->Unit(benchmark::kMicrosecond);
BENCHMARK(decide_on_sqlite)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace signet::bench
