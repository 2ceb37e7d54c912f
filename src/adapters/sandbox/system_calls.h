#pragma once

#include "base/result.h"

namespace signet::sandbox {

/// From here on no thread of this process can start a program or a process, look into another one,
/// mount, load into the kernel, change namespaces or the clock: such calls fail with EPERM. For
/// good. Threads, files and sockets stay as they were.
///
/// What a server has no use for is named, not what it needs: modules of tokens and of the C library
/// do as they like otherwise, and a call that is new here stops nothing.
/// Faults: internal, where the kernel does not offer it; then nothing has changed.
Result<void> give_up_system_calls();

}  // namespace signet::sandbox
