#include "authority/certificate_authority.h"

namespace signet::authority {
namespace {

// Two requests for one thing meet once; a third meeting means that something else is wrong.
constexpr int kTries = 3;

}  // namespace

Service::Service(CertificateAuthority& authority, store::Committer& committer,
                 std::function<void()> status_changed)
    : authority_(authority), committer_(committer), status_changed_(std::move(status_changed)) {}

void Service::respond(Inquiry inquiry, Deliver deliver) {
  auto kept = std::make_shared<const Inquiry>(std::move(inquiry));
  auto answer = authority_.respond(*kept);
  submit(std::move(kept), std::move(answer), std::move(deliver), kTries);
}

void Service::submit(std::shared_ptr<const Inquiry> inquiry, Answer answer, Deliver deliver,
                     int tries) {
  auto commit = std::move(answer.commit);
  answer.commit = {};
  const bool changes_status = !commit.status_changes.empty();
  auto done = [this, inquiry = std::move(inquiry), answer = std::move(answer),
               deliver = std::move(deliver), tries,
               changes_status](store::CommitOutcome outcome) mutable {
    if (outcome.durable() && changes_status && status_changed_) status_changed_();
    if (outcome.durable()) return deliver(std::move(answer));
    if (outcome.conflict && tries > 1) {
      auto again = authority_.respond(*inquiry);
      return submit(std::move(inquiry), std::move(again), std::move(deliver), tries - 1);
    }
    const auto why = outcome.failed
                         ? *outcome.failed
                         : Error{Fault::busy, "conflicts with other requests did not end"};
    auto refusal = authority_.refuse(*inquiry, why);
    // Its audit record is submitted like any other; where even that cannot be kept, the peer still
    // learns that nothing was issued.
    auto events = std::move(refusal.commit);
    refusal.commit = {};
    committer_.submit(std::move(events),
                      [refusal = std::move(refusal), deliver = std::move(deliver)](
                          store::CommitOutcome) mutable { deliver(std::move(refusal)); });
  };
  committer_.submit(std::move(commit), std::move(done));
}

}  // namespace signet::authority
