/// What an OCSP answer costs: signed for each request, or given again; beside the signature alone,
/// by a key of the same kind over as many octets. The store is on disk.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <iostream>

#include "adapters/files/journal_file.h"
#include "adapters/sqlite/sqlite_engine.h"
#include "authority/ocsp_responder.h"
#include "codec/ocsp/oids.h"
#include "issuance/authority_certificates.h"
#include "support/temporary_folder.h"

namespace signet::bench {
namespace {

template <typename T>
T demand(Result<T> result) {
  if (result.ok()) return std::move(result).value();
  std::cerr << result.error().detail << "\n";
  std::exit(1);
}

constexpr const char* kKinds[] = {"ec:p256", "rsa:2048"};

/// An authority with a responder; its responder's own certificate is what is asked about.
class Scene {
 public:
  explicit Scene(const std::string& kind)
      : engine_(demand(sqlite::SqliteEngine::open(folder_ / "store"))),
        journal_(demand(files::JournalFile::open(folder_ / "audit"))),
        committer_(*engine_, *journal_),
        issuer_(make_issuer(kind)),
        responder_(
            {.issuer = issuer_,
             .signature_algorithm = demand(crypto::default_signature_algorithm(issuer_.key())),
             .store = *engine_,
             .committer = committer_,
             .clock = clock_,
             .random = crypto::system_random(),
             .log = log_,
             .settings = {}}) {
    demand(responder_.renew_if_due());
  }

  [[nodiscard]] Bytes request(const pkix::Extensions& extensions = {}) const {
    const auto known = demand(engine_->find_certificates({}));
    const auto& issuer = issuer_.certificate();
    const ocsp::CertID cert_id{crypto::algorithm_identifier(crypto::DigestAlgorithm::sha1),
                               crypto::digest(crypto::DigestAlgorithm::sha1, issuer->subject.der()),
                               crypto::key_identifier(issuer->subject_public_key_info),
                               known.front().serial_number};
    ocsp::TBSRequest tbs;
    tbs.request_list.push_back({{cert_id, ocsp::write_cert_id(cert_id)}, {}});
    tbs.request_extensions = extensions;
    return ocsp::write_ocsp_request(ocsp::write_tbs_request(tbs));
  }
  authority::OcspAnswer ask(ByteView octets) { return responder_.respond(octets); }

 private:
  issuance::Issuer make_issuer(const std::string& kind) {
    const std::shared_ptr<const crypto::PrivateKey> key =
        demand(crypto::generate_private_key(kind));
    auto root = demand(issuance::make_root(
        {.subject = demand(pkix::name_from_text("CN=Bench CA")), .key = *key, .now = clock_.now()},
        crypto::system_random()));
    return demand(issuance::Issuer::make({std::move(root)}, key));
  }

  test::TemporaryFolder folder_;
  SystemClock clock_;
  SilentLog log_;
  std::unique_ptr<sqlite::SqliteEngine> engine_;
  std::unique_ptr<files::JournalFile> journal_;
  store::Committer committer_;
  issuance::Issuer issuer_;
  authority::OcspResponder responder_;
};

void ask(benchmark::State& state, const pkix::Extensions& extensions) {
  Scene scene(kKinds[state.range(0)]);
  state.SetLabel(kKinds[state.range(0)]);
  const auto request = scene.request(extensions);
  for (auto _ : state) {
    if (scene.ask(request).status != ocsp::OCSPResponseStatus::successful) {
      state.SkipWithError("no answer");
    }
  }
  state.SetItemsProcessed(state.iterations());
}

void ocsp_answer_signed(benchmark::State& state) {
  ask(state, {{ocsp::oid::kNonce, false, ocsp::write_nonce(Bytes(32, 7))}});
}

void ocsp_answer_kept(benchmark::State& state) {
  ask(state, {});
}

void ocsp_signature_alone(benchmark::State& state) {
  constexpr std::size_t kResponseDataOctets = 180;
  const auto key = demand(crypto::generate_private_key(kKinds[state.range(0)]));
  const auto algorithm = demand(crypto::default_signature_algorithm(*key));
  const Bytes data(kResponseDataOctets, 0x5A);
  state.SetLabel(kKinds[state.range(0)]);
  for (auto _ : state) benchmark::DoNotOptimize(key->sign(algorithm, data).ok());
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(ocsp_signature_alone)->DenseRange(0, 1);
BENCHMARK(ocsp_answer_signed)->DenseRange(0, 1);
BENCHMARK(ocsp_answer_kept)->DenseRange(0, 1);

}  // namespace
}  // namespace signet::bench
