#include "base/overloaded.h"
#include "codec/crmf/parts.h"

/// ProofOfPossession ::= CHOICE { raVerified [0] IMPLICIT NULL, signature [1] IMPLICIT,
///   keyEncipherment [2] EXPLICIT POPOPrivKey, keyAgreement [3] EXPLICIT POPOPrivKey }
/// POPOPrivKey ::= CHOICE { thisMessage [0] BIT STRING, subsequentMessage [1] INTEGER,
///   dhMAC [2] BIT STRING, agreeMAC [3] PKMACValue, encryptedKey [4] EnvelopedData }, IMPLICIT
namespace signet::crmf {
namespace {

using asn1::context;
using asn1::context_constructed;
using asn1::Reader;
using asn1::Tag;
using asn1::Writer;

constexpr auto kRaVerified = context(0);
constexpr auto kSignature = context_constructed(1);
constexpr auto kKeyEncipherment = context_constructed(2);
constexpr auto kKeyAgreement = context_constructed(3);

constexpr auto kThisMessage = context(0);
constexpr auto kSubsequentMessage = context(1);
constexpr auto kDhMac = context(2);
constexpr auto kAgreeMac = context_constructed(3);
constexpr auto kEncryptedKey = context_constructed(4);

constexpr auto kPoposkInput = context_constructed(0);

Error no_such_choice(std::string_view wanted, const Reader& reader) {
  const auto tag = reader.peek();
  return {Fault::malformed, std::string(wanted) + " wanted at octet " +
                                std::to_string(reader.offset()) + ", not " +
                                (tag ? to_text(*tag) : "the end")};
}

/// POPOSigningKey ::= SEQUENCE { poposkInput [0] OPTIONAL, algorithmIdentifier, signature }
Result<PopoSigningKey> read_signing_key(Reader& reader) {
  auto fields = TRY(reader.enter(kSignature));
  PopoSigningKey popo;
  if (const auto input = TRY(fields.read_optional(kPoposkInput))) {
    popo.poposk_input = to_bytes(input->tlv);
  }
  popo.algorithm_identifier = TRY(pkix::read_algorithm_identifier(fields));
  popo.signature = TRY(fields.read_bit_string());
  TRY(fields.finish());
  return popo;
}

/// PKMACValue ::= SEQUENCE { algId AlgorithmIdentifier, value BIT STRING }
Result<PkMacValue> read_mac_value(Reader& reader) {
  auto fields = TRY(reader.enter(kAgreeMac));
  PkMacValue mac;
  mac.alg_id = TRY(pkix::read_algorithm_identifier(fields));
  mac.value = TRY(fields.read_bit_string());
  TRY(fields.finish());
  return mac;
}

Result<SubsequentMessage> read_subsequent_message(Reader& reader) {
  const auto start = reader.offset();
  switch (TRY(reader.read_small_integer(kSubsequentMessage))) {
    case 0:
      return SubsequentMessage::encrCert;
    case 1:
      return SubsequentMessage::challengeResp;
    default:
      return Error{Fault::malformed, "SubsequentMessage at octet " + std::to_string(start) +
                                         " is neither encrCert (0) nor challengeResp (1)"};
  }
}

Result<PopoPrivKey> read_method(Reader& reader) {
  PopoPrivKey method;
  if (reader.next_is(kThisMessage)) {
    method = ThisMessage{TRY(reader.read_bit_string(kThisMessage))};
  } else if (reader.next_is(kSubsequentMessage)) {
    method = TRY(read_subsequent_message(reader));
  } else if (reader.next_is(kDhMac)) {
    method = DhMac{TRY(reader.read_bit_string(kDhMac))};
  } else if (reader.next_is(kAgreeMac)) {
    method = TRY(read_mac_value(reader));
  } else if (reader.next_is(kEncryptedKey)) {
    method = EncryptedKey{to_bytes(TRY(reader.read(kEncryptedKey)).tlv)};
  } else {
    return no_such_choice("POPOPrivKey", reader);
  }
  return method;
}

Result<PopoPrivKey> read_explicit_method(Reader& reader, Tag tag) {
  auto explicit_tag = TRY(reader.enter(tag));
  auto method = read_method(explicit_tag);
  if (method) TRY(explicit_tag.finish());
  return method;
}

void write_signing_key(Writer& writer, const PopoSigningKey& popo) {
  writer.constructed(kSignature, [&] {
    if (popo.poposk_input) writer.raw(*popo.poposk_input);
    pkix::write_algorithm_identifier(writer, popo.algorithm_identifier);
    writer.bit_string(popo.signature);
  });
}

void write_method(Writer& writer, const PopoPrivKey& method) {
  std::visit(
      Overloaded{
          [&](const ThisMessage& message) { writer.bit_string(message.value, kThisMessage); },
          [&](SubsequentMessage message) {
            writer.integer(static_cast<std::int64_t>(message), kSubsequentMessage);
          },
          [&](const DhMac& mac) { writer.bit_string(mac.value, kDhMac); },
          [&](const PkMacValue& mac) {
            writer.constructed(kAgreeMac, [&] {
              pkix::write_algorithm_identifier(writer, mac.alg_id);
              writer.bit_string(mac.value);
            });
          },
          [&](const EncryptedKey& key) { writer.raw(key.tlv); },
      },
      method);
}

}  // namespace

Result<ProofOfPossession> read_proof_of_possession(Reader& reader) {
  if (reader.next_is(kRaVerified)) {
    TRY(reader.read_null(kRaVerified));
    return ProofOfPossession(RaVerified{});
  }
  if (reader.next_is(kSignature)) return ProofOfPossession(TRY(read_signing_key(reader)));
  if (reader.next_is(kKeyEncipherment)) {
    auto method = TRY(read_explicit_method(reader, kKeyEncipherment));
    return ProofOfPossession(KeyEncipherment{std::move(method)});
  }
  if (reader.next_is(kKeyAgreement)) {
    auto method = TRY(read_explicit_method(reader, kKeyAgreement));
    return ProofOfPossession(KeyAgreement{std::move(method)});
  }
  return no_such_choice("ProofOfPossession", reader);
}

void write_proof_of_possession(Writer& writer, const ProofOfPossession& popo) {
  std::visit(Overloaded{
                 [&](RaVerified) { writer.null(kRaVerified); },
                 [&](const PopoSigningKey& key) { write_signing_key(writer, key); },
                 [&](const KeyEncipherment& key) {
                   writer.constructed(kKeyEncipherment, [&] { write_method(writer, key.method); });
                 },
                 [&](const KeyAgreement& key) {
                   writer.constructed(kKeyAgreement, [&] { write_method(writer, key.method); });
                 },
             },
             popo);
}

}  // namespace signet::crmf
