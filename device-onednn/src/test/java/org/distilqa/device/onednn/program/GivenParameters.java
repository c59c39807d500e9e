package org.distilqa.device.onednn.program;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distilqa.graph.Activation;
import org.distilqa.graph.Op;
import org.distilqa.graph.Parameter;
import org.distilqa.graph.Parameters;
import org.distilqa.graph.Shape;

/** A few tensors with these values. */
public final class GivenParameters implements Parameters {
    private final Map<String, float[]> values;

    private GivenParameters(Map<String, float[]> values) {
        this.values = values;
    }

    /** A linear map with these weights, one output after another, and biases. */
    public static LinearParameters linear(int depth, float[] weights, float[] bias) {
        Op.Linear op = new Op.Linear(
                List.of(new Parameter("weight", Shape.of(bias.length, depth))),
                List.of(new Parameter("bias", Shape.of(bias.length))),
                Activation.NONE);
        return new LinearParameters(
                op, depth, bias.length, 1, new GivenParameters(Map.of("weight", weights, "bias", bias)));
    }

    @Override
    public String source() {
        return "test";
    }

    @Override
    public Optional<Shape> shape(String name) {
        return Optional.of(Shape.of(values.get(name).length));
    }

    @Override
    public void read(String name, long offset, float[] target, int targetOffset, int length) {
        System.arraycopy(values.get(name), Math.toIntExact(offset), target, targetOffset, length);
    }
}
