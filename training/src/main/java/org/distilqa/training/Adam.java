package org.distilqa.training;

import java.util.List;

/** Adam (Kingma and Ba, 2015), with the gradient's norm over all parameters held below a bound. */
final class Adam {
    private static final float BETA1 = 0.9f;
    private static final float BETA2 = 0.98f;
    private static final float EPSILON = 1e-8f;
    private static final double LARGEST_NORM = 1;

    private final float[] parameters;
    private final float[] means;
    private final float[] variances;

    Adam(float[] parameters) {
        this.parameters = parameters;
        this.means = new float[parameters.length];
        this.variances = new float[parameters.length];
    }

    float[] means() {
        return means;
    }

    float[] variances() {
        return variances;
    }

    /**
     * Adds the gradients of all passes up in the first and gives their squares' sum, for a part of the parameters.
     *
     * @param gradients of one pass each; all but the first are set to zero
     */
    static double collect(List<float[]> gradients, int from, int to) {
        float[] sum = gradients.get(0);
        for (float[] gradient : gradients.subList(1, gradients.size())) {
            for (int i = from; i < to; i++) {
                sum[i] += gradient[i];
                gradient[i] = 0;
            }
        }
        double squares = 0;
        for (int begin = from; begin < to; begin += 4096) {
            squares += squares(sum, begin, Math.min(to, begin + 4096));
        }
        return squares;
    }

    private static double squares(float[] values, int from, int to) {
        int vectors = from + (to - from) / Rows.LANES * Rows.LANES;
        double squares = Rows.dot(values, from, values, from, vectors - from);
        for (int i = vectors; i < to; i++) {
            squares += values[i] * values[i];
        }
        return squares;
    }

    /**
     * Moves a part of the parameters by their gradients and sets these to zero.
     *
     * @param norm the norm of all gradients
     * @param step from 0
     * @param rate the learning rate
     */
    void update(float[] gradients, int from, int to, double norm, int step, double rate) {
        float scale = (float) Math.min(1, LARGEST_NORM / (norm + 1e-6));
        float corrected = (float) (rate * Math.sqrt(1 - Math.pow(BETA2, step + 1)) / (1 - Math.pow(BETA1, step + 1)));
        for (int i = from; i < to; i++) {
            float gradient = gradients[i] * scale;
            gradients[i] = 0;
            float mean = BETA1 * means[i] + (1 - BETA1) * gradient;
            float variance = BETA2 * variances[i] + (1 - BETA2) * gradient * gradient;
            means[i] = mean;
            variances[i] = variance;
            parameters[i] -= corrected * mean / ((float) Math.sqrt(variance) + EPSILON);
        }
    }
}
