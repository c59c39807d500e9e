package org.distilqa.examples.soak;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.util.function.Supplier;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Devices;

/** Opens emulated cards that will be lost. The emulator reads its faults when a card is opened, from the environment. */
public final class Faults {
    private static final String PREFIX = "DISTILQA_TT_EMULATOR_";

    /** The C library: Java cannot change its own environment. */
    private interface CLibrary extends Library {
        CLibrary INSTANCE = Native.load(Platform.C_LIBRARY_NAME, CLibrary.class);

        int setenv(String name, String value, int overwrite);

        int unsetenv(String name);
    }

    /** With one length that all windows are padded to, and none fills, numbers do not depend on a window's neighbours in a batch. */
    private static final DeviceOptions OPTIONS = DeviceOptions.none().with("buckets", "128");

    private Faults() {}

    /** A card that works. */
    static Device sound() {
        return Devices.open("tt", OPTIONS);
    }

    /** A card that is lost, or hangs, at its {@code op}th op. */
    static Device doomed(boolean hangs, long op) {
        return with(
                hangs ? "HANG_OP" : "LOSE_DEVICE_OP", op, () -> Devices.open("tt", OPTIONS.with("timeout-ms", "1000")));
    }

    /**
     * Opens something with a fault.
     *
     * @param fault the end of the name of the emulator's variable
     * @param value its value
     * @param open opens it
     * @return what was opened
     */
    public static <T> T with(String fault, long value, Supplier<T> open) {
        CLibrary.INSTANCE.setenv(PREFIX + fault, Long.toString(value), 1);
        try {
            return open.get();
        } finally {
            CLibrary.INSTANCE.unsetenv(PREFIX + fault);
        }
    }
}
