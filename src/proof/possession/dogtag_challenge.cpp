#include "proof/possession/dogtag_challenge.h"

#include "codec/pkix/oids.h"
#include "crypto/cipher.h"
#include "proof/witness/encrypted_pop.h"

namespace signet::proof {
namespace {

constexpr std::size_t kKeyOctets = 16;
constexpr std::size_t kIvOctets = 16;

pkix::AlgorithmIdentifier aes128_cbc(const Bytes& iv) {
  asn1::Writer writer;
  writer.octet_string(iv);
  return {pkix::oid::kAes128Cbc, std::move(writer).take()};
}

}  // namespace

Result<cmc::EncryptedPOPParts> make_dogtag_challenge(const ChallengeDue& due,
                                                     const SecretBytes& value,
                                                     RandomSource& random) {
  if (due.key.kind() != crypto::KeyKind::rsa) {
    return Error{
        Fault::possession_missing,
        "the request carries no signature by its own key, and over Dogtag's paths only RSA "
        "keys are challenged: sign it by its key, or, where that cannot sign, send it to "
        "/cmc"};
  }
  const SecretBytes key(TRY(random.octets(kKeyOctets)));
  const auto iv = TRY(random.octets(kIvOctets));
  const pkix::AlgorithmIdentifier transport{pkix::oid::kRsaEncryption, Bytes{0x05, 0x00}};

  cms::KeyTransRecipientInfo recipient;
  recipient.rid = cms::IssuerAndSerialNumber{TRY(pkix::name_from_text("CN=unUsedIssuerName")),
                                             pkix::Integer::from_unsigned(Bytes{0})};
  recipient.key_encryption_algorithm = transport;
  recipient.encrypted_key = TRY(crypto::encrypt_key_transport(due.key, transport, key));
  cms::EnvelopedData enveloped;
  enveloped.recipient_infos.push_back(std::move(recipient));
  auto encrypted = TRY(crypto::aes_cbc_encrypt_blocks(key, iv, value.view()));
  enveloped.encrypted_content_info = {cms::oid::kData, aes128_cbc(Bytes(kIvOctets, 1)),
                                      std::move(encrypted)};

  cmc::EncryptedPOPParts parts;
  parts.tagged_request_der = due.request->der;
  parts.content_info_der =
      cms::write_content_info(cms::oid::kEnvelopedData, cms::write_enveloped_data(enveloped));
  parts.the_pop_alg_id = aes128_cbc(iv);
  parts.witness_alg_id = crypto::algorithm_identifier(crypto::DigestAlgorithm::sha256);
  parts.witness = pop_proof_value_witness(crypto::DigestAlgorithm::sha256, value);
  return parts;
}

}  // namespace signet::proof
