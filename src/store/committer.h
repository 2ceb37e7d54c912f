#pragma once

#include <functional>
#include <memory>

#include "store/certificate_store.h"

namespace signet::store {

/// Gathers the commits of all connections and makes them durable together: while the disk is busy
/// with one batch, the next one grows (docs/ARCHITECTURE.md, "Durable before it leaves"). A lone
/// commit waits for nobody. One thread writes; any number submit. Commits of events alone go on
/// record whatever becomes of the others, and by turns with these while nothing else can be kept.
class Committer {
 public:
  using Done = std::function<void(CommitOutcome)>;

  Committer(Engine& engine, audit::Journal& journal, std::size_t most_per_batch = 64);
  /// Makes durable what was submitted, then ends.
  ~Committer();

  /// `done` is called once, on the committer's thread: it must not block.
  void submit(Commit commit, Done done);
  /// Submits and waits. On the committer's own thread, from a `done`, it would wait for itself:
  /// there nothing is kept, and the outcome is a failure (busy).
  CommitOutcome commit(Commit commit);

  /// False from a failure on until more than events alone was kept again: a journal or a database
  /// that is full or away. True before anything was tried.
  [[nodiscard]] bool keeps() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace signet::store
