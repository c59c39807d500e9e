package org.distilqa.benchmarks.peak;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Written out, with everything in local variables of one method: that is what the compiler turns into registers. */
final class VectorMultiplyAdds implements MultiplyAdds {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    @Override
    public String description() {
        return "multiply-adds of " + lanes() + " float32 in independent registers";
    }

    @Override
    public float factor() {
        return 1e-3f;
    }

    @Override
    public int lanes() {
        return SPECIES.length();
    }

    @Override
    public double few(int iterations, float factor) {
        return twelve(iterations, factor);
    }

    @Override
    public double many(int iterations, float factor) {
        return twentyFour(iterations, factor);
    }

    private static float twelve(int iterations, float factor) {
        FloatVector x = FloatVector.broadcast(SPECIES, factor);
        FloatVector s0 = FloatVector.broadcast(SPECIES, 0);
        FloatVector s1 = FloatVector.broadcast(SPECIES, 1);
        FloatVector s2 = FloatVector.broadcast(SPECIES, 2);
        FloatVector s3 = FloatVector.broadcast(SPECIES, 3);
        FloatVector s4 = FloatVector.broadcast(SPECIES, 4);
        FloatVector s5 = FloatVector.broadcast(SPECIES, 5);
        FloatVector s6 = FloatVector.broadcast(SPECIES, 6);
        FloatVector s7 = FloatVector.broadcast(SPECIES, 7);
        FloatVector s8 = FloatVector.broadcast(SPECIES, 8);
        FloatVector s9 = FloatVector.broadcast(SPECIES, 9);
        FloatVector s10 = FloatVector.broadcast(SPECIES, 10);
        FloatVector s11 = FloatVector.broadcast(SPECIES, 11);
        for (int i = 0; i < iterations; i++) {
            s0 = x.fma(x, s0);
            s1 = x.fma(x, s1);
            s2 = x.fma(x, s2);
            s3 = x.fma(x, s3);
            s4 = x.fma(x, s4);
            s5 = x.fma(x, s5);
            s6 = x.fma(x, s6);
            s7 = x.fma(x, s7);
            s8 = x.fma(x, s8);
            s9 = x.fma(x, s9);
            s10 = x.fma(x, s10);
            s11 = x.fma(x, s11);
        }
        s0 = s0.add(s1);
        s0 = s0.add(s2);
        s0 = s0.add(s3);
        s0 = s0.add(s4);
        s0 = s0.add(s5);
        s0 = s0.add(s6);
        s0 = s0.add(s7);
        s0 = s0.add(s8);
        s0 = s0.add(s9);
        s0 = s0.add(s10);
        s0 = s0.add(s11);
        return s0.reduceLanes(VectorOperators.ADD);
    }

    private static float twentyFour(int iterations, float factor) {
        FloatVector x = FloatVector.broadcast(SPECIES, factor);
        FloatVector s0 = FloatVector.broadcast(SPECIES, 0);
        FloatVector s1 = FloatVector.broadcast(SPECIES, 1);
        FloatVector s2 = FloatVector.broadcast(SPECIES, 2);
        FloatVector s3 = FloatVector.broadcast(SPECIES, 3);
        FloatVector s4 = FloatVector.broadcast(SPECIES, 4);
        FloatVector s5 = FloatVector.broadcast(SPECIES, 5);
        FloatVector s6 = FloatVector.broadcast(SPECIES, 6);
        FloatVector s7 = FloatVector.broadcast(SPECIES, 7);
        FloatVector s8 = FloatVector.broadcast(SPECIES, 8);
        FloatVector s9 = FloatVector.broadcast(SPECIES, 9);
        FloatVector s10 = FloatVector.broadcast(SPECIES, 10);
        FloatVector s11 = FloatVector.broadcast(SPECIES, 11);
        FloatVector s12 = FloatVector.broadcast(SPECIES, 12);
        FloatVector s13 = FloatVector.broadcast(SPECIES, 13);
        FloatVector s14 = FloatVector.broadcast(SPECIES, 14);
        FloatVector s15 = FloatVector.broadcast(SPECIES, 15);
        FloatVector s16 = FloatVector.broadcast(SPECIES, 16);
        FloatVector s17 = FloatVector.broadcast(SPECIES, 17);
        FloatVector s18 = FloatVector.broadcast(SPECIES, 18);
        FloatVector s19 = FloatVector.broadcast(SPECIES, 19);
        FloatVector s20 = FloatVector.broadcast(SPECIES, 20);
        FloatVector s21 = FloatVector.broadcast(SPECIES, 21);
        FloatVector s22 = FloatVector.broadcast(SPECIES, 22);
        FloatVector s23 = FloatVector.broadcast(SPECIES, 23);
        for (int i = 0; i < iterations; i++) {
            s0 = x.fma(x, s0);
            s1 = x.fma(x, s1);
            s2 = x.fma(x, s2);
            s3 = x.fma(x, s3);
            s4 = x.fma(x, s4);
            s5 = x.fma(x, s5);
            s6 = x.fma(x, s6);
            s7 = x.fma(x, s7);
            s8 = x.fma(x, s8);
            s9 = x.fma(x, s9);
            s10 = x.fma(x, s10);
            s11 = x.fma(x, s11);
            s12 = x.fma(x, s12);
            s13 = x.fma(x, s13);
            s14 = x.fma(x, s14);
            s15 = x.fma(x, s15);
            s16 = x.fma(x, s16);
            s17 = x.fma(x, s17);
            s18 = x.fma(x, s18);
            s19 = x.fma(x, s19);
            s20 = x.fma(x, s20);
            s21 = x.fma(x, s21);
            s22 = x.fma(x, s22);
            s23 = x.fma(x, s23);
        }
        s0 = s0.add(s1);
        s0 = s0.add(s2);
        s0 = s0.add(s3);
        s0 = s0.add(s4);
        s0 = s0.add(s5);
        s0 = s0.add(s6);
        s0 = s0.add(s7);
        s0 = s0.add(s8);
        s0 = s0.add(s9);
        s0 = s0.add(s10);
        s0 = s0.add(s11);
        s0 = s0.add(s12);
        s0 = s0.add(s13);
        s0 = s0.add(s14);
        s0 = s0.add(s15);
        s0 = s0.add(s16);
        s0 = s0.add(s17);
        s0 = s0.add(s18);
        s0 = s0.add(s19);
        s0 = s0.add(s20);
        s0 = s0.add(s21);
        s0 = s0.add(s22);
        s0 = s0.add(s23);
        return s0.reduceLanes(VectorOperators.ADD);
    }
}
