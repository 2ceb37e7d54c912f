#include "authority/service.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace signet::authority {
namespace {

// Two requests for one thing meet once; a third meeting means that something else is wrong.
constexpr int kTries = 3;

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
    const Inquiry inquiry;
    const Deliver deliver;
    int tries_left;
  };
  using Held = std::shared_ptr<Passage>;

  /// What could not be made durable, and why.
  struct Undurable {
    Held passage;
    store::CommitOutcome outcome;
  };

  Impl(CertificateAuthority& authority, store::Committer& committer,
       std::function<void()> status_changed);
  ~Impl();
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void submit(Held passage, Answer answer);
  void decide_again_until_ended();
  std::vector<Undurable> next_undurable();
  void decide_again(Undurable undurable);
  void refuse(Held passage, const Error& why);

  CertificateAuthority& authority_;
  store::Committer& committer_;
  const std::function<void()> status_changed_;

  std::mutex mutex_;
  std::condition_variable more_;           ///< in the queue, or the end
  std::condition_variable all_delivered_;  ///< nothing is under way
  std::size_t under_way_ = 0;
  std::vector<Undurable> queue_;
  bool ended_ = false;
  std::atomic<bool> is_ending_ = false;  ///< nothing is decided a second time any more
  std::thread decider_;
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

Service::Impl::Impl(CertificateAuthority& authority, store::Committer& committer,
                    std::function<void()> status_changed)
    : authority_(authority), committer_(committer), status_changed_(std::move(status_changed)) {
  decider_ = std::thread([this] { decide_again_until_ended(); });
}

Service::Impl::~Impl() {
  is_ending_ = true;
  {
    std::unique_lock lock(mutex_);
    all_delivered_.wait(lock, [this] { return under_way_ == 0; });
    ended_ = true;
  }
  more_.notify_one();
  decider_.join();
}

void Service::Impl::submit(Held passage, Answer answer) {
  auto commit = std::move(answer.commit);
  const bool changes_status = !commit.status_changes.empty();
  auto done = [this, passage = std::move(passage), answer = std::move(answer),
               changes_status](store::CommitOutcome outcome) mutable {
    if (outcome.durable()) {
      if (changes_status && status_changed_) status_changed_();
      return passage->deliver(std::move(answer));
    }
    Undurable undurable{std::move(passage), std::move(outcome)};
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(undurable));
    more_.notify_one();  // under the lock: with the last of them taken, the service may end
  };
  committer_.submit(std::move(commit), std::move(done));
}

void Service::Impl::decide_again_until_ended() {
  for (auto all = next_undurable(); !all.empty(); all = next_undurable()) {
    for (auto& each : all) {
      try {
        decide_again(std::move(each));
      } catch (...) {
        // One answer is lost, as if its connection were; the others go on.
      }
    }
  }
}

/// All that gathered since the last call; waits for some. Empty when there will be no more.
std::vector<Service::Impl::Undurable> Service::Impl::next_undurable() {
  std::unique_lock lock(mutex_);
  more_.wait(lock, [this] { return ended_ || !queue_.empty(); });
  return std::exchange(queue_, {});
}

void Service::Impl::decide_again(Undurable undurable) {
  auto& [passage, outcome] = undurable;
  if (outcome.conflict && --passage->tries_left > 0 && !is_ending_) {
    auto again = authority_.respond(passage->inquiry);
    return submit(std::move(passage), std::move(again));
  }
  refuse(std::move(passage), outcome.failed
                                 ? *outcome.failed
                                 : Error{Fault::busy, "conflicts with other requests did not end"});
}

/// Its audit record is submitted like any other; where even that cannot be kept, the peer still
/// learns that nothing was issued.
void Service::Impl::refuse(Held passage, const Error& why) {
  auto refusal = authority_.refuse(passage->inquiry, why);
  auto events = std::move(refusal.commit);
  committer_.submit(std::move(events),
                    [passage = std::move(passage), refusal = std::move(refusal)](
                        store::CommitOutcome) mutable { passage->deliver(std::move(refusal)); });
}

Service::Service(CertificateAuthority& authority, store::Committer& committer,
                 std::function<void()> status_changed)
    : impl_(std::make_unique<Impl>(authority, committer, std::move(status_changed))) {}

Service::~Service() = default;

void Service::respond(Inquiry inquiry, Deliver deliver) {
  const Impl::Held passage(
      new Impl::Passage{Impl::Counted(*impl_), std::move(inquiry), std::move(deliver), kTries});
  auto answer = impl_->authority_.respond(passage->inquiry);
  impl_->submit(passage, std::move(answer));
}

}  // namespace signet::authority
