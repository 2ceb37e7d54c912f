#include "codec/cmc/status.h"

#include <array>
#include <limits>

#include "base/overloaded.h"
#include "codec/asn1/whole.h"
#include "codec/cms/strings.h"
#include "codec/pkix/sequence_of.h"

namespace signet::cmc {
namespace {

using asn1::Reader;
using asn1::Writer;

constexpr auto kExtendedFailInfo = asn1::context_constructed(1);

Result<CMCStatus> read_status(Reader& reader) {
  const auto start = reader.offset();
  const auto number = TRY(reader.read_small_integer());
  const auto status = static_cast<CMCStatus>(number);
  if (number > 0xFF || to_text(status).empty()) {
    return Error{Fault::malformed, "CMCStatus " + std::to_string(number) + " at octet " +
                                       std::to_string(start) +
                                       "; RFC 10002 §6.1.3 has 0 and 2 to 7"};
  }
  return status;
}

Result<CMCFailInfo> read_fail_info(Reader& reader) {
  const auto start = reader.offset();
  const auto number = TRY(reader.read_small_integer());
  if (number > std::numeric_limits<std::uint32_t>::max()) {
    return Error{Fault::malformed,
                 "CMCFailInfo at octet " + std::to_string(start) + " is 2^32 or more"};
  }
  return static_cast<CMCFailInfo>(number);
}

/// PendInfo ::= SEQUENCE { pendToken OCTET STRING, pendTime GeneralizedTime }
Result<PendInfo> read_pend_info(Reader& fields) {
  PendInfo info;
  info.pend_token = TRY(fields.read_octet_string());
  info.pend_time = TRY(fields.read_generalized_time());
  return info;
}

/// ExtendedFailInfo ::= SEQUENCE { failInfoOID OBJECT IDENTIFIER, failInfoValue ANY }
Result<ExtendedFailInfo> read_extended_fail_info(Reader& fields) {
  ExtendedFailInfo info;
  info.fail_info_oid = TRY(fields.read_oid());
  info.fail_info_value = to_bytes(TRY(fields.read_any()).tlv);
  return info;
}

/// OtherStatusInfo ::= CHOICE { failInfo CMCFailInfo, pendInfo PendInfo,
///   extendedFailInfo [1] IMPLICIT ExtendedFailInfo }
Result<OtherStatusInfo> read_other_status_info(Reader& reader) {
  if (reader.next_is(asn1::kInteger)) return OtherStatusInfo(TRY(read_fail_info(reader)));
  // RFC 5272 had no [1], and BouncyCastle writes none (AMB-7): what begins with an OBJECT
  // IDENTIFIER is extendedFailInfo, what begins with an OCTET STRING pendInfo.
  const bool tagged = reader.next_is(kExtendedFailInfo);
  auto fields = TRY(reader.enter(tagged ? kExtendedFailInfo : asn1::kSequence));
  if (tagged || fields.next_is(asn1::kOid)) {
    auto info = TRY(read_extended_fail_info(fields));
    TRY(fields.finish());
    return OtherStatusInfo(std::move(info));
  }
  auto info = TRY(read_pend_info(fields));
  TRY(fields.finish());
  return OtherStatusInfo(std::move(info));
}

/// CMCStatusInfoV2 ::= SEQUENCE { cMCStatus, bodyList SEQUENCE SIZE (1..MAX) OF BodyPartReference,
///   statusString UTF8String OPTIONAL, otherInfo OtherStatusInfo OPTIONAL }
Result<CMCStatusInfoV2> read_v2(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  CMCStatusInfoV2 status;
  status.cmc_status = TRY(read_status(fields));
  status.body_list = TRY(pkix::read_sequence_of(fields, read_body_part_reference));
  status.status_string = TRY(cms::read_optional_utf8_string(fields));
  if (!fields.at_end()) status.other_info = TRY(read_other_status_info(fields));
  TRY(fields.finish());
  return status;
}

/// CMCStatusInfo ::= SEQUENCE { cMCStatus, bodyList SEQUENCE SIZE (1..MAX) OF BodyPartID,
///   statusString UTF8String OPTIONAL, otherInfo CHOICE { failInfo, pendInfo } OPTIONAL }
Result<CMCStatusInfo> read_v1(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  CMCStatusInfo status;
  status.cmc_status = TRY(read_status(fields));
  status.body_list = TRY(read_body_part_list(fields));
  status.status_string = TRY(cms::read_optional_utf8_string(fields));
  if (fields.next_is(asn1::kInteger)) {
    status.other_info = TRY(read_fail_info(fields));
  } else if (auto pend_info = TRY(fields.enter_optional(asn1::kSequence))) {
    status.other_info = TRY(read_pend_info(*pend_info));
    TRY(pend_info->finish());
  }
  TRY(fields.finish());
  return status;
}

void write_other(Writer& writer, CMCFailInfo fail_info) {
  writer.integer(static_cast<std::int64_t>(fail_info));
}

void write_other(Writer& writer, const PendInfo& info) {
  writer.sequence([&] {
    writer.octet_string(info.pend_token);
    writer.generalized_time(info.pend_time);
  });
}

void write_other(Writer& writer, const ExtendedFailInfo& info) {
  writer.constructed(kExtendedFailInfo, [&] {
    writer.oid(info.fail_info_oid);
    writer.raw(info.fail_info_value);
  });
}

/// Both versions, which differ in the members of bodyList only.
template <typename StatusInfo, typename WriteMember>
Bytes write_status(const StatusInfo& status, WriteMember&& write_member) {
  Writer writer;
  writer.sequence([&] {
    writer.integer(static_cast<std::int64_t>(status.cmc_status));
    writer.sequence([&] {
      for (const auto& member : status.body_list) write_member(writer, member);
    });
    if (status.status_string) writer.utf8_string(*status.status_string);
    if (!status.other_info) return;
    std::visit([&](const auto& info) { write_other(writer, info); }, *status.other_info);
  });
  return std::move(writer).take();
}

constexpr std::array<std::string_view, 14> kFailInfoNames = {
    "badAlg",         "badMessageCheck", "badRequest",  "badTime",     "badCertId",
    "unsupportedExt", "mustArchiveKeys", "badIdentity", "popRequired", "popFailed",
    "noKeyReuse",     "internalCAError", "tryLater",    "authDataFail"};

}  // namespace

std::string_view to_text(CMCStatus status) {
  switch (status) {
    case CMCStatus::success:
      return "success";
    case CMCStatus::failed:
      return "failed";
    case CMCStatus::pending:
      return "pending";
    case CMCStatus::noSupport:
      return "noSupport";
    case CMCStatus::confirmRequired:
      return "confirmRequired";
    case CMCStatus::popRequired:
      return "popRequired";
    case CMCStatus::partial:
      return "partial";
  }
  return {};
}

std::string to_text(CMCFailInfo fail_info) {
  const auto number = static_cast<std::uint32_t>(fail_info);
  if (number < kFailInfoNames.size()) return std::string(kFailInfoNames.at(number));
  return "failInfo " + std::to_string(number);
}

Result<CMCStatusInfoV2> read_cmc_status_info_v2(ByteView der) {
  return asn1::read_whole(der, asn1::Limits::ber(), read_v2);
}

Bytes write_cmc_status_info_v2(const CMCStatusInfoV2& status) {
  return write_status(status, write_body_part_reference);
}

Result<CMCStatusInfo> read_cmc_status_info(ByteView der) {
  return asn1::read_whole(der, asn1::Limits::ber(), read_v1);
}

Bytes write_cmc_status_info(const CMCStatusInfo& status) {
  return write_status(status, write_body_part_id);
}

}  // namespace signet::cmc
