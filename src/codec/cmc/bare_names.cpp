#include "codec/cmc/bare_names.h"

namespace signet::cmc {
namespace {

using asn1::Reader;

/// A Name is a SEQUENCE of SETs; a GeneralName has a tag of its own.
bool begins_with_name(Reader fields) {
  return fields.next_is(asn1::kSequence);
}

bool begins_with_list_of_names(Reader fields) {
  const auto members = fields.enter(asn1::kSequence);
  return members.ok() && members->next_is(asn1::kSequence);
}

}  // namespace

bool names_issuer_bare(const TaggedAttribute& control) {
  const bool is_get_cert = control.attr_type == oid::kGetCert;
  if (!is_get_cert && control.attr_type != oid::kConfirmCertAcceptance) return false;
  if (control.attr_values.size() != 1) return false;
  asn1::Budget budget{asn1::Limits::ber()};  // as the values themselves are read
  Reader reader{control.attr_values.front(), budget};
  const auto fields = reader.enter(asn1::kSequence);
  if (!fields.ok()) return false;
  return is_get_cert ? begins_with_name(*fields) : begins_with_list_of_names(*fields);
}

}  // namespace signet::cmc
