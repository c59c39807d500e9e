/**
 * The loops where the time goes, on plain float arrays; they know no graph. Read {@code Kernels} first, the interface, which says what
 * each loop is given and leaves. {@code KernelsLookup} chooses once between {@code ScalarKernels} and {@code VectorKernels}; the latter
 * is compiled apart and reached by name only, since the Vector API is an incubating module. {@code WarmUp} has the JVM compile them,
 * and lets {@code StandInKernels} compute the first runs until that is done. {@code SlowPath} says why a JVM cannot use them.
 */
package org.distilqa.device.cpu.kernels;
