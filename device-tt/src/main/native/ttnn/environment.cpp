#include "environment.h"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <mutex>

#include "tt_version.h"

namespace distilqa {
namespace {

std::string& changes() {
    static std::string text;
    return text;
}

// Another thread of the process that reads its environment meanwhile could see a variable half set: so this happens once, for as
// few variables as possible, and not for those that are set. Whoever exports them before the start avoids it.
void set_unless_set(const char* name, const std::string& value) {
    if (std::getenv(name) != nullptr) return;
    ::setenv(name, value.c_str(), /*overwrite=*/0);
    changes() += (changes().empty() ? "" : " ") + std::string(name) + "=" + value;
}

// A wheel has TT-Metalium's files in ttnn, and its libraries in ttnn/build/lib.
void find_root() {
    namespace fs = std::filesystem;
    if (std::getenv("TT_METAL_RUNTIME_ROOT") != nullptr) return;
    Dl_info info{};
    if (::dladdr(reinterpret_cast<const void*>(&tt::tt_metal::SetRootDir), &info) == 0 || info.dli_fname == nullptr) return;
    std::error_code error;
    const fs::path root = fs::canonical(info.dli_fname, error).parent_path().parent_path().parent_path();
    if (!error && fs::is_directory(root / "tt_metal", error)) tt::tt_metal::SetRootDir(root.string());
}

}  // namespace

void prepare_environment(std::uint32_t timeout_ms) {
    static std::once_flag once;
    std::call_once(once, [timeout_ms] {
        // Whole seconds, since a fraction would be read by the locale's rules.
        if (timeout_ms > 0) {
            set_unless_set(
                "TT_METAL_OPERATION_TIMEOUT_SECONDS", std::to_string((std::uint64_t{timeout_ms} + 999) / 1000));
        }
        set_unless_set("TT_METAL_INSPECTOR", "0");
        set_unless_set("TT_METAL_INSPECTOR_RPC", "0");
        find_root();
    });
}

std::string prepared_environment() { return changes(); }

bool slow_dispatch() { return std::getenv("TT_METAL_SLOW_DISPATCH_MODE") != nullptr; }

}  // namespace distilqa
