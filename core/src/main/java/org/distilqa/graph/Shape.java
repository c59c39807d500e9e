package org.distilqa.graph;

import java.util.Arrays;
import java.util.List;

/**
 * The dimensions of a tensor, outermost first; the last varies fastest in memory.
 *
 * @param dimensions the dimensions, each at least 0; empty for a scalar
 */
public record Shape(List<Long> dimensions) {

    /**
     * Checks that no dimension is negative and that the product of all fits in a {@code long}.
     *
     * @param dimensions the dimensions
     * @throws IllegalArgumentException if a dimension is negative or the product overflows
     */
    public Shape {
        dimensions = List.copyOf(dimensions);
        product(dimensions);
    }

    /**
     * The shape with these dimensions.
     *
     * @param dimensions the dimensions, outermost first
     * @return the shape
     */
    public static Shape of(long... dimensions) {
        return new Shape(Arrays.stream(dimensions).boxed().toList());
    }

    /**
     * How many elements a tensor of this shape has.
     *
     * @return the product of the dimensions; 1 for a scalar
     */
    public long elements() {
        return product(dimensions);
    }

    private static long product(List<Long> dimensions) {
        long product = 1;
        for (long dimension : dimensions) {
            if (dimension < 0) {
                throw new IllegalArgumentException("negative dimension in shape " + dimensions);
            }
            try {
                product = Math.multiplyExact(product, dimension);
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException("shape " + dimensions + " has more than 2^63 elements", e);
            }
        }
        return product;
    }

    /**
     * The dimensions in brackets.
     *
     * @return for example {@code [2304, 768]}
     */
    @Override
    public String toString() {
        return dimensions.toString();
    }
}
