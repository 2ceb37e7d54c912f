#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "codec/ocsp/oids.h"
#include "codec/ocsp/request.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace signet;
  const auto request = ocsp::read_ocsp_request(ByteView{data, size});
  if (!request.ok()) return 0;

  const auto tbs_der = ocsp::write_tbs_request(request->tbs_request.value);
  const auto again =
      ocsp::read_ocsp_request(ocsp::write_ocsp_request(tbs_der, request->optional_signature));
  CHECK(again.ok());
  CHECK(again->tbs_request.value == request->tbs_request.value);
  CHECK(again->optional_signature == request->optional_signature);

  const auto* extension =
      pkix::find_extension(request->tbs_request.value.request_extensions, ocsp::oid::kNonce);
  if (extension == nullptr) return 0;
  const auto nonce = ocsp::read_nonce(extension->extn_value);
  CHECK(!nonce.ok() || ocsp::write_nonce(*nonce) == extension->extn_value);
  return 0;
}
