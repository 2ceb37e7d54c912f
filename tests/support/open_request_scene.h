#pragma once

#include <gtest/gtest.h>

#include "support/message_builder.h"
#include "support/opened.h"

namespace signet::test {

/// Messages to be opened, by Alice and by others.
class OpenRequestScene : public testing::Test {
 protected:
  /// Alice, who has a certificate, asks for one PKCS#10.
  SignedMessage by_alice() { return full_request(alice, {tagged(1, pkcs10())}); }

  static Fault fault_of(const SignedMessage& message) {
    const auto opened = open(message.encode());
    return opened.result.ok() ? Fault::internal : opened.result.error().fault;
  }

  TestCa ca;
  Credential alice = ca.issue();
  Credential bob = ca.issue({.subject = "CN=Bob,O=Test"});
};

}  // namespace signet::test
