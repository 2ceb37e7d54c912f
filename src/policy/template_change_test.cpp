#include "policy/template_change.h"

#include <gtest/gtest.h>

#include "support/approval_scene.h"
#include "support/sample_extensions.h"
#include "support/unwrap.h"

namespace signet::policy {
namespace {

namespace oid = pkix::oid;
using std::chrono::days;
using test::dns_name;
using test::fault_of;
using test::name;
using test::purpose;
using test::unwrap;
using Way = TemplateChange::Way;

const Time kStart = test::kTestTime;
const Time kEnd = test::kTestTime + days{30};

TemplateChange change(std::size_t layer, Way way, crmf::CertTemplate fields,
                      const std::string& told_as = "modCertTemplate 7 of CN=RA") {
  return {.told_as = told_as, .layer = layer, .way = way, .fields = std::move(fields)};
}
TemplateChange replaced(crmf::CertTemplate fields) {
  return change(0, Way::replace, std::move(fields));
}
TemplateChange left_out(crmf::CertTemplate fields) {
  return change(0, Way::leave_out, std::move(fields));
}

crmf::CertTemplate subject_field(const std::string& text) {
  crmf::CertTemplate fields;
  fields.subject = name(text);
  return fields;
}
crmf::CertTemplate signing_alg_field(const asn1::Oid& algorithm) {
  crmf::CertTemplate fields;
  fields.signing_alg = pkix::AlgorithmIdentifier{algorithm, {}};
  return fields;
}
crmf::CertTemplate validity_field(std::optional<Time> not_before, std::optional<Time> not_after) {
  crmf::CertTemplate fields;
  fields.validity = crmf::OptionalValidity{not_before, not_after};
  return fields;
}
crmf::CertTemplate extension_fields(pkix::Extensions extensions) {
  crmf::CertTemplate fields;
  fields.extensions = std::move(extensions);
  return fields;
}

const asn1::Oid kAskedAlgorithm{"1.2.3.1"};
const asn1::Oid kOtherAlgorithm{"1.2.3.2"};

/// CN=Alice, from kStart to kEnd, by kAskedAlgorithm, with SKI, purpose and alternative name.
cmc::TaggedRequest crmf_request() {
  return test::read_tagged(test::tagged(
      test::crmf({.subject = "CN=Alice",
                  .extensions = {purpose(oid::kClientAuth), dns_name("alice.example")},
                  .edit_template = [](crmf::CertTemplate& fields) {
                    fields.validity = crmf::OptionalValidity{kStart, kEnd};
                    fields.signing_alg = pkix::AlgorithmIdentifier{kAskedAlgorithm, {}};
                  }})));
}
cmc::TaggedRequest pkcs10_request() {
  return test::read_tagged(test::request_for("CN=Alice", test::test_key(),
                                             {purpose(oid::kClientAuth), dns_name("a.example")}));
}

using Changes = std::vector<TemplateChange>;

RequestedTemplate asked_with(const Changes& changes) {
  return unwrap(requested_template(crmf_request(), changes));
}
Result<RequestedTemplate> pkcs10_with(const Changes& changes) {
  return requested_template(pkcs10_request(), changes);
}

const pkix::Extension* find(const RequestedTemplate& asked, const asn1::Oid& id) {
  return pkix::find_extension(asked.extensions, id);
}

// ------------------------------------------------------------ without changes

TEST(RequestedTemplate, IsTheRequestsOwnWithoutChanges) {
  const auto asked = asked_with({});
  EXPECT_EQ(asked.subject, name("CN=Alice"));
  EXPECT_EQ(asked.extensions, unwrap(crmf_request().extensions()));
  EXPECT_EQ(asked.validity, (crmf::OptionalValidity{kStart, kEnd}));
  EXPECT_EQ(asked.signing_algorithm->algorithm, kAskedAlgorithm);
  EXPECT_FALSE(asked.are_names_changed);
}

TEST(RequestedTemplate, HasNoValidityAndAlgorithmOfAPkcs10) {
  const auto asked = unwrap(pkcs10_with({}));
  EXPECT_EQ(asked.subject, name("CN=Alice"));
  EXPECT_EQ(asked.extensions, unwrap(pkcs10_request().extensions()));
  EXPECT_EQ(asked.validity, crmf::OptionalValidity{});
  EXPECT_EQ(asked.signing_algorithm, std::nullopt);
}

TEST(RequestedTemplate, IsMalformedWithoutASubjectWhateverIsGiven) {
  const auto request = test::read_tagged(test::tagged(
      test::crmf({.edit_template = [](crmf::CertTemplate& fields) { fields.subject.reset(); }})));
  EXPECT_EQ(fault_of(requested_template(request, {})), Fault::malformed);
  const Changes given{replaced(subject_field("CN=Bob"))};
  EXPECT_EQ(fault_of(requested_template(request, given)), Fault::malformed);
}

TEST(RequestedTemplate, IsMalformedWithAnExtensionThatIsAndThatAChangeReplaces) {
  const pkix::Extension null{oid::kExtendedKeyUsage, false, {0x05, 0x00}};
  const auto request =
      test::read_tagged(test::request_for("CN=Alice", test::test_key(), pkix::Extensions{null}));
  const Changes given{replaced(extension_fields({purpose(oid::kServerAuth)}))};
  EXPECT_EQ(fault_of(requested_template(request, given)), Fault::malformed);
}

// ------------------------------------------------------------ each field, both ways

/// A change of one field, and that field of what is asked for, as text.
struct FieldCase {
  std::string field;
  crmf::CertTemplate change;
  std::function<std::string(const RequestedTemplate&)> read;
  std::string own, replaced, left_out;
  bool is_name = false;
};

std::string text_of(const std::optional<Time>& time) {
  return time ? signet::to_text(*time) : "none";
}
std::string extension_text(const RequestedTemplate& asked, const asn1::Oid& id) {
  const auto* found = find(asked, id);
  return found == nullptr ? "none" : to_hex(found->extn_value);
}

std::vector<FieldCase> each_field() {
  const auto other = kStart + days{5};
  const auto own_purpose = to_hex(purpose(oid::kClientAuth).extn_value);
  const auto other_purpose = to_hex(purpose(oid::kServerAuth).extn_value);
  const auto own_name = to_hex(dns_name("alice.example").extn_value);
  const auto other_name = to_hex(dns_name("bob.example").extn_value);
  const asn1::Oid unknown{"1.2.3.4"};
  return {
      {"subject", subject_field("CN=Bob"),
       [](const auto& asked) { return pkix::to_text(asked.subject); }, "CN=Alice", "CN=Bob", "",
       true},
      {"signingAlg", signing_alg_field(kOtherAlgorithm),
       [](const auto& asked) {
         return asked.signing_algorithm ? asked.signing_algorithm->algorithm.to_text() : "none";
       },
       "1.2.3.1", "1.2.3.2", "none"},
      {"notBefore", validity_field(other, std::nullopt),
       [](const auto& asked) { return text_of(asked.validity.not_before); },
       signet::to_text(kStart), signet::to_text(other), "none"},
      {"notAfter", validity_field(std::nullopt, other),
       [](const auto& asked) { return text_of(asked.validity.not_after); }, signet::to_text(kEnd),
       signet::to_text(other), "none"},
      {"extendedKeyUsage", extension_fields({purpose(oid::kServerAuth)}),
       [](const auto& asked) { return extension_text(asked, oid::kExtendedKeyUsage); }, own_purpose,
       other_purpose, "none"},
      {"subjectAltName", extension_fields({dns_name("bob.example")}),
       [](const auto& asked) { return extension_text(asked, oid::kSubjectAltName); }, own_name,
       other_name, "none", true},
      {"not there before", extension_fields({{unknown, true, {0x05, 0x00}}}),
       [unknown](const auto& asked) { return extension_text(asked, unknown); }, "none", "0500",
       "none"},
  };
}

TEST(RequestedTemplate, HasTheFieldsThatAreThereReplacedOrLeftOutAndNoOthers) {
  /* matrix: E94 */
  for (const auto& changed : each_field()) {
    const auto given = asked_with({replaced(changed.change)});
    const auto taken = asked_with({left_out(changed.change)});
    for (const auto& looked_at : each_field()) {
      const bool is_it = looked_at.field == changed.field;
      const auto what = looked_at.field + " after a change of " + changed.field;
      EXPECT_EQ(looked_at.read(given), is_it ? looked_at.replaced : looked_at.own) << what;
      EXPECT_EQ(looked_at.read(taken), is_it ? looked_at.left_out : looked_at.own) << what;
    }
    EXPECT_EQ(given.are_names_changed, changed.is_name) << changed.field;
    EXPECT_EQ(taken.are_names_changed, changed.is_name) << changed.field;
  }
}

TEST(RequestedTemplate, KeepsTheCriticalityAndPlaceOfWhatIsGiven) {
  /* matrix: E94 */
  const auto critical = purpose(oid::kServerAuth, true);
  const auto before = asked_with({});
  const auto after = asked_with({replaced(extension_fields({critical}))});
  ASSERT_EQ(after.extensions.size(), before.extensions.size());
  EXPECT_TRUE(find(after, oid::kExtendedKeyUsage)->critical);
}

TEST(RequestedTemplate, GivesAPkcs10WhatItCannotAskForItself) {
  /* matrix: E94 */
  const auto asked = unwrap(pkcs10_with({replaced(validity_field(std::nullopt, kEnd)),
                                         replaced(signing_alg_field(kOtherAlgorithm))}));
  EXPECT_EQ(asked.validity, (crmf::OptionalValidity{std::nullopt, kEnd}));
  EXPECT_EQ(asked.signing_algorithm->algorithm, kOtherAlgorithm);
}

TEST(RequestedTemplate, ReplacesAndLeavesOutInOneLayerWhereTheFieldsDiffer) {
  /* matrix: E94 */
  const auto asked = asked_with({replaced(validity_field(kStart + days{1}, std::nullopt)),
                                 left_out(validity_field(std::nullopt, kEnd)),
                                 replaced(extension_fields({purpose(oid::kServerAuth)})),
                                 left_out(extension_fields({dns_name("whatever.example")}))});
  EXPECT_EQ(asked.validity, (crmf::OptionalValidity{kStart + days{1}, std::nullopt}));
  EXPECT_EQ(*find(asked, oid::kExtendedKeyUsage), purpose(oid::kServerAuth));
  EXPECT_EQ(find(asked, oid::kSubjectAltName), nullptr);
}

TEST(RequestedTemplate, DoesNotLookAtTheValueOfWhatIsLeftOut) {
  /* matrix: E94 */
  const Changes null{left_out(extension_fields({{oid::kExtendedKeyUsage, true, {0x05, 0x00}}}))};
  const auto asked = pkcs10_with(null);
  ASSERT_TRUE(asked.ok()) << asked.error().detail;
  EXPECT_EQ(find(*asked, oid::kExtendedKeyUsage), nullptr);
}

// ------------------------------------------------------------ what is refused

TEST(RequestedTemplate, RefusesAGivenValueThatIsNotOfItsType) {
  /* matrix: E96 */
  const Changes null{replaced(extension_fields({{oid::kExtendedKeyUsage, false, {0x05, 0x00}}}))};
  const auto refused = pkcs10_with(null);
  ASSERT_EQ(fault_of(refused), Fault::malformed);
  EXPECT_NE(refused.error().detail.find("modCertTemplate 7 of CN=RA"), std::string::npos);

  auto longer = purpose(oid::kServerAuth);
  longer.extn_value.push_back(0x00);
  EXPECT_EQ(fault_of(pkcs10_with({replaced(extension_fields({longer}))})), Fault::trailing_data);
}

struct ForbiddenCase {
  std::string field;
  std::function<void(crmf::CertTemplate&)> put;
};

TEST(RequestedTemplate, RefusesChangesOfWhatNobodyMayChange) {
  const std::vector<ForbiddenCase> forbidden{
      {"version", [](auto& fields) { fields.version = 2; }},
      {"serialNumber", [](auto& fields) { fields.serial_number = asn1::Integer::from(7); }},
      {"issuer", [](auto& fields) { fields.issuer = name("CN=CA"); }},
      {"publicKey",
       [](auto& fields) { fields.public_key = test::test_key("ec:p256", 1)->public_key_info(); }},
      {"issuerUID", [](auto& fields) { fields.issuer_uid = asn1::BitString{}; }},
      {"subjectUID", [](auto& fields) { fields.subject_uid = asn1::BitString{}; }},
      {"keyUsage",
       [](auto& fields) {
         fields.extensions.push_back(test::key_usage({pkix::KeyUsageBit::digitalSignature}));
       }},
  };
  for (const auto& each : forbidden) {
    auto fields = extension_fields({purpose(oid::kServerAuth)});
    each.put(fields);
    for (const auto way : {Way::replace, Way::leave_out}) {
      const auto refused = pkcs10_with({change(0, way, fields)});
      ASSERT_EQ(fault_of(refused), Fault::malformed) << each.field;
      const auto& detail = refused.error().detail;
      EXPECT_NE(detail.find("modCertTemplate 7 of CN=RA"), std::string::npos) << detail;
      EXPECT_NE(detail.find("without " + each.field), std::string::npos) << detail;
    }
  }
}

TEST(RequestedTemplate, RefusesTwoChangesOfOneFieldInOneLayer) {
  /* matrix: E100 */
  for (const auto& each : each_field()) {
    for (const auto first : {Way::replace, Way::leave_out}) {
      for (const auto second : {Way::replace, Way::leave_out}) {
        const auto refused =
            pkcs10_with({change(1, first, each.change, "modCertTemplate 3 of CN=RA"),
                         change(0, Way::replace, each.change, "modCertTemplate 5 of CN=Inner"),
                         change(1, second, each.change, "addExtensions 4 of CN=RA")});
        ASSERT_EQ(fault_of(refused), Fault::malformed) << each.field;
        const auto& detail = refused.error().detail;
        EXPECT_NE(detail.find("modCertTemplate 3 of CN=RA and addExtensions 4 of CN=RA"),
                  std::string::npos)
            << detail;
      }
    }
  }
}

TEST(RequestedTemplate, TakesTwoChangesOfOneLayerThatShareNoField) {
  /* matrix: E100 */
  const auto fields = each_field();
  for (std::size_t i = 1; i < fields.size(); ++i) {
    const auto asked = asked_with({replaced(fields[i - 1].change), replaced(fields[i].change)});
    EXPECT_EQ(fields[i - 1].read(asked), fields[i - 1].replaced);
    EXPECT_EQ(fields[i].read(asked), fields[i].replaced);
  }
}

// ------------------------------------------------------------ layers

TEST(RequestedTemplate, HasTheLastWordOfTheOutermostLayerInWhateverOrderTheyCome) {
  /* matrix: E95, E100 */
  for (const auto& each : each_field()) {
    const auto inner_gives = change(0, Way::replace, each.change);
    const auto outer_takes = change(1, Way::leave_out, each.change);
    const auto outermost_gives = change(2, Way::replace, each.change);
    EXPECT_EQ(each.read(asked_with({inner_gives, outer_takes})), each.left_out) << each.field;
    EXPECT_EQ(each.read(asked_with({outer_takes, inner_gives})), each.left_out) << each.field;
    EXPECT_EQ(each.read(asked_with({outermost_gives, inner_gives, outer_takes})), each.replaced)
        << each.field;
  }
}

TEST(RequestedTemplate, HasWhatInnerLayersChangedAndOuterOnesDidNot) {
  /* matrix: E95 */
  const auto asked = asked_with({change(1, Way::replace, validity_field(std::nullopt, kStart)),
                                 change(0, Way::replace, subject_field("CN=Inner")),
                                 change(0, Way::leave_out, validity_field(kStart, kStart))});
  EXPECT_EQ(asked.subject, name("CN=Inner"));
  EXPECT_EQ(asked.validity, (crmf::OptionalValidity{std::nullopt, kStart}));
}

}  // namespace
}  // namespace signet::policy
