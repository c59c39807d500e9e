/**
 * Single steps, measured by JMH: {@code benchmarks/run jmh}.
 *
 * <p>{@link org.distilqa.benchmarks.jmh.StepBenchmark} runs one step of the network on a device, such as attention or a linear map;
 * {@link org.distilqa.benchmarks.jmh.TokenizerBenchmark} splits texts by core's tokenizer and by the native library's. Read either
 * first. In come JMH's options ({@code -p shape=8x384}), out go microseconds.
 */
package org.distilqa.benchmarks.jmh;
