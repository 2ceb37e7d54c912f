#include <algorithm>
#include <array>

#include "codec/pkix/object_name.h"
#include "codec/pkix/oids.h"
#include "policy/name_rules.h"
#include "policy/policy_classes.h"
#include "policy/text.h"

/// Where to ask about a certificate: authorityInfoAccess (RFC 5280 §4.2.2.1) and
/// cRLDistributionPoints (§4.2.1.13).
namespace signet::policy {
namespace {

/// A name written in the profile, of the right form; none is noted as an error.
std::optional<pkix::GeneralName> read_name(Parameters& parameters, const std::string& type_key,
                                           const std::string& name_key) {
  const auto type = parameters.text(type_key);
  const auto text = parameters.text(name_key);
  auto name = general_name_from_text(type.empty() ? "URIName" : type, text);
  if (!name.ok()) {
    parameters.refuse(name_key, name.error().detail);
    return std::nullopt;
  }
  const auto form = check_name_form(*name);
  if (!form.ok()) parameters.refuse(name_key, form.error().detail);
  return *std::move(name);
}

/// Access descriptions in order; one without a location is the authority's OCSP service, and is
/// left out where the authority has none.
class AuthorityInfoAccessDefault final : public Default {
 public:
  struct Entry {
    asn1::Oid method;
    std::optional<pkix::GeneralName> location;
  };
  AuthorityInfoAccessDefault(std::vector<Entry> entries, bool critical)
      : entries_(std::move(entries)), critical_(critical) {}

  Result<void> apply(const RequestFacts& facts, CertificateDraft& draft) const override {
    std::vector<pkix::AccessDescription> descriptions;
    for (const auto& entry : entries_) {
      if (entry.location) {
        descriptions.push_back({entry.method, *entry.location});
      } else if (!facts.authority.ocsp_uri.empty()) {
        descriptions.push_back(
            {entry.method, pkix::UniformResourceIdentifier{facts.authority.ocsp_uri}});
      }
    }
    if (descriptions.empty()) return {};
    draft.set(
        {pkix::oid::kAuthorityInfoAccess, critical_, pkix::write_information_access(descriptions)});
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    std::vector<std::string> places;
    for (const auto& entry : entries_) {
      places.push_back(pkix::object_name(entry.method) + " at " +
                       (entry.location ? pkix::to_text(*entry.location)
                                       : "the authority's ocsp_uri, where one is set"));
    }
    if (places.empty()) return {};
    return {{Topic::extension, join(places, "and"), pkix::oid::kAuthorityInfoAccess, critical_}};
  }
  [[nodiscard]] bool wants_ocsp_uri() const override {
    return std::any_of(entries_.begin(), entries_.end(),
                       [](const Entry& entry) { return !entry.location; });
  }

 private:
  std::vector<Entry> entries_;
  bool critical_;
};

std::optional<AuthorityInfoAccessDefault::Entry> read_access(Parameters& parameters,
                                                             const std::string& index) {
  const bool enabled = parameters.boolean("authInfoAccessADEnable_" + index);
  const auto method = parameters.text("authInfoAccessADMethod_" + index);
  const auto type_key = "authInfoAccessADLocationType_" + index;
  const auto location_key = "authInfoAccessADLocation_" + index;
  parameters.ignore(type_key);
  parameters.ignore(location_key);
  if (!enabled || method.empty()) return std::nullopt;

  AuthorityInfoAccessDefault::Entry entry;
  entry.method = parameters.oid("authInfoAccessADMethod_" + index);
  if (!parameters.text(location_key).empty()) {
    entry.location = read_name(parameters, type_key, location_key);
  } else if (entry.method != pkix::oid::kOcsp) {
    parameters.warn(location_key, "is empty: the entry is left out");
    return std::nullopt;
  }
  return entry;
}

/// DistributionPoint (RFC 5280 §4.2.1.13) with fullName, reasons and cRLIssuer.
struct DistributionPoint {
  std::optional<pkix::GeneralName> name;
  std::optional<asn1::BitString> reasons;
  std::optional<pkix::GeneralName> crl_issuer;
};

void write_distribution_point(asn1::Writer& writer, const DistributionPoint& point) {
  writer.sequence([&] {
    if (point.name) {
      writer.constructed(asn1::context_constructed(0), [&] {
        pkix::write_general_names(writer, {*point.name}, asn1::context_constructed(0));
      });
    }
    if (point.reasons) writer.bit_string(*point.reasons, asn1::context(1));
    if (point.crl_issuer) {
      pkix::write_general_names(writer, {*point.crl_issuer}, asn1::context_constructed(2));
    }
  });
}

pkix::Extension extension_of(const std::vector<DistributionPoint>& points, bool critical) {
  asn1::Writer writer;
  writer.sequence([&] {
    for (const auto& point : points) write_distribution_point(writer, point);
  });
  return {pkix::oid::kCrlDistributionPoints, critical, std::move(writer).take()};
}

/// Without points: no extension.
class CrlDistributionPointsDefault final : public Default {
 public:
  CrlDistributionPointsDefault(std::vector<DistributionPoint> points, bool critical)
      : points_(std::move(points)), extension_(extension_of(points_, critical)) {}

  Result<void> apply(const RequestFacts&, CertificateDraft& draft) const override {
    if (!points_.empty()) draft.set(extension_);
    return {};
  }
  [[nodiscard]] Statements describe() const override {
    std::vector<std::string> places;
    for (const auto& point : points_) {
      places.push_back(point.name ? pkix::to_text(*point.name) : pkix::to_text(*point.crl_issuer));
    }
    if (places.empty()) return {};
    return {{Topic::extension, join(places, "and"), extension_.extn_id, extension_.critical}};
  }

 private:
  std::vector<DistributionPoint> points_;
  pkix::Extension extension_;
};

/// ReasonFlags by name, bit 0 first. None when the profile names none.
std::optional<asn1::BitString> read_reasons(Parameters& parameters, const std::string& key) {
  constexpr std::array<std::string_view, 9> kFlags{
      "unused",      "keyCompromise",        "cACompromise",    "affiliationChanged",
      "superseded",  "cessationOfOperation", "certificateHold", "privilegeWithdrawn",
      "aACompromise"};
  std::uint32_t bits = 0;  // flag 0 is the highest of 16
  for (const auto& item : parameters.list(key)) {
    std::size_t flag = 0;
    while (flag < kFlags.size() && !equal_without_case(kFlags.at(flag), item)) ++flag;
    if (flag == kFlags.size()) parameters.refuse(key, "'" + item + "' is no reason of RFC 5280");
    bits |= 0x8000U >> flag;
  }
  bits &= 0xFF80U;
  if (bits == 0) return std::nullopt;
  // DER of a named bit list: no trailing zero bits (X.690 §11.2.2).
  unsigned unused = 0;
  while ((bits >> unused & 1) == 0) ++unused;
  asn1::BitString flags{{static_cast<std::uint8_t>(bits >> 8)},
                        static_cast<std::uint8_t>(unused % 8)};
  if (unused < 8) flags.octets.push_back(static_cast<std::uint8_t>(bits));
  return flags;
}

std::optional<DistributionPoint> read_distribution_point(Parameters& parameters,
                                                         const std::string& index) {
  const auto name_key = "crlDistPointsPointName_" + index;
  const auto issuer_key = "crlDistPointsIssuerName_" + index;
  const bool enabled = parameters.boolean("crlDistPointsEnable_" + index);
  const bool has_name = !parameters.text(name_key).empty();
  const bool has_issuer = !parameters.text(issuer_key).empty();
  parameters.ignore("crlDistPointsPointType_" + index);
  parameters.ignore("crlDistPointsIssuerType_" + index);
  parameters.ignore("crlDistPointsReasons_" + index);
  if (!enabled || (!has_name && !has_issuer)) return std::nullopt;

  DistributionPoint point;
  if (has_name) point.name = read_name(parameters, "crlDistPointsPointType_" + index, name_key);
  if (has_issuer) {
    point.crl_issuer = read_name(parameters, "crlDistPointsIssuerType_" + index, issuer_key);
    if (point.crl_issuer && !std::holds_alternative<pkix::Name>(*point.crl_issuer)) {
      parameters.refuse(issuer_key, "must be a DirectoryName (RFC 5280 §4.2.1.13)");
    }
  }
  point.reasons = read_reasons(parameters, "crlDistPointsReasons_" + index);
  return point;
}

}  // namespace

std::unique_ptr<const Default> make_authority_info_access_default(Parameters& parameters) {
  std::vector<AuthorityInfoAccessDefault::Entry> entries;
  const int count = parameters.count("authInfoAccessNumADs");
  for (int i = 0; i < count; ++i) {
    if (auto entry = read_access(parameters, std::to_string(i))) {
      entries.push_back(*std::move(entry));
    }
  }
  const bool critical = parameters.boolean("authInfoAccessCritical");
  if (critical) {
    parameters.refuse("authInfoAccessCritical", "must be false (RFC 5280 §4.2.2.1)");
  }
  return std::make_unique<AuthorityInfoAccessDefault>(std::move(entries), critical);
}

std::unique_ptr<const Default> make_crl_distribution_points_default(Parameters& parameters) {
  const bool critical = parameters.boolean("crlDistPointsCritical");
  const int count = parameters.count("crlDistPointsNum");
  std::vector<DistributionPoint> points;
  for (int i = 0; i < count; ++i) {
    if (auto point = read_distribution_point(parameters, std::to_string(i))) {
      points.push_back(*std::move(point));
    }
  }
  return std::make_unique<CrlDistributionPointsDefault>(std::move(points), critical);
}

}  // namespace signet::policy
