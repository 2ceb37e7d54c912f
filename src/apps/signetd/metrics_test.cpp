#include "apps/signetd/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace signet::server {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

Time at(std::int64_t seconds) {
  return Time(std::chrono::seconds{seconds});
}

TEST(MetricsText, SaysNothingOfWhatIsNotKnown) {
  const Metrics metrics;
  EXPECT_THAT(metrics.text({}),
              AllOf(Not(HasSubstr("\nsignet_crl_next_update_seconds{")),
                    Not(HasSubstr("\nsignet_certificate_not_after_seconds{")),
                    Not(HasSubstr("\nsignet_store_damaged ")), Not(HasSubstr("\nsignet_tcp_")),
                    Not(HasSubstr("\nsignet_store_read_through_seconds ")),
                    Not(HasSubstr("\nsignet_clock_offset_seconds "))));
}

TEST(MetricsText, TellsWhenCertificatesAndCrlsEnd) {
  const Metrics metrics;
  Metrics::Readings readings;
  readings.lifetimes.certificates = {{role::kTls, at(1'795'000'001)}};
  readings.lifetimes.crls = {{0, at(1'795'000'002)}, {7, at(1'795'000'003)}};
  EXPECT_THAT(metrics.text(readings),
              AllOf(HasSubstr("\nsignet_certificate_not_after_seconds{role=\"tls\"} 1795000001\n"),
                    HasSubstr("\nsignet_crl_next_update_seconds{shard=\"0\"} 1795000002\n"),
                    HasSubstr("\nsignet_crl_next_update_seconds{shard=\"7\"} 1795000003\n")));
  readings.lifetimes.certificates = {{role::kTls, at(1'796'000'000)}};
  EXPECT_THAT(metrics.text(readings), HasSubstr("{role=\"tls\"} 1796000000\n")) << "renewed";
  readings.lifetimes.crls.erase(0);
  EXPECT_THAT(metrics.text(readings),
              AllOf(Not(HasSubstr("{shard=\"0\"}")), HasSubstr("{shard=\"7\"} 1795000003\n")))
      << "its key has ended";
}

TEST(MetricsText, TellsWhatReadingTheStoreThroughFound) {
  const Metrics metrics;
  Metrics::Readings readings;
  readings.store.emplace();
  EXPECT_THAT(metrics.text(readings),
              AllOf(HasSubstr("\nsignet_store_damaged 0\n"),
                    Not(HasSubstr("\nsignet_store_read_through_seconds "))));
  readings.store = StoreWatch::Known{true, at(1'795'000'001)};
  EXPECT_THAT(metrics.text(readings),
              AllOf(HasSubstr("\nsignet_store_damaged 1\n"),
                    HasSubstr("\nsignet_store_read_through_seconds 1795000001\n")));
}

TEST(MetricsText, TellsOfTcpWhereThereIsSuchAServer) {
  const Metrics metrics;
  Metrics::Readings readings;
  readings.tcp = {.open = 1, .refused = 2, .messages = 3, .refused_messages = 4};
  EXPECT_THAT(metrics.text(readings), AllOf(HasSubstr("\nsignet_tcp_open_connections 1\n"),
                                            HasSubstr("\nsignet_tcp_refused_connections 2\n"),
                                            HasSubstr("\nsignet_tcp_messages 3\n"),
                                            HasSubstr("\nsignet_tcp_refused_messages 4\n")));
}

TEST(MetricsText, TellsOfPublishingWhereThereIsADirectory) {
  const Metrics metrics;
  Metrics::Readings readings;
  EXPECT_THAT(metrics.text(readings), Not(HasSubstr("\nsignet_publication")));
  readings.publication = {.published = 1,
                          .withdrawn = 2,
                          .refused = 3,
                          .waited = std::chrono::seconds{4},
                          .is_failing = true};
  EXPECT_THAT(metrics.text(readings),
              AllOf(HasSubstr("\nsignet_publications{outcome=\"published\"} 1\n"),
                    HasSubstr("\nsignet_publications{outcome=\"withdrawn\"} 2\n"),
                    HasSubstr("\nsignet_publications{outcome=\"refused\"} 3\n"),
                    HasSubstr("\nsignet_publication_wait_seconds 4\n"),
                    HasSubstr("\nsignet_publishing_failing 1\n")));
}

TEST(MetricsText, DoesNotTellExactlyHowLongAnAnswerTook) {
  Metrics metrics;
  metrics.answered({}, std::chrono::microseconds{1740});
  EXPECT_THAT(metrics.text({}), HasSubstr("\nsignet_answer_seconds_sum 0.002\n"));
}

TEST(MetricsText, CountsEachAnswerByTheBucketThatItBelongsTo) {
  Metrics metrics;
  metrics.answered({}, std::chrono::microseconds{500});
  metrics.answered({}, std::chrono::microseconds{700});
  EXPECT_THAT(metrics.text({}),
              AllOf(HasSubstr("\nsignet_answer_seconds_bucket{le=\"0.0005\"} 1\n"),
                    HasSubstr("\nsignet_answer_seconds_bucket{le=\"0.001\"} 2\n")));
}

TEST(MetricsText, TellsHowFarTheClockIsFromTheDatabases) {
  const Metrics metrics;
  Metrics::Readings readings;
  readings.clock_offset = std::chrono::milliseconds{-1500};
  EXPECT_THAT(metrics.text(readings), HasSubstr("\nsignet_clock_offset_seconds -1.5\n"));
}

}  // namespace
}  // namespace signet::server
