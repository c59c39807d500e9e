// A few threads that share the rows of an op.
#ifndef DISTILQA_TT_EMULATOR_THREADS_H
#define DISTILQA_TT_EMULATOR_THREADS_H

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace distilqa {

class Threads {
public:
    // As many as the machine runs at once, the caller's included; fewer where it gives no more.
    Threads();
    ~Threads();
    Threads(const Threads &) = delete;
    Threads &operator=(const Threads &) = delete;

    // Calls work(0) to work(count - 1), each once, in any order and on any of the threads; rethrows the first exception.
    void each(std::size_t count, const std::function<void(std::size_t)> &work);

private:
    void serve();
    void take_parts(std::unique_lock<std::mutex> &lock);

    std::mutex mutex_;
    std::condition_variable wake_;
    std::condition_variable done_;
    const std::function<void(std::size_t)> *work_ = nullptr;
    std::size_t next_ = 0;
    std::size_t count_ = 0;
    std::size_t running_ = 0;
    std::exception_ptr failure_;
    bool stop_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace distilqa

#endif
