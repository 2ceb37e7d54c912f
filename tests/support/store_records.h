#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "codec/asn1/writer.h"
#include "crypto/digest.h"
#include "store/records.h"

namespace signet::test {

// Small records for tests of stores and journals: made of a number each, so that two of them are
// equal when their numbers are.

inline constexpr Time kNoon2026{std::chrono::seconds{1'795'435'200}};  // 2026-11-23T12:00:00Z

inline store::Integer serial(std::uint16_t number) {
  return {.octets = {0x4A, static_cast<std::uint8_t>(number >> 8),
                     static_cast<std::uint8_t>(number & 0xFF)}};
}

inline Bytes hash_of(std::string_view what) {
  Bytes hash(32, 0x11);
  std::copy_n(what.begin(), std::min(what.size(), hash.size()), hash.begin());
  return hash;
}

/// SEQUENCE { SEQUENCE { OCTET STRING serial } }: what a store looks at of a certificate.
inline Bytes certificate_shape(const store::Integer& serial_number) {
  asn1::Writer writer;
  writer.sequence([&] { writer.sequence([&] { writer.octet_string(serial_number.octets); }); });
  return std::move(writer).take();
}

inline store::CertificateRecord certificate(std::uint16_t number) {
  store::CertificateRecord record;
  record.serial_number = serial(number);
  record.certificate_der = certificate_shape(record.serial_number);
  record.subject_der = to_bytes("subject " + std::to_string(number));
  record.key_hash = hash_of("key " + std::to_string(number));
  record.not_before = kNoon2026;
  record.not_after = kNoon2026 + std::chrono::days{180};
  record.profile_id = "caFullCMCUserSignedCert";
  record.requester = "CN=Alice,O=Example";
  record.issued_at = kNoon2026 + std::chrono::seconds{number};
  return record;
}

inline store::AnsweredRequest answered(std::uint16_t number) {
  const auto text = std::to_string(number);
  return {.request_digest = hash_of("request " + text),
          .requester_hash = hash_of("requester " + text),
          .sender_nonce = to_bytes("nonce " + text),
          .transaction_id = to_bytes("transaction " + text),
          .serial_numbers = {serial(number)},
          .received_at = kNoon2026,
          .challenge_id = {}};
}

inline audit::Event event(std::string_view name, std::uint16_t number = 0) {
  return {.name = std::string(name),
          .time = kNoon2026 + std::chrono::milliseconds{number},
          .outcome = audit::EventOutcome::success,
          .fields = {{"SubjectID", "CN=Alice"}, {"SerialNumber", std::to_string(number)}}};
}

/// A whole grant: certificate, answered request and event of one number.
inline store::Commit grant(std::uint16_t number) {
  store::Commit commit;
  commit.certificates.push_back(certificate(number));
  commit.keys.push_back({certificate(number).key_hash, 0});
  commit.answered = answered(number);
  commit.events.push_back(event("CERT_REQUEST_PROCESSED", number));
  return commit;
}

/// That the certificate of this number is about to be signed.
inline store::Commit intent(std::uint16_t number) {
  const auto der = certificate_shape(serial(number));
  store::Commit commit;
  commit.intents.push_back({.serial_number = serial(number),
                            .tbs_digest = crypto::sha256(ByteView(der).subspan(2)),
                            .profile_id = "caFullCMCUserSignedCert",
                            .at = kNoon2026});
  return commit;
}

inline store::Commit crl_commit(std::uint64_t number, Time at = kNoon2026) {
  store::Commit commit;
  commit.crl = store::CrlRecord{number, at, at + std::chrono::hours{24},
                                to_bytes("crl " + std::to_string(number))};
  return commit;
}

}  // namespace signet::test
