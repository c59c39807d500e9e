/**
 * What the processor can do at most: multiply-adds in registers, of a precision.
 *
 * <p>{@code src/main/cpp/multiply_adds.cpp} has the loops, {@code MultiplyAdds} calls them, and
 * {@link org.distilqa.benchmarks.peak.MultiplyAddSubject}, a process of its own, times them on all cores: in come seconds, out come
 * GFLOPS. Read {@code multiply_adds.cpp} first.
 */
package org.distilqa.benchmarks.peak;
