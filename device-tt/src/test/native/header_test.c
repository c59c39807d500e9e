/* The header is C11, and its constants are the numbers that callers in other languages write out. */
#include "../../main/native/include/distilqa_tt.h"

_Static_assert(DISTILQA_TT_FAILED == 7, "status");
_Static_assert(DISTILQA_TT_BFLOAT4_B == 4, "dtype");
_Static_assert(DISTILQA_TT_TILE == 1, "layout");
_Static_assert(DISTILQA_TT_L1 == 1, "memory");
_Static_assert(DISTILQA_TT_SHARD == 1, "distribution");
_Static_assert(DISTILQA_TT_RELU == 3, "activation");
_Static_assert(DISTILQA_TT_HIFI4 == 4, "fidelity");
_Static_assert(sizeof(distilqa_tt_open_options) == 16 + 4 * DISTILQA_TT_MAX_DEVICES + 16, "open_options");
_Static_assert(offsetof(distilqa_tt_open_options, trace_region_bytes) == 144, "open_options.trace_region_bytes");
_Static_assert(sizeof(distilqa_tt_tensor_spec) == 40, "tensor_spec");
_Static_assert(sizeof(distilqa_tt_compute) == 28, "compute");
_Static_assert(sizeof(distilqa_tt_counters) == 96, "counters");

int distilqa_header_is_c11(void);

int distilqa_header_is_c11(void) { return distilqa_tt_abi_version() == DISTILQA_TT_ABI_VERSION; }
