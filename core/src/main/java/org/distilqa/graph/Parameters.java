package org.distilqa.graph;

import java.util.Optional;

/**
 * The values of a graph's parameters, by their checkpoint names. Implementations are safe for use by many threads.
 */
public interface Parameters {

    /**
     * Where the values come from, for messages.
     *
     * @return for example the path of a file
     */
    String source();

    /**
     * The shape of a tensor.
     *
     * @param name the tensor's checkpoint name
     * @return its shape, or empty where there is no tensor of this name
     */
    Optional<Shape> shape(String name);

    /**
     * Copies consecutive elements of a tensor, in row-major order, converted to float32.
     *
     * @param name the tensor's checkpoint name
     * @param offset the first element to copy, from 0
     * @param target where to put the elements
     * @param targetOffset the index in {@code target} of the first
     * @param length how many elements
     * @throws org.distilqa.InvalidModelException if there is no such tensor, if it cannot be read, or if an element of it is
     *     not a finite number
     * @throws IndexOutOfBoundsException if the range is not within the tensor or the target
     */
    void read(String name, long offset, float[] target, int targetOffset, int length);

    /**
     * A whole tensor, in row-major order, converted to float32.
     *
     * @param parameter the tensor
     * @return its elements in a new array
     * @throws org.distilqa.InvalidModelException if there is no such tensor, if it cannot be read, or if an element of it is
     *     not a finite number
     */
    default float[] read(Parameter parameter) {
        float[] values = new float[Math.toIntExact(parameter.shape().elements())];
        read(parameter.name(), 0, values, 0, values.length);
        return values;
    }
}
