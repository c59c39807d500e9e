// The tests that any library that implements distilqa_tt.h passes. With everything, it must be able to capture, and there must be a
// card of two chips; else it says what was left out.
#ifndef DISTILQA_TT_ABI_TEST_H
#define DISTILQA_TT_ABI_TEST_H

void the_abi_is_kept(bool everything);

#endif
