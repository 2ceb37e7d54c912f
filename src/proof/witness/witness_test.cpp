// The known answers of the normative material, and what the values depend on.
#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "base/encoding.h"
#include "codec/cms/cms.h"
#include "codec/pkix/oids.h"
#include "proof/witness/encrypted_pop.h"
#include "proof/witness/identity_proof.h"
#include "proof/witness/pop_link.h"
#include "support/shared_data.h"
#include "support/unwrap.h"

namespace signet::proof {
namespace {

using crypto::DigestAlgorithm;
using crypto::MacAlgorithm;
using test::unwrap;

/// kat.txt: "name = hexadecimal" a line.
class KnownAnswers : public testing::Test {
 protected:
  void SetUp() override {
    SIGNET_NEEDS_SHARED("spec/vectors/kat.txt");
    std::istringstream lines{std::string(as_text(test::shared_file("spec/vectors/kat.txt")))};
    for (std::string line; std::getline(lines, line);) {
      const auto at = line.rfind(" = ");
      if (at != std::string::npos) answers_[line.substr(0, at)] = line.substr(at + 3);
    }
    secret = SecretBytes(answer("secret(utf8)"));
    const auto octets = answer("identification(utf8 content octets)");
    identification = std::string(as_text(octets));
  }
  Bytes answer(const std::string& name) const {
    const auto found = answers_.find(name);
    EXPECT_NE(found, answers_.end()) << name;
    return found == answers_.end() ? Bytes{} : unwrap(from_hex(found->second));
  }
  SharedKnowledge alone() const { return {secret, std::nullopt}; }
  SharedKnowledge named() const { return {secret, identification}; }
  Bytes link(const SharedKnowledge& known) const {
    return unwrap(make_pop_link_witness_v2(known, answer("R (popLinkRandom)"))).witness;
  }

  SecretBytes secret;
  std::string identification;

 private:
  std::map<std::string, std::string> answers_;
};

TEST_F(KnownAnswers, ProofValuesHaveAWitnessAndAreTheKeyOfThePop) {
  /* matrix: B22, B23, E113 */
  const auto request = test::shared_file("spec/vectors/taggedrequest-encpop.der");
  for (const std::string name : {"y32", "y80"}) {
    const SecretBytes value(answer(name));
    EXPECT_EQ(pop_proof_value_witness(DigestAlgorithm::sha256, value),
              answer(name + " witness SHA-256(y)"));
    EXPECT_EQ(the_pop(MacAlgorithm::hmac_sha256, value, request),
              answer(name + " thePOP HMAC-SHA256 over DER TaggedRequest (key=first 64 octets)"));
    EXPECT_EQ(the_pop(MacAlgorithm::hmac_sha1, value, request),
              answer(name + " thePOP HMAC-SHA1 over DER TaggedRequest (legacy)"));
  }
  EXPECT_NE(the_pop(MacAlgorithm::hmac_sha256, SecretBytes(answer("y80")), request),
            answer("y80 thePOP if a library hashes the long key first (WRONG)"));
}

TEST_F(KnownAnswers, KeysAreHashesOfTheSecretAndWhatNamesItsOwner) {
  /* matrix: E76 */
  EXPECT_EQ(to_bytes(alone().hashed(DigestAlgorithm::sha256).view()),
            answer("key SHA-256(secret)"));
  EXPECT_EQ(to_bytes(named().hashed(DigestAlgorithm::sha256).view()),
            answer("key SHA-256(secret||identification)"));
  EXPECT_EQ(to_bytes(alone().hashed(DigestAlgorithm::sha1).view()), answer("key SHA-1(secret)"));
  EXPECT_EQ(to_bytes(named().hashed(DigestAlgorithm::sha1).view()),
            answer("key SHA-1(secret||identification)"));
}

TEST_F(KnownAnswers, IdentityProofIsOverTheRequestSequenceAsItStands) {
  /* matrix: E72, E75, B17, B18 */
  const auto sequence = test::shared_file("spec/vectors/reqseq-p10.der");
  ASSERT_EQ(crypto::sha256(sequence), answer("reqSequence DER sha256 (p10 message)"));
  EXPECT_EQ(identity_proof_v2_witness({}, named(), sequence),
            answer("identityProofV2.witness (identification present)"));
  EXPECT_EQ(identity_proof_v2_witness({}, alone(), sequence),
            answer("identityProofV2.witness (no identification)"));
  EXPECT_EQ(identity_proof_v1_witness(named(), sequence),
            answer("identityProof V1 (identification present)"));
  EXPECT_EQ(identity_proof_v1_witness(alone(), sequence),
            answer("identityProof V1 (no identification)"));
}

TEST_F(KnownAnswers, LinkWitnessesOfBothRules) {
  /* matrix: B19, B21 */
  EXPECT_EQ(link(alone()),
            answer("popLinkWitnessV2.witness, key without identification (RFC text)"));
  EXPECT_EQ(link(named()),
            answer("popLinkWitnessV2.witness, key with identification (Dogtag practice)"));
  const auto random = answer("R (popLinkRandom)");
  EXPECT_EQ(pop_link_v1_witness(alone(), random),
            answer("popLinkWitness V1, key without identification"));
  EXPECT_EQ(pop_link_v1_witness(named(), random),
            answer("popLinkWitness V1, key with identification"));
}

// ------------------------------------------------------------ HMAC of old tools

/// Figures by python3, of hashlib alone:
///
///   def old(h, key, message):
///       key += bytes(64 - len(key))
///       inner = hashlib.new(h, bytes(x ^ 0x36 for x in key) + message).digest()
///       return hashlib.new(h, bytes(x ^ 0x5c for x in key) + inner).hexdigest()
///   key = hashlib.new(hash, b"Sup3rS3cretSharedToken" + b"testUser").digest()
class OldMac : public testing::Test {
 protected:
  std::string proof(DigestAlgorithm hash, MacAlgorithm mac, MacComputation computation) const {
    return to_hex(identity_proof_v2_witness({.hash = hash, .mac = mac}, {secret, "testUser"},
                                            Bytes{0x30, 0x03, 0x02, 0x01, 0x05}, computation));
  }
  std::string link(std::optional<std::string_view> identification,
                   MacComputation computation) const {
    Bytes random(64);
    for (std::size_t i = 0; i < random.size(); ++i) random[i] = static_cast<std::uint8_t>(i);
    LinkKeys keys;
    return to_hex(
        unwrap(pop_link_v2_witness(crypto::algorithm_identifier(DigestAlgorithm::sha256),
                                   crypto::algorithm_identifier(MacAlgorithm::hmac_sha512),
                                   {secret, identification}, random, keys, computation)));
  }
  SecretBytes secret{std::string_view("Sup3rS3cretSharedToken")};
};

TEST_F(OldMac, OfAnIdentityProofPadsTheKeyTo64Octets) {
  const auto old = MacComputation::old_dogtag;
  EXPECT_EQ(proof(DigestAlgorithm::sha256, MacAlgorithm::hmac_sha384, old),
            "76c4d1aae868093a8c52279e4ea55dfff103122ea123605864f91f9fa844ac57"
            "2b3b72f4eb2b1f73d43479e2beb712ff");
  EXPECT_EQ(proof(DigestAlgorithm::sha256, MacAlgorithm::hmac_sha512, old),
            "cca41a35a848ae431d24bf7ae69d5d6be4f5b94fc7d7141927955c560a01e23d"
            "7d8c97c00bbf1d014793bcb232b5500f45f32c3cb232013df3bf52a875938939");
  EXPECT_EQ(proof(DigestAlgorithm::sha512, MacAlgorithm::hmac_sha384, old),
            "f7ca20950d3dd5ef964947611f791736fd232758ef5f03330c614043edd51cdb"
            "0b6639ea243ac76719d63e09e342ebe9");
  EXPECT_EQ(proof(DigestAlgorithm::sha512, MacAlgorithm::hmac_sha512, old),
            "c50ce62115275b4da790556bf5acec5d793d58be4ba955359a58ca4ea9fdef7d"
            "a40200d67a9e6f3381da9ad360e7fde35441ac581cd47c7b853a566b73ea5eeb");
}

TEST_F(OldMac, OfALinkPadsTheKeyTo64Octets) {
  EXPECT_EQ(link(std::nullopt, MacComputation::old_dogtag),
            "1880dc0bff3a9e35d59ab500f446b10d4935601e451d45495cc57227fe4efa1c"
            "88760346a258c4c7854eefacafac9462db305e4481f5468eba4e3163873808c8");
  EXPECT_EQ(link("testUser", MacComputation::old_dogtag),
            "407d2dc4487ef18f8e5f732ed3b2f85ed7fd45fb56ecbfcbfb6d3bccfdb4fa08"
            "e4fbb158405be9be9ce65a384f3713d7074d32fd4fe506a9744b209c50627e9e");
}

TEST_F(OldMac, IsAnotherOnlyWhereTheBlockIsLarger) {
  EXPECT_EQ(proof(DigestAlgorithm::sha512, MacAlgorithm::hmac_sha512, MacComputation::rfc2104),
            "40d2f22955974ce0fa044ca8e0d625e85f833b28d8d006bc99b97e0b30959c19"
            "739051cb8c1b35882d4eb9ef57b21a2781cb782e4974c9f8ae6f65126d6ca003");
  for (const auto mac :
       {MacAlgorithm::hmac_sha1, MacAlgorithm::hmac_sha224, MacAlgorithm::hmac_sha256}) {
    EXPECT_FALSE(computations_differ(mac));
    EXPECT_EQ(proof(DigestAlgorithm::sha512, mac, MacComputation::old_dogtag),
              proof(DigestAlgorithm::sha512, mac, MacComputation::rfc2104));
  }
}

// ------------------------------------------------------------ PBKDF2 as keyGenAlgorithm

class Pbkdf2Link : public testing::Test {
 protected:
  Result<Bytes> witness(cms::Pbkdf2Parameters parameters) const {
    if (parameters.prf.algorithm == asn1::Oid{}) {
      parameters.prf = crypto::algorithm_identifier(MacAlgorithm::hmac_sha256);
    }
    return pop_link_v2_witness({pkix::oid::kPbkdf2, cms::write_pbkdf2_parameters(parameters)},
                               crypto::algorithm_identifier(MacAlgorithm::hmac_sha256),
                               {secret, std::nullopt}, random);
  }
  static Fault fault_of(const Result<Bytes>& result) {
    EXPECT_FALSE(result.ok());
    return result.ok() ? Fault::internal : result.error().fault;
  }
  SecretBytes secret{std::string_view("a secret of enough characters")};
  Bytes random = Bytes(64, 9);
};

TEST_F(Pbkdf2Link, DerivesTheKeyAsTheParametersSay) {
  /* matrix: B20 */
  const Bytes salt(16, 1);
  const auto prf = crypto::algorithm_identifier(MacAlgorithm::hmac_sha256);
  const auto key = crypto::pbkdf2(MacAlgorithm::hmac_sha256, secret.view(), salt, 1000, 32);
  const auto expected = crypto::mac(MacAlgorithm::hmac_sha256, key.view(), random);
  EXPECT_EQ(unwrap(witness({salt, 1000, 32, prf})), expected);
  // Without keyLength, as many octets as the MAC has.
  EXPECT_EQ(unwrap(witness({salt, 1000, std::nullopt, prf})), expected);
  EXPECT_NE(unwrap(witness({salt, 1001, 32, prf})), expected);
}

TEST_F(Pbkdf2Link, NoIterationsOrTooManyAreRefusedBeforeAnyIsDone) {
  const auto prf = crypto::algorithm_identifier(MacAlgorithm::hmac_sha256);
  EXPECT_EQ(fault_of(witness({Bytes(16, 1), 0, 32, prf})), Fault::malformed);
  EXPECT_EQ(fault_of(witness({Bytes(16, 1), -1, 32, prf})), Fault::malformed);
  EXPECT_EQ(fault_of(witness({Bytes(16, 1), 800'001, 32, prf})), Fault::too_large);
  EXPECT_EQ(fault_of(witness({Bytes(16, 1), std::int64_t{1} << 31, 32, prf})), Fault::too_large);
  EXPECT_EQ(fault_of(witness({Bytes(16, 1), 1000, 65, prf})), Fault::too_large);
  EXPECT_EQ(fault_of(witness({Bytes(1025, 1), 1000, 32, prf})), Fault::too_large);
}

TEST_F(Pbkdf2Link, KeysThatAreGuessedWithoutTheSecretAreRefused) {
  const auto prf = crypto::algorithm_identifier(MacAlgorithm::hmac_sha256);
  EXPECT_TRUE(witness({Bytes(16, 1), 1000, 16, prf}).ok());
  for (const std::int64_t octets : {1, 15}) {
    EXPECT_EQ(fault_of(witness({Bytes(16, 1), 1000, octets, prf})), Fault::weak_key) << octets;
  }
  for (const std::int64_t iterations : {1, 999}) {
    EXPECT_EQ(fault_of(witness({Bytes(16, 1), iterations, 32, prf})), Fault::weak_key);
  }
}

TEST_F(Pbkdf2Link, KeysOfAMessageAreChargedOnceEachAndByTheBlock) {
  const auto prf = crypto::algorithm_identifier(MacAlgorithm::hmac_sha256);
  const auto key = [&](std::uint8_t salt, std::int64_t iterations, std::int64_t octets) {
    return pkix::AlgorithmIdentifier{
        pkix::oid::kPbkdf2,
        cms::write_pbkdf2_parameters({Bytes(16, salt), iterations, octets, prf})};
  };
  const auto charge = [mac = MacAlgorithm::hmac_sha256](LinkKeys& keys, const auto& algorithm,
                                                        LinkKeyOf of = LinkKeyOf::secret) {
    const auto charged = keys.charge(algorithm, mac, of);
    return charged.ok() ? std::optional<Fault>{} : charged.error().fault;
  };
  LinkKeys keys;
  for (int request = 0; request < 3; ++request) {
    EXPECT_EQ(charge(keys, key(1, 400'000, 32)), std::nullopt);
  }
  EXPECT_EQ(charge(keys, key(1, 400'000, 64)), Fault::too_large);
  EXPECT_EQ(charge(keys, key(2, 400'001, 32)), Fault::too_large);
  EXPECT_EQ(charge(keys, key(1, 400'000, 32), LinkKeyOf::secret_with_identification), std::nullopt);
  EXPECT_EQ(charge(keys, key(2, 1000, 32)), Fault::too_large);
  EXPECT_EQ(charge(keys, crypto::algorithm_identifier(DigestAlgorithm::sha256)), std::nullopt);
  LinkKeys others;
  EXPECT_EQ(charge(others, key(1, 400'000, 64)), std::nullopt);
}

TEST_F(Pbkdf2Link, AKeyThatWasMadeIsTheSameWhenItIsAskedForAgain) {
  const auto prf = crypto::algorithm_identifier(MacAlgorithm::hmac_sha256);
  const pkix::AlgorithmIdentifier algorithm{
      pkix::oid::kPbkdf2, cms::write_pbkdf2_parameters({Bytes(16, 1), 1000, std::nullopt, prf})};
  LinkKeys keys;
  const auto make = [&](MacAlgorithm mac, std::optional<std::string_view> identification) {
    return to_bytes(unwrap(keys.make(algorithm, mac, {secret, identification})).view());
  };
  const auto alone = make(MacAlgorithm::hmac_sha256, {});
  const auto joined = make(MacAlgorithm::hmac_sha256, "alice");
  EXPECT_EQ(
      alone,
      to_bytes(
          crypto::pbkdf2(MacAlgorithm::hmac_sha256, secret.view(), Bytes(16, 1), 1000, 32).view()));
  EXPECT_NE(alone, joined);
  EXPECT_EQ(make(MacAlgorithm::hmac_sha512, {}).size(), 64U);
  EXPECT_EQ(make(MacAlgorithm::hmac_sha256, {}), alone);
  EXPECT_EQ(make(MacAlgorithm::hmac_sha256, "alice"), joined);
}

TEST_F(Pbkdf2Link, ParametersMustBeThere) {
  const auto refused = pop_link_v2_witness({pkix::oid::kPbkdf2, std::nullopt},
                                           crypto::algorithm_identifier(MacAlgorithm::hmac_sha256),
                                           {secret, std::nullopt}, random);
  EXPECT_EQ(fault_of(refused), Fault::malformed);
}

TEST_F(Pbkdf2Link, AnUnknownKeyGenerationIsNamed) {
  const auto refused = pop_link_v2_witness({pkix::oid::kCommonName, std::nullopt},
                                           crypto::algorithm_identifier(MacAlgorithm::hmac_sha256),
                                           {secret, std::nullopt}, random);
  EXPECT_EQ(fault_of(refused), Fault::unsupported_algorithm);
}

TEST(SharedKnowledge, SecretsOfAnyLengthAndScriptCount) {
  const SecretBytes secret{std::string_view("schlüssel-ключ-鍵")};
  const SecretBytes other{std::string_view("schlussel-ключ-鍵")};
  const SecretBytes very_long{Bytes(100'000, 'x')};
  const Bytes sequence{0x30, 0x00};
  const auto witness = [&](const SecretBytes& each) {
    return identity_proof_v2_witness({}, {each, "bob"}, sequence);
  };
  EXPECT_NE(witness(secret), witness(other));
  EXPECT_EQ(witness(very_long).size(), 32U);
}

}  // namespace
}  // namespace signet::proof
