package org.distilqa.device.tt;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Points the device at the emulator, and sets the environment variables that it reads, for this process. */
final class Emulator {
    private static final String PREFIX = "DISTILQA_TT_EMULATOR_";
    private static final List<String> SET = new ArrayList<>();

    /** The C library: Java cannot change its own environment. */
    private interface CLibrary extends Library {
        CLibrary INSTANCE = Native.load(Platform.C_LIBRARY_NAME, CLibrary.class);

        int setenv(String name, String value, int overwrite);

        int unsetenv(String name);
    }

    private Emulator() {}

    /** Skips the calling test where the emulator was not built; fails it in continuous integration. */
    static void require() {
        String extension = Platform.isMac() ? ".dylib" : ".so";
        Path library = Path.of(
                System.getProperty("distilqa.tt.emulator", "target/native/libdistilqa_tt_emulator") + extension);
        boolean exists = Files.exists(library);
        if (!exists && "true".equals(System.getenv("CI"))) {
            throw new AssertionError(library + " was not built, and CI=true");
        }
        assumeTrue(exists, library + " was not built: there is no C++ compiler");
        System.setProperty(TtLibraryLoader.PROPERTY, library.toString());
    }

    /** Sets a variable of the emulator, by the end of its name, until {@link #reset()}. */
    static void set(String name, Object value) {
        CLibrary.INSTANCE.setenv(PREFIX + name, value.toString(), 1);
        SET.add(PREFIX + name);
    }

    static void reset() {
        SET.forEach(CLibrary.INSTANCE::unsetenv);
        SET.clear();
    }
}
