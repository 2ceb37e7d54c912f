#include "codec/cmc/attr_value.h"
#include "codec/cmc/controls.h"
#include "codec/pkix/sequence_of.h"

/// RFC 10002 §6.5, §6.19 and §7.1: what an RA changes, and a name that changes.
namespace signet::cmc {
namespace {

using asn1::Reader;
using asn1::Writer;

constexpr auto kSubjectAlt = asn1::context_constructed(1);

/// AddExtensions ::= SEQUENCE { pkiDataReference BodyPartID, certReferences SEQUENCE OF BodyPartID,
///   extensions SEQUENCE OF Extension }
Result<AddExtensions> read_add(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  AddExtensions value;
  value.pki_data_reference = TRY(read_body_part_id(fields));
  auto references = TRY(fields.enter(asn1::kSequence));
  while (!references.at_end()) {
    value.cert_references.push_back(TRY(read_body_part_id(references)));
  }
  value.extensions = TRY(pkix::read_extensions(fields));
  TRY(fields.finish());
  return value;
}

/// ModCertTemplate ::= SEQUENCE { pkiDataReference BodyPartPath, certReferences BodyPartList,
///   replace BOOLEAN DEFAULT TRUE, certTemplate CertTemplate }
Result<ModCertTemplate> read_mod(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  ModCertTemplate value;
  value.pki_data_reference = TRY(read_body_part_list(fields));
  value.cert_references = TRY(read_body_part_list(fields));
  // An encoded TRUE is not DER, which leaves defaults out; it says the same.
  if (fields.next_is(asn1::kBoolean)) value.replace = TRY(fields.read_boolean());
  value.cert_template = TRY(crmf::read_cert_template(fields));
  TRY(fields.finish());
  return value;
}

/// ControlsProcessed ::= SEQUENCE { bodyList SEQUENCE SIZE (1..MAX) OF BodyPartReference }
Result<ControlsProcessed> read_processed(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  ControlsProcessed value;
  value.body_list = TRY(pkix::read_sequence_of(fields, read_body_part_reference));
  TRY(fields.finish());
  return value;
}

/// A Name holds SETs, GeneralNames elements with context tags.
bool next_is_name(const Reader& fields) {
  auto ahead = fields;
  auto members = ahead.enter(asn1::kSequence);
  return members && (members->at_end() || members->next_is(asn1::kSet));
}

/// ChangeSubjectName ::= SEQUENCE { subject Name OPTIONAL,
///   subjectAlt [1] IMPLICIT GeneralNames OPTIONAL }
Result<ChangeSubjectName> read_change(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  ChangeSubjectName value;
  if (next_is_name(fields)) value.subject = TRY(pkix::read_name(fields));
  if (fields.next_is(kSubjectAlt)) {
    value.subject_alt = TRY(pkix::read_general_names(fields, kSubjectAlt));
  } else if (!fields.at_end()) {
    // RFC 6402 had no [1] (AMB-8).
    value.subject_alt = TRY(pkix::read_general_names(fields));
  }
  TRY(fields.finish());
  //= E150 RFC 10002 §7.1: at least one of the two is there
  if (!value.subject && !value.subject_alt) {
    return Error{Fault::malformed, "ChangeSubjectName with neither subject nor subjectAlt"};
  }
  return value;
}

}  // namespace

Result<AddExtensions> read_add_extensions(ByteView der) {
  return read_der_value(der, read_add);
}

Bytes write_add_extensions(const AddExtensions& value) {
  return write_sequence_value([&](Writer& writer) {
    write_body_part_id(writer, value.pki_data_reference);
    write_body_part_list(writer, value.cert_references);
    pkix::write_extensions(writer, value.extensions);
  });
}

Result<ModCertTemplate> read_mod_cert_template(ByteView der) {
  return read_der_value(der, read_mod);
}

Bytes write_mod_cert_template(const ModCertTemplate& value) {
  return write_sequence_value([&](Writer& writer) {
    write_body_part_list(writer, value.pki_data_reference);
    write_body_part_list(writer, value.cert_references);
    if (!value.replace) writer.boolean(false);
    crmf::write_cert_template(writer, value.cert_template);
  });
}

Result<ControlsProcessed> read_controls_processed(ByteView der) {
  return read_value(der, read_processed);
}

Bytes write_controls_processed(const ControlsProcessed& value) {
  return write_sequence_value([&](Writer& writer) {
    writer.sequence([&] {
      for (const auto& reference : value.body_list) write_body_part_reference(writer, reference);
    });
  });
}

Result<ChangeSubjectName> read_change_subject_name(ByteView der) {
  return read_der_value(der, read_change);
}

Bytes write_change_subject_name(const ChangeSubjectName& value) {
  return write_sequence_value([&](Writer& writer) {
    if (value.subject) pkix::write_name(writer, *value.subject);
    if (value.subject_alt) pkix::write_general_names(writer, *value.subject_alt, kSubjectAlt);
  });
}

}  // namespace signet::cmc
