// The tests that any library that implements distilqa_tt.h passes.
#ifndef DISTILQA_TT_ABI_TEST_H
#define DISTILQA_TT_ABI_TEST_H

void the_abi_is_kept();

#endif
