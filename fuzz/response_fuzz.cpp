// What a client does with an answer: octets in, checked certificates out.
//
// The first octet says what the rest is: even, an answer as it stands; odd, patches (offset high,
// offset low, value to xor) to a valid answer of this run, or, for 3, 7, …, to a registration
// authority's answer with that one in it (responseBody). Whatever comes, the client stays whole;
// the only certificate that it ever takes is the one that the authority issued, and no answer tells
// it what to trust, as none is made with its secret.
#include <cstdio>
#include <cstdlib>

#include "client/read_response.h"
#include "codec/cmc/controls.h"
#include "codec/cmc/oids.h"
#include "codec/pkix/oids.h"
#include "support/message_builder.h"
#include "support/unwrap.h"

namespace {

using namespace signet;
using test::unwrap;

/// One exchange: what was sent, and the right answer to it.
struct World {
  test::Key ca_key = test::test_key("ec:p256", 0);
  test::TestCa ca{"CN=Test CA,O=Test", ca_key};
  test::Credential alice = ca.issue({.key = test::test_key("ec:p256", 1)});
  proof::Trust trust = unwrap(proof::Trust::make({ca.certificate()}, {}));
  client::SentRequest sent;
  SecretBytes secret{std::string_view("what no answer is made with")};
  Bytes valid;
  Bytes valid_in_another;

  World() {
    auto& random = crypto::system_random();
    sent.transaction_id = asn1::Integer::from(4711);
    sent.sender_nonce = unwrap(random.octets(32));
    sent.request_ids = {cmc::BodyPartID{1}};
    sent.keys = {alice.key->public_key_info()};
    const cmc::CMCStatusInfoV2 granted{
        cmc::CMCStatus::success, {cmc::BodyPartID{1}}, std::nullopt, std::nullopt};
    const cmc::PKIResponse response{
        {test::control(1, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(granted)),
         test::control(2, cmc::oid::kTransactionId, cmc::write_integer_value(sent.transaction_id)),
         test::control(3, cmc::oid::kRecipientNonce, cmc::write_octets_value(sent.sender_nonce))},
        {},
        {}};
    valid =
        test::SignedMessage{
            .content = cmc::write_pki_response(response),
            .content_type = cmc::oid::kPKIResponse,
            .signers = {test::signed_by(test::Credential{ca_key, ca.certificate()})},
            .certificates = {ca.certificate().der, alice.certificate.der}}
            .encode();
    valid_in_another = in_another(valid);
  }
  Bytes in_another(ByteView answer) {
    const auto ra = ca.issue({.subject = "CN=RA,O=Test", .purposes = {pkix::oid::kCmcRA}});
    const cmc::PKIResponse response{
        {test::control(12, cmc::oid::kTransactionId, cmc::write_integer_value(sent.transaction_id)),
         test::control(13, cmc::oid::kRecipientNonce, cmc::write_octets_value(sent.sender_nonce)),
         test::control(14, cmc::oid::kResponseBody,
                       cmc::write_body_part_list_value({cmc::BodyPartID{1}}))},
        {{cmc::BodyPartID{1}, unwrap(cms::read_content_info(answer))}},
        {}};
    return test::SignedMessage{.content = cmc::write_pki_response(response),
                               .content_type = cmc::oid::kPKIResponse,
                               .signers = {test::signed_by(ra)},
                               .certificates = {ca.certificate().der, ra.certificate.der}}
        .encode();
  }
};

Bytes patched(Bytes octets, ByteView patches) {
  for (; patches.size() >= 3; patches = patches.subspan(3)) {
    const auto at = static_cast<std::size_t>(patches[0]) << 8 | patches[1];
    octets[at % octets.size()] ^= patches[2];
  }
  return octets;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const World world;
  if (size == 0) return 0;
  const ByteView rest{data + 1, size - 1};
  const bool as_it_stands = data[0] % 2 == 0;
  const auto& valid = data[0] % 4 == 3 ? world.valid_in_another : world.valid;
  const auto answer = as_it_stands ? to_bytes(rest) : patched(valid, rest);

  const client::SecretHolder holder{"alice", world.secret};
  CHECK(!client::read_response_by_secret(answer, {world.sent, holder, test::kTestTime}).ok());
  const auto checked = client::read_response(answer, world.sent, world.trust, test::kTestTime);
  CHECK(size != 1 || as_it_stands || (checked.ok() && checked->success()));
  if (!checked.ok()) return 0;
  for (const auto& certificate : checked->certificates) {
    CHECK(!certificate || *certificate == world.alice.certificate);
    CHECK(!certificate || !as_it_stands);
  }
  return 0;
}
