// The open mesh: what belongs to it, its counters and its traces.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

#include "distilqa_tt.h"
#include "machine.h"
#include "tt_version.h"

struct distilqa_tt_device {
public:
    explicit distilqa_tt_device(const distilqa_tt_open_options& options);
    ~distilqa_tt_device();
    distilqa_tt_device(const distilqa_tt_device&) = delete;
    distilqa_tt_device& operator=(const distilqa_tt_device&) = delete;

    // Frees what is left, and closes the mesh; throws after all has been tried.
    void close();

    distilqa::metal::Mesh& mesh() { return *mesh_; }
    uint32_t chips() const { return chips_; }

    // After TIMEOUT or DEVICE_LOST each call but close fails as the first did.
    void require_usable() const;
    void note(int32_t status) noexcept;

    // No tensor may be created, written or read while a trace is captured: the capture would not hold it.
    void require_not_capturing(const char* what) const;

    void adopt(distilqa_tt_tensor* tensor) { tensors_.insert(tensor); }
    void drop(distilqa_tt_tensor* tensor) { tensors_.erase(tensor); }

    void count_ops(uint64_t ops);
    void count_upload(uint64_t bytes) { uploaded_ += bytes; }
    void count_download(uint64_t bytes) { downloaded_ += bytes; }
    // To be called whenever more memory than before may be in use.
    void sample_memory();

    void synchronize();
    std::string facts() const;
    distilqa_tt_counters counters();

    void trace_begin();
    uint64_t trace_end();
    void trace_replay(uint64_t trace);
    void trace_release(uint64_t trace);

private:
    struct Trace {
        distilqa::metal::TraceId id;
        uint64_t ops;
    };

    uint64_t used(distilqa::metal::BufferType type) const;
    Trace& trace_of(uint64_t trace);
    void abandon_capture();

    std::shared_ptr<distilqa::metal::Mesh> mesh_;
    uint32_t chips_ = 0;
    uint64_t trace_region_ = 0;
    distilqa::Machine machine_;
    std::string board_;
    std::string firmware_;
    distilqa_tt_status broken_ = DISTILQA_TT_OK;

    std::unordered_set<distilqa_tt_tensor*> tensors_;
    std::map<uint64_t, Trace> traces_;
    std::optional<Trace> capture_;
    uint64_t next_trace_ = 1;

    uint64_t ops_ = 0;
    uint64_t uploaded_ = 0;
    uint64_t downloaded_ = 0;
    uint64_t replays_ = 0;
    uint64_t peak_dram_ = 0;
    uint64_t peak_l1_ = 0;
};

namespace distilqa {

std::string library_version();
std::string ttnn_version();

}  // namespace distilqa
