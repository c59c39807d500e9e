package org.distilqa.examples;

import java.io.OutputStream;
import java.io.PrintStream;

/**
 * Does what a person asks for first, and shows nothing: the launcher runs it while the JVM notes which classes are loaded, for the
 * archive that later starts take them from.
 */
final class Rehearsal {
    private Rehearsal() {}

    /**
     * Answers a question with the device that is taken where none is named, and with the one that is there on every machine.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        DistilQa.logAsAsked();
        for (String device : new String[] {"auto", "cpu"}) {
            for (String form : new String[] {"--verbose", "--json"}) {
                int status = DistilQa.run(
                        new PrintStream(OutputStream.nullOutputStream()),
                        new PrintStream(OutputStream.nullOutputStream()),
                        "answer",
                        "--device",
                        device,
                        "--question",
                        "Who built the mill?",
                        "--context",
                        "The mill was built by Ada Quill in 1912.",
                        form);
                if (status != 0) {
                    System.exit(status);
                }
            }
        }
        System.exit(0);
    }
}
