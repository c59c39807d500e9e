/*
 * distilqa_tt.h - the C ABI between DistilQA's Java code and a Tenstorrent card.
 *
 * Two libraries implement it: libdistilqa_tt on TT-NN, and libdistilqa_tt_emulator in plain C++ for machines without a
 * card. The caller cannot tell one from the other but by distilqa_tt_describe.
 *
 * Conventions
 *   - Every function but distilqa_tt_abi_version and distilqa_tt_last_error returns a status: 0 (DISTILQA_TT_OK), or a
 *     distilqa_tt_status. After any other status the calling thread's distilqa_tt_last_error says what was wrong, in words
 *     for a person, and outputs are untouched. No C++ exception crosses the border.
 *   - Handles are opaque. Each tensor and trace belongs to a device; freeing is the caller's duty, and
 *     distilqa_tt_close frees what is left. A null handle or output pointer is DISTILQA_TT_INVALID_ARGUMENT unless a
 *     parameter is said to be optional.
 *   - Threads: one thread at a time may use a device and what belongs to it.
 *   - After TIMEOUT or DEVICE_LOST every call on the device gives the same status, but for what is bookkeeping on the host:
 *     freeing tensors, releasing traces, reading counters and specs, and closing.
 *     distilqa_tt_abi_version, distilqa_tt_last_error and distilqa_tt_describe may be called by any thread at any time.
 *   - Ops are queued and return before the device has finished; distilqa_tt_tensor_read and distilqa_tt_synchronize wait.
 *     An error of a queued op may surface in a later call.
 *   - Shapes are outermost first. Batch dimensions are those of the whole mesh: with DISTILQA_TT_SHARD a tensor's dimension
 *     0 is split evenly over the chips, and must be a multiple of their number; with DISTILQA_TT_REPLICATE every chip has
 *     the whole tensor. An op's result is distributed as its first input.
 *   - Sizes of structs grow at the end only; struct_size is sizeof the struct that the caller was compiled with.
 */
#ifndef DISTILQA_TT_H
#define DISTILQA_TT_H

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#define DISTILQA_TT_API __declspec(dllexport)
#else
#define DISTILQA_TT_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Changes whenever a caller compiled against another version of this header could misbehave. */
#define DISTILQA_TT_ABI_VERSION 1

typedef enum distilqa_tt_status {
    DISTILQA_TT_OK = 0,
    DISTILQA_TT_INVALID_ARGUMENT = 1, /* the call makes no sense: a null pointer, a wrong shape, an unknown enum value */
    DISTILQA_TT_UNSUPPORTED = 2,      /* it makes sense, but this card or this library cannot do it */
    DISTILQA_TT_UNAVAILABLE = 3,      /* no card, no driver, a card in use by another process, a mesh open in this one */
    DISTILQA_TT_OUT_OF_MEMORY = 4,    /* DRAM, L1, trace region or host memory; freeing something may help */
    DISTILQA_TT_TIMEOUT = 5,          /* the device did not finish in time; it must be closed */
    DISTILQA_TT_DEVICE_LOST = 6,      /* the device stopped answering; it must be closed */
    DISTILQA_TT_FAILED = 7            /* anything else; the message says what */
} distilqa_tt_status;

typedef enum distilqa_tt_dtype {
    DISTILQA_TT_UINT32 = 0,
    DISTILQA_TT_FLOAT32 = 1,
    DISTILQA_TT_BFLOAT16 = 2,
    DISTILQA_TT_BFLOAT8_B = 3, /* 16 consecutive values of a tile's row share an 8-bit exponent; sign and 7 bits each */
    DISTILQA_TT_BFLOAT4_B = 4  /* likewise; sign and 3 bits each */
} distilqa_tt_dtype;

typedef enum distilqa_tt_layout {
    DISTILQA_TT_ROW_MAJOR = 0,
    DISTILQA_TT_TILE = 1 /* the last two dimensions padded to multiples of 32, in 32 x 32 tiles; block floats need it */
} distilqa_tt_layout;

typedef enum distilqa_tt_memory { DISTILQA_TT_DRAM = 0, DISTILQA_TT_L1 = 1 } distilqa_tt_memory;

typedef enum distilqa_tt_distribution { DISTILQA_TT_REPLICATE = 0, DISTILQA_TT_SHARD = 1 } distilqa_tt_distribution;

typedef enum distilqa_tt_activation {
    DISTILQA_TT_NONE = 0,
    DISTILQA_TT_GELU = 1,             /* the erf form */
    DISTILQA_TT_GELU_APPROXIMATE = 2, /* the hardware's fast approximation of it */
    DISTILQA_TT_RELU = 3
} distilqa_tt_activation;

/* How many passes a multiplication takes; each uses more bits of the operands' mantissas. */
typedef enum distilqa_tt_math_fidelity {
    DISTILQA_TT_LOFI = 0,
    DISTILQA_TT_HIFI2 = 2,
    DISTILQA_TT_HIFI3 = 3,
    DISTILQA_TT_HIFI4 = 4
} distilqa_tt_math_fidelity;

typedef struct distilqa_tt_device distilqa_tt_device;
typedef struct distilqa_tt_tensor distilqa_tt_tensor;

#define DISTILQA_TT_MAX_DEVICES 32
#define DISTILQA_TT_MAX_RANK 4

typedef struct distilqa_tt_open_options {
    uint32_t struct_size;
    uint32_t mesh_rows;    /* 1 */
    uint32_t mesh_columns; /* chips side by side: 1 for an n150 or one chip of an n300, 2 for both chips */
    uint32_t device_count; /* how many device_ids are given: 0 for any, else mesh_rows * mesh_columns */
    int32_t device_ids[DISTILQA_TT_MAX_DEVICES];
    uint64_t trace_region_bytes; /* DRAM set aside for traces, in every bank; 0 if none will be captured */
    uint32_t timeout_ms;         /* how long a wait for the device may take; 0 for ever. A library may take that of the
                                    first device opened in the process for all, and may round up to whole seconds */
    uint32_t program_cache;      /* 1 to keep compiled programs (wanted but in tests), 0 not to */
} distilqa_tt_open_options;

typedef struct distilqa_tt_tensor_spec {
    uint32_t struct_size;
    uint32_t rank; /* 1 to DISTILQA_TT_MAX_RANK */
    uint32_t shape[DISTILQA_TT_MAX_RANK];
    uint32_t dtype;        /* distilqa_tt_dtype */
    uint32_t layout;       /* distilqa_tt_layout */
    uint32_t memory;       /* distilqa_tt_memory */
    uint32_t distribution; /* distilqa_tt_distribution */
} distilqa_tt_tensor_spec;

/* How an op computes and where it puts its result. */
typedef struct distilqa_tt_compute {
    uint32_t struct_size;
    uint32_t dtype;                /* of the result: BFLOAT16 or BFLOAT8_B */
    uint32_t memory;               /* of the result */
    uint32_t math_fidelity;        /* distilqa_tt_math_fidelity; HIFI4 with fp32_accumulation is refused: a Wormhole erratum */
    uint32_t fp32_accumulation;    /* 1: sums are kept in float32, 0: in bfloat16 */
    uint32_t packer_l1_accumulation; /* 1: partial sums of a matrix product are added up in L1 at packing */
    uint32_t approximate_math;     /* 1: fast approximations of exp, reciprocal square root and the like */
} distilqa_tt_compute;

/* Counters since the device was opened, but for the live_ ones, which are of this moment. */
typedef struct distilqa_tt_counters {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t ops;                  /* device operations queued, replayed ones included */
    uint64_t host_to_device_bytes; /* in the tensors' device formats, padding included; once for each chip that gets them */
    uint64_t device_to_host_bytes;
    uint64_t live_tensors;
    uint64_t live_dram_bytes; /* on the fullest chip */
    uint64_t live_l1_bytes;   /* on the fullest chip, over all its cores */
    uint64_t peak_dram_bytes;
    uint64_t peak_l1_bytes;
    uint64_t live_traces;
    uint64_t replays;
    uint64_t cached_programs;
} distilqa_tt_counters;

/* The version that the library was compiled with. The first call a caller makes; if it is not the caller's own
 * DISTILQA_TT_ABI_VERSION, the caller makes no other. */
DISTILQA_TT_API int32_t distilqa_tt_abi_version(void);

/* What went wrong in this thread's last call that failed: UTF-8, never null, valid until the thread's next call. */
DISTILQA_TT_API const char *distilqa_tt_last_error(void);

/* The library and the machine, without opening a device: lines "name=value", UTF-8, with a terminating zero. Names:
 * library ("ttnn" or "emulator"), version (of the library), ttnn or emulates, driver (empty if there is none), cards (how
 * many boards), card.0.board ("n150", "n300", ...), card.0.chips, and usable (1 or 0) with reason (why not).
 * *length (optional) is the bytes needed with the zero; a buffer too small is filled as far as it goes.  */
DISTILQA_TT_API int32_t distilqa_tt_describe(char *buffer, size_t capacity, size_t *length);

/* Opens the chips as one mesh. UNAVAILABLE without card or driver and while this process has a mesh open, UNSUPPORTED for a board
 * that is no Wormhole. The library on TT-NN sets what TT-Metalium reads from the environment before its first use in the process,
 * where the user has not; the fact environment_set says what. */
DISTILQA_TT_API int32_t distilqa_tt_open(const distilqa_tt_open_options *options, distilqa_tt_device **device);

/* Frees all that belongs to the device and closes it, also after TIMEOUT or DEVICE_LOST. The handle is invalid after the
 * call whatever it returns. Null is allowed and does nothing. */
DISTILQA_TT_API int32_t distilqa_tt_close(distilqa_tt_device *device);

/* The open device, as distilqa_tt_describe: board, chips, grid_x, grid_y (compute cores of a chip), dram_bytes and
 * l1_bytes (for buffers; of a chip, of a core), arch, firmware, driver, library, version; of TT-NN also ttnn, card (real, mocked
 * or simulated), dispatch (fast or slow) and environment_set. */
DISTILQA_TT_API int32_t distilqa_tt_facts(distilqa_tt_device *device, char *buffer, size_t capacity, size_t *length);

DISTILQA_TT_API int32_t distilqa_tt_read_counters(distilqa_tt_device *device, distilqa_tt_counters *counters);

/* Waits until all that was queued has finished. Not during a capture. */
DISTILQA_TT_API int32_t distilqa_tt_synchronize(distilqa_tt_device *device);

/* A tensor with values from the host: row-major, float (float32) for all floating dtypes and uint32_t for UINT32, exactly
 * bytes of them without padding. They are converted (round to nearest even), padded with zeros and sent; the host memory
 * may be reused when the call returns. */
DISTILQA_TT_API int32_t distilqa_tt_tensor_create(
    distilqa_tt_device *device, const distilqa_tt_tensor_spec *spec, const void *values, size_t bytes,
    distilqa_tt_tensor **tensor);

/* Other values for a tensor made by distilqa_tt_tensor_create, in the same place: what a trace reads. */
DISTILQA_TT_API int32_t distilqa_tt_tensor_write(distilqa_tt_tensor *tensor, const void *values, size_t bytes);

/* The values of a tensor without padding, converted to float (uint32_t for UINT32); waits for the ops before. bytes must be
 * 4 * the product of the shape. */
DISTILQA_TT_API int32_t distilqa_tt_tensor_read(distilqa_tt_tensor *tensor, void *values, size_t bytes);

DISTILQA_TT_API int32_t distilqa_tt_tensor_spec_of(distilqa_tt_tensor *tensor, distilqa_tt_tensor_spec *spec);

/* Frees a tensor's memory on the device; ops queued before may still read it. Null is allowed and does nothing. */
DISTILQA_TT_API int32_t distilqa_tt_tensor_free(distilqa_tt_tensor *tensor);

/* tokens[ids] + positions[0 .. sequence), tiled. ids: UINT32 row-major [batch, sequence], sharded; position_ids: UINT32
 * row-major [1, sequence], replicated, holding 0, 1, 2, ...; tables: BFLOAT16 row-major [rows, width] in DRAM. The result
 * is [batch, 1, sequence, width]. sequence is a multiple of 32. Three device ops. */
DISTILQA_TT_API int32_t distilqa_tt_embeddings(
    distilqa_tt_tensor *ids, distilqa_tt_tensor *position_ids, distilqa_tt_tensor *token_table,
    distilqa_tt_tensor *position_table, const distilqa_tt_compute *compute, distilqa_tt_tensor **result);

/* Layer norm over the last dimension of input + residual (residual optional), [batch, 1, sequence, width], times weight, plus
 * bias; both [1, width], tiled BFLOAT16. epsilon is a number of at least 0. One device op. */
DISTILQA_TT_API int32_t distilqa_tt_layer_norm(
    distilqa_tt_tensor *input, distilqa_tt_tensor *residual, distilqa_tt_tensor *weight, distilqa_tt_tensor *bias,
    float epsilon, const distilqa_tt_compute *compute, distilqa_tt_tensor **result);

/* activation(input * weight + bias): input [batch, 1, sequence, k]; weight [k, n] (inputs first), tiled; bias [1, n], tiled
 * BFLOAT16. The result is [batch, 1, sequence, n]. One device op. Serves the question-answering head too, whose two columns
 * the caller pads to 32. */
DISTILQA_TT_API int32_t distilqa_tt_linear(
    distilqa_tt_tensor *input, distilqa_tt_tensor *weight, distilqa_tt_tensor *bias, uint32_t activation,
    const distilqa_tt_compute *compute, distilqa_tt_tensor **result);

/* Multi-head self-attention: query_key_value [batch, 1, sequence, 3 * width], the three side by side, each with its heads
 * side by side; mask (optional) [batch, 1, sequence, sequence], tiled, in DRAM, in BFLOAT16, BFLOAT8_B or BFLOAT4_B, added
 * to the scores: 0 where a token is seen, and so far below 0 elsewhere that it makes no difference whether it is added before
 * the scores are scaled, as TT-NN does, or after. width / heads is a multiple of 32. The result is
 * [batch, 1, sequence, width]. Three device ops: split heads, scaled dot-product attention, concatenate heads. */
DISTILQA_TT_API int32_t distilqa_tt_self_attention(
    distilqa_tt_tensor *query_key_value, distilqa_tt_tensor *mask, uint32_t heads, float scale,
    const distilqa_tt_compute *compute, distilqa_tt_tensor **result);

/* Between begin and end, ops are recorded; no tensor may be created, written or read. Every op must have run before, so that
 * its program is compiled. At most one trace is being captured. When end has returned, the recorded ops have been queued once,
 * so that their results can be read.
 *
 * What is freed between begin and end is used again by every replay. A tensor made after a capture may lie there: it keeps its
 * values only until the next replay of that trace. So make what lasts (weights, position ids) before the first capture, write
 * a trace's inputs right before its replay, and read its results right after. begin without a trace region is
 * INVALID_ARGUMENT, and UNSUPPORTED where the card has no traces, as with slow dispatch. After an op that failed meanwhile, end drops
 * the capture and fails. */
DISTILQA_TT_API int32_t distilqa_tt_trace_begin(distilqa_tt_device *device);
DISTILQA_TT_API int32_t distilqa_tt_trace_end(distilqa_tt_device *device, uint64_t *trace);

/* Queues the recorded ops again, on the same tensors; results are in the tensors that the ops gave when recorded. */
DISTILQA_TT_API int32_t distilqa_tt_trace_replay(distilqa_tt_device *device, uint64_t trace);
DISTILQA_TT_API int32_t distilqa_tt_trace_release(distilqa_tt_device *device, uint64_t trace);

#ifdef __cplusplus
}
#endif

#endif
