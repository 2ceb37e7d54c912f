#include "proof/identity/shared_secret.h"

#include "codec/asn1/writer.h"
#include "codec/cmc/concerning.h"
#include "codec/cmc/controls.h"
#include "codec/pkix/oids.h"
#include "envelope/authenticated_data.h"
#include "proof/identity/legacy_algorithms.h"
#include "proof/identity/standing.h"
#include "proof/witness/identity_proof.h"

namespace signet::proof {
namespace {

constexpr std::size_t kMostIdentificationOctets = 1024;
constexpr std::string_view kWrongSecret = "wrong secret";

/// What is said for every reason that would tell a guesser something.
Error not_proven(std::string confidential) {
  return {Fault::unknown_identity,
          "the identification and the shared secret do not prove who asks: check both, or ask the "
          "authority's operator for a new secret",
          {},
          std::move(confidential)};
}

/// What the message claims: a MAC by a key that only the owner of a secret can make.
struct ClaimedProof {
  cmc::BodyPartID control;
  IdentityProofAlgorithms algorithms;
  Bytes witness;
};

Result<ByteView> value_of(const cmc::TaggedAttribute& control, std::string_view name) {
  if (control.attr_values.size() == 1) return ByteView{control.attr_values.front()};
  return Error{
      Fault::malformed, std::string(name) + " must have one value", {control.body_part_id.value}};
}

Result<std::string> identification_of(const cmc::FullPkiRequest& message) {
  const auto& controls = message.pki_data.control_sequence;
  const auto* control = cmc::find_control(controls, cmc::oid::kIdentification);
  //= C15 RFC 10004 §5.2: identification is read
  //= E77 RFC 10002 §6.2.3: this authority demands identification: a secret alone names nobody
  if (control == nullptr) {
    return Error{Fault::unknown_identity,
                 "the request has an identity proof but no identification control, so nobody is "
                 "named whose shared secret it could be: add identification"};
  }
  auto text = cmc::read_utf8_value(TRY(value_of(*control, "identification")));
  if (text.ok() && (text->empty() || text->size() > kMostIdentificationOctets)) {
    text = Error{Fault::malformed, "identification must have 1 to 1024 octets"};
  }
  return cmc::concerning(control->body_part_id, std::move(text));
}

/// SHA-1 and SHA-224 are for those who turn on what is old.
Result<void> check_strength(const ClaimedProof& claimed, const IdentityContext& context) {
  if (!is_legacy(claimed.algorithms.hash) && !is_legacy(claimed.algorithms.mac)) return {};
  if (!context.rules.secrets.legacy_proofs) {
    return Error{Fault::unsupported_algorithm,
                 "identityProofV2 uses SHA-1 or SHA-224: use SHA-256 with HMAC-SHA256"};
  }
  context.tolerated.push_back(
      {Tolerance::legacy_proofs, "SHA-1 or SHA-224 in identityProofV2", claimed.control});
  return {};
}

Result<ClaimedProof> read_v2(const cmc::TaggedAttribute& control, const IdentityContext& context) {
  //= C09 RFC 10004 §5.2: identityProofV2 is verified
  const auto value = TRY(value_of(control, "identityProofV2"));
  auto proof = TRY(cmc::read_identity_proof_v2(value));
  ClaimedProof claimed{control.body_part_id, {}, std::move(proof.witness)};
  //= B17 RFC 10004 §5.1: proofAlgID SHA-256, and what is stronger
  claimed.algorithms.hash = TRY(crypto::digest_algorithm(proof.proof_alg_id));
  //= B18 RFC 10004 §5.1: macAlgID HMAC-SHA256, and what is stronger
  claimed.algorithms.mac = TRY(crypto::mac_algorithm(proof.mac_alg_id));
  TRY(check_strength(claimed, context));
  return claimed;
}

Result<ClaimedProof> read_v1(const cmc::TaggedAttribute& control, const IdentityContext& context) {
  if (!context.rules.secrets.legacy_proofs) {
    return Error{Fault::unsupported_algorithm,
                 "identityProof (version 1) rests on SHA-1 and is not accepted here: use "
                 "identityProofV2"};
  }
  context.tolerated.push_back(
      {Tolerance::legacy_proofs, "identityProof of version 1", control.body_part_id});
  const auto value = TRY(value_of(control, "identityProof"));
  //= C12 RFC 10004 §5.2: version 1, where the operator allows it
  auto witness = TRY(cmc::read_octets_value(value));
  return ClaimedProof{control.body_part_id,
                      {crypto::DigestAlgorithm::sha1, crypto::MacAlgorithm::hmac_sha1},
                      std::move(witness)};
}

/// In version 2, in version 1, or both: then both are to verify (AMB-30).
Result<std::vector<ClaimedProof>> claimed_proofs(const cmc::FullPkiRequest& message,
                                                 const IdentityContext& context) {
  const auto& controls = message.pki_data.control_sequence;
  std::vector<ClaimedProof> claimed;
  if (const auto* v2 = cmc::find_control(controls, cmc::oid::kIdentityProofV2)) {
    claimed.push_back(TRY(cmc::concerning(v2->body_part_id, read_v2(*v2, context))));
  }
  if (const auto* v1 = cmc::find_control(controls, cmc::oid::kIdentityProof)) {
    claimed.push_back(TRY(cmc::concerning(v1->body_part_id, read_v1(*v1, context))));
  }
  if (!claimed.empty()) return claimed;
  return Error{Fault::unknown_identity,
               "nothing shows who asks: no existing certificate signed the request, and it has no "
               "identityProofV2 made with a shared secret"};
}

/// What a source knows, or what stands in its place so that nobody can tell from the time taken.
struct LookedUp {
  std::shared_ptr<const SharedSecret> secret;
  std::string missing;  ///< why there is none; empty when there is one
};

std::shared_ptr<const SharedSecret> nobodys_secret(const std::string& identification) {
  auto stand_in = std::make_shared<SharedSecret>();
  stand_in->octets = SecretBytes(std::string_view("no such secret: nobody knows it"));
  stand_in->token_id = crypto::sha256(as_bytes(identification));
  return stand_in;
}

Result<LookedUp> look_up(const SecretSource& source, const std::string& identification) {
  auto found = source.find(identification);
  if (!found.ok() && found.error().fault != Fault::unknown_identity) return found.error();
  if (!found.ok()) return LookedUp{nobodys_secret(identification), found.error().detail};
  if (!found->has_value()) {
    return LookedUp{nobodys_secret(identification), "nobody has this identification"};
  }
  return LookedUp{std::make_shared<const SharedSecret>(std::move(**found)), ""};
}

/// UID=<identification>
Result<pkix::Name> name_of_uid(std::string_view identification) {
  return pkix::make_name({{{pkix::oid::kUserId, asn1::kUtf8String, to_bytes(identification)}}});
}

/// Looks a secret up and judges a claim made with it. Same work and same words for whatever is
/// wrong: unknown identification, wrong secret, locked secret.
class SecretCheck {
 public:
  SecretCheck(std::string identification, LookedUp found, store::TokenHistory history,
              const IdentityContext& context)
      : identification_(std::move(identification)),
        found_(std::move(found)),
        history_(std::move(history)),
        context_(context) {}

  static Result<SecretCheck> begin(const cmc::FullPkiRequest& message,
                                   const IdentityContext& context) {
    auto identification = TRY(identification_of(message));
    if (context.secrets == nullptr) {
      return Error{Fault::unknown_identity,
                   "this authority accepts no shared secrets: sign the request with the key of an "
                   "existing certificate"};
    }
    auto found = TRY(look_up(*context.secrets, identification));
    auto history = TRY(context.tokens.token_history(found.secret->token_id));
    return SecretCheck{std::move(identification), std::move(found), std::move(history), context};
  }

  [[nodiscard]] const SharedSecret& secret() const { return *found_.secret; }
  [[nodiscard]] const std::string& identification() const { return identification_; }

  //= E73 RFC 10002 §6.2.1: a proof that does not hold is badIdentity
  /// `wrong`: what is wrong with the claim; empty: nothing.
  Result<KnownSecret> judge(std::string_view wrong) && {
    if (!found_.missing.empty()) return refuse(found_.missing);
    if (is_locked(history_, context_)) return refuse("locked after too many wrong proofs");
    if (!wrong.empty()) {
      context_.failed_proof =
          store::TokenFailure{found_.secret->token_id, context_.now, identification_};
      return refuse(wrong);
    }
    return KnownSecret{
        std::move(identification_), std::move(found_.secret), std::move(history_), {}};
  }

 private:
  [[nodiscard]] Error refuse(std::string_view why) const {
    return not_proven("identification '" + identification_ + "': " + std::string(why));
  }

  std::string identification_;
  LookedUp found_;
  store::TokenHistory history_;
  const IdentityContext& context_;
};

}  // namespace

Result<KnownSecret> check_identity_proof(const cmc::FullPkiRequest& message,
                                         const IdentityContext& context) {
  const auto claimed = TRY(claimed_proofs(message, context));
  auto check = TRY(SecretCheck::begin(message, context));
  const SharedKnowledge both{check.secret().octets, check.identification()};
  bool all_agree = true;
  std::optional<cmc::BodyPartID> old_mac;
  for (const auto& proof : claimed) {
    const auto agrees = [&](MacComputation computation) {
      const auto witness = identity_proof_v2_witness(
          proof.algorithms, both, message.pki_data.req_sequence_der, computation);
      return constant_time_equal(witness, proof.witness);
    };
    const bool is_right = agrees(MacComputation::rfc2104);
    // Computed whether or not the first was right, so that the time tells nothing.
    const bool may_be_old =
        context.rules.secrets.legacy_proofs && computations_differ(proof.algorithms.mac);
    const bool is_old = may_be_old && agrees(MacComputation::old_dogtag);
    all_agree = all_agree && (is_right || is_old);
    if (is_old && !is_right) old_mac = proof.control;
  }
  auto known = TRY(cmc::concerning(claimed.front().control,
                                   std::move(check).judge(all_agree ? "" : kWrongSecret)));
  known.old_mac = old_mac;
  if (old_mac) context.tolerated.push_back({Tolerance::legacy_proofs, kOldMac, *old_mac});
  return known;
}

namespace {

/// An AuthenticatedData whose secret nobody is said to have does not verify, as any outermost layer
/// that does not (badMessageCheck).
Result<void> check_is_named(const cmc::FullPkiRequest& message) {
  if (cmc::find_control(message.pki_data.control_sequence, cmc::oid::kIdentification) != nullptr) {
    return {};
  }
  return Error{Fault::mac_mismatch,
               "the AuthenticatedData has no identification control in it, so nobody is named by "
               "whose shared secret its MAC could be verified: add identification"};
}

}  // namespace

Result<KnownSecret> check_secret_mac(const cmc::FullPkiRequest& message,
                                     const IdentityContext& context) {
  TRY(check_is_named(message));  // first: without a name no key will be derived
  if (!context.may_take_time) return takes_time();
  auto check = TRY(SecretCheck::begin(message, context));
  const SharedKnowledge both{check.secret().octets, check.identification()};
  const auto verified = envelope::verify_mac(message.authenticated_data.value(), both.password());
  if (!verified.ok() && verified.error().fault != Fault::mac_mismatch) return verified.error();
  auto known = std::move(check).judge(verified.ok() ? "" : kWrongSecret);
  if (known.ok() || known.error().fault != Fault::unknown_identity) return known;
  //= B16 RFC 10004 §5.1: AuthenticatedData for a PasswordRecipientInfo is read
  auto error = std::move(known).error();
  error.fault = Fault::mac_mismatch;
  return error;
}

Result<KnownSecret> check_secret_claim(const cmc::FullPkiRequest& message,
                                       const IdentityContext& context, const JudgeClaim& judge) {
  auto check = TRY(SecretCheck::begin(message, context));
  const auto wrong = judge(check.secret(), check.identification());
  return std::move(check).judge(wrong);
}

Result<pkix::Name> owner_of(const SharedSecret& secret, const std::string& identification) {
  const auto& named = secret.subject;
  auto name = named.empty() ? name_of_uid(identification) : pkix::name_from_text(named);
  if (name.ok()) return name;
  return not_proven("identification '" + identification + "': its subject '" + named +
                    "' is no name: " + name.error().detail);
}

}  // namespace signet::proof
