package org.distilqa.device.cpu.kernels;

import java.util.Optional;

/**
 * Why this JVM runs the device slowly. The factors are measured; docs/cpu.md says how.
 *
 * @param reason what is missing
 * @param factor how many times longer a run takes than with the Vector API, in words
 * @param remedy what to do
 */
record SlowPath(String reason, String factor, String remedy) {
    static final String MODULE = "jdk.incubator.vector";

    private static final SlowPath INTERPRETER = new SlowPath(
            "this JVM interprets its code (-Xint, or -XX:TieredStopAtLevel=0)",
            "more than a thousand",
            "start it without that option");
    private static final SlowPath NO_C2 = new SlowPath(
            "this JVM runs without its optimising compiler C2 (-XX:TieredStopAtLevel below 4, or -client)",
            "some fifty",
            "start it without that option");
    private static final SlowPath NO_MODULE = new SlowPath(
            "the JVM was started without the Vector API",
            "some seven",
            "add --add-modules " + MODULE + " to its command line");
    private static final SlowPath NO_FUSED_PRODUCTS = new SlowPath(
            "the JVM has no fused multiply-add here (a processor or virtual machine without AVX and FMA,"
                    + " -XX:UseAVX=0, or -XX:-UseFMA), and would compute each with BigDecimal",
            "some thirteen",
            "start it without that option, or let the virtual machine have the processor's AVX2 and FMA");

    /** What makes this JVM slow; empty if it can run the kernels of the Vector API well. */
    static Optional<SlowPath> ofThisJvm() {
        String vm = System.getProperty("java.vm.info", "");
        if (vm.contains("interpreted mode") || isFalse("UseCompiler")) {
            return Optional.of(INTERPRETER);
        }
        // Not all of these show in java.vm.info.
        if (vm.contains("emulated-client") || highestTier() < 4) {
            return Optional.of(NO_C2);
        }
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            return Optional.of(NO_MODULE);
        }
        // The vectors' own fused products need the same instructions, and so do those that stand in for them.
        return isFalse("UseFMA") ? Optional.of(NO_FUSED_PRODUCTS) : Optional.empty();
    }

    private static boolean isFalse(String flag) {
        return JvmFlags.value(flag).filter("false"::equals).isPresent();
    }

    /** The last of HotSpot's tiers that methods get to; the fourth is C2. */
    private static int highestTier() {
        return JvmFlags.value("TieredStopAtLevel").map(Integer::parseInt).orElse(4);
    }

    /** In a line. */
    String describe() {
        return factor + " times slower than with the Vector API: " + reason + "; " + remedy;
    }
}
