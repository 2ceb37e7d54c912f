#pragma once

namespace signet {

/// Keeps what this process holds in memory, keys and secrets among it, off the disk when it dies,
/// also where the system hands core dumps to a program. For good.
void keep_out_of_core_dumps();

}  // namespace signet
