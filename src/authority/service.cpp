#include "authority/service.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "base/allowance.h"
#include "base/long_answer.h"
#include "base/overloaded.h"
#include "base/work_queue.h"

namespace signet::authority {
namespace {

// Two requests for one thing meet once; a third meeting means that something else is wrong.
constexpr int kTries = 3;
// Of all answers in one answer, which holds them several times while it is made.
constexpr std::size_t kMostOctetsInside = std::size_t{64} << 20;

/// What was done stands, and is told when the message comes by itself.
Answer too_long_inside() {
  Answer answer;
  answer.kind = ResponseKind::none;
  answer.refusal = Error{Fault::too_large,
                         "the answers to the messages that are forwarded have more than 64 MiB "
                         "together: send this message again in another one, as it is"};
  return answer;
}

/// What is held of an answer until its peer has read it.
std::size_t octets_held(const Answer& answer, const Inquiry& inquiry) {
  const auto octets = answer.octets.size();
  return inquiry.answered_in_base64 ? (octets + 2) / 3 * 4 : octets;
}

}  // namespace

struct Service::Impl {
  /// Counts what is under way.
  class Counted {
   public:
    explicit Counted(Impl& service);
    ~Counted();
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;

   private:
    Impl& service_;
  };

  /// A message until its answer was delivered, or lost: whoever has it in hand next holds it.
  struct Passage {
    Counted counted;  ///< first, so that it is the last to go
    Inquiry inquiry;
    const Deliver deliver;
    int tries_left;
    /// Octets of answers in the outermost answer so far, in all layers; null: it is that one.
    std::shared_ptr<std::atomic<std::size_t>> octets_of_batch = {};
    proof::UsedTolerances tolerated = {};  ///< by the last decision
  };
  using Held = std::shared_ptr<Passage>;

  Impl(CertificateAuthority& authority, store::Committer& committer, Log& log,
       std::function<void()> status_changed, std::function<void()> publication_due,
       LongAnswerLimits long_answers);
  ~Impl();
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  /// A message whose messages are answered by themselves, until the last of those answers is there.
  struct Gathering {
    Held passage;
    AwaitsForwarded awaits;
    std::vector<Answer> answers;
    std::atomic<std::size_t> left;
  };

  void respond(const Held& passage);
  void take_time(const Held& passage);
  void forward(const Held& passage, AwaitsForwarded awaits);
  void answer_batch(Gathering& gathering);
  void submit(Held passage, Answer answer);
  Result<void> take_room(Answer& answer, const Inquiry& inquiry);
  void decide_again(const Held& passage, const store::CommitOutcome& outcome);
  void refuse(Held passage, const Error& why);

  CertificateAuthority& authority_;
  store::Committer& committer_;
  const std::function<void()> status_changed_;
  const std::function<void()> publication_due_;
  Allowance long_answers_;

  std::mutex mutex_;
  std::condition_variable all_delivered_;  ///< nothing is under way
  std::size_t under_way_ = 0;
  std::atomic<bool> is_ending_ = false;  ///< nothing is decided a second time any more
  WorkQueue decided_again_;
  WorkQueue key_derivations_;
  WorkQueue forwarded_;
};

Service::Impl::Counted::Counted(Impl& service) : service_(service) {
  const std::lock_guard lock(service_.mutex_);
  ++service_.under_way_;
}

Service::Impl::Counted::~Counted() {
  const std::lock_guard lock(service_.mutex_);
  // Under the lock: once it is free, whoever waits may destroy what is notified here.
  if (--service_.under_way_ == 0) service_.all_delivered_.notify_all();
}

Service::Impl::Impl(CertificateAuthority& authority, store::Committer& committer, Log& log,
                    std::function<void()> status_changed, std::function<void()> publication_due,
                    LongAnswerLimits long_answers)
    : authority_(authority),
      committer_(committer),
      status_changed_(std::move(status_changed)),
      publication_due_(std::move(publication_due)),
      long_answers_(long_answers.most_octets, long_answers.most_octets_of_one),
      decided_again_("messages decided again", log),
      key_derivations_("messages that take time", log),
      forwarded_("messages in messages", log) {}

Service::Impl::~Impl() {
  is_ending_ = true;
  std::unique_lock lock(mutex_);
  all_delivered_.wait(lock, [this] { return under_way_ == 0; });
}

void Service::Impl::respond(const Held& passage) {
  std::visit(
      Overloaded{[&](Answer&& answer) { submit(passage, std::move(answer)); },
                 [&](TakesTime) { key_derivations_.add([this, passage] { take_time(passage); }); },
                 [&](AwaitsForwarded&& awaits) { forward(passage, std::move(awaits)); }},
      authority_.respond(passage->inquiry));
}

/// Each of its messages is served as any other, but on a thread of their own: a hundred take a
/// while, and whoever brought them is served on a thread that others wait for.
void Service::Impl::forward(const Held& passage, AwaitsForwarded awaits) {
  auto inquiries = std::move(awaits.forwarded);
  const auto gathering = std::make_shared<Gathering>();
  gathering->passage = passage;
  gathering->awaits = std::move(awaits);
  gathering->answers.resize(inquiries.size());
  gathering->left = inquiries.size();
  const auto& outer = passage->octets_of_batch;
  const auto octets = outer ? outer : std::make_shared<std::atomic<std::size_t>>(0);
  for (std::size_t i = 0; i < inquiries.size(); ++i) {
    inquiries[i].may_take_time = false;
    auto deliver = [this, gathering, octets, i](Answer answer) {
      const auto size = answer.octets.size();
      const bool fits = (*octets += size) <= kMostOctetsInside;
      if (!fits) *octets -= size;
      gathering->answers[i] = fits ? std::move(answer) : too_long_inside();
      if (--gathering->left == 0) forwarded_.add([this, gathering] { answer_batch(*gathering); });
    };
    const Held each(
        new Passage{Counted(*this), std::move(inquiries[i]), std::move(deliver), kTries, octets});
    forwarded_.add([this, each] { respond(each); });
  }
}

void Service::Impl::answer_batch(Gathering& gathering) {
  submit(gathering.passage,
         authority_.answer_batch(gathering.awaits, std::move(gathering.answers)));
}

/// One after the other, so that whoever is not known yet costs the others no more than a thread.
void Service::Impl::take_time(const Held& passage) {
  if (is_ending_) return refuse(passage, Error{Fault::busy, "the server is ending"});
  passage->inquiry.may_take_time = true;
  respond(passage);
}

void Service::Impl::submit(Held passage, Answer answer) {
  passage->tolerated = std::move(answer.tolerated);
  const auto room = take_room(answer, passage->inquiry);
  if (!room.ok()) {
    answer = Answer();
    return refuse(std::move(passage), room.error());
  }
  auto commit = std::move(answer.commit);
  const bool changes_status = !commit.status_changes.empty();
  const bool publishes = !commit.outbox.empty();
  auto done = [this, passage = std::move(passage), answer = std::move(answer), changes_status,
               publishes](store::CommitOutcome outcome) mutable {
    if (outcome.durable()) {
      if (changes_status && status_changed_) status_changed_();
      if (publishes && publication_due_) publication_due_();
      return passage->deliver(std::move(answer));
    }
    answer = Answer();  // and its room, before there is another one
    decided_again_.add([this, passage = std::move(passage), outcome = std::move(outcome)] {
      decide_again(passage, outcome);
    });
  };
  committer_.submit(std::move(commit), std::move(done));
}

/// A long answer is there until its peer has read it, which is the peer's to choose. A refusal is
/// no longer than what it answers, and must be kept where it counts wrong answers.
Result<void> Service::Impl::take_room(Answer& answer, const Inquiry& inquiry) {
  const auto octets = octets_held(answer, inquiry);
  if (octets <= kLongAnswerOctets || answer.refusal) return {};
  if (octets > long_answers_.most()) {
    return Error{Fault::too_large, "the answer has " + std::to_string(octets) +
                                       " octets, more than are ever sent (" +
                                       std::to_string(long_answers_.most()) +
                                       "): ask for less, and for a CRL at its distribution point"};
  }
  auto room = long_answers_.take(octets, inquiry.client);
  if (!room.ok()) {
    return Error{room.error().fault,
                 "the answer has " + std::to_string(octets) + " octets: " + room.error().detail};
  }
  answer.room = *std::move(room);
  return {};
}

void Service::Impl::decide_again(const Held& passage, const store::CommitOutcome& outcome) {
  if (outcome.conflict && --passage->tries_left > 0 && !is_ending_) {
    passage->inquiry.may_take_time = false;
    return respond(passage);
  }
  refuse(passage, outcome.failed ? *outcome.failed
                                 : Error{Fault::busy, "conflicts with other requests did not end"});
}

/// Its audit record is submitted like any other; where even that cannot be kept, the peer still
/// learns what is known.
void Service::Impl::refuse(Held passage, const Error& why) {
  auto refusal = authority_.refuse(passage->inquiry, why, std::move(passage->tolerated));
  auto events = std::move(refusal.commit);
  committer_.submit(std::move(events),
                    [passage = std::move(passage), refusal = std::move(refusal)](
                        store::CommitOutcome) mutable { passage->deliver(std::move(refusal)); });
}

Service::Service(CertificateAuthority& authority, store::Committer& committer, Log& log,
                 std::function<void()> status_changed, std::function<void()> publication_due,
                 LongAnswerLimits long_answers)
    : impl_(std::make_unique<Impl>(authority, committer, log, std::move(status_changed),
                                   std::move(publication_due), long_answers)) {}

Service::~Service() = default;

void Service::respond(Inquiry inquiry, Deliver deliver) {
  inquiry.may_take_time = false;
  impl_->respond(Impl::Held(
      new Impl::Passage{Impl::Counted(*impl_), std::move(inquiry), std::move(deliver), kTries}));
}

}  // namespace signet::authority
