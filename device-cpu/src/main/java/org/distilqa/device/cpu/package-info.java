/**
 * The reference device: float32 on the processor's cores in pure Java, with the Vector API where the JVM has it enabled
 * ({@code --add-modules jdk.incubator.vector}).
 */
package org.distilqa.device.cpu;
