#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "codec/pkix/certificate.h"

namespace {

using namespace signet;

/// A name is the same as itself, and its text is a name again where it is one to begin with: what
/// has an attribute of no characters has no text of its own.
void check_name(const pkix::Name& name) {
  CHECK(names_match(name, name));
  const auto again = pkix::name_from_text(to_text(name));
  if (again.ok()) CHECK(again->rdns().size() == name.rdns().size());
}

void check_extensions(const pkix::Extensions& extensions) {
  for (const auto& extension : extensions) {
    const bool sound = check_extension_value(extension).ok();
    CHECK(!sound || asn1::check_well_formed(extension.extn_value, asn1::Limits::der()).ok());
    if (const auto names = pkix::read_alternative_name(extension.extn_value); names.ok()) {
      for (const auto& name : *names) CHECK(!to_text(name).empty());
      CHECK(same_names(*names, *names));
      CHECK(*pkix::read_alternative_name(pkix::write_alternative_name(*names)) == *names);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto certificate = pkix::read_certificate(ByteView{data, size});
  if (!certificate.ok()) return 0;
  CHECK(equal(certificate->der, {data, size}));

  const auto tbs_der = pkix::write_tbs_certificate(certificate->tbs.value);
  const auto again = pkix::read_certificate(pkix::write_certificate(
      tbs_der, certificate->signature_algorithm, certificate->signature_value));
  CHECK(again.ok());
  CHECK(again->tbs.value == certificate->tbs.value);
  CHECK(again->signature_value == certificate->signature_value);

  check_name(certificate->tbs.value.issuer);
  check_name(certificate->tbs.value.subject);
  check_extensions(certificate->tbs.value.extensions);
  static_cast<void>(certificate->subject_key_identifier());
  return 0;
}
