// The profiles that Dogtag ships for CMC, as they are: each is read whole, and each brings a
// certificate with what its file names, wherever who asks can be shown.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>

#include "codec/pkix/oids.h"
#include "policy/key_usage_of_key.h"
#include "support/observed_scene.h"
#include "support/secret_message.h"
#include "support/shared_data.h"

namespace signet::test {
namespace {

namespace oid = pkix::oid;
constexpr const char* kFolder = "dogtag/profiles";

/// A profile's lines, read without our own parser: Dogtag's shipped files are plain key=value.
class ProfileText {
 public:
  explicit ProfileText(const std::filesystem::path& path)
      : path_(path), text_(as_text(file(path.string()))) {
    for (std::size_t at = 0; at < text_.size();) {
      const auto end = std::min(text_.find('\n', at), text_.size());
      const auto line = text_.substr(at, end - at);
      const auto equals = line.find('=');
      if (equals != std::string::npos && line.front() != '#') {
        values_[line.substr(0, equals)] = line.substr(equals + 1);
      }
      at = end + 1;
    }
  }

  [[nodiscard]] std::string name() const { return path_.filename().string(); }
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::string value(const std::string& key) const {
    const auto found = values_.find(key);
    return found == values_.end() ? std::string() : found->second;
  }
  /// The ids of the policies of the one set, in order.
  [[nodiscard]] std::vector<std::string> policies() const {
    std::vector<std::string> ids;
    const auto list = value("policyset." + set() + ".list");
    for (std::size_t at = 0; at <= list.size();) {
      const auto end = std::min(list.find(',', at), list.size());
      ids.push_back(list.substr(at, end - at));
      at = end + 1;
    }
    return ids;
  }
  [[nodiscard]] std::string set() const { return value("policyset.list"); }
  /// "policyset.<set>.<id>.default.params." of the policy with this default; empty when none.
  [[nodiscard]] std::string parameters_of(const std::string& default_class) const {
    for (const auto& id : policies()) {
      const auto prefix = "policyset." + set() + "." + id + ".default.";
      if (value(prefix + "class_id") == default_class) return prefix + "params.";
    }
    return "";
  }
  [[nodiscard]] bool has_default(const std::string& default_class) const {
    return !parameters_of(default_class).empty();
  }
  [[nodiscard]] bool is_true(const std::string& key) const { return value(key) == "true"; }
  [[nodiscard]] std::string key_type() const {
    for (const auto& id : policies()) {
      const auto prefix = "policyset." + set() + "." + id + ".constraint.";
      if (value(prefix + "class_id") == "keyConstraintImpl")
        return value(prefix + "params.keyType");
    }
    return "";
  }

 private:
  std::filesystem::path path_;
  std::string text_;
  std::map<std::string, std::string> values_;
};

std::vector<ProfileText> shipped_by_dogtag() {
  std::vector<ProfileText> profiles;
  const std::filesystem::path top{shared_folder() + "/" + kFolder};
  for (const auto& entry : std::filesystem::recursive_directory_iterator(top)) {
    if (entry.path().extension() == ".cfg") profiles.emplace_back(entry.path());
  }
  return profiles;
}

TEST(DogtagProfiles, EachIsReadUnchangedWithEveryPolicyInputAndOutput) {
  SIGNET_NEEDS_SHARED(kFolder);
  const auto all = shipped_by_dogtag();
  EXPECT_GE(all.size(), 21U);
  for (const auto& shipped : all) {
    const auto parsed = policy::Profile::parse(shipped.name(), shipped.text());
    ASSERT_NE(parsed.profile, nullptr) << shipped.name();
    ASSERT_EQ(parsed.profile->sets().size(), 1U);
    EXPECT_EQ(parsed.profile->sets()[0].policies.size(), shipped.policies().size());
    for (const auto& fault : parsed.faults) {
      EXPECT_EQ(fault.reason.find("unknown"), std::string::npos) << to_text(fault);
      EXPECT_EQ(fault.reason.find("class_id"), std::string::npos) << to_text(fault);
    }
  }
}

// ------------------------------------------------------------ what the file names

std::map<std::string, asn1::Oid> extension_defaults() {
  return {{"authorityKeyIdentifierExtDefaultImpl", oid::kAuthorityKeyIdentifier},
          {"subjectKeyIdentifierExtDefaultImpl", oid::kSubjectKeyIdentifier},
          {"authInfoAccessExtDefaultImpl", oid::kAuthorityInfoAccess},
          {"keyUsageExtDefaultImpl", oid::kKeyUsage},
          {"extendedKeyUsageExtDefaultImpl", oid::kExtendedKeyUsage},
          {"basicConstraintsExtDefaultImpl", oid::kBasicConstraints},
          {"crlDistributionPointsExtDefaultImpl", oid::kCrlDistributionPoints},
          {"ocspNoCheckExtDefaultImpl", oid::kOcspNoCheck},
          {"commonNameToSANDefaultImpl", oid::kSubjectAltName}};
}

void expect_extensions(const ProfileText& shipped, const pkix::Certificate& certificate) {
  std::set<std::string> named;
  for (const auto& [class_id, extension] : extension_defaults()) {
    if (shipped.has_default(class_id)) named.insert(extension.to_text());
  }
  std::set<std::string> held;
  for (const auto& extension : certificate->extensions) held.insert(extension.extn_id.to_text());
  EXPECT_EQ(held, named) << shipped.name();
}

void expect_key_usage(const ProfileText& shipped, const pkix::Certificate& certificate) {
  const auto prefix = shipped.parameters_of("keyUsageExtDefaultImpl");
  if (prefix.empty()) return;
  constexpr std::array kBits{std::pair{"DigitalSignature", pkix::KeyUsageBit::digitalSignature},
                             std::pair{"NonRepudiation", pkix::KeyUsageBit::nonRepudiation},
                             std::pair{"KeyEncipherment", pkix::KeyUsageBit::keyEncipherment},
                             std::pair{"DataEncipherment", pkix::KeyUsageBit::dataEncipherment},
                             std::pair{"KeyAgreement", pkix::KeyUsageBit::keyAgreement},
                             std::pair{"KeyCertSign", pkix::KeyUsageBit::keyCertSign},
                             std::pair{"CrlSign", pkix::KeyUsageBit::cRLSign},
                             std::pair{"EncipherOnly", pkix::KeyUsageBit::encipherOnly},
                             std::pair{"DecipherOnly", pkix::KeyUsageBit::decipherOnly}};
  const auto* extension = pkix::find_extension(certificate->extensions, oid::kKeyUsage);
  ASSERT_NE(extension, nullptr) << shipped.name();
  EXPECT_EQ(extension->critical, shipped.is_true(prefix + "keyUsageCritical"));
  const auto usage = pkix::read_key_usage(extension->extn_value);
  ASSERT_TRUE(usage.ok());
  // What a key of its kind cannot be certified for is left out (RFC 8813 §3).
  const auto usable = policy::usable_key_usage(certificate->subject_public_key_info.algorithm);
  for (const auto& [name, bit] : kBits) {
    const bool wanted = shipped.is_true(prefix + "keyUsage" + name) && usable.has(bit);
    EXPECT_EQ(usage->has(bit), wanted) << shipped.name() << " " << name;
  }
}

void expect_purposes(const ProfileText& shipped, const pkix::Certificate& certificate) {
  const auto prefix = shipped.parameters_of("extendedKeyUsageExtDefaultImpl");
  if (prefix.empty()) return;
  const auto* extension = pkix::find_extension(certificate->extensions, oid::kExtendedKeyUsage);
  ASSERT_NE(extension, nullptr) << shipped.name();
  std::string purposes;
  for (const auto& purpose : *pkix::read_extended_key_usage(extension->extn_value)) {
    purposes += (purposes.empty() ? "" : ",") + purpose.to_text();
  }
  EXPECT_EQ(purposes, shipped.value(prefix + "exKeyUsageOIDs")) << shipped.name();
}

void expect_validity(const ProfileText& shipped, const pkix::Certificate& certificate,
                     const pkix::Certificate& authority) {
  auto prefix = shipped.parameters_of("validityDefaultImpl");
  if (prefix.empty()) prefix = shipped.parameters_of("caValidityDefaultImpl");
  const auto days = std::chrono::days{std::stol(shipped.value(prefix + "range"))};
  const auto end = std::min(certificate->validity.not_before + days, authority->validity.not_after);
  EXPECT_EQ(certificate->validity.not_after, end) << shipped.name();
}

// ------------------------------------------------------------ who asks

constexpr const char* kHost = "CN=host.example.test,O=Test";

Bytes request_for(const ProfileText& shipped, const std::string& subject) {
  return pkcs10(
      {.subject = subject, .key = test_key(shipped.key_type() == "EC" ? "ec:p256" : "rsa:2048")});
}

Told ask(const ProfileText& shipped, TestAuthority& ca) {
  const auto authenticator = shipped.value("auth.instance_id");
  const auto by_certificate = [&](const Holder& signer, const std::string& subject) {
    return ca.send(
        full_request({signer.key, signer.certificate}, {tagged(20, request_for(shipped, subject))})
            .encode(),
        &signer, "extra");
  };
  if (authenticator == "AgentCertAuth" || authenticator.empty()) {
    return ca.send(request_for(shipped, kHost), &ca.agent, "extra");
  }
  if (authenticator == "CMCAuth") return by_certificate(ca.agent, kHost);
  const bool by_secret = shipped.has_default("authTokenSubjectNameDefaultImpl") ||
                         shipped.name().find("SelfSigned") != std::string::npos;
  if (!by_secret) return by_certificate(ca.alice, kAlice);
  ca.secrets->entries["alice"] = {.secret = kSecret, .subject = kOwner};
  const SecretMessage message{.subject = kOwner,
                              .key = test_key(shipped.key_type() == "EC" ? "ec:p256" : "rsa:2048")};
  return ca.send(message.encode(), nullptr, "extra");
}

TEST(DogtagProfiles, EachBringsACertificateWithWhatItsFileNames) {
  SIGNET_NEEDS_SHARED(kFolder);
  for (const auto& shipped : shipped_by_dogtag()) {
    if (shipped.key_type() == "MLDSA") continue;
    TestAuthority::Choices choices;
    choices.more_profiles = shipped.text() + "\nenable=true\n";
    TestAuthority ca{choices};
    const auto told = ask(shipped, ca);
    ASSERT_EQ(told.certificates.size(), 1U) << shipped.name() << ": " << told.text();
    const auto& certificate = told.certificates.front();
    expect_extensions(shipped, certificate);
    expect_key_usage(shipped, certificate);
    expect_purposes(shipped, certificate);
    expect_validity(shipped, certificate, ca.certificate());
  }
}

TEST(DogtagProfiles, ThoseForMlDsaKeysRefuseOthersByName) {
  SIGNET_NEEDS_SHARED(kFolder);
  std::size_t seen = 0;
  for (const auto& shipped : shipped_by_dogtag()) {
    if (shipped.key_type() != "MLDSA") continue;
    ++seen;
    TestAuthority::Choices choices;
    choices.more_profiles = shipped.text() + "\nenable=true\n";
    TestAuthority ca{choices};
    const auto told = ask(shipped, ca);
    EXPECT_FALSE(told.issued());
    EXPECT_EQ(told.fail_info(), cmc::CMCFailInfo::badAlg);
    EXPECT_NE(told.text().find("MLDSA"), std::string::npos) << told.text();
  }
  EXPECT_GE(seen, 1U);
}

}  // namespace
}  // namespace signet::test
