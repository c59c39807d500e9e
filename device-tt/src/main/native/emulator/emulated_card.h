// A card that is played: tensors' values are on the host, in the number formats of the card; memory is kept account of; faults
// occur on demand.
#ifndef DISTILQA_TT_EMULATOR_EMULATED_CARD_H
#define DISTILQA_TT_EMULATOR_EMULATED_CARD_H

#include "board.h"
#include "card.h"
#include "faults.h"
#include "memory.h"
#include "ops.h"
#include "threads.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace distilqa {

// Values on the host. Traces share them: a replay writes to where the recorded op wrote.
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
    std::uint64_t circular_buffer_bytes = 0;  // of each core's L1 while it runs
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

class EmulatedCard final : public Card {
public:
    explicit EmulatedCard(const distilqa_tt_open_options &options);

    void close(bool lost) override;

    std::uint32_t chips() const override { return chips_; }
    std::string facts() const override;
    MemoryUse memory() override;
    std::uint64_t cached_programs() const override { return programs_.size(); }
    void synchronize() override { wait(); }

    std::unique_ptr<Values> create(const Spec &spec, const void *values) override;
    void write(const Spec &spec, Values &to, const void *values) override;
    void read(const Spec &spec, Values &from, void *values) override;

    std::unique_ptr<Values> embeddings(Operand ids, Operand position_ids, Operand token_table, Operand position_table,
                                       const Compute &compute, const Spec &result) override;
    std::unique_ptr<Values> layer_norm(Operand input, const Operand *residual, Operand weight, Operand bias, float epsilon,
                                       const Compute &compute, const Spec &result) override;
    std::unique_ptr<Values> linear(Operand input, Operand weight, Operand bias, std::uint32_t activation,
                                   const Compute &compute, const Spec &result) override;
    std::unique_ptr<Values> self_attention(Operand query_key_value, const Operand *mask, std::uint32_t heads, float scale,
                                           const Compute &compute, const Spec &result) override;

    void capture_begin() override;
    std::uint64_t capture_end(bool keep) override;
    void replay(std::uint64_t trace) override;
    void release(std::uint64_t trace) override;

private:
    class Held;

    std::unique_ptr<Values> queue(const Op &op);
    std::unique_ptr<Place> allocate(const std::string &what, const Spec &spec);
    std::shared_ptr<Storage> storage_of_result(std::uint64_t count);
    void start_step();
    void wait();
    static const std::shared_ptr<Storage> &storage(const Operand &operand);

    Board board_;
    Faults faults_;
    std::uint32_t chips_;
    std::uint32_t timeout_ms_;
    bool program_cache_;
    std::uint64_t trace_region_bytes_;
    std::uint64_t trace_region_used_ = 0;
    Memory memory_;
    std::map<std::uint64_t, Trace> traces_;
    std::uint64_t next_trace_ = 1;

    // While a trace is being captured: its number, its ops, and the values of freed results, for later results to take over as
    // the card's memory would be.
    std::unique_ptr<Trace> capture_;
    std::uint64_t captures_ = 0;
    std::vector<std::shared_ptr<Storage>> reusable_;

    std::set<std::string> programs_;
    std::uint64_t steps_started_ = 0;
    std::uint64_t allocations_ = 0;
    bool hung_ = false;

    Threads threads_;
};

}  // namespace distilqa

#endif
