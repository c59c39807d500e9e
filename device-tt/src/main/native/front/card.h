// What the front asks of a library: the card, and the machine it is in. The front has checked all arguments, shapes and
// distributions, keeps handles and counts what it can; a library computes, keeps memory and says what went wrong.
#ifndef DISTILQA_TT_CARD_H
#define DISTILQA_TT_CARD_H

#include "spec.h"

#include <cstdint>
#include <exception>
#include <memory>
#include <string>

#include "error.h"

namespace distilqa {

// The values of a tensor, on the card for as long as the object lives.
class Values {
public:
    virtual ~Values() = default;
};

// A tensor as an op reads it.
struct Operand {
    const Spec &spec;
    Values &values;
};

struct MemoryUse {
    std::uint64_t live_dram_bytes, live_l1_bytes, peak_dram_bytes, peak_l1_bytes;
};

// An open mesh, used by one thread at a time. What a function throws is an Error, or an exception that translated() knows.
class Card {
public:
    virtual ~Card() = default;

    // Called once, after all values were destroyed. lost: after TIMEOUT or DEVICE_LOST, so that waiting makes no sense. Tries
    // everything before it throws.
    virtual void close(bool lost) = 0;

    virtual std::uint32_t chips() const = 0;
    virtual std::string facts() const = 0;
    virtual MemoryUse memory() = 0;
    virtual std::uint64_t cached_programs() const = 0;
    virtual void synchronize() = 0;

    virtual std::unique_ptr<Values> create(const Spec &spec, const void *values) = 0;
    virtual void write(const Spec &spec, Values &to, const void *values) = 0;
    // values is left as it is if this throws.
    virtual void read(const Spec &spec, Values &from, void *values) = 0;

    // Ops. result is the spec of what they give.
    virtual std::unique_ptr<Values> embeddings(Operand ids, Operand position_ids, Operand token_table, Operand position_table,
                                               const Compute &compute, const Spec &result) = 0;
    virtual std::unique_ptr<Values> layer_norm(Operand input, const Operand *residual, Operand weight, Operand bias,
                                               float epsilon, const Compute &compute, const Spec &result) = 0;
    virtual std::unique_ptr<Values> linear(Operand input, Operand weight, Operand bias, std::uint32_t activation,
                                           const Compute &compute, const Spec &result) = 0;
    virtual std::unique_ptr<Values> self_attention(Operand query_key_value, const Operand *mask, std::uint32_t heads,
                                                   float scale, const Compute &compute, const Spec &result) = 0;

    // A trace by a number of the card's own. capture_end has queued the ops once when it returns; with keep false it drops the
    // capture and gives nothing.
    virtual void capture_begin() = 0;
    virtual std::uint64_t capture_end(bool keep) = 0;
    virtual void replay(std::uint64_t trace) = 0;
    virtual void release(std::uint64_t trace) = 0;

    std::uint64_t ops() const { return ops_; }

protected:
    void count_ops(std::uint64_t ops) { ops_ += ops; }

private:
    std::uint64_t ops_ = 0;
};

// ---- What each library defines -------------------------------------------------------------------------------------------

std::int32_t abi_version();

// Lines "name=value" for distilqa_tt_describe.
std::string describe();

// options are checked but for what depends on the board.
std::unique_ptr<Card> open_card(const distilqa_tt_open_options &options);

// The status and words of an exception that is none of our own.
Error translated(const std::exception &exception);

// Any exception as an Error.
Error as_error(const std::exception &exception);

}  // namespace distilqa

#endif
