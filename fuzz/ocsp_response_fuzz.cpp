#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "codec/ocsp/response.h"

namespace {

using namespace signet;

void check_basic(ByteView der) {
  const auto basic = ocsp::read_basic_ocsp_response(der);
  if (!basic.ok()) return;
  const auto data_der = ocsp::write_response_data(basic->tbs_response_data.value);
  const auto again = ocsp::read_basic_ocsp_response(
      ocsp::write_basic_ocsp_response({.tbs_response_data_der = data_der,
                                       .signature_algorithm = basic->signature_algorithm,
                                       .signature = basic->signature,
                                       .certs = basic->certs}));
  CHECK(again.ok());
  CHECK(again->tbs_response_data.value == basic->tbs_response_data.value);
  CHECK(again->signature == basic->signature);
  CHECK(again->certs == basic->certs);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView octets{data, size};
  check_basic(octets);
  const auto response = ocsp::read_ocsp_response(octets);
  if (!response.ok()) return 0;
  CHECK(ocsp::write_ocsp_response(*response) == to_bytes(octets));
  if (response->response_bytes) check_basic(response->response_bytes->response);
  return 0;
}
