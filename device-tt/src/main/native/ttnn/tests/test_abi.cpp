// The tests of the ABI that the emulator passes too, on a card that TT-Metalium mocks: see test_mock.cpp for what it needs.
#include <cstdio>

#include "abi_test.h"
#include "checks.h"

int main() {
    the_abi_is_kept(false);
    std::printf("%d passed, %d failed\n", checks::passed, checks::failed);
    return checks::failed == 0 ? 0 : 1;
}
