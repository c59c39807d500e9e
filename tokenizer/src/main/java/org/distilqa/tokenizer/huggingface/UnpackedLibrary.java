package org.distilqa.tokenizer.huggingface;

import ai.djl.util.Platform;
import ai.djl.util.Utils;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.distilqa.internal.ContentHash;
import org.distilqa.internal.FileAccess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The native library as the binding unpacked it into its cache once, from where it loads it again without a look. What is not
 * what the jar has is taken away before, so that the binding unpacks it anew.
 */
final class UnpackedLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(UnpackedLibrary.class);

    private static final String ENGINE = "tokenizers";

    /** Where the binding takes a library from that the user names. */
    private static final String OVERRIDE = "RUST_LIBRARY_PATH";

    private UnpackedLibrary() {}

    /**
     * Takes away what the binding must not load. A library that the user names is the user's own business.
     *
     * @param flavor the kind of build that the binding will look for
     * @throws IOException if the directory is not this user's alone, or cannot be read
     */
    static void removeUnlessSound(String flavor) throws IOException {
        if (Utils.getEnvOrSystemProperty(OVERRIDE) != null) {
            return;
        }
        Platform platform = Platform.detectPlatform(ENGINE);
        String name = platform.getVersion() + "-" + flavor + "-" + platform.getClassifier();
        removeUnlessSound(
                Utils.getEngineCacheDir(ENGINE).resolve(name),
                "native/lib/" + platform.getClassifier() + "/" + flavor + "/");
    }

    /** Looks at the files of a directory, whose originals are the resources of their names. */
    static void removeUnlessSound(Path directory, String resources) throws IOException {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        FileAccess.ofThisProcess().makePrivate(directory);
        List<Path> files;
        try (Stream<Path> entries = Files.list(directory)) {
            files = entries.toList();
        }
        for (Path file : files) {
            if (!isSound(file, resources)) {
                LOG.warn("{} is not what the jar has; it is unpacked anew", file);
                Files.delete(file);
            }
        }
    }

    private static boolean isSound(Path file, String resources) throws IOException {
        URL resource = UnpackedLibrary.class.getClassLoader().getResource(resources + file.getFileName());
        if (resource == null) {
            // Of a build that the binding downloaded; there is nothing to compare it with.
            return true;
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (InputStream unpacked = Files.newInputStream(file);
                InputStream original = resource.openStream()) {
            return ContentHash.sha256(unpacked).equals(ContentHash.sha256(original));
        }
    }
}
