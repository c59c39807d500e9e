package org.distilqa.device.onednn;

import java.util.Map;
import org.distilqa.DeviceUnavailableException;
import org.distilqa.device.onednn.binding.OneDnn;
import org.distilqa.device.onednn.binding.OneDnnLibrary;
import org.distilqa.device.onednn.program.Precision;
import org.distilqa.device.onednn.steps.MatrixProducts;

/**
 * What oneDNN says of itself and of the processor.
 *
 * @param version oneDNN's version
 * @param isX86 whether the processor is an x86-64 one
 * @param instructions oneDNN's bits for what the processor can do, and the environment lets it; on x86-64
 * @param products what oneDNN would multiply matrices with, in each precision
 * @param vendor who made it, as {@link ProcessorVendor} tells it
 * @param hasTiles whether {@link org.distilqa.device.onednn.binding.Tiles} can be called: the processor has the tile unit, and the library is there
 */
record OneDnnProcessor(
        String version,
        boolean isX86,
        int instructions,
        Map<Precision, MatrixProducts> products,
        String vendor,
        boolean hasTiles) {
    /** Of {@code dnnl_cpu_isa_t}, on x86-64. */
    private static final int AVX_BIT = 0x2;

    private static final int AVX2_BIT = 0x4;
    private static final int AVX512_BIT = 0x20;

    private static final int VNNI_BITS = 0x48;
    private static final int BF16_BIT = 0x80;
    private static final int AMX_BIT = 0x200;

    private static OneDnnProcessor asked;

    OneDnnProcessor {
        products = Map.copyOf(products);
    }

    /**
     * That of this machine. It is asked once; after a failure, anew.
     *
     * @throws DeviceUnavailableException as {@link OneDnnLibrary#acquire()} does
     */
    static synchronized OneDnnProcessor ofThisMachine() {
        if (asked == null) {
            OneDnnLibrary.acquire();
            try {
                asked = ask(OneDnnLibrary.platform().isX86());
            } finally {
                OneDnnLibrary.release();
            }
        }
        return asked;
    }

    private static OneDnnProcessor ask(boolean isX86) {
        int instructions = OneDnn.dnnl_get_effective_cpu_isa();
        boolean hasBfloat16 = isX86 && (instructions & BF16_BIT) != 0;
        boolean hasTileUnit = isX86 && (instructions & AMX_BIT) != 0;
        return new OneDnnProcessor(
                OneDnnLibrary.version(),
                isX86,
                instructions,
                MatrixProducts.ask(hasBfloat16),
                ProcessorVendor.ofThisMachine(),
                hasTileUnit && OneDnnLibrary.hasTiles());
    }

    /** Whether products of bytes are added up in 32 bits at once; without, pairs of them are first added in 16. */
    boolean hasVnni() {
        return isX86 && (instructions & VNNI_BITS) != 0;
    }

    /** Whether there are instructions that multiply bfloat16, AVX512-BF16 or AMX-BF16; oneDNN can do it without. */
    boolean hasBfloat16() {
        return isX86 && (instructions & BF16_BIT) != 0;
    }

    /** Whether oneDNN has kernels for this precision that are worth it. */
    boolean isFast(Precision precision) {
        return products.get(precision).slow(hasBfloat16()).isEmpty();
    }

    /**
     * The precision that {@code precision=auto} takes. Intel's vectors multiply bfloat16 no faster than float32, which oneDNN's
     * kernels then do better; its tile unit, and the vectors of AMD's processors, are faster with it.
     */
    Precision automatic() {
        boolean isWorthIt = (instructions & AMX_BIT) != 0 || !vendor.equals(ProcessorVendor.INTEL);
        return hasBfloat16() && isWorthIt && isFast(Precision.BFLOAT16) ? Precision.BFLOAT16 : Precision.FLOAT32;
    }

    /**
     * Refuses a precision that is slow here.
     *
     * @throws DeviceUnavailableException which says what oneDNN would take for it, and what to use instead
     */
    void requireFast(Precision precision) {
        String slow = products.get(precision).slow(hasBfloat16()).orElse("");
        if (!slow.isEmpty()) {
            throw new DeviceUnavailableException("device onednn refuses precision=" + precision.option()
                    + ", which would be slow here: oneDNN " + version + " sees " + describe() + " and "
                    + (slow.equals(MatrixProducts.NONE) ? "has no kernel" : "would take " + slow)
                    + " for its matrix products; use "
                    + (precision == Precision.FLOAT32
                            ? "the device cpu"
                            : "precision=" + automatic().option() + " or precision=" + OneDnnOptions.AUTO));
        }
    }

    /**
     * Whether threads may share a run. Without AVX2 oneDNN 3.13 multiplies by {@code gemm:jit}, which now and then gives wrong
     * products when two threads run it at once.
     */
    boolean mayShareRuns() {
        return !isX86 || (instructions & AVX2_BIT) != 0;
    }

    /** A few words for a person. */
    String describe() {
        if (!isX86) {
            return "ARM64";
        }
        return "x86-64 with " + vectors() + (hasVnni() ? " and VNNI" : "") + (hasBfloat16() ? " and BF16" : "")
                + ((instructions & AMX_BIT) != 0 ? " and AMX" : "");
    }

    private String vectors() {
        if ((instructions & AVX512_BIT) != 0) {
            return "AVX-512";
        }
        if ((instructions & AVX2_BIT) != 0) {
            return "AVX2";
        }
        return (instructions & AVX_BIT) != 0 ? "AVX" : "SSE4.1";
    }
}
