// A mesh that TT-NN has opened.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "card.h"
#include "machine.h"
#include "tt_version.h"

namespace distilqa {

class TtnnCard final : public Card {
public:
    explicit TtnnCard(const distilqa_tt_open_options& options);
    ~TtnnCard() override;

    void close(bool lost) override;

    std::uint32_t chips() const override { return chips_; }
    std::string facts() const override;
    MemoryUse memory() override;
    std::uint64_t cached_programs() const override { return mesh_->num_program_cache_entries(); }
    void synchronize() override;

    std::unique_ptr<Values> create(const Spec& spec, const void* values) override;
    void write(const Spec& spec, Values& to, const void* values) override;
    void read(const Spec& spec, Values& from, void* values) override;

    std::unique_ptr<Values> embeddings(
        Operand ids, Operand position_ids, Operand token_table, Operand position_table, const Compute& compute,
        const Spec& result) override;
    std::unique_ptr<Values> layer_norm(
        Operand input, const Operand* residual, Operand weight, Operand bias, float epsilon, const Compute& compute,
        const Spec& result) override;
    std::unique_ptr<Values> linear(
        Operand input, Operand weight, Operand bias, std::uint32_t activation, const Compute& compute,
        const Spec& result) override;
    std::unique_ptr<Values> self_attention(
        Operand query_key_value, const Operand* mask, std::uint32_t heads, float scale, const Compute& compute,
        const Spec& result) override;

    void capture_begin() override;
    std::uint64_t capture_end(bool keep) override;
    void replay(std::uint64_t trace) override;
    void release(std::uint64_t trace) override;

private:
    class Held;

    struct Trace {
        metal::TraceId id;
        std::uint64_t ops;
    };

    static metal::Tensor& tensor(const Operand& operand);
    metal::Tensor on_host(const Spec& spec, const void* values);
    // The shape that one chip has of a tensor, as TT-NN has it.
    ttnn::Shape on_chip(const Spec& spec, std::initializer_list<std::uint64_t> shape) const;
    // Counts an op that was queued; a result is a good moment to look how full the memories are.
    metal::Tensor queued(metal::Tensor result);
    metal::Tensor converted(metal::Tensor tensor, const Compute& compute);
    std::unique_ptr<Values> held(metal::Tensor tensor);
    std::uint64_t used(metal::BufferType type) const;
    void sample_memory();

    std::shared_ptr<metal::Mesh> mesh_;
    std::uint32_t chips_ = 0;
    Machine machine_;
    std::string board_;
    std::string firmware_;

    std::map<std::uint64_t, Trace> traces_;
    std::uint64_t next_trace_ = 1;
    Trace capture_{};

    std::uint64_t peak_dram_ = 0;
    std::uint64_t peak_l1_ = 0;
};

ttnn::MemoryConfig memory_config(std::uint32_t memory);
ttnn::DataType data_type(std::uint32_t dtype);

// The values of a tensor. Freed on the card with the object; ops queued before may still read them.
class TtnnCard::Held final : public Values {
public:
    explicit Held(metal::Tensor tensor) : tensor_(std::move(tensor)) {}
    ~Held() override;

    metal::Tensor& tensor() { return tensor_; }

private:
    metal::Tensor tensor_;
};

}  // namespace distilqa
