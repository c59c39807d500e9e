/**
 * The reference device {@code cpu}: float32 on the processor's cores in pure Java, with the Vector API where the JVM has it enabled
 * ({@code --add-modules jdk.incubator.vector}).
 *
 * <p>In comes a graph with its parameters, once, and then batches of token ids of unequal lengths; out go their logits. Read
 * {@link org.distilqa.device.cpu.CpuDeviceProvider} first: it checks the options, chooses the kernels and opens a {@code CpuDevice}, which
 * compiles graphs into a {@code CpuProgram} each.
 *
 * <p>Beneath, none of it exported: {@code kernels}, the loops where the time goes, on plain arrays, in scalar Java and with the Vector
 * API; and {@code program}, which uses them: a graph as steps over a few buffers.
 */
package org.distilqa.device.cpu;
