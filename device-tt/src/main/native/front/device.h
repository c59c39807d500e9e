// An open device: its tensors, traces and counters, and whether it still answers.
#ifndef DISTILQA_TT_DEVICE_H
#define DISTILQA_TT_DEVICE_H

#include "card.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

struct distilqa_tt_tensor {
    distilqa_tt_device *device;
    distilqa::Spec spec;
    std::unique_ptr<distilqa::Values> values;
    bool from_host;

    distilqa::Operand operand() { return {spec, *values}; }
};

struct distilqa_tt_device {
    distilqa_tt_device(const distilqa_tt_open_options &options, std::unique_ptr<distilqa::Card> card);

    // Frees everything and closes the card; throws after all has been tried.
    void close();

    // Throws if the device was lost or given up.
    void check_usable() const;
    void check_not_capturing(const char *what) const;
    // An error of a call: what shows that the device is lost is kept, so that later calls fail at once.
    void note(const distilqa::Error &error);

    distilqa_tt_tensor *create(const distilqa_tt_tensor_spec &spec, const void *values, std::uint64_t bytes);
    void write(distilqa_tt_tensor &tensor, const void *values, std::uint64_t bytes);
    void read(distilqa_tt_tensor &tensor, void *values, std::uint64_t bytes);
    void free(distilqa_tt_tensor *tensor);
    void synchronize();
    // Queues an op, which gives the values of a new tensor.
    distilqa_tt_tensor *queue(distilqa::Spec result,
                              const std::function<std::unique_ptr<distilqa::Values>(const distilqa::Spec &)> &op);

    void trace_begin();
    std::uint64_t trace_end();
    void trace_replay(std::uint64_t trace);
    void trace_release(std::uint64_t trace);

    distilqa_tt_counters counters();

    std::uint32_t chips() const { return card_->chips(); }
    distilqa::Card &card() { return *card_; }

    std::atomic<bool> busy{false};

private:
    std::uint64_t card_trace(std::uint64_t trace) const;
    distilqa_tt_tensor *add(distilqa_tt_tensor tensor);

    std::unique_ptr<distilqa::Card> card_;
    bool program_cache_;
    bool trace_region_;
    distilqa_tt_status given_up_ = DISTILQA_TT_OK;
    std::string given_up_message_;

    std::unordered_map<distilqa_tt_tensor *, std::unique_ptr<distilqa_tt_tensor>> tensors_;
    std::map<std::uint64_t, std::uint64_t> traces_;  // the card's number of each
    std::uint64_t next_trace_ = 1;
    bool capturing_ = false;
    std::string capture_failure_;

    std::uint64_t host_to_device_bytes_ = 0;
    std::uint64_t device_to_host_bytes_ = 0;
    std::uint64_t replays_ = 0;
};

#endif
