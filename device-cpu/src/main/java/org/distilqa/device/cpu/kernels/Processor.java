package org.distilqa.device.cpu.kernels;

import java.util.Locale;

/** The processor's architecture. */
public final class Processor {
    private Processor() {}

    public static boolean isX86() {
        return name().equals("x86-64");
    }

    /** The architecture's usual name. */
    public static String name() {
        String architecture = System.getProperty("os.arch", "unknown").toLowerCase(Locale.ROOT);
        switch (architecture) {
            case "amd64":
            case "x86_64":
                return "x86-64";
            case "aarch64":
                return "ARM64";
            default:
                return architecture;
        }
    }
}
