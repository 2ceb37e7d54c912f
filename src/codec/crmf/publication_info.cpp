#include "codec/crmf/crmf.h"
#include "codec/pkix/sequence_of.h"

namespace signet::crmf {
namespace {

using asn1::Reader;
using asn1::Writer;

/// SinglePubInfo ::= SEQUENCE { pubMethod INTEGER, pubLocation GeneralName OPTIONAL }
Result<SinglePubInfo> read_single_pub_info(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  SinglePubInfo info;
  info.pub_method = TRY(fields.read_small_integer());
  if (!fields.at_end()) info.pub_location = TRY(pkix::read_general_name(fields));
  TRY(fields.finish());
  return info;
}

}  // namespace

/// PKIPublicationInfo ::= SEQUENCE { action INTEGER, pubInfos SEQUENCE SIZE (1..MAX) OPTIONAL }
/// Does not check that action and pubMethod are numbers that RFC 4211 names, nor that dontPublish
/// comes without pubInfos.
Result<PKIPublicationInfo> read_pki_publication_info(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  PKIPublicationInfo info;
  info.action = TRY(fields.read_small_integer());
  if (!fields.at_end()) {
    info.pub_infos = TRY(pkix::read_sequence_of(fields, read_single_pub_info));
  }
  TRY(fields.finish());
  return info;
}

void write_pki_publication_info(Writer& writer, const PKIPublicationInfo& info) {
  writer.sequence([&] {
    writer.integer(info.action);
    if (info.pub_infos.empty()) return;
    writer.sequence([&] {
      for (const auto& each : info.pub_infos) {
        writer.sequence([&] {
          writer.integer(each.pub_method);
          if (each.pub_location) pkix::write_general_name(writer, *each.pub_location);
        });
      }
    });
  });
}

}  // namespace signet::crmf
