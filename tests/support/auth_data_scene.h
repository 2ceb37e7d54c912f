#pragma once

#include "codec/cmc/controls.h"
#include "envelope/authenticated_data.h"
#include "support/shared_secret_scene.h"

namespace signet::test {

using ControlList = std::vector<cmc::TaggedAttribute>;

/// The item in cmsSequence, and the authData that names it.
inline constexpr std::uint32_t kAuthDataItem = 70;
inline constexpr std::uint32_t kAuthDataControl = 71;

/// What authData names. As it stands it is right.
struct UnderMac {
  ControlList controls = {control(1, cmc::oid::kIdentification, cmc::write_utf8_value("alice"))};
  std::vector<Bytes> requests = {};
  std::string identification = "alice";
  std::string secret = kSecret;
  asn1::Oid type = cmc::oid::kPKIData;
  std::function<void(cms::AuthenticatedData&)> edit = {};

  [[nodiscard]] Bytes encode() const {
    const SecretBytes password{identification + secret};
    const auto sealed = unwrap(envelope::seal_authenticated_data(
        {type, pki_data(controls, requests), password}, crypto::system_random()));
    if (!edit) return sealed;
    auto data =
        unwrap(cms::read_authenticated_data(unwrap(cms::read_content_info(sealed)).content));
    edit(data);
    return cms::write_content_info(cms::oid::kAuthenticatedData,
                                   cms::write_authenticated_data(data));
  }
};

inline cmc::TaggedAttribute auth_data(std::uint32_t names = kAuthDataItem,
                                      std::uint32_t id = kAuthDataControl) {
  return control(id, cmc::oid::kAuthData, cmc::write_body_part_id_value(cmc::BodyPartID{names}));
}

/// A message of alice's, with this item and these controls that name it.
inline SecretMessage with_item(const Bytes& item, const ControlList& naming = {auth_data()}) {
  SecretMessage message;
  message.messages = {{kAuthDataItem, item}};
  message.edit_controls = [naming](ControlList& controls) {
    controls.push_back(
        control(5, cmc::oid::kTransactionId, cmc::write_integer_value(asn1::Integer::from(77))));
    controls.insert(controls.end(), naming.begin(), naming.end());
  };
  return message;
}

/// Alice, who knows a secret, and what becomes of her authData.
class AuthDataControl : public SharedSecret {
 protected:
  Told send_inside(const UnderMac& inside) { return send(with_item(inside.encode())); }
  Told send_controls(ControlList more, UnderMac inside = {}) {
    inside.controls.insert(inside.controls.end(), more.begin(), more.end());
    return send_inside(inside);
  }
  void expect_told(const Told& told, cmc::CMCFailInfo why, const std::string& words) {
    expect_refused(told, why, words);
    EXPECT_TRUE(told.names(kAuthDataControl));
    EXPECT_EQ(failures_of("alice"), 0U) << "her own proof was right";
  }
};

}  // namespace signet::test
