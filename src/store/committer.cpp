#include "store/committer.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <future>
#include <iterator>
#include <mutex>
#include <thread>
#include <utility>

#include "base/check.h"

namespace signet::store {
namespace {

CommitOutcome broken_off(std::string_view reason) {
  return CommitOutcome::failure(
      {Fault::storage_failed, "the store broke off a batch: " + std::string(reason)});
}

}  // namespace

struct Committer::Impl {
  struct Waiting {
    std::unique_ptr<const Commit> commit;  ///< by pointer: it is large, and the queue moves
    Done done;
  };

  Impl(Engine& to_engine, audit::Journal& to_journal, std::size_t most)
      : engine(to_engine), journal(to_journal), most_per_batch(most) {}

  void write_until_ended();
  std::vector<Waiting> next_batch();
  void write(std::span<Waiting> batch);
  std::vector<CommitOutcome> apply(std::span<const Commit* const> batch);
  void tell_alone(std::span<const Commit* const> batch, std::vector<CommitOutcome>& outcomes);
  void notice(std::span<const Waiting> batch, const std::vector<CommitOutcome>& outcomes);

  Engine& engine;
  audit::Journal& journal;
  const std::size_t most_per_batch;

  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Waiting> queue;
  bool ended = false;
  std::atomic<bool> keeps = true;
  bool turn_of_events = false;  ///< of the batch before, while nothing is kept
  std::thread writer;
};

Committer::Committer(Engine& engine, audit::Journal& journal, std::size_t most_per_batch)
    : impl_(std::make_unique<Impl>(engine, journal, most_per_batch)) {
  CHECK(most_per_batch > 0);
  impl_->writer = std::thread([impl = impl_.get()] { impl->write_until_ended(); });
}

Committer::~Committer() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->ended = true;
  }
  impl_->changed.notify_one();
  impl_->writer.join();
}

void Committer::submit(Commit commit, Done done) {
  Impl::Waiting waiting{std::make_unique<const Commit>(std::move(commit)), std::move(done)};
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->queue.push_back(std::move(waiting));
  }
  impl_->changed.notify_one();
}

bool Committer::keeps() const {
  return impl_->keeps;
}

CommitOutcome Committer::commit(Commit commit) {
  if (std::this_thread::get_id() == impl_->writer.get_id()) {
    return CommitOutcome::failure(
        {Fault::busy, "others were in the way; send the same message again in a moment"});
  }
  // Shared, since the writer may still be inside set_value when this thread goes on.
  const auto told = std::make_shared<std::promise<CommitOutcome>>();
  auto outcome = told->get_future();
  submit(std::move(commit), [told](CommitOutcome made) { told->set_value(std::move(made)); });
  return outcome.get();
}

void Committer::Impl::write_until_ended() {
  for (auto batch = next_batch(); !batch.empty(); batch = next_batch()) {
    write(batch);
    engine.tidy();
  }
}

/// The oldest commits; waits for one. Empty when the committer ends. While the store fails, commits
/// of events alone can still go to the journal, and must not wait for the time-out of each batch
/// that fails: then the two kinds go in batches of their own, by turns.
std::vector<Committer::Impl::Waiting> Committer::Impl::next_batch() {
  std::unique_lock lock(mutex);
  changed.wait(lock, [this] { return ended || !queue.empty(); });
  auto first = queue.begin();
  auto end = queue.end();
  if (!keeps) {
    const auto others = std::stable_partition(
        first, end, [](const Waiting& each) { return holds_only_events(*each.commit); });
    const bool are_mixed = others != first && others != end;
    turn_of_events = are_mixed && !turn_of_events;
    if (are_mixed && turn_of_events) end = others;
    if (are_mixed && !turn_of_events) first = others;
  }
  end = first + std::min(end - first, static_cast<std::ptrdiff_t>(most_per_batch));
  std::vector<Waiting> batch(std::make_move_iterator(first), std::make_move_iterator(end));
  queue.erase(first, end);
  return batch;
}

void Committer::Impl::write(std::span<Waiting> batch) {
  std::vector<const Commit*> commits;
  commits.reserve(batch.size());
  for (const auto& waiting : batch) commits.push_back(waiting.commit.get());
  auto outcomes = apply(commits);
  tell_alone(commits, outcomes);
  notice(batch, outcomes);
  for (std::size_t at = 0; at < batch.size(); ++at) {
    try {
      // What it holds goes with it, not with the next batch.
      const auto done = std::exchange(batch[at].done, nullptr);
      done(std::move(outcomes[at]));
    } catch (...) {
      // One answer is lost, as if its connection were; what was written stands, the others go on.
    }
  }
}

/// Events alone that failed with others' commits: what they are the record of is decided, whatever
/// became of the others.
void Committer::Impl::tell_alone(std::span<const Commit* const> batch,
                                 std::vector<CommitOutcome>& outcomes) {
  std::vector<std::size_t> untold;
  for (std::size_t at = 0; at < batch.size(); ++at) {
    if (outcomes[at].failed && holds_only_events(*batch[at])) untold.push_back(at);
  }
  if (untold.empty() || untold.size() == batch.size()) return;
  std::vector<const Commit*> events;
  events.reserve(untold.size());
  for (const auto at : untold) events.push_back(batch[at]);
  auto told = apply(events);
  for (std::size_t at = 0; at < untold.size(); ++at) outcomes[untold[at]] = std::move(told[at]);
}

/// Events alone may be kept by a journal whose database is away.
void Committer::Impl::notice(std::span<const Waiting> batch,
                             const std::vector<CommitOutcome>& outcomes) {
  for (std::size_t at = 0; at < batch.size(); ++at) {
    if (outcomes[at].failed) keeps = false;
    const bool is_kept = outcomes[at].durable() && !keeps;
    if (is_kept && !holds_only_events(*batch[at].commit)) keeps = true;
  }
}

std::vector<CommitOutcome> Committer::Impl::apply(std::span<const Commit* const> batch) {
  try {
    auto outcomes = engine.apply(batch, journal);
    CHECK(outcomes.size() == batch.size());
    return outcomes;
  } catch (const std::exception& thrown) {
    return std::vector(batch.size(), broken_off(thrown.what()));
  } catch (...) {
    return std::vector(batch.size(), broken_off("unknown exception"));
  }
}

}  // namespace signet::store
