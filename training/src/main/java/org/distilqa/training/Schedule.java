package org.distilqa.training;

/**
 * The learning rate: a linear rise, a plateau, and a linear fall over the last part.
 *
 * @param peak the plateau
 * @param warmUp steps of the rise
 * @param steps all steps
 * @param fall the part of the steps over which it falls
 */
record Schedule(double peak, int warmUp, int steps, double fall) {
    double rate(int step) {
        double rise = Math.min(1, (step + 1) / (double) warmUp);
        double left = (steps - step) / (fall * steps);
        return peak * Math.min(rise, Math.min(1, Math.max(left, 0.01)));
    }
}
