// The one exception of both libraries; abi.cpp turns it into a status and a message.
#ifndef DISTILQA_TT_ERROR_H
#define DISTILQA_TT_ERROR_H

#include "distilqa_tt.h"

#include <sstream>
#include <stdexcept>
#include <string>

namespace distilqa {

class Error : public std::runtime_error {
public:
    Error(distilqa_tt_status status, const std::string &message) : std::runtime_error(message), status_(status) {}
    distilqa_tt_status status() const { return status_; }

private:
    distilqa_tt_status status_;
};

// Its arguments, printed one after the other.
template <typename... Parts> std::string text(const Parts &...parts) {
    std::ostringstream out;
    (out << ... << parts);
    return out.str();
}

template <typename... Parts> void require(bool holds, const Parts &...parts) {
    if (!holds) throw Error(DISTILQA_TT_INVALID_ARGUMENT, text(parts...));
}

}  // namespace distilqa

#endif
