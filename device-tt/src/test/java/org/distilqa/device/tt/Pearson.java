package org.distilqa.device.tt;

/** Pearson's correlation of values with what they should be. */
final class Pearson {
    private long count;
    private double x;
    private double y;
    private double xx;
    private double yy;
    private double xy;

    void add(double actual, double expected) {
        count++;
        x += actual;
        y += expected;
        xx += actual * actual;
        yy += expected * expected;
        xy += actual * expected;
    }

    double correlation() {
        return (count * xy - x * y) / Math.sqrt((count * xx - x * x) * (count * yy - y * y));
    }
}
