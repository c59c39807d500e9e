package org.distilqa.device.cpu.kernels;

/**
 * A rational approximation of the error function, {@code erf(x) = x * P(x * x) / Q(x * x)} for {@code |x| <= LIMIT}; beyond
 * it, {@code erf(LIMIT)}, which differs from 1 by less than 2e-8. The coefficients minimise the greatest absolute error, which
 * is 2.2e-8 in exact arithmetic and 3.4e-7 in float32. One division and no branch, so it vectorises as it stands.
 */
final class Erf {
    static final float LIMIT = 4;
    static final float SQRT_HALF = 0.70710678f;

    static final float P0 = 1.1283789873f;
    static final float P1 = 0.1962489486f;
    static final float P2 = 0.0534674264f;
    static final float P3 = 4.0036276914e-3f;
    static final float P4 = 2.8803831088e-4f;
    static final float P5 = 1.9747985788e-6f;

    static final float Q1 = 0.5072522759f;
    static final float Q2 = 0.1164763719f;
    static final float Q3 = 0.0154443923f;
    static final float Q4 = 1.2163501233e-3f;
    static final float Q5 = 3.7480363972e-5f;

    private Erf() {}
}
