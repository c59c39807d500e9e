// What TT-NN, TT-Metalium and UMD mean by an exception: they throw std::runtime_error for all, and only the text differs.
#pragma once

#include <string>

#include "distilqa_tt.h"

namespace distilqa {

distilqa_tt_status classify(const std::string& text);

// The words of such a text that are for a person: without the backtrace, and with the place in the source at the end.
std::string readable(const std::string& text);

}  // namespace distilqa
