#ifndef DISTILQA_TT_TESTS_H
#define DISTILQA_TT_TESTS_H

#include "abi_test.h"
#include "checks.h"
#include "formats.h"
#include "ops.h"

namespace checks {

inline Floats rounded(Floats values, std::size_t width, uint32_t dtype) {
    distilqa::round_rows(values.data(), values.size() / width, width, dtype);
    return values;
}

}  // namespace checks

void bfloat16_is_rounded_to_nearest_even();
void bfloat8_b_values_share_an_exponent();
void bfloat4_b_has_three_bits();
void rare_blocks_are_rounded_like_common_ones();
void tensors_are_rounded_on_the_way_in();
void linear_is_as_exact_as_its_formats();
void fidelity_is_the_bits_of_the_operands();
void sums_are_rounded_after_each_tile_without_fp32_accumulation();
void partial_sums_in_block_floats_lose_what_is_small();
void activations_are_the_named_functions();
void layer_norm_is_as_exact_as_its_formats();
void attention_is_as_exact_as_its_formats();
void embeddings_add_tokens_and_positions();
void the_header_is_c();
void boards_are_described();
void boards_that_cannot_be_opened();
void options_are_checked();
void facts_are_of_the_board();
void bytes_are_counted();
void l1_runs_full();
void activations_of_batch_32_do_not_fit_into_l1();
void a_mesh_shares_a_batch();
void traces_replay();
void traces_are_checked();
void allocations_fail_on_demand();
void ops_fail_on_demand();
void a_hanging_device_times_out();
void a_device_is_lost();
void waits_are_slowed();
void a_device_without_traces_goes_on();
void closing_frees_though_it_fails();
void circular_buffers_need_l1_too();
void linear_plans_fit_every_shape();
void linear_plans_use_the_cores();
void mocked_boards_are_read_in_old_and_new_descriptors();
void exceptions_of_tt_nn_become_statuses_and_words();
void measure_speed();

#endif
