#pragma once

#include <memory>
#include <set>
#include <string>
#include <variant>

#include "codec/cmc/pki_request.h"
#include "policy/template_change.h"
#include "proof/identity/identity.h"

// What a registration authority says of messages that it forwards, and of its own.
namespace signet::authority {

/// It saw who asks (raIdentityWitness, RFC 10002 §6.20).
struct IdentityWitnessed {};
/// It saw to it that these requests' keys are held (lraPOPWitness, §6.8).
struct PossessionWitnessed {
  cmc::BodyPartList requests;
};
/// It changes what these requests ask for (modCertTemplate, addExtensions, §6.5).
struct TemplateChanged {
  cmc::BodyPartList requests;
  policy::TemplateChange::Way way = policy::TemplateChange::Way::replace;
  crmf::CertTemplate fields;
};
/// It acted on a control that stands there (controlProcessed, §6.19).
struct ControlProcessed {};

/// One thing that a control says of a message, as that one sees it.
struct Assertion {
  std::string told_as;      ///< "modCertTemplate 7 of CN=RA": for refusals
  cmc::BodyPartID control;  ///< in its own message
  std::size_t layer = 0;    ///< how many messages further out the control stands; 0: in this one
  cmc::BodyPartPath about;  ///< the way from this message inwards; empty: this message
  std::shared_ptr<const proof::ProvenIdentity> said_by;  ///< an agent; null: the message's sender
  std::variant<IdentityWitnessed, PossessionWitnessed, TemplateChanged, ControlProcessed> says;
};
using Assertions = std::vector<Assertion>;

/// Whether only an agent may send this control (RFC 10002 §10).
bool is_assertion(const asn1::Oid& control);

/// What the controls of a message assert. Faults, naming the control: malformed, trailing_data,
/// too_large.
Result<Assertions> read_assertions(const std::vector<cmc::TaggedAttribute>& controls);

/// Those about the message that stands in this one as `item`, as that one sees them; `agent`: whose
/// those of this message are.
Assertions assertions_inside(const Assertions& assertions, cmc::BodyPartID item,
                             const std::shared_ptr<const proof::ProvenIdentity>& agent);

/// What those of a message's assertions that are about itself come to.
struct Asserted {
  /// The nearest agent around the message who saw who asks; null: none did.
  std::shared_ptr<const proof::ProvenIdentity> witness;
  std::set<cmc::BodyPartID> processed;  ///< controls
  cmc::BodyPartList possession;         ///< requests whose keys an agent around vouches for
  /// By request; one of many requests is held once.
  std::vector<std::pair<cmc::BodyPartID, std::shared_ptr<const policy::TemplateChange>>> changes;

  /// An agent who forwarded the message vouches for what it asks, or changes it.
  bool by_forwarder = false;
  [[nodiscard]] std::vector<policy::TemplateChange> changes_of(cmc::BodyPartID request) const;
};

/// Each part that is named must be there, each request once in a control. Faults: malformed, naming
/// the control where it stands in the message.
Result<Asserted> assert_about(const cmc::PkiRequest& message, const Assertions& assertions);

}  // namespace signet::authority
