#include "apps/signetd/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <mutex>

namespace signet::server {
namespace {

std::string_view name_of(authority::ResponseKind kind) {
  switch (kind) {
    case authority::ResponseKind::simple:
      return "simple";
    case authority::ResponseKind::full:
      return "full";
    case authority::ResponseKind::unable:
      return "unable";
    case authority::ResponseKind::none:
      return "none";
  }
  return "";
}

double seconds_of(Time time) {
  return static_cast<double>(time.time_since_epoch().count());
}

}  // namespace

struct Metrics::Impl {
  void set_tcp(const Tcp& tcp);
  void set_publishing(const Publishing& publishing);
  void set_crls(const std::map<std::uint32_t, Time>& crls);

  std::mutex mutex;  ///< of shards
  std::map<std::uint32_t, prometheus::Gauge*> shards;
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& messages =
      prometheus::BuildCounter()
          .Name("signet_messages_total")
          .Help("CMC messages, by the kind of response")
          .Register(registry);
  prometheus::Counter& issued = prometheus::BuildCounter()
                                    .Name("signet_certificates_issued_total")
                                    .Help("Certificates issued")
                                    .Register(registry)
                                    .Add({});
  prometheus::Family<prometheus::Counter>& refused = prometheus::BuildCounter()
                                                         .Name("signet_refusals_total")
                                                         .Help("Messages refused, by fault")
                                                         .Register(registry);
  prometheus::Family<prometheus::Counter>& ocsp =
      prometheus::BuildCounter()
          .Name("signet_ocsp_answers_total")
          .Help("OCSP answers, by status, and whether signed for this request or an earlier one")
          .Register(registry);
  prometheus::Family<prometheus::Counter>& refused_by_limit =
      prometheus::BuildCounter()
          .Name("signet_refused_by_limit_total")
          .Help("Requests answered with 429, by what their client is counted by")
          .Register(registry);
  prometheus::Gauge& refused_connections =
      prometheus::BuildGauge()
          .Name("signet_refused_connections")
          .Help("Connections closed unheard since the start: over a limit")
          .Register(registry)
          .Add({});
  prometheus::Gauge& failed_handshakes =
      prometheus::BuildGauge()
          .Name("signet_failed_handshakes")
          .Help(
              "TLS handshakes refused since the start: no TLS, or an unknown client's certificate")
          .Register(registry)
          .Add({});
  prometheus::Gauge& connections =
      prometheus::BuildGauge()
          .Name("signet_open_connections")
          .Help("HTTP connections, with TLS and without, idle ones included")
          .Register(registry)
          .Add({});
  prometheus::Family<prometheus::Gauge>& tcp_connections =
      prometheus::BuildGauge()
          .Name("signet_tcp_open_connections")
          .Help("Connections of CMC over TCP, idle ones included")
          .Register(registry);
  prometheus::Family<prometheus::Gauge>& tcp_refused_connections =
      prometheus::BuildGauge()
          .Name("signet_tcp_refused_connections")
          .Help("Connections of CMC over TCP closed unheard since the start: over a limit")
          .Register(registry);
  prometheus::Family<prometheus::Gauge>& tcp_messages =
      prometheus::BuildGauge()
          .Name("signet_tcp_messages")
          .Help("Messages that came over TCP since the start")
          .Register(registry);
  prometheus::Family<prometheus::Gauge>& tcp_refused_messages =
      prometheus::BuildGauge()
          .Name("signet_tcp_refused_messages")
          .Help("What came over TCP since the start and was no message, or too large")
          .Register(registry);
  prometheus::Gauge& profiles_current =
      prometheus::BuildGauge()
          .Name("signet_profiles_current")
          .Help(
              "1: the newest state of the profiles is offered; 0: it has a fault, an older one is")
          .Register(registry)
          .Add({});
  prometheus::Family<prometheus::Gauge>& certificate_not_after =
      prometheus::BuildGauge()
          .Name("signet_certificate_not_after_seconds")
          .Help("When the server's certificates end, since 1970 UTC, by what they are there for")
          .Register(registry);
  prometheus::Family<prometheus::Gauge>& crl_next_update =
      prometheus::BuildGauge()
          .Name("signet_crl_next_update_seconds")
          .Help("nextUpdate of the latest full CRL, since 1970 UTC, by shard")
          .Register(registry);
  prometheus::Family<prometheus::Gauge>& store_damaged =
      prometheus::BuildGauge()
          .Name("signet_store_damaged")
          .Help("1: reading the store through met a damaged place; 0: it has met none")
          .Register(registry);
  prometheus::Family<prometheus::Gauge>& store_read_through =
      prometheus::BuildGauge()
          .Name("signet_store_read_through_seconds")
          .Help("When the store was last read through with nothing found, since 1970 UTC")
          .Register(registry);
  prometheus::Family<prometheus::Gauge>& clock_offset =
      prometheus::BuildGauge()
          .Name("signet_clock_offset_seconds")
          .Help("How far this machine's clock is ahead of the database's")
          .Register(registry);
  prometheus::Family<prometheus::Gauge>& publications =
      prometheus::BuildGauge()
          .Name("signet_publications")
          .Help("Certificates that this node told the directory of since the start, by outcome")
          .Register(registry);
  prometheus::Family<prometheus::Gauge>& publication_wait =
      prometheus::BuildGauge()
          .Name("signet_publication_wait_seconds")
          .Help("How long the oldest certificate has waited that the directory is to know of")
          .Register(registry);
  prometheus::Family<prometheus::Gauge>& publishing_failing =
      prometheus::BuildGauge()
          .Name("signet_publishing_failing")
          .Help("1: the directory could not be told at the last try, and is asked again")
          .Register(registry);
  prometheus::Histogram& seconds =
      prometheus::BuildHistogram()
          .Name("signet_answer_seconds")
          .Help("From the whole message to the durable answer")
          .Register(registry)
          .Add({}, prometheus::Histogram::BucketBoundaries{0.0005, 0.001, 0.0025, 0.005, 0.01,
                                                           0.025, 0.05, 0.1, 0.25, 1.0});
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}

Metrics::~Metrics() = default;

void Metrics::answered(const authority::Answer& answer, std::chrono::nanoseconds took) {
  impl_->messages.Add({{"response", std::string(name_of(answer.kind))}}).Increment();
  if (answer.issued > 0) impl_->issued.Increment(static_cast<double>(answer.issued));
  if (answer.refusal) {
    impl_->refused.Add({{"fault", std::string(to_text(answer.refusal->fault))}}).Increment();
  }
  // As coarse as the finest bucket: nobody is told here how long his own message took. Upwards,
  // since the bounds of all buckets are of these: each keeps what belongs to it.
  using Coarse = std::chrono::duration<std::int64_t, std::ratio<1, 2000>>;
  impl_->seconds.Observe(std::chrono::duration<double>(std::chrono::ceil<Coarse>(took)).count());
}

void Metrics::ocsp_answered(const authority::OcspAnswer& answer) {
  impl_->ocsp
      .Add({{"status", std::string(ocsp::to_text(answer.status))},
            {"signed", answer.was_kept ? "earlier" : "now"}})
      .Increment();
}

void Metrics::refused_by_limit(std::string_view of) {
  impl_->refused_by_limit.Add({{"of", std::string(of)}}).Increment();
}

void Metrics::Impl::set_tcp(const Tcp& tcp) {
  tcp_connections.Add({}).Set(static_cast<double>(tcp.open));
  tcp_refused_connections.Add({}).Set(static_cast<double>(tcp.refused));
  tcp_messages.Add({}).Set(static_cast<double>(tcp.messages));
  tcp_refused_messages.Add({}).Set(static_cast<double>(tcp.refused_messages));
}

void Metrics::Impl::set_publishing(const Publishing& publishing) {
  const auto set = [&](const char* outcome, std::uint64_t count) {
    publications.Add({{"outcome", outcome}}).Set(static_cast<double>(count));
  };
  set("published", publishing.published);
  set("withdrawn", publishing.withdrawn);
  set("refused", publishing.refused);
  publication_wait.Add({}).Set(static_cast<double>(publishing.waited.count()));
  publishing_failing.Add({}).Set(publishing.is_failing ? 1 : 0);
}

/// A shard that has no CRLs any more is not told of: its last one would be overdue for ever.
void Metrics::Impl::set_crls(const std::map<std::uint32_t, Time>& crls) {
  const std::lock_guard lock(mutex);
  std::erase_if(shards, [&](const auto& shard) {
    if (crls.count(shard.first) != 0) return false;
    crl_next_update.Remove(shard.second);
    return true;
  });
  for (const auto& [shard, next_update] : crls) {
    auto& gauge = shards[shard];
    if (gauge == nullptr) gauge = &crl_next_update.Add({{"shard", std::to_string(shard)}});
    gauge->Set(seconds_of(next_update));
  }
}

std::string Metrics::text(const Readings& readings) const {
  const auto& connections = readings.connections;
  impl_->connections.Set(static_cast<double>(connections.open));
  impl_->refused_connections.Set(static_cast<double>(connections.refused));
  impl_->failed_handshakes.Set(static_cast<double>(connections.failed_handshakes));
  if (readings.tcp) impl_->set_tcp(*readings.tcp);
  impl_->profiles_current.Set(readings.profiles_current ? 1 : 0);
  for (const auto& [role, not_after] : readings.lifetimes.certificates) {
    impl_->certificate_not_after.Add({{"role", role}}).Set(seconds_of(not_after));
  }
  impl_->set_crls(readings.lifetimes.crls);
  if (readings.store) {
    impl_->store_damaged.Add({}).Set(readings.store->is_damaged ? 1 : 0);
    if (const auto& at = readings.store->read_through) {
      impl_->store_read_through.Add({}).Set(seconds_of(*at));
    }
  }
  if (const auto& offset = readings.clock_offset) {
    impl_->clock_offset.Add({}).Set(std::chrono::duration<double>(*offset).count());
  }
  if (readings.publication) impl_->set_publishing(*readings.publication);
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace signet::server
