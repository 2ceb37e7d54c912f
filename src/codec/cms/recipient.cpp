#include "base/overloaded.h"
#include "codec/cms/parts.h"
#include "codec/cms/strings.h"

/// RecipientInfo ::= CHOICE { ktri KeyTransRecipientInfo, kari [1] KeyAgreeRecipientInfo,
///   kekri [2] KEKRecipientInfo, pwri [3] PasswordRecipientInfo, ori [4] OtherRecipientInfo }
namespace signet::cms {
namespace {

using asn1::context;
using asn1::context_constructed;
using asn1::Reader;
using asn1::Writer;
using pkix::read_algorithm_identifier;
using pkix::write_algorithm_identifier;

constexpr auto kKari = context_constructed(1);
constexpr auto kKekri = context_constructed(2);
constexpr auto kPwri = context_constructed(3);
constexpr auto kOri = context_constructed(4);

constexpr auto kRecipientKeyId = context_constructed(0);
constexpr auto kOriginatorKey = context_constructed(1);
constexpr auto kKeyDerivation = context_constructed(0);

/// KeyTransRecipientInfo ::= SEQUENCE { version 0 or 2, rid, keyEncryptionAlgorithm, encryptedKey }
Result<KeyTransRecipientInfo> read_key_trans(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  KeyTransRecipientInfo recipient;
  recipient.version = TRY(read_version(fields));
  recipient.rid = TRY(read_signer_identifier(fields));
  recipient.key_encryption_algorithm = TRY(read_algorithm_identifier(fields));
  recipient.encrypted_key = TRY(fields.read_octet_string());
  TRY(fields.finish());
  return recipient;
}

void write(Writer& writer, const KeyTransRecipientInfo& recipient) {
  writer.sequence([&] {
    writer.integer(version_of(recipient));
    write_signer_identifier(writer, recipient.rid);
    write_algorithm_identifier(writer, recipient.key_encryption_algorithm);
    writer.octet_string(recipient.encrypted_key);
  });
}

/// OriginatorIdentifierOrKey ::= CHOICE { issuerAndSerialNumber, subjectKeyIdentifier [0],
///   originatorKey [1] IMPLICIT SEQUENCE { algorithm, publicKey BIT STRING } }
Result<OriginatorIdentifierOrKey> read_originator(Reader& reader) {
  if (auto key = TRY(reader.enter_optional(kOriginatorKey))) {
    OriginatorPublicKey originator;
    originator.algorithm = TRY(read_algorithm_identifier(*key));
    originator.public_key = TRY(key->read_bit_string());
    TRY(key->finish());
    return OriginatorIdentifierOrKey(std::move(originator));
  }
  auto identifier = TRY(read_signer_identifier(reader));
  return std::visit([](auto& id) { return OriginatorIdentifierOrKey(std::move(id)); }, identifier);
}

void write_originator(Writer& writer, const OriginatorIdentifierOrKey& originator) {
  std::visit(Overloaded{[&](const OriginatorPublicKey& key) {
                          writer.constructed(kOriginatorKey, [&] {
                            write_algorithm_identifier(writer, key.algorithm);
                            writer.bit_string(key.public_key);
                          });
                        },
                        [&](const auto& id) { write_signer_identifier(writer, id); }},
             originator);
}

/// A key identifier that a date and another attribute may follow, which are passed over:
/// RecipientKeyIdentifier (rKeyId [0]) and KEKIdentifier.
Result<Bytes> read_dated_key_identifier(Reader& reader, asn1::Tag tag) {
  auto fields = TRY(reader.enter(tag));
  auto identifier = TRY(fields.read_octet_string());
  if (fields.next_is(asn1::kGeneralizedTime)) TRY(fields.read_generalized_time());
  TRY(fields.read_optional(asn1::kSequence));
  TRY(fields.finish());
  return identifier;
}

/// RecipientEncryptedKey ::= SEQUENCE { rid CHOICE { issuerAndSerialNumber, rKeyId [0] },
///   encryptedKey OCTET STRING }
Result<RecipientEncryptedKey> read_encrypted_key(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  RecipientEncryptedKey key;
  if (fields.next_is(kRecipientKeyId)) {
    key.rid = SubjectKeyIdentifier{TRY(read_dated_key_identifier(fields, kRecipientKeyId))};
  } else {
    key.rid = TRY(read_issuer_and_serial_number(fields));
  }
  key.encrypted_key = TRY(fields.read_octet_string());
  TRY(fields.finish());
  return key;
}

void write_encrypted_key(Writer& writer, const RecipientEncryptedKey& key) {
  writer.sequence([&] {
    if (const auto* id = std::get_if<SubjectKeyIdentifier>(&key.rid)) {
      writer.constructed(kRecipientKeyId, [&] { writer.octet_string(id->octets); });
    } else {
      write_signer_identifier(writer, key.rid);
    }
    writer.octet_string(key.encrypted_key);
  });
}

/// KeyAgreeRecipientInfo ::= SEQUENCE { version 3, originator [0] EXPLICIT,
///   ukm [1] EXPLICIT OCTET STRING OPTIONAL, keyEncryptionAlgorithm, recipientEncryptedKeys }
Result<KeyAgreeRecipientInfo> read_key_agree(Reader& reader) {
  auto fields = TRY(reader.enter(kKari));
  KeyAgreeRecipientInfo recipient;
  recipient.version = TRY(read_version(fields));
  auto originator = TRY(fields.enter(context_constructed(0)));
  recipient.originator = TRY(read_originator(originator));
  TRY(originator.finish());
  if (auto ukm = TRY(fields.enter_optional(context_constructed(1)))) {
    recipient.ukm = TRY(ukm->read_octet_string());
    TRY(ukm->finish());
  }
  recipient.key_encryption_algorithm = TRY(read_algorithm_identifier(fields));
  auto keys = TRY(fields.enter(asn1::kSequence));
  while (!keys.at_end()) {
    recipient.recipient_encrypted_keys.push_back(TRY(read_encrypted_key(keys)));
  }
  TRY(fields.finish());
  return recipient;
}

void write(Writer& writer, const KeyAgreeRecipientInfo& recipient) {
  writer.constructed(kKari, [&] {
    writer.integer(version_of(recipient));
    writer.constructed(context_constructed(0),
                       [&] { write_originator(writer, recipient.originator); });
    if (recipient.ukm) {
      writer.constructed(context_constructed(1), [&] { writer.octet_string(*recipient.ukm); });
    }
    write_algorithm_identifier(writer, recipient.key_encryption_algorithm);
    writer.sequence([&] {
      for (const auto& key : recipient.recipient_encrypted_keys) write_encrypted_key(writer, key);
    });
  });
}

/// KEKRecipientInfo ::= SEQUENCE { version 4, kekid, keyEncryptionAlgorithm, encryptedKey }
Result<KekRecipientInfo> read_kek(Reader& reader) {
  auto fields = TRY(reader.enter(kKekri));
  KekRecipientInfo recipient;
  recipient.version = TRY(read_version(fields));
  recipient.key_identifier = TRY(read_dated_key_identifier(fields, asn1::kSequence));
  recipient.key_encryption_algorithm = TRY(read_algorithm_identifier(fields));
  recipient.encrypted_key = TRY(fields.read_octet_string());
  TRY(fields.finish());
  return recipient;
}

void write(Writer& writer, const KekRecipientInfo& recipient) {
  writer.constructed(kKekri, [&] {
    writer.integer(version_of(recipient));
    writer.sequence([&] { writer.octet_string(recipient.key_identifier); });
    write_algorithm_identifier(writer, recipient.key_encryption_algorithm);
    writer.octet_string(recipient.encrypted_key);
  });
}

/// PasswordRecipientInfo ::= SEQUENCE { version 0, keyDerivationAlgorithm [0] IMPLICIT OPTIONAL,
///   keyEncryptionAlgorithm, encryptedKey }
Result<PasswordRecipientInfo> read_password(Reader& reader) {
  auto fields = TRY(reader.enter(kPwri));
  PasswordRecipientInfo recipient;
  recipient.version = TRY(read_version(fields));
  if (fields.next_is(kKeyDerivation)) {
    recipient.key_derivation_algorithm = TRY(read_algorithm_identifier(fields, kKeyDerivation));
  }
  recipient.key_encryption_algorithm = TRY(read_algorithm_identifier(fields));
  recipient.encrypted_key = TRY(fields.read_octet_string());
  TRY(fields.finish());
  return recipient;
}

void write(Writer& writer, const PasswordRecipientInfo& recipient) {
  writer.constructed(kPwri, [&] {
    writer.integer(version_of(recipient));
    if (recipient.key_derivation_algorithm) {
      write_algorithm_identifier(writer, *recipient.key_derivation_algorithm, kKeyDerivation);
    }
    write_algorithm_identifier(writer, recipient.key_encryption_algorithm);
    writer.octet_string(recipient.encrypted_key);
  });
}

/// OtherRecipientInfo ::= SEQUENCE { oriType OBJECT IDENTIFIER, oriValue ANY }
Result<OtherRecipientInfo> read_other(Reader& reader) {
  auto fields = TRY(reader.enter(kOri));
  OtherRecipientInfo recipient;
  recipient.ori_type = TRY(fields.read_oid());
  recipient.ori_value = to_bytes(TRY(fields.read_any()).tlv);
  TRY(fields.finish());
  return recipient;
}

void write(Writer& writer, const OtherRecipientInfo& recipient) {
  writer.constructed(kOri, [&] {
    writer.oid(recipient.ori_type);
    writer.raw(recipient.ori_value);
  });
}

Result<RecipientInfo> read_recipient_info(Reader& reader) {
  const auto tag = reader.peek();
  if (tag == kKari) return RecipientInfo(TRY(read_key_agree(reader)));
  if (tag == kKekri) return RecipientInfo(TRY(read_kek(reader)));
  if (tag == kPwri) return RecipientInfo(TRY(read_password(reader)));
  if (tag == kOri) return RecipientInfo(TRY(read_other(reader)));
  return RecipientInfo(TRY(read_key_trans(reader)));
}

}  // namespace

Result<std::vector<RecipientInfo>> read_recipient_infos(Reader& reader) {
  auto members = TRY(reader.enter(asn1::kSet));
  if (members.at_end()) {
    return Error{Fault::malformed, "RecipientInfos without a recipient before octet " +
                                       std::to_string(members.offset())};
  }
  std::vector<RecipientInfo> recipients;
  while (!members.at_end()) recipients.push_back(TRY(read_recipient_info(members)));
  return recipients;
}

void write_recipient_infos(Writer& writer, const std::vector<RecipientInfo>& recipients) {
  writer.set_of([&] {
    for (const auto& recipient : recipients) {
      std::visit([&](const auto& kind) { write(writer, kind); }, recipient);
    }
  });
}

int version_of(const RecipientInfo& recipient) {
  return std::visit(
      Overloaded{
          [](const KeyTransRecipientInfo& named) { return is_key_identifier(named.rid) ? 2 : 0; },
          [](const KeyAgreeRecipientInfo&) { return 3; }, [](const KekRecipientInfo&) { return 4; },
          [](const PasswordRecipientInfo&) { return 0; },
          [](const OtherRecipientInfo&) { return 0; }},
      recipient);
}

}  // namespace signet::cms
