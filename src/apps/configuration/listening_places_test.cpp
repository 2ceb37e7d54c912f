#include "apps/configuration/listening_places.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace signet::server {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Configuration listening_at(const std::string& http, const std::string& tcp) {
  Configuration configuration;
  configuration.http.address = http;
  configuration.tcp = {.address = tcp, .port = configuration.http.port};
  return configuration;
}

TEST(ListeningPlaces, OnePortForTwoListenersIsToldByTheNamesOfBoth) {
  EXPECT_THAT(faults_of_listeners(listening_at("127.0.0.1", "")),
              ElementsAre("[tcp] port and [http] port are both 8443, at the same address, "
                          "\"127.0.0.1\": give each listener a port of its own"));
  EXPECT_THAT(
      faults_of_listeners(listening_at("127.0.0.1", "::")),
      ElementsAre("[tcp] port and [http] port are both 8443, at addresses that have it in "
                  "common, \"127.0.0.1\" and \"::\": give each listener a port of its own"));
}

TEST(ListeningPlaces, EachPairIsTold) {
  auto all = listening_at("127.0.0.1", "");
  all.http.plain_port = all.http.port;
  EXPECT_THAT(faults_of_listeners(all), SizeIs(3));
  all.http.plain_address = "127.0.0.2";
  EXPECT_THAT(faults_of_listeners(all), SizeIs(1));
  all.tcp.port = all.http.plain_port = 80;
  EXPECT_THAT(faults_of_listeners(all), IsEmpty());
}

TEST(ListeningPlaces, PortsThatTheSystemChoosesAreNotOne) {
  auto all = listening_at("127.0.0.1", "");
  all.http.port = all.tcp.port = 0;
  EXPECT_THAT(faults_of_listeners(all), IsEmpty());
}

class Overlapping : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(Overlapping, AddressesHaveNoPortEachForItself) {
  const auto& [one, other] = GetParam();
  EXPECT_THAT(faults_of_listeners(listening_at(one, other)), SizeIs(1));
  EXPECT_THAT(faults_of_listeners(listening_at(other, one)), SizeIs(1));
}

INSTANTIATE_TEST_SUITE_P(All, Overlapping,
                         ::testing::Values(std::pair{"0.0.0.0", "192.0.2.1"},
                                           std::pair{"::", "192.0.2.1"}, std::pair{"::", "0.0.0.0"},
                                           std::pair{"::", "2001:db8::1"},
                                           std::pair{"::", "fe80::1%eth0"},
                                           std::pair{"2001:db8::1", "2001:DB8:0::1"},
                                           std::pair{"::ffff:192.0.2.1", "192.0.2.1"},
                                           std::pair{"fe80::1%eth0", "fe80::1%eth0"},
                                           std::pair{"localhost", "localhost"}));

class Apart : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(Apart, AddressesHaveAPortEach) {
  const auto& [one, other] = GetParam();
  EXPECT_THAT(faults_of_listeners(listening_at(one, other)), IsEmpty());
  EXPECT_THAT(faults_of_listeners(listening_at(other, one)), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(All, Apart,
                         ::testing::Values(std::pair{"127.0.0.1", "127.0.0.2"},
                                           std::pair{"0.0.0.0", "2001:db8::1"},
                                           std::pair{"0.0.0.0", "::1"},
                                           std::pair{"127.0.0.1", "::1"},
                                           std::pair{"fe80::1%eth0", "fe80::1%eth1"},
                                           std::pair{"localhost", "127.0.0.1"}));

}  // namespace
}  // namespace signet::server
