#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "codec/pkix/certificate.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace signet;
  const auto list = pkix::read_certificate_list(ByteView{data, size});
  if (!list.ok()) return 0;
  CHECK(equal(list->der, {data, size}));

  const auto tbs_der = pkix::write_tbs_cert_list(list->tbs.value);
  const auto again = pkix::read_certificate_list(
      pkix::write_certificate_list(tbs_der, list->signature_algorithm, list->signature_value));
  CHECK(again.ok());
  CHECK(again->tbs.value == list->tbs.value);
  CHECK(again->signature_value == list->signature_value);
  return 0;
}
