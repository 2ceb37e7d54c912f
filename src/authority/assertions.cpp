#include "authority/assertions.h"

#include <algorithm>
#include <map>

#include "base/overloaded.h"
#include "codec/cmc/concerning.h"
#include "codec/cmc/controls.h"

namespace signet::authority {
namespace {

using cmc::BodyPartID;
using cmc::BodyPartPath;
using policy::TemplateChange;

/// {0} is the PKIData itself.
BodyPartPath way_to(BodyPartPath path) {
  if (path.size() == 1 && path.front() == cmc::kThisPKIData) path.clear();
  return path;
}

BodyPartPath way_to(BodyPartID id) {
  return way_to(BodyPartPath{id});
}

/// Reads one control, and adds what it asserts.
class AssertionReader {
 public:
  AssertionReader(const cmc::TaggedAttribute& control, Assertions& all)
      : control_(control), value_(control.attr_values.front()), all_(all) {}

  Result<void> read() const {
    const auto& type = control_.attr_type;
    if (type == cmc::oid::kRaIdentityWitness) return read_identity_witness();
    if (type == cmc::oid::kLraPOPWitness) return read_possession_witness();
    if (type == cmc::oid::kModCertTemplate) return read_modification();
    if (type == cmc::oid::kAddExtensions) return read_addition();
    return read_processed();
  }

 private:
  Result<void> read_identity_witness() const {
    add(TRY(cmc::read_body_part_list_value(value_)), IdentityWitnessed{});
    return {};
  }

  Result<void> read_possession_witness() const {
    auto witness = TRY(cmc::read_lra_pop_witness(value_));
    add(way_to(witness.pki_data_bodyid), PossessionWitnessed{std::move(witness.body_ids)});
    return {};
  }

  //= C29 RFC 10004 §5.2: modCertTemplate is acted on
  Result<void> read_modification() const {
    auto change = TRY(cmc::read_mod_cert_template(value_));
    add(way_to(std::move(change.pki_data_reference)),
        TemplateChanged{
            std::move(change.cert_references),
            change.replace ? TemplateChange::Way::replace : TemplateChange::Way::leave_out,
            std::move(change.cert_template)});
    return {};
  }

  //= C31 RFC 10004 §5.2: addExtensions is acted on
  Result<void> read_addition() const {
    auto addition = TRY(cmc::read_add_extensions(value_));
    crmf::CertTemplate fields;
    fields.extensions = std::move(addition.extensions);
    add(way_to(addition.pki_data_reference),
        TemplateChanged{std::move(addition.cert_references), TemplateChange::Way::replace,
                        std::move(fields)});
    return {};
  }

  //= C84 RFC 10004 §5.2: controlProcessed is acted on
  Result<void> read_processed() const {
    const auto processed = TRY(cmc::read_controls_processed(value_));
    for (const auto& reference : processed.body_list) {
      const auto* id = std::get_if<BodyPartID>(&reference);
      add(id != nullptr ? BodyPartPath{*id} : std::get<BodyPartPath>(reference),
          ControlProcessed{});
    }
    return {};
  }

  template <typename Says>
  void add(BodyPartPath about, Says says) const {
    const auto* kind = cmc::find_control_kind(control_.attr_type);
    all_.push_back(
        {.told_as = std::string(kind->name) + " " + std::to_string(control_.body_part_id.value),
         .control = control_.body_part_id,
         .about = std::move(about),
         .said_by = nullptr,
         .says = std::move(says)});
  }

  const cmc::TaggedAttribute& control_;
  const Bytes& value_;
  Assertions& all_;
};

/// What one assertion says of a message is noted here, if the message has what it names. A stranger
/// may have written thousands, so that each takes no more than a look-up.
class AssertionJudge {
 public:
  AssertionJudge(const cmc::PkiRequest& message, Asserted& asserted) : asserted_(asserted) {
    for (const auto* request : cmc::requests_of(message)) requests_.insert(request->body_part_id());
    for (const auto& control : cmc::controls_of(message)) {
      controls_.try_emplace(control.body_part_id, &control);
    }
    const auto* full = std::get_if<cmc::FullPkiRequest>(&message);
    if (full == nullptr) return;
    for (const auto& item : full->pki_data.cms_sequence) inside_.insert(item.body_part_id);
  }

  Result<void> note(const Assertion& assertion) {
    if (leads_inside(assertion)) return {};
    return std::visit(
        Overloaded{[&](const IdentityWitnessed&) { return note_identity(assertion); },
                   [&](const PossessionWitnessed& witness) {
                     return note_possession(assertion, witness.requests);
                   },
                   [&](const TemplateChanged& change) { return note_change(assertion, change); },
                   [&](const ControlProcessed&) { return note_processed(assertion); }},
        assertion.says);
  }

 private:
  /// Of a message that stands in this one, which notes it itself.
  [[nodiscard]] bool leads_inside(const Assertion& assertion) const {
    return !assertion.about.empty() && inside_.count(assertion.about.front()) != 0;
  }

  [[nodiscard]] const cmc::TaggedAttribute* control_at(const BodyPartPath& about) const {
    if (about.size() != 1) return nullptr;
    const auto found = controls_.find(about.front());
    return found == controls_.end() ? nullptr : found->second;
  }

  [[nodiscard]] bool has_request(BodyPartID id) const { return requests_.count(id) != 0; }

  /// What is granted is an agent's word from here on.
  void note_word_of(const Assertion& assertion) {
    asserted_.by_forwarder = asserted_.by_forwarder || assertion.layer > 0;
  }

  /// A witness of an identity proof, of a Full request, or of a Simple one, which stands among an
  /// agent's own requests and needs no other word than that.
  Result<void> note_identity(const Assertion& assertion) {
    const auto& about = assertion.about;
    if (about.size() == 1 && has_request(about.front())) return {};
    const auto* control = control_at(about);
    const bool is_proof = control != nullptr && (control->attr_type == cmc::oid::kIdentityProof ||
                                                 control->attr_type == cmc::oid::kIdentityProofV2);
    const bool is_whole = about.empty() && assertion.layer > 0;
    if (!is_proof && !is_whole) {
      return dangling(assertion, "an identity proof, a request or a message");
    }
    if (asserted_.witness == nullptr) asserted_.witness = assertion.said_by;
    note_word_of(assertion);
    return {};
  }

  Result<void> note_possession(const Assertion& assertion, const cmc::BodyPartList& requests) {
    // Beside requests proof/possession reads it where it stands.
    if (assertion.layer == 0 && !requests_.empty()) return {};
    TRY(check_requests(assertion, requests));
    asserted_.possession.insert(asserted_.possession.end(), requests.begin(), requests.end());
    note_word_of(assertion);
    return {};
  }

  Result<void> note_change(const Assertion& assertion, const TemplateChanged& change) {
    //= E93 RFC 10002 §6.5.1: the requests that are named are there
    //= E98 RFC 10002 §6.5.2: and so for addExtensions
    TRY(check_requests(assertion, change.requests));
    const auto held = std::make_shared<const TemplateChange>(
        TemplateChange{assertion.told_as, assertion.layer, change.way, change.fields});
    for (const auto request : change.requests) asserted_.changes.emplace_back(request, held);
    note_word_of(assertion);
    return {};
  }

  Result<void> note_processed(const Assertion& assertion) {
    if (control_at(assertion.about) == nullptr) return dangling(assertion, "a control");
    asserted_.processed.insert(assertion.about.front());
    return {};
  }

  [[nodiscard]] Result<void> check_requests(const Assertion& assertion,
                                            const cmc::BodyPartList& requests) const {
    std::set<BodyPartID> seen;
    for (const auto id : requests) {
      if (!assertion.about.empty() || !has_request(id)) {
        return dangling(assertion, "a certification request");
      }
      if (seen.insert(id).second) continue;
      return wrong(assertion,
                   " names request " + std::to_string(id.value) + " twice: name each request once");
    }
    return {};
  }

  static Error dangling(const Assertion& assertion, const std::string& what) {
    return wrong(assertion, " names a part that is not there, or is not " + what +
                                ": name it by its bodyPartID, and from outside by the path that "
                                "leads to it");
  }

  static Error wrong(const Assertion& assertion, const std::string& what) {
    Error why{Fault::malformed, assertion.told_as + what};
    if (assertion.layer == 0) why.body_parts = {assertion.control.value};
    return why;
  }

  Asserted& asserted_;
  std::set<BodyPartID> requests_;
  std::set<BodyPartID> inside_;
  std::map<BodyPartID, const cmc::TaggedAttribute*> controls_;
};

}  // namespace

bool is_assertion(const asn1::Oid& control) {
  using namespace cmc::oid;
  return control == kRaIdentityWitness || control == kLraPOPWitness ||
         control == kModCertTemplate || control == kAddExtensions || control == kControlProcessed;
}

Result<Assertions> read_assertions(const std::vector<cmc::TaggedAttribute>& controls) {
  Assertions all;
  for (const auto& control : controls) {
    if (!is_assertion(control.attr_type) || control.attr_values.size() != 1) continue;
    TRY(concerning(control.body_part_id, AssertionReader{control, all}.read()));
  }
  return all;
}

Assertions assertions_inside(const Assertions& assertions, BodyPartID item,
                             const std::shared_ptr<const proof::ProvenIdentity>& agent) {
  Assertions inside;
  for (const auto& assertion : assertions) {
    if (assertion.about.empty() || assertion.about.front() != item) continue;
    inside.push_back(assertion);
    auto& next = inside.back();
    next.about.erase(next.about.begin());
    next.about = way_to(std::move(next.about));
    if (next.layer == 0) {
      next.told_as += " of " + agent->name();
      next.said_by = agent;
    }
    ++next.layer;
  }
  return inside;
}

std::vector<TemplateChange> Asserted::changes_of(BodyPartID request) const {
  std::vector<TemplateChange> own;
  for (const auto& [id, change] : changes) {
    if (id == request) own.push_back(*change);
  }
  return own;
}

Result<Asserted> assert_about(const cmc::PkiRequest& message, const Assertions& assertions) {
  Asserted asserted;
  AssertionJudge judge{message, asserted};
  for (const auto& assertion : assertions) TRY(judge.note(assertion));
  return asserted;
}

}  // namespace signet::authority
