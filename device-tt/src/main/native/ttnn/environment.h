// What this library does to the process before TT-NN's first use in it.
#pragma once

#include <cstdint>
#include <string>

namespace distilqa {

// Sets variables that TT-Metalium reads when it is first used, unless the user has set them: the time limit of an operation, and
// Inspector off, whose server would listen on a port and whose files go to the working directory. Tells TT-Metalium where its
// kernels are if TT_METAL_RUNTIME_ROOT does not. Only the first call of a process does anything.
void prepare_environment(std::uint32_t timeout_ms);

// The variables that were set, with their values, side by side.
std::string prepared_environment();

bool slow_dispatch();

}  // namespace distilqa
