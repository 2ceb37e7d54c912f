#include "apps/dogtag/key_request.h"

#include <algorithm>
#include <array>

#include "adapters/files/file.h"
#include "adapters/pkcs11/public_half.h"
#include "apps/dogtag/key_id.h"
#include "apps/dogtag/output_place.h"
#include "apps/dogtag/subject_name.h"
#include "base/encoding.h"
#include "codec/crmf/crmf.h"
#include "codec/pkix/certification_request.h"
#include "codec/pkix/oids.h"

namespace signet::dogtag {
namespace {

struct Curve {
  std::string_view name;
  std::string_view kind;
};
constexpr std::array<Curve, 9> kCurves = {{
    {"nistp256", "ec:p256"},
    {"secp256r1", "ec:p256"},
    {"prime256v1", "ec:p256"},
    {"nistp384", "ec:p384"},
    {"secp384r1", "ec:p384"},
    {"nistp521", "ec:p521"},
    {"secp521r1", "ec:p521"},
    {"1.2.840.10045.3.1.7", "ec:p256"},
    {"1.3.132.0.34", "ec:p384"},
}};

Error unsupported(std::string detail) {
  return {Fault::unsupported_algorithm, std::move(detail)};
}

Result<std::string> read_key_kind(const Options& options) {
  const auto algorithm = options.text("-a", "rsa");
  if (algorithm == "rsa") {
    const auto bits = options.text("-l", "2048");
    if (bits == "2048" || bits == "3072" || bits == "4096") return "rsa:" + bits;
    return unsupported("-l " + bits + ": choose 2048, 3072 or 4096");
  }
  if (algorithm != "ec") {
    return unsupported("-a " + algorithm +
                       ": choose rsa or ec; ML-DSA and ML-KEM keys are not made "
                       "here");
  }
  const auto wanted = options.text("-c", "nistp256");
  const auto found = std::find_if(kCurves.begin(), kCurves.end(),
                                  [&](const Curve& curve) { return curve.name == wanted; });
  if (found != kCurves.end()) return std::string(found->kind);
  return unsupported("-c " + wanted + ": choose nistp256, nistp384 or nistp521");
}

pkix::Extensions wanted_extensions(const KeyRequest& request) {
  if (!request.key_identifier) return {};
  const auto identifier = crypto::key_identifier(request.key.public_key_info());
  return {
      {pkix::oid::kSubjectKeyIdentifier, false, pkix::write_subject_key_identifier(identifier)}};
}

struct Signature {
  pkix::AlgorithmIdentifier algorithm;
  asn1::BitString value;
};
Result<Signature> sign(const crypto::PrivateKey& key, ByteView message) {
  Signature signature;
  signature.algorithm = TRY(crypto::default_signature_algorithm(key));
  signature.value.octets = TRY(key.sign(signature.algorithm, message));
  return signature;
}

}  // namespace

Result<KeyRequestOptions> read_key_request_options(const Options& options) {
  KeyRequestOptions read;
  read.place = TRY(read_place(options));
  read.key_kind = TRY(read_key_kind(options));
  const auto encoding = options.flag("-k") ? NameEncoding::by_prefix : NameEncoding::by_type;
  const auto subject = TRY(options.required("-n", "the subject DN"));
  read.subject = TRY(read_subject(subject, encoding));
  read.output = TRY(options.required("-o", "the output file"));
  TRY(check_output_place(read.output, "-o " + read.output));
  return read;
}

Result<Bytes> make_pkcs10(const KeyRequest& request) {
  pkix::CertificationRequestInfo info;
  info.subject = request.subject;
  info.subject_public_key_info = request.key.public_key_info();
  const auto extensions = wanted_extensions(request);
  if (!extensions.empty()) info.attributes.push_back(pkix::extension_request(extensions));
  const auto info_der = pkix::write_certification_request_info(info);
  const auto signature = TRY(sign(request.key, info_der));
  return pkix::write_certification_request(info_der, signature.algorithm, signature.value);
}

Result<Bytes> make_crmf(const KeyRequest& request, Popo popo) {
  crmf::CertRequest wanted;
  wanted.cert_req_id = asn1::Integer::from(1);
  wanted.cert_template.version = 2;
  wanted.cert_template.subject = request.subject;
  wanted.cert_template.public_key = request.key.public_key_info();
  wanted.cert_template.extensions = wanted_extensions(request);
  const auto wanted_der = crmf::write_cert_request(wanted);
  std::optional<crmf::ProofOfPossession> proof;
  if (popo != Popo::none) {
    const Bytes something_else(8, 1);
    auto signature = TRY(sign(request.key, popo == Popo::fail ? something_else : wanted_der));
    proof = crmf::PopoSigningKey{std::nullopt, std::move(signature.algorithm),
                                 std::move(signature.value)};
  }
  asn1::Writer writer;
  writer.sequence([&] { writer.raw(crmf::write_cert_req_msg(wanted_der, proof)); });
  return std::move(writer).take();
}

Result<std::string> write_key_request(const std::string& path, ByteView request,
                                      const crypto::PrivateKey& key) {
  const auto id = key_id_text(TRY(pkcs11::nss_key_id(key.public_key_info())));
  TRY(files::write_file(path, as_bytes(to_pem("CERTIFICATE REQUEST", request))));
  TRY(files::write_file(path + ".keyId", as_bytes(id)));
  return id;
}

}  // namespace signet::dogtag
