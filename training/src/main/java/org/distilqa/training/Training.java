package org.distilqa.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Makes the bundled model. Steps: {@code prepare} the examples, {@code train}, {@code export} the checkpoint; and
 * {@code baseline}, which scores a lexical baseline. Each works in
 * the folder given as the second argument.
 */
public final class Training {
    /** Columns of the hidden states. */
    static final int WIDTH = 256;

    private static final double PEAK = 6e-4;
    private static final int WARM_UP = 150;
    private static final double FALL = 0.7;

    private Training() {}

    private static Dimensions dimensions(Path work) throws IOException {
        int vocabulary =
                Files.readAllLines(work.resolve("checkpoint/vocab.txt")).size();
        return new Dimensions(vocabulary, 512, 4, 4, WIDTH, 768);
    }

    /**
     * Runs one step.
     *
     * @param arguments the step, the working folder, and the step's own
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 2) {
            System.err.println("usage: prepare|train|export|baseline FOLDER [...]");
            System.exit(2);
        }
        Path work = Path.of(arguments[1]);
        Files.createDirectories(work);
        List<String> rest = List.of(arguments).subList(2, arguments.length);
        switch (arguments[0]) {
            case "prepare" ->
                new Preparation(work, Integer.parseInt(rest.get(0)), rest.size() > 1 ? Path.of(rest.get(1)) : null)
                        .run();
            case "train" ->
                new Trainer(work, dimensions(work), new Schedule(PEAK, WARM_UP, Integer.parseInt(rest.get(0)), FALL))
                        .run();
            case "export" -> new Export(work, dimensions(work)).run(Path.of(rest.get(0)));
            case "baseline" -> baseline(work, Path.of(rest.get(0)));
            default -> throw new IllegalArgumentException("there is no step " + arguments[0]);
        }
    }

    private static void baseline(Path work, Path squad) throws IOException {
        Path wordNet = new DebianPackage("wordnet-base").unpack(work.resolve("packages"));
        Tagger tagger = new Tagger(new Lexicon(WordNet.read(wordNet.resolve("usr/share/wordnet"))));
        double[] figures = new SlidingWindow(tagger).score(squad);
        System.out.printf(Locale.ROOT, "{\"exact\":%.2f,\"f1\":%.2f}%n", figures[0], figures[1]);
    }
}
