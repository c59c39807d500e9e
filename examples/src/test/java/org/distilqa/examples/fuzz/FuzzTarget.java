package org.distilqa.examples.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.distilqa.AnswerOptions;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.cli.DemoCommand;
import org.distilqa.cli.batch.BatchRows;
import org.distilqa.cli.io.FileException;
import org.distilqa.cli.io.TextFile;
import org.distilqa.cli.squad.SquadFile;
import org.distilqa.model.Checkpoint;
import org.distilqa.model.ModelFiles;
import org.distilqa.text.Document;
import org.distilqa.text.DocumentReader;
import org.distilqa.tokenizer.TokenizedText;
import org.distilqa.tokenizer.Tokenizer;
import org.distilqa.tokenizer.Tokenizers;

/**
 * What reads a file that somebody else has written. Whatever is in it, nothing but a {@link QuestionAnsweringException} or a
 * {@link FileException} may come out, in bounded memory.
 */
enum FuzzTarget {
    SAFETENSORS("model.safetensors") {
        @Override
        void read(Path file) {
            readCheckpoint(file.getParent());
        }
    },
    CONFIG("config.json") {
        @Override
        void read(Path file) {
            readCheckpoint(file.getParent());
        }
    },
    TOKENIZER("tokenizer.json") {
        @Override
        void read(Path file) {
            tokenize(file.getParent());
        }
    },
    VOCABULARY("vocab.txt") {
        @Override
        void read(Path file) {
            tokenize(file.getParent());
        }
    },
    DEMO("input_data.json") {
        @Override
        void read(Path file) {
            DemoCommand.requests(file.toString(), TextFile.read(file.toString()));
        }
    },
    HTML("page.html") {
        @Override
        void read(Path file) {
            readDocument(file);
        }
    },
    MARKDOWN("page.md") {
        @Override
        void read(Path file) {
            readDocument(file);
        }
    },
    BATCH("rows.jsonl") {
        @Override
        void read(Path file) {
            try (BatchRows rows = BatchRows.open(file, AnswerOptions.defaults())) {
                rows.forEachRemaining(row -> require((row.request() == null) == (row.error() != null), "row " + row));
            }
        }
    },
    SQUAD("squad.json") {
        @Override
        void read(Path file) {
            SquadFile.forEach(file, question -> true);
        }
    };

    /** With a separator, accents, an emoji, half a surrogate pair, Chinese characters and a long word. */
    private static final String TEXT =
            "Who built the mills? [SEP] n\u0303o\u0301 \uD83D\uDE00 \uD800 \u4E2D\u6587 12.5%\u0000\t" + "a".repeat(300)
                    + " [CLS]";

    private final String fileName;

    FuzzTarget(String fileName) {
        this.fileName = fileName;
    }

    /** The folder of its seeds among the resources. */
    String folder() {
        return name().toLowerCase(Locale.ROOT);
    }

    abstract void read(Path file);

    /**
     * Reads a file of these bytes, in a directory that has a small sound checkpoint else.
     *
     * @return whether it was accepted
     */
    boolean accepts(Path directory, byte[] content) {
        try {
            for (String sound : new String[] {"config.json", "model.safetensors"}) {
                if (!sound.equals(fileName) && !Files.exists(directory.resolve(sound))) {
                    try (InputStream in = FuzzTarget.class.getResourceAsStream("checkpoint/" + sound)) {
                        Files.write(directory.resolve(sound), in.readAllBytes());
                    }
                }
            }
            Path file = directory.resolve(fileName);
            Files.write(file, content);
            read(file);
            return true;
        } catch (QuestionAnsweringException | FileException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void readCheckpoint(Path directory) {
        Checkpoint checkpoint = Checkpoint.open(directory);
        checkpoint.graph().parameters().forEach(checkpoint.parameters()::read);
    }

    private static void tokenize(Path directory) {
        try (Tokenizer tokenizer = Tokenizers.open(ModelFiles.of(directory))) {
            TokenizedText tokens = tokenizer.tokenize(TEXT);
            int end = 0;
            for (int i = 0; i < tokens.size(); i++) {
                int id = tokens.ids()[i];
                require(id >= 0 && id < tokenizer.vocabularySize(), "token " + i + " has the id " + id);
                boolean inOrder = tokens.starts()[i] >= 0 && tokens.ends()[i] >= Math.max(end, tokens.starts()[i]);
                require(inOrder && tokens.ends()[i] <= TEXT.length(), "token " + i + " ends at " + tokens.ends()[i]);
                end = tokens.ends()[i];
            }
        }
    }

    private static void readDocument(Path file) {
        Document document = new DocumentReader().read(file);
        for (int i = 0; i < document.text().length(); i++) {
            int start = document.places().start(i).offset();
            int end = document.places().end(i + 1).offset();
            require(start <= end, "character " + i + " is from " + start + " to " + end);
        }
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new AssertionError(message);
        }
    }
}
