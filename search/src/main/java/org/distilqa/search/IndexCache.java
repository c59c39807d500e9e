package org.distilqa.search;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/** Where the indexes of folders are kept that have no place of their own. */
final class IndexCache {
    private IndexCache() {}

    /**
     * The directory for a folder's index: another one for each folder, with its name in front for a person who looks.
     *
     * @param folder an absolute path
     * @param environment the environment's variables
     */
    static Path directory(Path folder, Map<String, String> environment) {
        String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
        if (cache.isEmpty()) {
            cache = environment.getOrDefault("LOCALAPPDATA", "");
        }
        Path root = cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        String name =
                folder.getFileName() == null ? "root" : folder.getFileName().toString();
        UUID hash = UUID.nameUUIDFromBytes(folder.toString().getBytes(StandardCharsets.UTF_8));
        return root.resolve("distilqa").resolve("collections").resolve(name + "-" + hash);
    }
}
