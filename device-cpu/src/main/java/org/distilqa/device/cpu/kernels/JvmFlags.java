package org.distilqa.device.cpu.kernels;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/** What HotSpot has decided for this processor and its command line. */
public final class JvmFlags {
    private JvmFlags() {}

    /** The value of a flag; empty where this JVM does not tell, or has no such flag. */
    public static Optional<String> value(String flag) {
        try {
            HotSpotDiagnosticMXBean hotSpot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            return hotSpot == null
                    ? Optional.empty()
                    : Optional.of(hotSpot.getVMOption(flag).getValue());
        } catch (LinkageError | IllegalArgumentException e) {
            // A Java runtime without the module jdk.management, or one that knows the flag by no name.
            return Optional.empty();
        }
    }
}
