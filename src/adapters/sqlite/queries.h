#pragma once

#include <array>
#include <string_view>

/// Every statement that runs once a request or more. A test asks SQLite for the plan of each:
/// none may walk through a table.
namespace signet::sqlite::queries {

// Conditions of a commit.
inline constexpr std::string_view kCertificateExists =
    "SELECT 1 FROM certificate WHERE serial_number = ?";
inline constexpr std::string_view kIntendedDigest =
    "SELECT tbs_digest FROM issuance_intent WHERE serial_number = ?";
inline constexpr std::string_view kCountByKey =
    "SELECT count(*) FROM certificate "
    "WHERE substr(key_hash, 1, 8) = substr(?1, 1, 8) AND key_hash = ?1";
inline constexpr std::string_view kNonceSeen =
    "SELECT 1 FROM answered_request WHERE substr(requester_hash, 1, 8) = substr(?1, 1, 8) "
    "AND sender_nonce = ?2 AND requester_hash = ?1 LIMIT 1";
inline constexpr std::string_view kRequestAnswered =
    "SELECT 1 FROM answered_request "
    "WHERE substr(request_digest, 1, 8) = substr(?1, 1, 8) AND request_digest = ?1 LIMIT 1";

// What a commit adds and changes.
inline constexpr std::string_view kAddCertificate =
    "INSERT INTO certificate (serial_number, status, issued_at, not_before, not_after, revoked_at, "
    "revocation_reason, key_hash, subject_mark, subject_der, profile_id, requester, "
    "certificate_der) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
inline constexpr std::string_view kAddAnswered =
    "INSERT INTO answered_request (request_digest, requester_hash, sender_nonce, transaction_id, "
    "serial_numbers, received_at) VALUES (?, ?, ?, ?, ?, ?)";
inline constexpr std::string_view kAddIntent =
    "INSERT INTO issuance_intent (serial_number, tbs_digest, profile_id, at) VALUES (?, ?, ?, ?)";
inline constexpr std::string_view kChangeStatus =
    "UPDATE certificate SET status = ?, revoked_at = ?, revocation_reason = ? "
    "WHERE serial_number = ?";

// Questions. Columns of a certificate in the order in which read_certificate_row wants them.
#define SIGNET_SELECT_CERTIFICATE                                                     \
  "SELECT serial_number, status, issued_at, not_before, not_after, revoked_at, "      \
  "revocation_reason, key_hash, subject_der, profile_id, requester, certificate_der " \
  "FROM certificate "
#define SIGNET_NEWEST_FIRST " ORDER BY issued_at DESC, id DESC"
inline constexpr std::string_view kFindBySerial =
    SIGNET_SELECT_CERTIFICATE "WHERE serial_number = ?";
inline constexpr std::string_view kFindBySubject =
    SIGNET_SELECT_CERTIFICATE "WHERE subject_mark = ? AND subject_der = ?" SIGNET_NEWEST_FIRST;
inline constexpr std::string_view kFindByKey = SIGNET_SELECT_CERTIFICATE
    "WHERE substr(key_hash, 1, 8) = substr(?1, 1, 8) AND key_hash = ?1" SIGNET_NEWEST_FIRST;
inline constexpr std::string_view kFindByTime = SIGNET_SELECT_CERTIFICATE
    "WHERE issued_at >= ? AND issued_at < ?" SIGNET_NEWEST_FIRST " LIMIT ?";
inline constexpr std::string_view kFindByStatus = SIGNET_SELECT_CERTIFICATE
    "WHERE status = ? AND issued_at >= ? AND issued_at < ?" SIGNET_NEWEST_FIRST " LIMIT ?";
#undef SIGNET_SELECT_CERTIFICATE
#undef SIGNET_NEWEST_FIRST
inline constexpr std::string_view kFindAnswered =
    "SELECT request_digest, requester_hash, sender_nonce, transaction_id, serial_numbers, "
    "received_at FROM answered_request "
    "WHERE substr(request_digest, 1, 8) = substr(?1, 1, 8) AND request_digest = ?1";

inline constexpr std::array kAll{kCertificateExists, kIntendedDigest, kCountByKey,    kNonceSeen,
                                 kRequestAnswered,   kAddCertificate, kAddAnswered,   kAddIntent,
                                 kChangeStatus,      kFindBySerial,   kFindBySubject, kFindByKey,
                                 kFindByTime,        kFindByStatus,   kFindAnswered};

}  // namespace signet::sqlite::queries
