package org.distilqa.benchmarks.jmh;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.distilqa.InvalidModelException;
import org.distilqa.graph.Parameters;
import org.distilqa.graph.Shape;

/** Random values for the parameters of a graph that has no checkpoint. */
final class RandomParameters implements Parameters {
    private final Random random = new Random(1);
    private final Map<String, Shape> shapes = new HashMap<>();
    private final Map<String, float[]> values = new HashMap<>();

    /** Adds a tensor; a matrix's values are small enough that its products stay near one. */
    RandomParameters with(String name, long... dimensions) {
        Shape shape = Shape.of(dimensions);
        double deviation = 1 / Math.sqrt(dimensions[dimensions.length - 1]);
        float[] tensor = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < tensor.length; i++) {
            tensor[i] = (float) (deviation * random.nextGaussian());
        }
        shapes.put(name, shape);
        values.put(name, tensor);
        return this;
    }

    @Override
    public String source() {
        return "random values";
    }

    @Override
    public Optional<Shape> shape(String name) {
        return Optional.ofNullable(shapes.get(name));
    }

    @Override
    public void read(String name, long offset, float[] target, int targetOffset, int length) {
        if (!values.containsKey(name)) {
            throw new InvalidModelException("no tensor " + name);
        }
        System.arraycopy(values.get(name), Math.toIntExact(offset), target, targetOffset, length);
    }
}
