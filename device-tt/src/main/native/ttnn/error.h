// Errors inside the library are exceptions; guard, at the border, turns each into a status and a message.
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <utility>

#include "distilqa_tt.h"

namespace distilqa {

class Failure : public std::exception {
public:
    Failure(distilqa_tt_status status, std::string message) : status_(status), message_(std::move(message)) {}

    distilqa_tt_status status() const noexcept { return status_; }
    const char* what() const noexcept override { return message_.c_str(); }

private:
    distilqa_tt_status status_;
    std::string message_;
};

[[noreturn]] inline void fail(distilqa_tt_status status, std::string message) {
    throw Failure(status, std::move(message));
}

inline void require(bool condition, const char* message) {
    if (!condition) fail(DISTILQA_TT_INVALID_ARGUMENT, message);
}

template <typename Pointer>
void require_pointer(Pointer pointer, const char* name) {
    if (pointer == nullptr) fail(DISTILQA_TT_INVALID_ARGUMENT, std::string(name) + " is null");
}

// What an exception of TT-NN, TT-Metalium or UMD means: they throw std::runtime_error for all, and only the text differs.
distilqa_tt_status classify(const std::string& text);

// The words of such a text that are for a person: without the backtrace, and with the place in the source at the end.
std::string readable(const std::string& text);

// Keeps the exception being handled as this thread's last error. Called in a catch block only.
distilqa_tt_status remember_current() noexcept;
const char* last_error() noexcept;

template <typename Body>
int32_t guard(Body&& body) noexcept {
    try {
        std::forward<Body>(body)();
        return DISTILQA_TT_OK;
    } catch (...) {
        return remember_current();
    }
}

}  // namespace distilqa
