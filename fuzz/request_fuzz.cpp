// The whole request: octets in, answer out, through every room but the socket and the disk.
//
// The first octet says what the rest is: 2, a PKIData, which an agent signs; else even, a message
// as it stands; odd, patches (offset high, offset low, value to xor) to a valid message of this
// run. Whatever comes, the authority answers and stays whole; a patched message never gets a
// certificate.
#include <cstdio>
#include <cstdlib>

#include "support/message_builder.h"
#include "support/test_authority.h"

namespace {

using signet::Bytes;
using signet::test::TestAuthority;

struct World {
  TestAuthority authority;
  Bytes valid = authority.request(authority.alice, "CN=Alice,O=Test").octets;
};

World& world() {
  static World made;
  return made;
}

Bytes patched(const Bytes& valid, const std::uint8_t* data, std::size_t size) {
  auto message = valid;
  for (std::size_t i = 0; i + 2 < size; i += 3) {
    const auto at = static_cast<std::size_t>(data[i] << 8 | data[i + 1]) % message.size();
    message[at] ^= data[i + 2];
  }
  return message;
}

/// An agent's signature opens doors that are shut to strangers: messages in messages, assertions.
void send_as_agent(TestAuthority& authority, Bytes pki_data) {
  const auto& agent = authority.agent;
  auto message = signet::test::full_request({agent.key, agent.certificate}, {});
  message.content = std::move(pki_data);
  authority.send(message.encode(), &agent);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  auto& it = world();
  if (data[0] == 2) {
    send_as_agent(it.authority, Bytes(data + 1, data + size));
    return 0;
  }
  const bool patches = data[0] % 2 == 1;
  const auto message =
      patches ? patched(it.valid, data + 1, size - 1) : Bytes(data + 1, data + size);
  if (message == it.valid) return 0;
  if (it.authority.send(message, &it.authority.alice).issued()) {
    std::fprintf(stderr, "a certificate for a message that Alice did not sign\n");
    std::abort();
  }
  return 0;
}
