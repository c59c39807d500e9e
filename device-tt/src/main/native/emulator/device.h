// An open mesh, its tensors and traces.
#ifndef DISTILQA_TT_EMULATOR_DEVICE_H
#define DISTILQA_TT_EMULATOR_DEVICE_H

#include "board.h"
#include "error.h"
#include "faults.h"
#include "memory.h"
#include "ops.h"
#include "threads.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace distilqa {

// A tensor's values on the host. Traces share them: a replay writes to where the recorded op wrote.
struct Storage {
    Storage(std::uint64_t capacity, bool whole_numbers);

    std::uint64_t capacity;
    std::unique_ptr<float[]> floats;
    std::unique_ptr<std::uint32_t[]> integers;
};

// One operation of the device, as part of an op of the ABI.
struct Step {
    std::string program;        // what would be compiled: the operation and all that its program depends on
    std::vector<Spec> outputs;  // apart from the op's result, which the last step gives
    std::size_t last_use;       // the index of the last step that reads them
};

struct Op {
    std::vector<Step> steps;
    Spec result;
    std::function<void(float *result)> compute;
};

struct Recorded {
    std::size_t steps;
    std::function<void()> compute;
};

struct Trace {
    std::vector<Recorded> ops;
    std::uint64_t bytes = 0;
};

// A recorded step takes this much of the trace region. A notional figure: the true one depends on the kernels.
constexpr std::uint64_t TRACE_BYTES_OF_STEP = 8192;

}  // namespace distilqa

struct distilqa_tt_tensor {
    distilqa_tt_device *device;
    distilqa::Spec spec;
    std::shared_ptr<distilqa::Storage> storage;
    std::unique_ptr<distilqa::Place> place;
    bool from_host;
    bool captured;  // the result of an op of the trace that is being captured
};

struct distilqa_tt_device {
    explicit distilqa_tt_device(const distilqa_tt_open_options &options);

    // Throws if the device was lost or given up.
    void check_usable() const;
    void check_not_capturing(const char *what) const;

    distilqa_tt_tensor *create(const distilqa::Spec &spec, const void *values, std::uint64_t bytes);
    void write(distilqa_tt_tensor &tensor, const void *values, std::uint64_t bytes);
    void read(distilqa_tt_tensor &tensor, void *values, std::uint64_t bytes);
    void free(distilqa_tt_tensor *tensor);
    void synchronize();

    // Queues an op; its result is a new tensor.
    distilqa_tt_tensor *queue(const distilqa::Op &op);

    void trace_begin();
    std::uint64_t trace_end();
    void trace_replay(std::uint64_t trace);
    void trace_release(std::uint64_t trace);

    std::string facts() const;
    void read_counters(distilqa_tt_counters &counters) const;

    std::uint32_t chips() const { return chips_; }
    distilqa::Threads &threads() { return threads_; }

    std::atomic<bool> busy{false};

private:
    std::unique_ptr<distilqa::Place> allocate(const std::string &what, const distilqa::Spec &spec);
    std::shared_ptr<distilqa::Storage> storage_of_result(std::uint64_t count);
    distilqa_tt_tensor *add(distilqa_tt_tensor tensor);
    void start_step();
    void wait();
    [[noreturn]] void give_up(distilqa_tt_status status, const std::string &message);

    distilqa::Board board_;
    distilqa::Faults faults_;
    std::uint32_t chips_;
    std::uint32_t timeout_ms_;
    bool program_cache_;
    std::uint64_t trace_region_bytes_;
    std::uint64_t trace_region_used_ = 0;
    distilqa::Memory memory_;
    std::unordered_map<distilqa_tt_tensor *, std::unique_ptr<distilqa_tt_tensor>> tensors_;
    std::map<std::uint64_t, distilqa::Trace> traces_;
    std::uint64_t next_trace_ = 1;

    // While a trace is being captured: its ops, the values of freed results, for later results to take over as the card's
    // memory would be, and why it will not become a trace.
    std::unique_ptr<distilqa::Trace> capture_;
    std::vector<std::shared_ptr<distilqa::Storage>> reusable_;
    std::string capture_failure_;

    std::set<std::string> programs_;
    std::uint64_t steps_started_ = 0;
    std::uint64_t allocations_ = 0;
    bool hung_ = false;
    distilqa_tt_status given_up_ = DISTILQA_TT_OK;
    std::string given_up_message_;

    std::uint64_t ops_ = 0;
    std::uint64_t host_to_device_bytes_ = 0;
    std::uint64_t device_to_host_bytes_ = 0;
    std::uint64_t replays_ = 0;

    distilqa::Threads threads_;
};

#endif
