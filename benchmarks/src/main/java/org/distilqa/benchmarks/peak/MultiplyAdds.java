package org.distilqa.benchmarks.peak;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.nio.file.Files;
import java.nio.file.Path;
import org.distilqa.benchmarks.contender.BenchmarkException;

/**
 * Chains of multiply-adds of a precision that do not wait for each other, in registers alone: those of {@code multiply_adds.cpp}, a
 * small library that {@code benchmarks/run} compiles. They are what the processor does most with at a time: its tensor unit, where it
 * has one for the precision.
 */
final class MultiplyAdds {
    /** The chains of {@link #few}. */
    static final int FEW = 12;

    /** The chains of {@link #many}. */
    static final int MANY = 24;

    private static final int BYTE_IN_EACH = 0x01010101;

    private final String precision;
    private final String instruction;
    private final int lanes;
    private final Function few;
    private final Function many;

    /**
     * Loads the library.
     *
     * @param precision {@code float32}, {@code bfloat16} or {@code int8}
     * @param library its file; empty if there is none
     * @throws BenchmarkException if there is none, it cannot be loaded, or the processor has no such instruction
     */
    MultiplyAdds(String precision, String library) {
        this.precision = precision;
        if (library.isEmpty() || !Files.isRegularFile(Path.of(library))) {
            throw new BenchmarkException(
                    "it takes a C++ compiler, by the name of c++ or in the environment variable CXX, which benchmarks/run calls");
        }
        try {
            NativeLibrary loaded =
                    NativeLibrary.getInstance(Path.of(library).toAbsolutePath().toString());
            String prefix = "distilqa_" + precision;
            this.instruction = loaded.getFunction(prefix + "_name").invokeString(new Object[0], false);
            this.lanes = loaded.getFunction(prefix + "_lanes").invokeInt(new Object[0]);
            this.few = loaded.getFunction(prefix + "_few");
            this.many = loaded.getFunction(prefix + "_many");
        } catch (LinkageError e) {
            throw new BenchmarkException(library + ": " + e.getMessage(), e);
        }
    }

    /** Whether the processor has such an instruction; where it has none, nothing can be multiplied. */
    boolean areThere() {
        return lanes > 0;
    }

    /** What is multiplied, for a person. */
    String description() {
        return "multiply-adds of " + precision + " by " + instruction + ", " + lanes
                + " products each, in independent registers";
    }

    /** How many products a step of a chain makes. */
    int lanes() {
        return lanes;
    }

    /**
     * Does {@code iterations * FEW * lanes()} multiply-adds; their sum.
     *
     * @param factor both factors of every product, a whole number
     */
    double few(int iterations, int factor) {
        return few.invokeDouble(new Object[] {iterations, fourBytes(factor)});
    }

    /** Does {@code iterations * MANY * lanes()} multiply-adds, like {@link #few}. */
    double many(int iterations, int factor) {
        return many.invokeDouble(new Object[] {iterations, fourBytes(factor)});
    }

    /** The factor in four bytes: once as float32, twice as bfloat16, the upper half of a float32, or four times as int8. */
    private int fourBytes(int factor) {
        int bits = Float.floatToIntBits(factor);
        return switch (precision) {
            case "float32" -> bits;
            case "bfloat16" -> bits | bits >>> Short.SIZE;
            default -> factor * BYTE_IN_EACH;
        };
    }
}
