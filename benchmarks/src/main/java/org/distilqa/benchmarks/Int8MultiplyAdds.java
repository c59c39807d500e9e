package org.distilqa.benchmarks;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Multiply-adds of bytes with sums in 32 bits, from a small library that {@code benchmarks/run} compiles: the JDK's vectors have
 * no such instruction.
 */
final class Int8MultiplyAdds implements MultiplyAdds {
    /** The system property that names the library; empty or absent if it could not be compiled. */
    static final String LIBRARY = "distilqa.benchmarks.int8";

    private static final int FOUR_BYTES = 0x01010101;

    private final Function few;
    private final Function many;
    private final int lanes;

    /**
     * Loads the library.
     *
     * @param library its file; empty if there is none
     * @throws BenchmarkException if there is none, it cannot be loaded, or the processor has no such instruction
     */
    Int8MultiplyAdds(String library) {
        if (library.isEmpty() || !Files.isRegularFile(Path.of(library))) {
            throw new BenchmarkException(
                    "it takes a C++ compiler, by the name of c++ or in the environment variable CXX, which benchmarks/run calls");
        }
        try {
            NativeLibrary loaded =
                    NativeLibrary.getInstance(Path.of(library).toAbsolutePath().toString());
            this.lanes = loaded.getFunction("distilqa_int8_lanes").invokeInt(new Object[0]);
            this.few = loaded.getFunction("distilqa_int8_few");
            this.many = loaded.getFunction("distilqa_int8_many");
        } catch (LinkageError e) {
            throw new BenchmarkException(library + " cannot be loaded: " + e.getMessage(), e);
        }
        if (lanes == 0) {
            throw new BenchmarkException("this processor has no instruction that multiplies and adds bytes");
        }
    }

    @Override
    public String description() {
        return "multiply-adds of " + lanes + " bytes in independent registers";
    }

    @Override
    public int lanes() {
        return lanes;
    }

    @Override
    public float factor() {
        return 1;
    }

    @Override
    public float few(int iterations, float factor) {
        return few.invokeFloat(new Object[] {iterations, (int) factor * FOUR_BYTES});
    }

    @Override
    public float many(int iterations, float factor) {
        return many.invokeFloat(new Object[] {iterations, (int) factor * FOUR_BYTES});
    }
}
