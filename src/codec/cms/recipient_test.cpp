#include <gtest/gtest.h>

#include <functional>

#include "base/encoding.h"
#include "codec/cms/cms.h"
#include "support/octets.h"
#include "support/unwrap.h"

namespace signet::cms {
namespace {

using test::hex;
using test::unwrap;

/// An element in hexadecimal, of fewer than 128 octets of contents.
std::string tlv(const std::string& tag, const std::string& contents) {
  return tag + to_hex(Bytes{static_cast<std::uint8_t>(contents.size() / 2)}) + contents;
}

const std::string kIssuerAndSerial = tlv("30", "3000020107");
const std::string kKeyId = "040102";
const std::string kAlgorithm = tlv("30", "06022a03");
const std::string kEncryptedKey = "0401dd";
const std::string kByName = tlv("30", "020100" + kIssuerAndSerial + kAlgorithm + kEncryptedKey);
const std::string kByPassword = tlv("a3", "020100" + kAlgorithm + kEncryptedKey);

std::string key_agreement(const std::string& ukm, const std::string& rid) {
  const auto originator = tlv("a0", "800102");
  return tlv("a1",
             "020103" + originator + ukm + kAlgorithm + tlv("30", tlv("30", rid + kEncryptedKey)));
}

std::string key_encryption_key(const std::string& kekid) {
  return tlv("a2", "020104" + tlv("30", kekid) + kAlgorithm + kEncryptedKey);
}

struct Envelope {
  std::string version = "00";
  std::string originator = {};
  std::string recipients = kByName;
  std::string encrypted = "8001ff";
  std::string attributes = {};
};
std::string octets_of(const Envelope& parts) {
  return tlv("30", "0201" + parts.version + parts.originator + tlv("31", parts.recipients) +
                       tlv("30", "06022a03" + kAlgorithm + parts.encrypted) + parts.attributes);
}

std::string rewritten(const Envelope& parts) {
  return to_hex(write_enveloped_data(unwrap(read_enveloped_data(hex(octets_of(parts))))));
}

Fault fault_of_envelope(const Envelope& parts) {
  return read_enveloped_data(hex(octets_of(parts))).error().fault;
}

TEST(EnvelopedData, IsWrittenInTheVersionThatItsRecipientsNeed) {
  struct Recipients {
    std::string octets;
    const char* version;
  };
  const auto agreed = key_agreement("", kIssuerAndSerial);
  const std::vector<Recipients> all = {
      {kByName, "00"},
      {tlv("30", "020102800102" + kAlgorithm + kEncryptedKey), "02"},
      {agreed, "02"},
      {key_agreement("a1030401cc", kIssuerAndSerial), "02"},
      {key_agreement("", tlv("a0", kKeyId)), "02"},
      {key_encryption_key(kKeyId), "02"},
      {kByPassword, "03"},
      {tlv("a3", "020100a00406022a03" + kAlgorithm + kEncryptedKey), "03"},
      {tlv("a4", "06022a030500"), "03"},
      {kByName + agreed, "02"},
      {kByName + kByPassword, "03"}};
  for (const auto& [octets, version] : all) {
    EXPECT_EQ(rewritten({.version = "05", .recipients = octets}),
              octets_of({.version = version, .recipients = octets}));
  }
}

TEST(EnvelopedData, IsOfVersion2WithAnOriginatorOrUnprotectedAttributes) {
  for (const auto& parts : {Envelope{.version = "02", .originator = "a000"},
                            Envelope{.version = "02", .attributes = "a10a300806022a0331020500"},
                            Envelope{.version = "00", .encrypted = ""}}) {
    EXPECT_EQ(rewritten(parts), octets_of(parts));
  }
}

TEST(EnvelopedData, RefusesSetsWithoutARecipientOrAnAttribute) {
  EXPECT_EQ(fault_of_envelope({.recipients = ""}), Fault::malformed);
  EXPECT_EQ(fault_of_envelope({.attributes = "a100"}), Fault::malformed);
}

TEST(RecipientInfo, PassesOverTheDateAndTheOtherAttributeOfAKeyIdentifier) {
  const std::string date = "180f32303236303130313030303030305a";  // 20260101000000Z
  const std::string no_date = "180f32303236313330313030303030305a";
  const auto by_key = [](const std::string& id) { return key_agreement("", tlv("a0", id)); };
  for (const auto& made : {std::function(by_key), std::function(key_encryption_key)}) {
    const auto plain = octets_of({.version = "02", .recipients = made(kKeyId)});
    for (const auto& further : {date, kAlgorithm, date + kAlgorithm}) {
      EXPECT_EQ(rewritten({.recipients = made(kKeyId + further)}), plain);
    }
    EXPECT_EQ(fault_of_envelope({.recipients = made(kKeyId + kAlgorithm + date)}),
              Fault::trailing_data);
    EXPECT_EQ(fault_of_envelope({.recipients = made(kKeyId + no_date)}), Fault::malformed);
  }
}

TEST(AuthenticatedData, IsWrittenAsItIsReadWithDigestAlgorithmOrWithout) {
  for (const auto* digest_algorithm : {"", "a10406022a03"}) {
    const auto octets = tlv("30", "020100" + tlv("31", kByPassword) + kAlgorithm +
                                      digest_algorithm + tlv("30", "06022a03") + kEncryptedKey);
    EXPECT_EQ(to_hex(write_authenticated_data(unwrap(read_authenticated_data(hex(octets))))),
              octets);
  }
}

}  // namespace
}  // namespace signet::cms
