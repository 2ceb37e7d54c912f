#pragma once

#include "client/read_response.h"
#include "envelope/signed_data.h"
#include "support/test_ca.h"
#include "support/unwrap.h"

namespace signet::test {

/// An answer that was checked and holds nothing: for tests of what is made of one, which put there
/// what they are about.
inline client::CheckedResponse checked_response() {
  const TestCa ca;
  const auto trust = unwrap(proof::Trust::make({ca.certificate()}, {}));
  client::SentRequest sent;
  sent.only_retrieves = true;
  const auto octets = envelope::seal_certificates_only({ca.certificate().der});
  auto checked = unwrap(client::read_response(octets, sent, trust, kTestTime));
  checked.simple = false;
  checked.chain.clear();
  return checked;
}

}  // namespace signet::test
