#include "apps/inspect/inspect_cms.h"
#include "apps/inspect/object_names.h"
#include "base/overloaded.h"

namespace signet::tool {
namespace {

AnnotatedTree recipient_tree(const cms::RecipientInfo& recipient) {
  return std::visit(
      Overloaded{
          [](const cms::KeyTransRecipientInfo& info) {
            AnnotatedTree tree{"ktri", "KeyTransRecipientInfo"};
            return tree.add("version", std::to_string(info.version))
                .add("rid", identifier_text(info.rid))
                .add("keyEncryptionAlgorithm", algorithm_text(info.key_encryption_algorithm))
                .add("encryptedKey", octets_text(info.encrypted_key.size()));
          },
          [](const cms::KeyAgreeRecipientInfo& info) {
            AnnotatedTree tree{"kari", "KeyAgreeRecipientInfo"};
            tree.add("version", std::to_string(info.version))
                .add("keyEncryptionAlgorithm", algorithm_text(info.key_encryption_algorithm));
            for (const auto& key : info.recipient_encrypted_keys) {
              tree.add("rid", identifier_text(key.rid));
            }
            return tree;
          },
          [](const cms::KekRecipientInfo& info) {
            AnnotatedTree tree{"kekri", "KEKRecipientInfo"};
            return tree.add("version", std::to_string(info.version))
                .add("keyIdentifier", text_or_hex(info.key_identifier))
                .add("keyEncryptionAlgorithm", algorithm_text(info.key_encryption_algorithm));
          },
          [](const cms::PasswordRecipientInfo& info) {
            AnnotatedTree tree{"pwri", "PasswordRecipientInfo"};
            tree.add("version", std::to_string(info.version));
            if (info.key_derivation_algorithm) {
              tree.add("keyDerivationAlgorithm", algorithm_text(*info.key_derivation_algorithm));
            }
            return tree.add("keyEncryptionAlgorithm", algorithm_text(info.key_encryption_algorithm))
                .add("encryptedKey", octets_text(info.encrypted_key.size()));
          },
          [](const cms::OtherRecipientInfo& info) {
            return AnnotatedTree{"ori", name_of(info.ori_type)};
          },
      },
      recipient);
}

}  // namespace

std::string identifier_text(const cms::SignerIdentifier& sid) {
  return std::visit(Overloaded{[](const cms::IssuerAndSerialNumber& id) {
                                 return "issuer " + name_text(id.issuer) + ", serialNumber " +
                                        integer_text(id.serial_number);
                               },
                               [](const cms::SubjectKeyIdentifier& id) {
                                 return "subjectKeyIdentifier " + hex_text(id.octets);
                               }},
                    sid);
}

AnnotatedTree recipients_tree(const std::vector<cms::RecipientInfo>& recipients) {
  AnnotatedTree tree{"recipientInfos", std::to_string(recipients.size())};
  for (const auto& recipient : recipients) tree.add(recipient_tree(recipient));
  return tree;
}

}  // namespace signet::tool
