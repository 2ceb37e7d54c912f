#pragma once

#include <gtest/gtest.h>

#include "codec/cmc/controls.h"
#include "codec/pkix/oids.h"
#include "support/message_builder.h"
#include "support/sample_extensions.h"
#include "support/secret_message.h"
#include "support/test_authority.h"
#include "support/unwrap.h"

namespace signet::test {

/// A message that stands in another one.
struct Item {
  std::uint32_t id;
  Bytes message;
};

/// A registration authority ("CN=Agent,O=Test") that forwards what others ask. What it sends is
/// written without the client's own code.
class ForwardingScene : public testing::Test {
 protected:
  explicit ForwardingScene(TestAuthority::Choices choices = {}) : ca(std::move(choices)) {}

  /// A PKIData with these messages and, unless `requests` are given, nothing else.
  static Bytes pki_data_around(const std::vector<cmc::TaggedAttribute>& controls,
                               const std::vector<Item>& items,
                               const std::vector<Bytes>& requests = {}) {
    cmc::PKIDataParts parts;
    parts.control_sequence = controls;
    parts.tagged_requests = requests;
    for (const auto& [id, message] : items) {
      parts.cms_sequence.push_back({cmc::BodyPartID{id}, unwrap(cms::read_content_info(message))});
    }
    return cmc::write_pki_data(parts);
  }
  static Bytes around(const Holder& signer, const std::vector<cmc::TaggedAttribute>& controls,
                      const std::vector<Item>& items, const std::vector<Bytes>& requests = {}) {
    auto message = full_request({signer.key, signer.certificate}, {});
    message.content = pki_data_around(controls, items, requests);
    return message.encode();
  }
  /// What the agent sends over its own connection.
  Told forward(std::vector<cmc::TaggedAttribute> controls, const std::vector<Item>& items) {
    return ca.send(around(ca.agent, controls, items), &ca.agent);
  }
  Told forward_batch(const std::vector<Item>& items, std::vector<cmc::TaggedAttribute> more = {}) {
    more.push_back(batch(items));
    return forward(std::move(more), items);
  }

  static cmc::TaggedAttribute batch(const std::vector<Item>& items, std::uint32_t id = 900) {
    cmc::BodyPartList ids;
    for (const auto& item : items) ids.push_back(cmc::BodyPartID{item.id});
    return control(id, cmc::oid::kBatchRequests, cmc::write_body_part_list_value(ids));
  }
  static cmc::BodyPartPath path(const std::vector<std::uint32_t>& ids) {
    cmc::BodyPartPath path;
    for (const auto id : ids) path.push_back(cmc::BodyPartID{id});
    return path;
  }
  static cmc::TaggedAttribute identity_witness(const std::vector<std::uint32_t>& to,
                                               std::uint32_t id = 910) {
    return control(id, cmc::oid::kRaIdentityWitness, cmc::write_body_part_list_value(path(to)));
  }
  static cmc::TaggedAttribute possession_witness(std::uint32_t item, std::uint32_t request,
                                                 std::uint32_t id = 920) {
    return control(id, cmc::oid::kLraPOPWitness,
                   cmc::write_lra_pop_witness({cmc::BodyPartID{item}, {cmc::BodyPartID{request}}}));
  }
  static cmc::TaggedAttribute processed(const std::vector<std::uint32_t>& to,
                                        std::uint32_t id = 930) {
    return control(id, cmc::oid::kControlProcessed, cmc::write_controls_processed({{path(to)}}));
  }
  static cmc::TaggedAttribute change(const std::vector<std::uint32_t>& to, std::uint32_t request,
                                     crmf::CertTemplate fields, bool replace = true,
                                     std::uint32_t id = 940) {
    return control(
        id, cmc::oid::kModCertTemplate,
        cmc::write_mod_cert_template({path(to), path({request}), replace, std::move(fields)}));
  }
  static cmc::TaggedAttribute add_extension(std::uint32_t item, std::uint32_t request,
                                            pkix::Extension extension, std::uint32_t id = 950) {
    return control(
        id, cmc::oid::kAddExtensions,
        cmc::write_add_extensions(
            {cmc::BodyPartID{item}, {cmc::BodyPartID{request}}, {std::move(extension)}}));
  }
  /// Another agent, "CN=RA,O=Test": not one of those listed as agents: its certificate says that it
  /// is one.
  Holder registration_authority(std::uint64_t serial_number = 4711,
                                const std::string& key = "ec:p256") {
    auto holder = ca.enroll("CN=RA,O=Test", key);
    auto tbs = holder.certificate.tbs.value;
    tbs.serial_number = asn1::Integer::from(serial_number);
    std::erase_if(tbs.extensions, [](const pkix::Extension& each) {
      return each.extn_id == pkix::oid::kExtendedKeyUsage;
    });
    tbs.extensions.push_back(purpose(pkix::oid::kCmcRA));
    holder.certificate = TestAuthority::sign(std::move(tbs), ca.key());
    ca.record(holder.certificate);
    return holder;
  }
  cmc::TaggedAttribute revocation_of(const Holder& holder) const {
    cmc::RevokeRequest wanted;
    wanted.issuer_name = ca.certificate()->subject;
    wanted.serial_number = holder.certificate->serial_number;
    return control(30, cmc::oid::kRevokeRequest, cmc::write_revoke_request(wanted));
  }
  static crmf::CertTemplate subject(const std::string& name) {
    crmf::CertTemplate fields;
    fields.subject = unwrap(pkix::name_from_text(name));
    return fields;
  }

  /// A message by somebody who has nothing yet but a key, which signs; its request is number 20.
  static Bytes by_stranger(const std::string& name, const Key& key = test_key(),
                           const std::vector<cmc::TaggedAttribute>& controls = {},
                           pkix::Extensions extensions = {}) {
    SignedMessage message;
    const auto request = pkcs10({.subject = name, .key = key, .extensions = std::move(extensions)});
    message.content = pki_data(controls, {tagged(20, request)});
    message.signers = {signed_by_request_key(key, ski_asked_for(request))};
    return message.encode();
  }
  /// The same, but nothing shows that the key is its own.
  static Bytes by_nobody(const std::string& name, const Key& key,
                         const std::vector<cmc::TaggedAttribute>& controls = {}) {
    SignedMessage message;
    const auto request =
        pkcs10({.subject = name, .key = key, .possession = Possession::no_signature});
    message.content = pki_data(controls, {tagged(20, request)});
    message.signers = {signed_by_nobody(ski_asked_for(request))};
    return message.encode();
  }
  static Bytes ski_asked_for(const Bytes& certification_request) {
    const auto request = unwrap(pkix::read_certification_request(certification_request));
    const auto extensions = unwrap(read_tagged(tagged(20, certification_request)).extensions());
    const auto* ski = pkix::find_extension(extensions, pkix::oid::kSubjectKeyIdentifier);
    return unwrap(pkix::read_subject_key_identifier(ski->extn_value));
  }

  /// The answer to the message with this number, which must be there.
  Told inside(const Told& told, std::uint32_t item) const {
    for (const auto& [id, content] : told.messages) {
      if (id != cmc::BodyPartID{item}) continue;
      authority::Answer answer;
      answer.octets = content.der;
      answer.kind = authority::ResponseKind::full;
      if (content.content_type == cms::oid::kSignedData) {
        const auto data = unwrap(cms::read_signed_data(content.content));
        if (!data.encap_content_info.e_content) answer.kind = authority::ResponseKind::simple;
      }
      return read_told(answer, {ca.certificate(), ca.cmc.certificate});
    }
    ADD_FAILURE() << "no answer to item " << item << ": " << told.text();
    return {};
  }
  static void expect_granted(const Told& told, const std::string& name) {
    ASSERT_EQ(told.certificates.size(), 1U) << told.text();
    EXPECT_EQ(told.status.cmc_status, cmc::CMCStatus::success);
    EXPECT_EQ(pkix::to_text(told.certificates.front()->subject), name);
  }
  static void expect_refused(const Told& told, cmc::CMCFailInfo why,
                             const std::string& words = "") {
    EXPECT_TRUE(told.certificates.empty());
    EXPECT_EQ(told.status.cmc_status, cmc::CMCStatus::failed);
    EXPECT_EQ(told.fail_info(), why) << told.text();
    EXPECT_NE(told.text().find(words), std::string::npos) << told.text();
  }

  TestAuthority ca;
};

}  // namespace signet::test
