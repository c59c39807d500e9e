package org.distilqa.training;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** What is done to single rows and elements, forwards and backwards. Lengths are whole numbers of vectors. */
final class Rows {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    /** Floats of a vector; what has another length is padded to a multiple. */
    static final int LANES = SPECIES.length();

    /** Far below every score, so that it counts nothing in a softmax. */
    static final float FAR_BELOW = -1e30f;

    private static final float EPSILON = 1e-12f;
    private static final float ROOT_OF_HALF = (float) Math.sqrt(0.5);
    private static final float DENSITY = (float) (1 / Math.sqrt(2 * Math.PI));

    private Rows() {}

    /** The smallest multiple of a vector's length that is not less. */
    static int padded(int length) {
        return (length + LANES - 1) / LANES * LANES;
    }

    static float dot(float[] a, int aAt, float[] b, int bAt, int length) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int i = 0; i < length; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, a, aAt + i);
            FloatVector y = FloatVector.fromArray(SPECIES, b, bAt + i);
            sum = x.fma(y, sum);
        }
        return sum.reduceLanes(VectorOperators.ADD);
    }

    /** {@code sum[i] += factor * row[i]}. */
    static void addScaled(float factor, float[] row, int at, float[] sum, int sumAt, int length) {
        for (int i = 0; i < length; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, row, at + i);
            FloatVector y = FloatVector.fromArray(SPECIES, sum, sumAt + i);
            x.fma(FloatVector.broadcast(SPECIES, factor), y).intoArray(sum, sumAt + i);
        }
    }

    /** Replaces scores by the softmax of {@code scale} times them. */
    static void softmax(float[] scores, int at, int length, float scale) {
        FloatVector largest = FloatVector.broadcast(SPECIES, FAR_BELOW);
        for (int i = 0; i < length; i += LANES) {
            largest = FloatVector.fromArray(SPECIES, scores, at + i).max(largest);
        }
        float maximum = largest.reduceLanes(VectorOperators.MAX) * scale;
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int i = 0; i < length; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, scores, at + i)
                    .mul(scale)
                    .sub(maximum)
                    .lanewise(VectorOperators.EXP);
            x.intoArray(scores, at + i);
            sum = x.add(sum);
        }
        float factor = 1 / sum.reduceLanes(VectorOperators.ADD);
        for (int i = 0; i < length; i += LANES) {
            FloatVector.fromArray(SPECIES, scores, at + i).mul(factor).intoArray(scores, at + i);
        }
    }

    /** Replaces the gradient of a softmax's results by that of its scores. */
    static void softmaxBack(float[] results, int at, float[] gradient, int gradientAt, int length, float scale) {
        float mean = dot(results, at, gradient, gradientAt, length);
        for (int i = 0; i < length; i += LANES) {
            FloatVector.fromArray(SPECIES, gradient, gradientAt + i)
                    .sub(mean)
                    .mul(FloatVector.fromArray(SPECIES, results, at + i))
                    .mul(scale)
                    .intoArray(gradient, gradientAt + i);
        }
    }

    /**
     * Layer normalisation: replaces {@code row} by what is normalised and writes that, scaled and shifted, to {@code result}.
     *
     * @return what the row was multiplied with
     */
    static float norm(
            float[] row, int at, float[] parameters, int weight, int bias, float[] result, int resultAt, int length) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int i = 0; i < length; i += LANES) {
            sum = FloatVector.fromArray(SPECIES, row, at + i).add(sum);
        }
        float mean = sum.reduceLanes(VectorOperators.ADD) / length;
        FloatVector squares = FloatVector.zero(SPECIES);
        for (int i = 0; i < length; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, row, at + i).sub(mean);
            squares = x.fma(x, squares);
        }
        float factor = (float) (1 / Math.sqrt(squares.reduceLanes(VectorOperators.ADD) / length + EPSILON));
        for (int i = 0; i < length; i += LANES) {
            FloatVector x =
                    FloatVector.fromArray(SPECIES, row, at + i).sub(mean).mul(factor);
            x.intoArray(row, at + i);
            x.fma(
                            FloatVector.fromArray(SPECIES, parameters, weight + i),
                            FloatVector.fromArray(SPECIES, parameters, bias + i))
                    .intoArray(result, resultAt + i);
        }
        return factor;
    }

    /**
     * Replaces the gradient of layer normalisation's result by that of its input, and adds those of weight and bias.
     *
     * @param normed what was normalised, before it was scaled and shifted
     * @param factor what the row was multiplied with
     */
    static void normBack(
            float[] normed,
            int at,
            float factor,
            float[] parameters,
            int weight,
            int bias,
            float[] gradients,
            float[] gradient,
            int gradientAt,
            int length) {
        FloatVector sum = FloatVector.zero(SPECIES);
        FloatVector products = FloatVector.zero(SPECIES);
        for (int i = 0; i < length; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, normed, at + i);
            FloatVector g = FloatVector.fromArray(SPECIES, gradient, gradientAt + i);
            FloatVector.fromArray(SPECIES, gradients, bias + i).add(g).intoArray(gradients, bias + i);
            x.fma(g, FloatVector.fromArray(SPECIES, gradients, weight + i)).intoArray(gradients, weight + i);
            FloatVector scaled = g.mul(FloatVector.fromArray(SPECIES, parameters, weight + i));
            scaled.intoArray(gradient, gradientAt + i);
            sum = scaled.add(sum);
            products = scaled.fma(x, products);
        }
        float mean = sum.reduceLanes(VectorOperators.ADD) / length;
        float slope = products.reduceLanes(VectorOperators.ADD) / length;
        for (int i = 0; i < length; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, normed, at + i).mul(slope);
            FloatVector.fromArray(SPECIES, gradient, gradientAt + i)
                    .sub(mean)
                    .sub(x)
                    .mul(factor)
                    .intoArray(gradient, gradientAt + i);
        }
    }

    /**
     * The exact gelu, x * Phi(x), and its derivative, Phi(x) + x * phi(x). The error function is formula 7.1.26 of Abramowitz
     * and Stegun (1964), off by 1.5e-7 at most.
     */
    static void gelu(float[] input, float[] result, float[] derivative, int length) {
        for (int i = 0; i < length; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, input, i);
            FloatVector z = x.abs().mul(ROOT_OF_HALF);
            FloatVector exp = z.mul(z).neg().lanewise(VectorOperators.EXP);
            FloatVector t =
                    FloatVector.broadcast(SPECIES, 1f).div(z.mul(0.3275911f).add(1f));
            FloatVector tail = t.mul(1.061405429f)
                    .sub(1.453152027f)
                    .mul(t)
                    .add(1.421413741f)
                    .mul(t)
                    .sub(0.284496736f)
                    .mul(t)
                    .add(0.254829592f)
                    .mul(t)
                    .mul(exp)
                    .mul(0.5f);
            // Of the upper tail for positive x, of the lower one for negative.
            FloatVector below =
                    FloatVector.broadcast(SPECIES, 1f).sub(tail).blend(tail, x.compare(VectorOperators.LT, 0f));
            x.mul(below).intoArray(result, i);
            x.mul(exp).mul(DENSITY).add(below).intoArray(derivative, i);
        }
    }

    /** {@code a[i] *= b[i]}. */
    static void multiply(float[] a, float[] b, int length) {
        for (int i = 0; i < length; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, b, i);
            FloatVector.fromArray(SPECIES, a, i).mul(x).intoArray(a, i);
        }
    }
}
