package org.distilqa.examples;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The emulator of a Wormhole card, as the build of device-tt left it. */
public final class Emulator {
    private Emulator() {}

    /** Its library; empty if there is no C++ compiler that could have built it, which is a failure with {@code CI=true}. */
    public static Optional<Path> library() {
        Path library = Path.of(
                        System.getProperty("distilqa.tt.emulator", "../device-tt/target/native/libdistilqa_tt_emulator")
                                + (System.getProperty("os.name").startsWith("Mac") ? ".dylib" : ".so"))
                .toAbsolutePath()
                .normalize();
        boolean exists = Files.exists(library);
        if (!exists && "true".equals(System.getenv("CI"))) {
            throw new AssertionError(library + " was not built, and CI=true");
        }
        return exists ? Optional.of(library) : Optional.empty();
    }
}
