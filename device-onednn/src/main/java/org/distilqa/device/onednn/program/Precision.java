package org.distilqa.device.onednn.program;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.distilqa.device.onednn.binding.OneDnn;

/**
 * What the linear maps multiply. The products of attention are in bfloat16 in all but float32, where the processor has it. All
 * else is float32 in every precision, and so are the sums of floats.
 */
public enum Precision {
    /** float32. */
    FLOAT32("float32", OneDnn.F32, OneDnn.F32, new Blocking(128, 192)),

    /** Weights and inputs rounded to bfloat16. */
    BFLOAT16("bfloat16", OneDnn.BF16, OneDnn.BF16, new Blocking(128, 192)),

    /** Weights in 8 bits with a scale for each output, inputs in 8 bits with a scale for each token. */
    INT8("int8", OneDnn.U8, OneDnn.S8, new Blocking(96, 128));

    private final String option;
    private final int inputType;
    private final int weightType;
    private final Blocking blocking;

    Precision(String option, int inputType, int weightType, Blocking blocking) {
        this.option = option;
        this.inputType = inputType;
        this.weightType = weightType;
        this.blocking = blocking;
    }

    /** The value of the device option. */
    public String option() {
        return option;
    }

    /** oneDNN's type of a linear map's input. */
    public int inputType() {
        return inputType;
    }

    /** oneDNN's type of a linear map's weights. */
    public int weightType() {
        return weightType;
    }

    /** The wider the weights are, the more rows should be multiplied with them once they are read. */
    public Blocking blocking() {
        return blocking;
    }

    /**
     * oneDNN's type of the queries, keys and values of attention. What is rounded to 8 bits before and after loses next to nothing
     * by being rounded to 16 between.
     *
     * @param hasBfloat16 whether the processor multiplies bfloat16
     */
    public int attentionType(boolean hasBfloat16) {
        return this != FLOAT32 && hasBfloat16 ? OneDnn.BF16 : OneDnn.F32;
    }

    public static Set<String> options() {
        return Arrays.stream(values()).map(Precision::option).collect(Collectors.toCollection(TreeSet::new));
    }

    public static Precision of(String option) {
        return Arrays.stream(values())
                .filter(precision -> precision.option.equals(option))
                .findFirst()
                .orElseThrow();
    }
}
