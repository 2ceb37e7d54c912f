#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "codec/pkix/certification_request.h"

namespace {

using namespace signet;

/// Values of a SET OF may have come in any order, and are written in one.
pkix::CertificationRequestInfo in_order(pkix::CertificationRequestInfo info) {
  for (auto& attribute : info.attributes) {
    std::sort(attribute.values.begin(), attribute.values.end());
  }
  const auto by_type = [](const auto& left, const auto& right) { return left.type < right.type; };
  std::sort(info.attributes.begin(), info.attributes.end(), by_type);
  return info;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto request = pkix::read_certification_request(ByteView{data, size});
  if (!request.ok()) return 0;
  CHECK(equal(request->der, {data, size}));

  const auto info_der = pkix::write_certification_request_info(request->info.value);
  const auto again = pkix::read_certification_request(pkix::write_certification_request(
      info_der, request->signature_algorithm, request->signature));
  CHECK(again.ok());
  CHECK(in_order(again->info.value) == in_order(request->info.value));
  CHECK(again->signature == request->signature);

  if (const auto extensions = pkix::requested_extensions(request->info.value); extensions.ok()) {
    for (const auto& extension : *extensions) {
      static_cast<void>(check_extension_value(extension).ok());
    }
  }
  return 0;
}
