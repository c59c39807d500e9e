package org.distilqa.benchmarks.peak;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.nio.file.Files;
import java.nio.file.Path;
import org.distilqa.benchmarks.contender.BenchmarkException;

/**
 * Multiply-adds of int8 with sums in 32 bits, or of bfloat16 with sums in float32, from a small library that
 * {@code benchmarks/run} compiles: the JDK's vectors have no such instructions. They are those of the processor's tensor unit where
 * it has one.
 */
public final class NativeMultiplyAdds implements MultiplyAdds {
    /** The system property that names the library; empty or absent if it could not be compiled. */
    public static final String LIBRARY = "distilqa.benchmarks.multiplyAdds";

    private static final int BYTE_IN_EACH = 0x01010101;

    private final String precision;
    private final String instruction;
    private final int lanes;
    private final Function few;
    private final Function many;

    /**
     * Loads the library.
     *
     * @param precision {@code int8} or {@code bfloat16}
     * @param library its file; empty if there is none
     * @throws BenchmarkException if there is none, it cannot be loaded, or the processor has no such instruction
     */
    NativeMultiplyAdds(String precision, String library) {
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
            throw new BenchmarkException(library + " cannot be loaded: " + e.getMessage(), e);
        }
        if (lanes == 0) {
            throw new BenchmarkException("this processor has no instruction that multiplies and adds " + precision);
        }
    }

    @Override
    public String description() {
        return "multiply-adds of " + precision + " by " + instruction + ", " + lanes
                + " products each, in independent registers";
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
    public double few(int iterations, float factor) {
        return few.invokeDouble(new Object[] {iterations, fourBytes(factor)});
    }

    @Override
    public double many(int iterations, float factor) {
        return many.invokeDouble(new Object[] {iterations, fourBytes(factor)});
    }

    /** The factor in four bytes: four times as int8, or twice as bfloat16, the upper half of a float32. */
    private int fourBytes(float factor) {
        int upper = Float.floatToIntBits(factor) >>> Short.SIZE;
        return precision.equals("int8") ? (int) factor * BYTE_IN_EACH : upper << Short.SIZE | upper;
    }
}
