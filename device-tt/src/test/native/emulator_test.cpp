// Tests of libdistilqa_tt_emulator, on its sources:
//   cc -std=c11 -Wall -Wextra -Wpedantic -Werror -c header_test.c
//   c++ -std=c++17 -O1 -g -fsanitize=address,undefined -pthread -I../../main/native/include -I../../main/native/front
//       -I../../main/native/emulator *.cpp header_test.o ../../main/native/front/*.cpp ../../main/native/emulator/*.cpp
//       ../../main/native/ttnn/exception.cpp ../../main/native/ttnn/machine.cpp
//   ./a.out
// With the argument "speed" it measures instead, and wants -O3 and no sanitizer.
#include "tests.h"

namespace {

struct Test {
    const char *name;
    void (*run)();
};

#define TEST(name) Test{#name, name}

void the_emulator_keeps_the_abi() { the_abi_is_kept(true); }

}  // namespace

int main(int argc, char **argv) {
    if (argc > 1 && std::strcmp(argv[1], "speed") == 0) {
        measure_speed();
        return checks::failed == 0 ? 0 : 1;
    }
    for (const Test &test :
         {TEST(bfloat16_is_rounded_to_nearest_even), TEST(bfloat8_b_values_share_an_exponent), TEST(bfloat4_b_has_three_bits),
          TEST(rare_blocks_are_rounded_like_common_ones), TEST(tensors_are_rounded_on_the_way_in),
          TEST(linear_is_as_exact_as_its_formats), TEST(fidelity_is_the_bits_of_the_operands),
          TEST(sums_are_rounded_after_each_tile_without_fp32_accumulation),
          TEST(partial_sums_in_block_floats_lose_what_is_small), TEST(activations_are_the_named_functions),
          TEST(layer_norm_is_as_exact_as_its_formats), TEST(attention_is_as_exact_as_its_formats),
          TEST(embeddings_add_tokens_and_positions), TEST(the_header_is_c), TEST(boards_are_described),
          TEST(boards_that_cannot_be_opened), TEST(options_are_checked), TEST(facts_are_of_the_board),
          TEST(bytes_are_counted),
          TEST(l1_runs_full), TEST(activations_of_batch_32_do_not_fit_into_l1), TEST(a_mesh_shares_a_batch),
          TEST(traces_replay), TEST(traces_are_checked), TEST(allocations_fail_on_demand), TEST(ops_fail_on_demand),
          TEST(a_hanging_device_times_out), TEST(a_device_is_lost), TEST(waits_are_slowed),
          TEST(a_device_without_traces_goes_on), TEST(closing_frees_though_it_fails), TEST(circular_buffers_need_l1_too),
          TEST(linear_plans_fit_every_shape), TEST(linear_plans_use_the_cores), TEST(the_emulator_keeps_the_abi),
          TEST(mocked_boards_are_read_in_old_and_new_descriptors), TEST(exceptions_of_tt_nn_become_statuses_and_words)}) {
        checks::current = test.name;
        const int before = checks::failed;
        test.run();
        std::printf("%s %s\n", checks::failed == before ? "ok    " : "FAILED", test.name);
    }
    std::printf("%d passed, %d failed\n", checks::passed, checks::failed);
    return checks::failed == 0 ? 0 : 1;
}
