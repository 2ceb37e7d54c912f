#include "apps/tool/file_kind.h"

#include <algorithm>

#include "base/encoding.h"
#include "codec/asn1/reader.h"
#include "codec/cms/cms.h"
#include "codec/pkix/certificate.h"
#include "codec/pkix/certification_request.h"

namespace signet::tool {
namespace {

std::string what_pem_is(const std::vector<PemBlock>& blocks) {
  std::string labels;
  for (const auto& block : blocks) labels += (labels.empty() ? "" : ", ") + block.label;
  return "it holds " + labels + " (PEM)";
}

/// PFX (RFC 7292 §4) begins with version 3; PKCS#8 and SEC 1 keys with 0 or 1.
std::string what_numbered_sequence_is(ByteView der) {
  asn1::Budget budget{asn1::Limits::ber()};
  asn1::Reader outer{der, budget};
  auto inner = outer.enter(asn1::kSequence);
  if (!inner.ok() || !inner->next_is(asn1::kInteger)) return {};
  const auto version = inner->read_small_integer();
  if (!version.ok() || *version < 0) return {};
  if (*version == 3) return "it looks like PKCS#12";
  return *version <= 1 ? "it looks like a private key (DER)" : "";
}

std::string what_der_is(ByteView der) {
  if (pkix::read_certificate(der).ok()) return "it is a certificate (DER)";
  if (pkix::read_certification_request(der).ok()) return "it is a PKCS#10 request (DER)";
  if (cms::read_content_info(der).ok()) return "it is a CMS message (DER)";
  return what_numbered_sequence_is(der);
}

}  // namespace

bool is_plain_text(ByteView file) {
  constexpr std::uint8_t kDelete = 0x7F;
  return std::all_of(file.begin(), file.end(), [](std::uint8_t octet) {
    return octet == '\t' || octet == '\n' || octet == '\r' || (octet >= ' ' && octet != kDelete);
  });
}

std::string what_file_is(ByteView file) {
  if (file.empty()) return "it is empty";
  const auto text = as_text(file);
  if (const auto blocks = from_pem(text); blocks.ok() && !blocks->empty()) {
    return what_pem_is(*blocks);
  }
  if (!is_plain_text(file)) return what_der_is(file);
  if (text.find("-----BEGIN ") != std::string_view::npos) return "its PEM is damaged";
  const auto octets = from_base64(text);
  return octets.ok() ? what_der_is(*octets) : "it is text, neither PEM nor base64";
}

}  // namespace signet::tool
