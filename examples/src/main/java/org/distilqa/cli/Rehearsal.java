package org.distilqa.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Does what a person asks for first, and shows nothing: the launcher runs it while the JVM notes which classes are loaded, for the
 * archive that later starts take them from.
 */
final class Rehearsal {
    private Rehearsal() {}

    /**
     * Answers a question with the device that is taken where none is named, and with the one that is there on every machine; and one of
     * files of each format.
     *
     * @param arguments none
     * @throws IOException if no temporary files can be written
     */
    public static void main(String[] arguments) throws IOException {
        DistilQa.logAsAsked();
        for (String device : List.of("auto", "cpu")) {
            for (String form : List.of("--verbose", "--json")) {
                answer("--device", device, form, "--context", "The mill was built by Ada Quill in 1912.");
            }
        }
        Path folder = Files.createTempDirectory("distilqa");
        List<Path> files = List.of(
                Files.writeString(folder.resolve("a.txt"), "The mill was built by Ada Quill in 1912."),
                Files.writeString(folder.resolve("b.md"), "# The *mill*\n\n| a | `b` |\n|---|---|\n| c | d |\n"),
                Files.writeString(
                        folder.resolve("c.html"), "<title>The mill</title><p>It was <b>built</b> &amp; burnt."));
        try {
            answer("--context-file", folder.toString());
        } finally {
            for (Path file : files) {
                Files.delete(file);
            }
            Files.delete(folder);
        }
        System.exit(0);
    }

    private static void answer(String... more) {
        List<String> arguments = new ArrayList<>(List.of("answer", "--question", "Who built the mill?"));
        arguments.addAll(List.of(more));
        int status = DistilQa.run(
                new PrintStream(OutputStream.nullOutputStream()),
                new PrintStream(OutputStream.nullOutputStream()),
                arguments.toArray(String[]::new));
        if (status != 0) {
            System.exit(status);
        }
    }
}
