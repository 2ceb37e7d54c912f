#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "codec/cmc/body_part.h"

namespace signet::cmc {

/// CMCStatus (RFC 10002 §6.1.3). Enumerators as in the standard. Other numbers are malformed.
enum class CMCStatus : std::uint8_t {
  success = 0,
  failed = 2,
  pending = 3,
  noSupport = 4,
  confirmRequired = 5,
  popRequired = 6,
  partial = 7,
};
std::string_view to_text(CMCStatus status);

/// CMCFailInfo (RFC 10002 §6.1.4). Unknown and private numbers (1000..1999) are kept as they are.
enum class CMCFailInfo : std::uint32_t {
  badAlg = 0,
  badMessageCheck = 1,
  badRequest = 2,
  badTime = 3,
  badCertId = 4,
  unsupportedExt = 5,
  mustArchiveKeys = 6,
  badIdentity = 7,
  popRequired = 8,
  popFailed = 9,
  noKeyReuse = 10,
  internalCAError = 11,
  tryLater = 12,
  authDataFail = 13,
};
/// "badRequest"; "failInfo 1042" for one that has no name.
std::string to_text(CMCFailInfo fail_info);

/// PendInfo ::= SEQUENCE { pendToken OCTET STRING, pendTime GeneralizedTime }
struct PendInfo {
  Bytes pend_token;
  Time pend_time;
  bool operator==(const PendInfo&) const = default;
};
/// ExtendedFailInfo ::= SEQUENCE { failInfoOID, failInfoValue ANY }. Written with tag [1]; read
/// with and without (AMB-7).
struct ExtendedFailInfo {
  asn1::Oid fail_info_oid;
  Bytes fail_info_value;  ///< whole TLV
  bool operator==(const ExtendedFailInfo&) const = default;
};
using OtherStatusInfo = std::variant<CMCFailInfo, PendInfo, ExtendedFailInfo>;

/// CMCStatusInfoV2 (control 25).
struct CMCStatusInfoV2 {
  CMCStatus cmc_status = CMCStatus::success;
  std::vector<BodyPartReference> body_list;
  std::optional<std::string> status_string;
  std::optional<OtherStatusInfo> other_info;
  bool operator==(const CMCStatusInfoV2&) const = default;
};
Result<CMCStatusInfoV2> read_cmc_status_info_v2(ByteView der);
Bytes write_cmc_status_info_v2(const CMCStatusInfoV2& status);

/// CMCStatusInfo (control 1), the first version: ids only, no extendedFailInfo.
struct CMCStatusInfo {
  CMCStatus cmc_status = CMCStatus::success;
  BodyPartList body_list;
  std::optional<std::string> status_string;
  std::optional<std::variant<CMCFailInfo, PendInfo>> other_info;
  bool operator==(const CMCStatusInfo&) const = default;
};
Result<CMCStatusInfo> read_cmc_status_info(ByteView der);
Bytes write_cmc_status_info(const CMCStatusInfo& status);

}  // namespace signet::cmc
