package org.distilqa.device.onednn.library;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A platform that there is a oneDNN for on Maven Central, and where the libraries are in its jars.
 *
 * @param name the classifier of its jar
 * @param openMp the resource that is the OpenMP runtime, which is loaded first
 * @param oneDnn the resource that is oneDNN
 */
public record Platform(String name, String openMp, String oneDnn) {
    private static final String ROOT = "org/bytedeco/dnnl/";

    private static final List<Platform> ALL = List.of(
            new Platform("linux-x86_64", ROOT + "linux-x86_64/libgomp.so.1", ROOT + "linux-x86_64/libdnnl.so.3"),
            new Platform("linux-arm64", ROOT + "linux-arm64/libgomp.so.1", ROOT + "linux-arm64/libdnnl.so.3"),
            new Platform(
                    "macosx-x86_64", ROOT + "macosx-x86_64/libiomp5.dylib", ROOT + "macosx-x86_64/libdnnl.3.dylib"),
            new Platform("macosx-arm64", ROOT + "macosx-arm64/libomp.dylib", ROOT + "macosx-arm64/libdnnl.3.dylib"),
            new Platform(
                    "windows-x86_64",
                    "org/bytedeco/javacpp/windows-x86_64/vcomp140.dll",
                    ROOT + "windows-x86_64/dnnl.dll"));

    static List<Platform> all() {
        return ALL;
    }

    /** The names of all. */
    public static List<String> names() {
        return ALL.stream().map(Platform::name).toList();
    }

    /**
     * The platform with these values of the system properties {@code os.name} and {@code os.arch}.
     *
     * @return empty if there is no oneDNN for it
     */
    public static Optional<Platform> of(String osName, String osArch) {
        String system = osName.toLowerCase(Locale.ROOT);
        String family = system.startsWith("linux")
                ? "linux"
                : system.startsWith("mac") ? "macosx" : system.startsWith("windows") ? "windows" : system;
        String architecture = switch (osArch.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm64";
            default -> osArch;
        };
        return ALL.stream()
                .filter(platform -> platform.name().equals(family + "-" + architecture))
                .findFirst();
    }

    public boolean isX86() {
        return name.endsWith("x86_64");
    }
}
