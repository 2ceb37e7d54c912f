#include "support/dogtag_export.h"

#include <algorithm>

#include "base/encoding.h"

namespace signet::test {
namespace {

constexpr const char* kBase = "o=pki-tomcat-CA";

}  // namespace

DogtagExport::DogtagExport(std::ostream& out) : out_(out) {
  out_ << "version: 1\n\n";
  entry(std::string("dn: ") + kBase + "\nobjectClass: top\nobjectClass: organization\no: x\n");
}

std::string DogtagExport::counted(const std::string& decimal) {
  return (decimal.size() < 10 ? "0" : "") + std::to_string(decimal.size()) + decimal;
}

std::string DogtagExport::date(Time time) {
  auto text = to_text(time);
  std::erase_if(text, [](char c) { return c == '-' || c == ':' || c == 'T'; });
  return text;
}

void DogtagExport::entry(const std::string& lines) {
  out_ << "# entry-id: " << ++entries_ << "\n" << lines << "\n";
}

void DogtagExport::begin(const std::string& dn) {
  out_ << "# entry-id: " << ++entries_ << "\n";
  value("dn", dn + "," + kBase);
  value("objectClass", "top");
}

void DogtagExport::line(const std::string& text) {
  constexpr std::size_t kColumns = 76;
  for (std::size_t at = 0; at < text.size(); at += at == 0 ? kColumns : kColumns - 1) {
    out_ << (at == 0 ? "" : " ") << text.substr(at, at == 0 ? kColumns : kColumns - 1) << "\n";
  }
}

void DogtagExport::value(const std::string& name, std::string_view text) {
  line(name + ": " + std::string(text));
}

void DogtagExport::octets(const std::string& name, ByteView octets) {
  line(name + ":: " + to_base64(octets));
}

void DogtagExport::certificate(const ExportedCertificate& record) {
  const auto& certificate = record.certificate;
  const auto serial = certificate->serial_number.to_decimal();
  begin("cn=" + serial + ",ou=certificateRepository,ou=ca");
  value("objectClass", "certificateRecord");
  value("serialno", counted(serial));
  value("dateOfCreate", date(certificate->validity.not_before));
  value("dateOfModify", date(certificate->validity.not_before));
  value("autoRenew", "ENABLED");
  value("certStatus", record.status);
  value("notBefore", date(certificate->validity.not_before));
  value("notAfter", date(certificate->validity.not_after));
  value("duration", "1117776000000");
  value("subjectName", pkix::to_text(certificate->subject));
  value("issuerName", pkix::to_text(certificate->issuer));
  octets("publicKeyData", certificate->subject_public_key_info.der);
  value("extension", "2.5.29.35");
  value("extension", "2.5.29.15");
  octets("userCertificate;binary", certificate.der);
  value("version", "2");
  value("algorithmId", "1.2.840.10045.2.1");
  value("signingAlgorithmId", "1.2.840.10045.4.3.2");
  value("issuedBy", "caadmin");
  if (!record.request_id.empty()) {
    value("metaInfo", "requestId:" + record.request_id);
    value("metaInfo", "profileId:caUserCert");
  }
  if (!record.revocation_token.empty()) value("metaInfo", "revShrTok:" + record.revocation_token);
  if (!record.revocation_info.empty()) {
    value("revInfo", record.revocation_info);
    value("revokedOn", record.revocation_info.substr(0, 15));
    value("revokedBy", "caadmin");
  }
  value("cn", serial);
  out_ << "\n";
}

void DogtagExport::request(const std::string& id, const std::string& state,
                           const std::string& requester) {
  begin("cn=" + id + ",ou=ca,ou=requests");
  value("objectClass", "request");
  value("objectClass", "extensibleObject");
  value("requestId", counted(id));
  value("requestState", state);
  value("requestType", "enrollment");
  value("dateOfCreate", "20261101000000Z");
  value("extdata-profileid", "caUserCert");
  value("extdata-cert--005frequest--005ftype", "cmc");
  value("extdata-auth--005ftoken;uid", "alice");
  value("extdata-auth--005ftoken;tokenauthenticatedcertsubject", requester);
  value("extdata-req--005fx509info", to_base64(Bytes(900, 0x41)));
  value("cn", id);
  out_ << "\n";
}

void DogtagExport::crl_issuing_point(std::uint64_t crl_number) {
  begin("cn=MasterCRL,ou=crlIssuingPoints,ou=ca");
  value("objectClass", "crlIssuingPointRecord");
  value("crlNumber", counted(std::to_string(crl_number)));
  value("deltaNumber", counted("0"));
  value("crlSize", "3");
  octets("certificateRevocationList;binary", Bytes(4000, 0x30));
  value("cn", "MasterCRL");
  out_ << "\n";
}

}  // namespace signet::test
