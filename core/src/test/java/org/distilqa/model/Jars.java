package org.distilqa.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;

/** Makes jars with the JDK's tool. */
final class Jars {
    private Jars() {}

    /** A jar of all that is in a directory, stored as it is. */
    static Path stored(Path jar, Path directory) {
        return make(
                List.of("--create", "--no-compress", "--file", jar.toString(), "-C", directory.toString(), "."), jar);
    }

    /** A jar of all that is in a directory, compressed. */
    static Path compressed(Path jar, Path directory) {
        return make(List.of("--create", "--file", jar.toString(), "-C", directory.toString(), "."), jar);
    }

    /** A jar of all that is in a directory, stored as it is, which is an automatic module of this name. */
    static Path module(Path jar, Path directory, String name) throws IOException {
        Path manifest = Files.writeString(jar.resolveSibling(name + ".MF"), "Automatic-Module-Name: " + name + "\n");
        return make(
                List.of(
                        "--create",
                        "--no-compress",
                        "--file",
                        jar.toString(),
                        "--manifest",
                        manifest.toString(),
                        "-C",
                        directory.toString(),
                        "."),
                jar);
    }

    private static Path make(List<String> arguments, Path jar) {
        ToolProvider tool = ToolProvider.findFirst("jar").orElseThrow();
        assertThat(tool.run(System.out, System.err, arguments.toArray(String[]::new)))
                .isZero();
        return jar;
    }
}
