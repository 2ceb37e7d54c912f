// What it costs to read a request, and to write one: the codec alone, no cryptography.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <iostream>

#include "client/build_request.h"
#include "codec/cmc/pki_request.h"
#include "issuance/authority_certificates.h"

namespace signet {
namespace {

template <typename T>
T demand(Result<T> result) {
  if (result.ok()) return std::move(result).value();
  std::cerr << result.error().detail << "\n";
  std::exit(1);
}

/// A user-signed Full PKI Request with one PKCS#10 or CertReqMsg, the signer's certificate in it.
Bytes request_of(client::RequestForm form) {
  auto& random = crypto::system_random();
  const auto key = demand(crypto::generate_private_key("ec:p256"));
  const auto signer = demand(
      issuance::make_root({.subject = demand(pkix::name_from_text("CN=Bench User,O=Example")),
                           .key = *key,
                           .now = SystemClock().now()},
                          random));
  const client::WantedCertificate wanted{
      .subject = signer->subject, .subject_alt_names = {}, .extensions = {}, .key = *key};
  auto item = form == client::RequestForm::pkcs10
                  ? demand(client::make_certification_request(wanted))
                  : demand(client::make_cert_req_msg(wanted, cmc::BodyPartID{7}));
  return demand(client::make_full_request({.requests = {{form, std::move(item)}},
                                           .data_return = std::nullopt,
                                           .more_controls = {},
                                           .signer = signer,
                                           .signer_key = *key,
                                           .chain = {}},
                                          random))
      .octets;
}

Bytes write(const cmc::FullPkiRequest& request) {
  cmc::PKIDataParts parts;
  parts.control_sequence = request.pki_data.control_sequence;
  for (const auto& each : request.pki_data.req_sequence) {
    parts.tagged_requests.push_back(each.der);
  }
  auto signed_data = request.signed_data;
  signed_data.encap_content_info.e_content = cmc::write_pki_data(parts);
  return cms::write_content_info(cms::oid::kSignedData, cms::write_signed_data(signed_data));
}

void ReadRequest(benchmark::State& state, client::RequestForm form) {
  const auto octets = request_of(form);
  for (auto _ : state) benchmark::DoNotOptimize(cmc::read_pki_request(octets));
  state.counters["octets"] = static_cast<double>(octets.size());
}
BENCHMARK_CAPTURE(ReadRequest, pkcs10, client::RequestForm::pkcs10);
BENCHMARK_CAPTURE(ReadRequest, crmf, client::RequestForm::crmf);

void ReadAndWriteRequest(benchmark::State& state, client::RequestForm form) {
  const auto octets = request_of(form);
  for (auto _ : state) {
    const auto read = cmc::read_pki_request(octets);
    benchmark::DoNotOptimize(write(std::get<cmc::FullPkiRequest>(*read)));
  }
}
BENCHMARK_CAPTURE(ReadAndWriteRequest, pkcs10, client::RequestForm::pkcs10);
BENCHMARK_CAPTURE(ReadAndWriteRequest, crmf, client::RequestForm::crmf);

}  // namespace
}  // namespace signet
