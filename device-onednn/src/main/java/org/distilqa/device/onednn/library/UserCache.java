package org.distilqa.device.onednn.library;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Where the operating system's conventions want files that can be made again. */
final class UserCache {
    private static final String NAME = "distilqa";

    private UserCache() {}

    /**
     * DistilQA's directory in a user's cache.
     *
     * @param osName the system property {@code os.name}
     * @param environment the environment variables
     * @param home the user's home directory
     * @return the directory, there or not; empty if the user has none
     */
    static Optional<Path> directory(String osName, Map<String, String> environment, String home) {
        String system = osName.toLowerCase(Locale.ROOT);
        try {
            if (system.startsWith("windows")) {
                return absolute(environment.get("LOCALAPPDATA")).map(path -> path.resolve(NAME));
            }
            if (system.startsWith("mac")) {
                return absolute(home).map(path -> path.resolve("Library/Caches").resolve(NAME));
            }
            return absolute(environment.get("XDG_CACHE_HOME"))
                    .or(() -> absolute(home).map(path -> path.resolve(".cache")))
                    .map(path -> path.resolve(NAME));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** The freedesktop specification says that a relative path is to be ignored. */
    private static Optional<Path> absolute(String path) {
        return path == null || path.isBlank()
                ? Optional.empty()
                : Optional.of(Path.of(path)).filter(Path::isAbsolute);
    }
}
