package org.distilqa.device.onednn.steps;

import java.util.Arrays;
import org.distilqa.device.onednn.binding.NativeBlock;
import org.distilqa.device.onednn.binding.NativeScope;
import org.distilqa.device.onednn.program.KernelSizes;

/**
 * What is added to the scores of keys: nothing to those of the sequence, and to those beyond its last so much that they have no
 * share of the attention. There are such keys because there are kernels for some lengths only ({@link KernelSizes}); they are
 * what comes next in memory, another sequence or, after the last, zeros, of which a share of zero is taken. If the other sequence
 * has a number that is not finite, which large weights lead to, a share of zero of it is NaN: {@link org.distilqa.device.onednn.OneDnnProgram} runs a sequence
 * whose logits are NaN once more alone.
 */
final class AttentionMask {
    /** Below any score: its exponential is zero. Infinity would do too, but for infinite scores. */
    private static final float MASKED = -1e30f;

    private final int longest;
    private final NativeBlock block;

    /** A mask for sequences of at most so many tokens. */
    AttentionMask(int longest, NativeScope scope) {
        this.longest = longest;
        this.block = scope.allocate((long) (longest + KernelSizes.LARGEST_STEP) * Float.BYTES);
        float[] masked = new float[KernelSizes.LARGEST_STEP];
        Arrays.fill(masked, MASKED);
        block.pointer().write((long) longest * Float.BYTES, masked, 0, masked.length);
    }

    /** Where the numbers for the keys of a sequence of this length are, float32, for as many keys as there is a kernel for. */
    long address(int length) {
        return block.address() + (long) (longest - length) * Float.BYTES;
    }
}
