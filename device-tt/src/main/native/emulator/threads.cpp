#include "threads.h"

#include <system_error>

namespace distilqa {

Threads::Threads() {
    const unsigned wanted = std::thread::hardware_concurrency();
    for (unsigned i = 1; i < wanted; i++) {
        try {
            threads_.emplace_back([this] { serve(); });
        } catch (const std::system_error &) {
            break;  // the caller's own thread is enough
        }
    }
}

Threads::~Threads() {
    {
        std::lock_guard<std::mutex> lock(mutex_);
        stop_ = true;
    }
    wake_.notify_all();
    for (std::thread &thread : threads_) thread.join();
}

void Threads::take_parts(std::unique_lock<std::mutex> &lock) {
    while (next_ < count_) {
        const std::size_t part = next_++;
        const auto *work = work_;
        running_++;
        lock.unlock();
        std::exception_ptr failure;
        try {
            (*work)(part);
        } catch (...) {
            failure = std::current_exception();
        }
        lock.lock();
        running_--;
        if (failure) {
            if (!failure_) failure_ = failure;
            next_ = count_;
        }
    }
    if (running_ == 0) done_.notify_all();
}

void Threads::serve() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (true) {
        wake_.wait(lock, [this] { return stop_ || next_ < count_; });
        if (stop_) return;
        take_parts(lock);
    }
}

void Threads::each(std::size_t count, const std::function<void(std::size_t)> &work) {
    std::unique_lock<std::mutex> lock(mutex_);
    work_ = &work;
    next_ = 0;
    count_ = count;
    failure_ = nullptr;
    wake_.notify_all();
    take_parts(lock);
    done_.wait(lock, [this] { return running_ == 0; });
    work_ = nullptr;
    if (failure_) {
        const std::exception_ptr failure = failure_;
        failure_ = nullptr;
        std::rethrow_exception(failure);
    }
}

}  // namespace distilqa
