#pragma once

#include "client/build_request.h"
#include "support/message_builder.h"
#include "support/test_authority.h"

/// What a client does with encryptedPOP (RFC 10002 §6.7), without the client's own code.
namespace signet::test {

/// The value of a control that holds octets, from an answer; empty when it is not there.
Bytes octets_in(const Told& told, const asn1::Oid& type);
std::vector<cmc::EncryptedPOP> challenges_in(const Told& told);

/// The proof value of a challenge, and the decryptedPOP that proves it.
SecretBytes proof_value(const cmc::EncryptedPOP& challenge, const crypto::PrivateKey& key);
cmc::DecryptedPOP answer_to(const cmc::EncryptedPOP& challenge, const crypto::PrivateKey& key);

/// A TaggedRequest that shows no possession.
Bytes unsigned_request(std::uint32_t id, const Key& key,
                       client::RequestForm form = client::RequestForm::crmf,
                       const std::string& subject = "CN=Alice,O=Test");

}  // namespace signet::test
