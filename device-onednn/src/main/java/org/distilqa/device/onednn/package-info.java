/**
 * The device {@code onednn}: the processor's cores with the kernels of <a href="https://github.com/uxlfoundation/oneDNN">oneDNN</a>, in
 * float32, bfloat16 or int8; in the latter two, where the processor has a tile unit, with kernels of our own.
 *
 * <p>In comes a graph with its parameters, once, and then batches of token ids of unequal lengths; out go their logits. Read
 * {@link org.distilqa.device.onednn.OneDnnDeviceProvider} first: it checks the options and what the processor is fast in, and opens a
 * {@code OneDnnDevice}, which compiles graphs into a {@code OneDnnProgram} each; that one runs a batch pass by pass.
 *
 * <p>Beneath, each package uses only those named before it, and none is exported: {@code library} brings the native libraries from
 * their jars into the process; {@code binding} is their functions, native memory, and kernels; {@code program} is what runs and
 * where its results lie, whichever kernels compute them; {@code steps} turns a graph into steps by oneDNN's kernels; {@code tiles} into
 * steps on the tile unit.
 */
package org.distilqa.device.onednn;
