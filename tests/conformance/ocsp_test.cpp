// OCSP (RFC 6960, 9654, 5019): what the authority says of its certificates, and who signs it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/sqlite/sqlite_engine.h"
#include "authority/ocsp_responder.h"
#include "codec/ocsp/oids.h"
#include "codec/pkix/oids.h"
#include "crypto/certification_path.h"
#include "support/change_status.h"
#include "support/temporary_folder.h"
#include "support/test_authority.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

using namespace std::chrono_literals;
using ocsp::CertStatus;
using ocsp::Good;
using ocsp::OCSPResponseStatus;
using ocsp::RevokedInfo;
using ocsp::Unknown;
using pkix::CRLReason;
using store::CertificateStatus;

/// An extension that nobody has defined.
constexpr asn1::Oid kNobodys{"1.3.6.1.4.1.99999.1"};

/// The memory store, which fails when told to.
class WatchedStore final : public store::CertificateStore {
 public:
  explicit WatchedStore(const store::CertificateStore& under) : under_(under) {}
  bool fails = false;

  Result<std::optional<store::CertificateRecord>> find_certificate(
      const pkix::Integer& serial) const override {
    if (fails) return Error{Fault::storage_failed, "the disk is gone"};
    return under_.find_certificate(serial);
  }
  Result<std::vector<store::CertificateRecord>> find_by_subject(ByteView der) const override {
    return under_.find_by_subject(der);
  }
  Result<std::vector<store::CertificateRecord>> find_some_by_subject(
      ByteView der, std::size_t most) const override {
    return under_.find_some_by_subject(der, most);
  }
  Result<std::vector<store::CertificateRecord>> find_by_key(ByteView hash) const override {
    return under_.find_by_key(hash);
  }
  Result<std::vector<store::CertificateRecord>> find_certificates(
      const Query& query) const override {
    return under_.find_certificates(query);
  }
  Result<store::Seen> seen_before(const store::AnsweredRequest& asked) const override {
    return under_.seen_before(asked);
  }

 private:
  const store::CertificateStore& under_;
};

class FailingJournal final : public audit::Journal {
 public:
  Result<void> append(const std::vector<const audit::Event*>&) override {
    return Error{Fault::storage_failed, "the disk is full"};
  }
};

class Ocsp : public testing::Test {
 protected:
  explicit Ocsp(TestAuthority::Choices choices = {})
      : ca(std::move(choices)), committer(ca.engine(), journal), watched(ca.engine()) {
    responder = make_responder({});
    EXPECT_TRUE(unwrap(responder->renew_if_due()));
  }

  std::unique_ptr<authority::OcspResponder> make_responder(authority::OcspSettings settings) {
    return make_responder(settings, committer);
  }
  std::unique_ptr<authority::OcspResponder> make_responder(authority::OcspSettings settings,
                                                           store::Committer& with) {
    return std::make_unique<authority::OcspResponder>(authority::OcspResponder::Parts{
        .issuer = ca.authority().issuer(),
        .signature_algorithm = unwrap(crypto::default_signature_algorithm(ca.key())),
        .store = watched,
        .committer = with,
        .clock = ca.clock,
        .random = crypto::system_random(),
        .log = log,
        .settings = settings});
  }

  asn1::Encoded<ocsp::CertID> cert_id(
      const pkix::Integer& serial,
      crypto::DigestAlgorithm algorithm = crypto::DigestAlgorithm::sha1) const {
    ocsp::CertID made{crypto::algorithm_identifier(algorithm),
                      crypto::digest(algorithm, ca.certificate()->subject.der()),
                      crypto::key_identifier(ca.certificate()->subject_public_key_info, algorithm),
                      serial};
    auto der = ocsp::write_cert_id(made);
    return {std::move(made), std::move(der)};
  }
  asn1::Encoded<ocsp::CertID> cert_id(const Holder& holder) const {
    return cert_id(holder.certificate->serial_number);
  }
  static asn1::Encoded<ocsp::CertID> encoded(const ocsp::CertID& cert_id) {
    return {cert_id, ocsp::write_cert_id(cert_id)};
  }
  asn1::Encoded<ocsp::CertID> of_another_issuer() const {
    auto other = cert_id(ca.alice).value;
    other.issuer_key_hash.back() ^= 1;
    return encoded(other);
  }
  static Bytes request(std::vector<asn1::Encoded<ocsp::CertID>> cert_ids,
                       pkix::Extensions extensions = {}) {
    ocsp::TBSRequest tbs;
    for (auto& each : cert_ids) tbs.request_list.push_back({std::move(each), {}});
    tbs.request_extensions = std::move(extensions);
    return ocsp::write_ocsp_request(ocsp::write_tbs_request(tbs));
  }
  static pkix::Extension nonce(std::size_t octets) {
    return {ocsp::oid::kNonce, false, ocsp::write_nonce(Bytes(octets, 9))};
  }

  authority::OcspAnswer ask(const Bytes& octets) { return responder->respond(octets); }
  /// Read back, its signature and its signer's certificate verified.
  ocsp::BasicOCSPResponse told(const authority::OcspAnswer& answer) {
    EXPECT_EQ(answer.status, OCSPResponseStatus::successful);
    const auto response = unwrap(ocsp::read_ocsp_response(answer.octets));
    EXPECT_EQ(response.response_bytes->response_type, ocsp::oid::kBasic);
    auto basic = unwrap(ocsp::read_basic_ocsp_response(response.response_bytes->response));
    const auto& signer = basic.certs.at(0);
    EXPECT_TRUE(
        crypto::verify_certificate_signature(signer, ca.certificate()->subject_public_key_info)
            .ok());
    const auto key = unwrap(crypto::PublicKey::from(signer->subject_public_key_info));
    EXPECT_TRUE(
        key.verify(basic.signature_algorithm, basic.tbs_response_data.der, basic.signature.octets)
            .ok());
    EXPECT_EQ(std::get<ocsp::KeyHash>(basic.tbs_response_data.value.responder_id).octets,
              crypto::key_identifier(signer->subject_public_key_info));
    return basic;
  }
  std::vector<CertStatus> statuses(const Bytes& octets) {
    std::vector<CertStatus> all;
    for (const auto& each : told(ask(octets)).tbs_response_data.value.responses) {
      all.push_back(each.cert_status);
    }
    return all;
  }
  CertStatus status(const Holder& holder) { return statuses(request({cert_id(holder)})).at(0); }
  pkix::Certificate signer() { return told(ask(request({cert_id(ca.alice)}))).certs.at(0); }

  void expect_refused(const Bytes& octets, OCSPResponseStatus why) {
    const auto answer = ask(octets);
    EXPECT_EQ(answer.status, why) << ocsp::to_text(answer.status);
    const auto read = unwrap(ocsp::read_ocsp_response(answer.octets));
    EXPECT_EQ(read.response_status, why);
    EXPECT_FALSE(answer.freshness);
  }
  void change(const Holder& holder, CertificateStatus to, CRLReason reason) {
    ASSERT_TRUE(
        change_status(ca.engine(), holder.certificate->serial_number, to, ca.clock.now(), reason)
            .ok());
  }

  TestAuthority ca;
  audit::MemoryJournal journal;
  store::Committer committer;
  WatchedStore watched;
  SilentLog log;
  std::unique_ptr<authority::OcspResponder> responder;
};

class OcspOfRsa : public Ocsp {
 protected:
  OcspOfRsa() : Ocsp({.ca_key = "rsa:2048"}) {}
};

/// A store on disk, made before the authority that writes to it.
struct Disk {
  TemporaryFolder folder;
  std::unique_ptr<sqlite::SqliteEngine> engine =
      unwrap(sqlite::SqliteEngine::open(folder / "store.db"));
};
class OcspOnDisk : protected Disk, public Ocsp {
 protected:
  OcspOnDisk() : Ocsp({.engine = Disk::engine.get()}) {}
};

// ------------------------------------------------------------ statuses

TEST_F(Ocsp, SaysGoodWithItsTimesAndTheCertIDAsAsked) {
  const auto asked = cert_id(ca.alice);
  const auto data = told(ask(request({asked}))).tbs_response_data.value;
  ASSERT_EQ(data.responses.size(), 1U);
  EXPECT_EQ(data.responses[0].cert_id.der, asked.der);
  EXPECT_EQ(data.responses[0].cert_status, CertStatus(Good{}));
  EXPECT_EQ(data.produced_at, ca.clock.now());
  EXPECT_EQ(data.responses[0].this_update, ca.clock.now());
  EXPECT_EQ(data.responses[0].next_update, ca.clock.now() + 1h);
  EXPECT_TRUE(data.response_extensions.empty());
}

TEST_F(Ocsp, TellsWhenAndWhyACertificateWasRevoked) {
  const auto at = ca.clock.now();
  change(ca.alice, CertificateStatus::revoked, CRLReason::keyCompromise);
  ca.clock.advance(5h);
  EXPECT_EQ(status(ca.alice), CertStatus(RevokedInfo{at, CRLReason::keyCompromise}));
  EXPECT_EQ(status(ca.agent), CertStatus(Good{}));
}

TEST_F(Ocsp, LeavesOutTheReasonUnspecified) {
  change(ca.alice, CertificateStatus::revoked, CRLReason::unspecified);
  EXPECT_EQ(status(ca.alice), CertStatus(RevokedInfo{ca.clock.now(), std::nullopt}));
}

TEST_F(Ocsp, SaysCertificateHoldWhileItIsHeldAndGoodAfterwards) {
  change(ca.alice, CertificateStatus::on_hold, CRLReason::certificateHold);
  EXPECT_EQ(status(ca.alice), CertStatus(RevokedInfo{ca.clock.now(), CRLReason::certificateHold}));
  change(ca.alice, CertificateStatus::valid, CRLReason::unspecified);
  EXPECT_EQ(status(ca.alice), CertStatus(Good{}));
}

TEST_F(Ocsp, SaysUnknownOfWhatItNeverIssued) {
  auto next = ca.alice.certificate->serial_number;
  next.octets.back() ^= 1;
  const auto answer = ask(request({cert_id(next)}));
  EXPECT_EQ(told(answer).tbs_response_data.value.responses.at(0).cert_status,
            CertStatus(Unknown{}));
  EXPECT_FALSE(answer.freshness) << "anybody can ask for numbers without end";
}

TEST_F(Ocsp, KnowsItsIssuerByEachHash) {
  using crypto::DigestAlgorithm;
  const auto& serial = ca.alice.certificate->serial_number;
  for (const auto algorithm :
       {DigestAlgorithm::sha1, DigestAlgorithm::sha224, DigestAlgorithm::sha256,
        DigestAlgorithm::sha384, DigestAlgorithm::sha512}) {
    EXPECT_EQ(statuses(request({cert_id(serial, algorithm)})), std::vector<CertStatus>{Good{}});
  }
  auto with_null = cert_id(ca.alice).value;
  with_null.hash_algorithm.parameters = Bytes{0x05, 0x00};
  EXPECT_EQ(statuses(request({encoded(with_null)})), std::vector<CertStatus>{Good{}});
  auto md5 = cert_id(ca.alice).value;
  md5.hash_algorithm.algorithm = pkix::oid::kMd5;
  expect_refused(request({encoded(md5)}), OCSPResponseStatus::unauthorized);
}

TEST_F(Ocsp, AnswersSeveralInTheirOrder) {
  change(ca.alice, CertificateStatus::revoked, CRLReason::superseded);
  const auto all = statuses(
      request({cert_id(ca.agent), of_another_issuer(), cert_id(ca.alice), cert_id(ca.agent)}));
  EXPECT_EQ(all,
            (std::vector<CertStatus>{Good{}, Unknown{},
                                     RevokedInfo{ca.clock.now(), CRLReason::superseded}, Good{}}));
}

TEST_F(Ocsp, IsUnauthorizedWhereNoCertificateIsOfThisIssuer) {
  expect_refused(request({of_another_issuer()}), OCSPResponseStatus::unauthorized);
  auto other_name = cert_id(ca.alice).value;
  other_name.issuer_name_hash.front() ^= 0x80;
  expect_refused(request({encoded(other_name), of_another_issuer()}),
                 OCSPResponseStatus::unauthorized);
}

// ------------------------------------------------------------ requests

TEST_F(Ocsp, EchoesANonceOf1To128Octets) {
  for (const std::size_t octets : {1U, 32U, 128U}) {
    const auto answer = ask(request({cert_id(ca.alice)}, {nonce(octets)}));
    EXPECT_EQ(told(answer).tbs_response_data.value.response_extensions,
              pkix::Extensions{nonce(octets)});
    EXPECT_FALSE(answer.freshness) << "it is for one requester";
  }
}

TEST_F(Ocsp, RefusesOtherNonces) {
  for (const std::size_t octets : {0U, 129U}) {
    expect_refused(request({cert_id(ca.alice)}, {nonce(octets)}),
                   OCSPResponseStatus::malformedRequest);
  }
  expect_refused(request({cert_id(ca.alice)}, {{ocsp::oid::kNonce, false, Bytes(16, 9)}}),
                 OCSPResponseStatus::malformedRequest);
}

TEST_F(Ocsp, PassesOverExtensionsThatItDoesNotKnowUnlessTheyAreCritical) {
  pkix::Extension extension{kNobodys, false, Bytes{0x05, 0x00}};
  EXPECT_EQ(statuses(request({cert_id(ca.alice)}, {extension})), std::vector<CertStatus>{Good{}});
  extension.critical = true;
  expect_refused(request({cert_id(ca.alice)}, {extension}), OCSPResponseStatus::malformedRequest);
  ocsp::TBSRequest tbs;
  tbs.request_list.push_back({cert_id(ca.alice), {extension}});
  expect_refused(ocsp::write_ocsp_request(ocsp::write_tbs_request(tbs)),
                 OCSPResponseStatus::malformedRequest);
}

TEST_F(Ocsp, AnswersThirtyTwoCertificatesAtOnceAndNoMore) {
  const std::vector most(32, cert_id(ca.alice));
  EXPECT_EQ(statuses(request(most)).size(), 32U);
  expect_refused(request(std::vector(33, cert_id(ca.alice))), OCSPResponseStatus::malformedRequest);
}

TEST_F(Ocsp, SaysMalformedToWhatIsNoRequest) {
  const auto whole = request({cert_id(ca.alice)});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    expect_refused(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)),
                   OCSPResponseStatus::malformedRequest);
  }
}

TEST_F(Ocsp, SaysMalformedToWhatIsLargerThanARequestCanBe) {
  auto extensions = pkix::Extensions{{kNobodys, false, Bytes(300 * 1024, 0x30)}};
  expect_refused(request({cert_id(ca.alice)}, extensions), OCSPResponseStatus::malformedRequest);
  expect_refused(request(std::vector(5000, cert_id(ca.alice))),
                 OCSPResponseStatus::malformedRequest);
}

TEST_F(Ocsp, SaysTryLaterWhileTheStoreFails) {
  EXPECT_EQ(status(ca.alice), CertStatus(Good{}));
  watched.fails = true;
  expect_refused(request({cert_id(ca.alice)}), OCSPResponseStatus::tryLater);
  watched.fails = false;
  EXPECT_EQ(status(ca.alice), CertStatus(Good{}));
}

// ------------------------------------------------------------ kept answers

TEST_F(Ocsp, GivesASignedAnswerAgainUntilThreeQuartersOfItsLife) {
  const auto octets = request({cert_id(ca.alice)});
  const auto first = ask(octets);
  EXPECT_FALSE(first.was_kept);
  ca.clock.advance(45min - 1s);
  const auto again = ask(octets);
  EXPECT_TRUE(again.was_kept);
  EXPECT_EQ(again.octets, first.octets);
  EXPECT_EQ(again.freshness, first.freshness);
  ca.clock.advance(1s);
  const auto next = ask(octets);
  EXPECT_FALSE(next.was_kept);
  EXPECT_EQ(next.freshness->this_update, ca.clock.now());
  EXPECT_EQ(next.freshness->next_update, ca.clock.now() + 1h);
}

TEST_F(Ocsp, ARevocationShowsInTheVeryNextAnswerWhoeverMadeIt) {
  EXPECT_EQ(status(ca.alice), CertStatus(Good{}));
  ASSERT_TRUE(ask(request({cert_id(ca.alice)})).was_kept);
  // Behind the responder's back, as another process on the same store does it.
  change(ca.alice, CertificateStatus::on_hold, CRLReason::certificateHold);
  EXPECT_EQ(status(ca.alice), CertStatus(RevokedInfo{ca.clock.now(), CRLReason::certificateHold}));
  change(ca.alice, CertificateStatus::revoked, CRLReason::keyCompromise);
  EXPECT_EQ(status(ca.alice), CertStatus(RevokedInfo{ca.clock.now(), CRLReason::keyCompromise}));
}

TEST_F(OcspOnDisk, ARevocationThroughAnotherConnectionShowsInTheVeryNextAnswer) {
  EXPECT_EQ(status(ca.alice), CertStatus(Good{}));
  ASSERT_TRUE(ask(request({cert_id(ca.alice)})).was_kept);
  const auto elsewhere = unwrap(sqlite::SqliteEngine::open(folder / "store.db"));
  ASSERT_TRUE(change_status(*elsewhere, ca.alice.certificate->serial_number,
                            CertificateStatus::revoked, ca.clock.now(), CRLReason::keyCompromise)
                  .ok());
  EXPECT_EQ(status(ca.alice), CertStatus(RevokedInfo{ca.clock.now(), CRLReason::keyCompromise}));
}

TEST_F(Ocsp, OfOneSecondOnlyOneAnswerIsForEverybody) {
  EXPECT_TRUE(ask(request({cert_id(ca.alice)})).freshness);
  change(ca.alice, CertificateStatus::revoked, CRLReason::keyCompromise);
  const auto changed = ask(request({cert_id(ca.alice)}));
  EXPECT_FALSE(changed.freshness) << "its Last-Modified would be that of the first";
  ca.clock.advance(1s);
  const auto later = ask(request({cert_id(ca.alice)}));
  EXPECT_TRUE(later.freshness);
  EXPECT_FALSE(later.was_kept);
  EXPECT_TRUE(ask(request({cert_id(ca.alice)})).was_kept);
}

TEST_F(Ocsp, KeepsNothingForRequestsWithNonceOrSeveralCertificates) {
  const auto with_nonce = request({cert_id(ca.alice)}, {nonce(16)});
  const auto two = request({cert_id(ca.alice), cert_id(ca.agent)});
  for (const auto& octets : {with_nonce, two}) {
    static_cast<void>(ask(octets));
    EXPECT_FALSE(ask(octets).was_kept);
  }
}

TEST_F(Ocsp, AnAnswerIsForItsCertificateAndHashAlone) {
  static_cast<void>(ask(request({cert_id(ca.alice)})));
  EXPECT_FALSE(ask(request({cert_id(ca.agent)})).was_kept);
  const auto& serial = ca.alice.certificate->serial_number;
  EXPECT_FALSE(ask(request({cert_id(serial, crypto::DigestAlgorithm::sha256)})).was_kept);
  EXPECT_TRUE(ask(request({cert_id(ca.alice)})).was_kept);
}

TEST_F(Ocsp, KeepsSoManyAnswersAndNoMore) {
  responder = make_responder({.most_kept = 1});
  ASSERT_TRUE(unwrap(responder->renew_if_due()));
  static_cast<void>(ask(request({cert_id(ca.alice)})));
  static_cast<void>(ask(request({cert_id(ca.agent)})));
  EXPECT_FALSE(ask(request({cert_id(ca.alice)})).was_kept);
}

TEST_F(Ocsp, AClockSetBackGivesNoAnswerFromTheFuture) {
  static_cast<void>(ask(request({cert_id(ca.alice)})));
  ca.clock.advance(-1min);
  const auto answer = ask(request({cert_id(ca.alice)}));
  EXPECT_FALSE(answer.was_kept);
  EXPECT_EQ(answer.freshness->this_update, ca.clock.now());
}

// ------------------------------------------------------------ the responder's certificate

TEST_F(Ocsp, TheSignersCertificateIsDelegatedAndOnRecord) {
  const auto certificate = signer();
  EXPECT_EQ(pkix::to_text(certificate->subject), "CN=OCSP responder of Test CA,O=Test");
  EXPECT_EQ(certificate->issuer, ca.certificate()->subject);
  EXPECT_TRUE(certificate.has_extended_key_usage(pkix::oid::kOcspSigning));
  const auto value_of = [&](const asn1::Oid& id) {
    return pkix::find_extension(certificate->extensions, id)->extn_value;
  };
  EXPECT_EQ(value_of(pkix::oid::kOcspNoCheck), (Bytes{0x05, 0x00}));
  EXPECT_EQ(unwrap(pkix::read_key_usage(value_of(pkix::oid::kKeyUsage))).bits,
            static_cast<std::uint16_t>(pkix::KeyUsageBit::digitalSignature));
  EXPECT_EQ(
      unwrap(pkix::read_authority_key_identifier(value_of(pkix::oid::kAuthorityKeyIdentifier)))
          .key_identifier,
      ca.certificate().subject_key_identifier());
  EXPECT_TRUE(certificate.subject_key_identifier());
  EXPECT_EQ(pkix::find_extension(certificate->extensions, pkix::oid::kBasicConstraints), nullptr);
  const auto record = unwrap(ca.engine().find_certificate(certificate->serial_number));
  ASSERT_TRUE(record);
  EXPECT_EQ(record->profile_id, "ocspResponder");
  EXPECT_EQ(record->certificate_der, certificate.der);
  ASSERT_EQ(journal.events().size(), 1U);
  EXPECT_EQ(journal.events()[0].name, "CERT_REQUEST_PROCESSED");
}

TEST_F(OcspOfRsa, AnRsaAuthoritysResponderHasAnRsaKey) {
  const auto key = unwrap(crypto::PublicKey::from(signer()->subject_public_key_info));
  EXPECT_EQ(key.kind(), crypto::KeyKind::rsa);
  EXPECT_EQ(key.bits(), 2048);
}

TEST_F(Ocsp, WithoutACertificateItSaysTryLater) {
  responder = make_responder({});
  EXPECT_FALSE(responder->signs_until());
  expect_refused(request({cert_id(ca.alice)}), OCSPResponseStatus::tryLater);
  EXPECT_TRUE(unwrap(responder->renew_if_due()));
  EXPECT_EQ(status(ca.alice), CertStatus(Good{}));
}

TEST_F(Ocsp, RenewsItsCertificateWhenHalfOfItsLifeIsOver) {
  const auto first = signer();
  const auto& validity = first->validity;
  ca.clock.set(validity.not_before + (validity.not_after - validity.not_before) / 2 - 1s);
  EXPECT_FALSE(unwrap(responder->renew_if_due()));
  EXPECT_EQ(signer(), first);
  ca.clock.advance(1s);
  EXPECT_EQ(signer(), first) << "nobody waits for the next one";
  EXPECT_TRUE(unwrap(responder->renew_if_due()));
  EXPECT_FALSE(unwrap(responder->renew_if_due()));
  const auto second = signer();
  EXPECT_EQ(responder->signs_until(), second->validity.not_after);
  EXPECT_NE(second->serial_number, first->serial_number);
  EXPECT_NE(second->subject_public_key_info, first->subject_public_key_info);
}

TEST_F(Ocsp, ACertificateOfAClockAYearAheadIsReplaced) {
  const auto now = ca.clock.now();
  ca.clock.advance(24h * 365);
  EXPECT_TRUE(unwrap(responder->renew_if_due())) << "the one of a year ago has expired";
  EXPECT_EQ(status(ca.alice), CertStatus(Good{}));
  ca.clock.set(now);
  expect_refused(request({cert_id(ca.alice)}), OCSPResponseStatus::tryLater);
  EXPECT_TRUE(unwrap(responder->renew_if_due()));
  EXPECT_EQ(status(ca.alice), CertStatus(Good{}));
  EXPECT_LE(ask(request({cert_id(ca.alice)})).freshness->this_update, now);
}

TEST_F(Ocsp, SignsNothingWithAnExpiredCertificateAndNothingThatOutlivesIt) {
  const auto end = signer()->validity.not_after;
  ca.clock.set(end - 10min);
  const auto answer = ask(request({cert_id(ca.alice)}));
  EXPECT_EQ(answer.freshness->next_update, end);
  ca.clock.set(end);
  expect_refused(request({cert_id(ca.alice)}), OCSPResponseStatus::tryLater);
  EXPECT_TRUE(unwrap(responder->renew_if_due()));
  EXPECT_EQ(status(ca.alice), CertStatus(Good{}));
}

TEST_F(Ocsp, ARevokedOneIsReplacedAndWhatItSignedWithIt) {
  const auto first = signer();
  change({nullptr, first}, CertificateStatus::revoked, CRLReason::keyCompromise);
  EXPECT_TRUE(unwrap(responder->renew_if_due()));
  EXPECT_NE(signer()->serial_number, first->serial_number);
}

TEST_F(Ocsp, NeverOutlivesTheAuthority) {
  const auto end = ca.certificate()->validity.not_after;
  ca.clock.set(end - 3 * 24h);
  EXPECT_TRUE(unwrap(responder->renew_if_due()));
  EXPECT_EQ(signer()->validity.not_after, end);
  ca.clock.set(end - 1min);
  EXPECT_FALSE(unwrap(responder->renew_if_due())) << "another would not live longer";
  ca.clock.set(end);
  expect_refused(request({cert_id(ca.alice)}), OCSPResponseStatus::tryLater);
  EXPECT_EQ(responder->renew_if_due().error().fault, Fault::bad_configuration);
}

TEST_F(Ocsp, ACertificateThatIsOnNoRecordSignsNothing) {
  FailingJournal failing;
  store::Committer refusing(ca.engine(), failing);
  responder = make_responder({}, refusing);
  EXPECT_EQ(responder->renew_if_due().error().fault, Fault::storage_failed);
  expect_refused(request({cert_id(ca.alice)}), OCSPResponseStatus::tryLater);
}

}  // namespace
}  // namespace signet::test
