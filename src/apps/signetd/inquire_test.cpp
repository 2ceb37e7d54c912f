#include "apps/signetd/inquire.h"

#include <gtest/gtest.h>

#include "support/unwrap.h"

namespace signet::server {
namespace {

TEST(InquiryOf, CountsIpv6ByTheNetworkAndKeepsTheAddress) {
  http::Request request;
  request.client_address = "2001:db8:1:2::7";
  const auto inquiry = test::unwrap(inquiry_of(request, ""));
  EXPECT_EQ(inquiry.client, "2001:db8:1:2::/64");
  EXPECT_EQ(inquiry.peer.address, "2001:db8:1:2::7");
}

}  // namespace
}  // namespace signet::server
