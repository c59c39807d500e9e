package org.distilqa.cli.squad;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.distilqa.cli.io.FileException;
import org.distilqa.cli.io.Json;
import org.distilqa.cli.io.TextFile;

/**
 * The questions of a file in the format of SQuAD 1.1 (Rajpurkar et al., 2016) or 2.0 (Rajpurkar, Jia and Liang, 2018), one after
 * another. It is read paragraph by paragraph, so a file of any size takes the memory of one paragraph.
 */
public final class SquadFile implements Iterator<SquadQuestion>, Closeable {
    private final Path file;
    private final InputStream in;
    private final JsonParser parser;

    /** Those of the paragraph that was read last. */
    private final Deque<SquadQuestion> questions = new ArrayDeque<>();

    private Level level = Level.START;
    private boolean dataFound;
    private boolean paragraphsFound;

    /** What the parser is inside of. */
    private enum Level {
        START,
        FILE,
        ARTICLES,
        ARTICLE,
        PARAGRAPHS,
        END
    }

    private SquadFile(Path file, InputStream in, JsonParser parser) {
        this.file = file;
        this.in = in;
        this.parser = parser;
    }

    /**
     * Opens a file.
     *
     * @param file the file
     * @return its questions, in their order, to be closed. Reading them throws {@link FileException} where the file is not in the
     *     format, with the place
     * @throws FileException if the file cannot be read
     */
    public static Stream<SquadQuestion> questions(Path file) {
        SquadFile questions = open(file);
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(questions, Spliterator.ORDERED | Spliterator.NONNULL),
                        false)
                .onClose(questions::close);
    }

    /**
     * Gives every question of a file to a consumer, until that says to stop.
     *
     * @param file the file
     * @param consumer takes a question and returns whether it wants more
     * @throws FileException if the file cannot be read or is not in the format, with the place
     */
    public static void forEach(Path file, Predicate<SquadQuestion> consumer) {
        try (SquadFile questions = open(file)) {
            while (questions.hasNext() && consumer.test(questions.next())) {
                // The consumer has taken it.
            }
        }
    }

    private static SquadFile open(Path file) {
        try {
            InputStream in = TextFile.open(file);
            return new SquadFile(file, in, Json.parser(in));
        } catch (IOException e) {
            throw TextFile.unreadable(file.toString(), e);
        }
    }

    @Override
    public boolean hasNext() {
        while (questions.isEmpty() && level != Level.END) {
            try {
                readOn();
            } catch (JsonProcessingException e) {
                throw new FileException(
                        file + ": is not valid JSON" + Json.place(e) + ": " + e.getOriginalMessage(), e);
            } catch (IOException e) {
                throw TextFile.unreadable(file.toString(), e);
            }
        }
        return !questions.isEmpty();
    }

    @Override
    public SquadQuestion next() {
        if (!hasNext()) {
            throw new NoSuchElementException(file + ": has no further question");
        }
        return questions.remove();
    }

    /** Reads a field, or the beginning or the end of a list, or a paragraph. */
    private void readOn() throws IOException {
        JsonToken token = parser.nextToken();
        switch (level) {
            case START -> {
                require(token == JsonToken.START_OBJECT, "is not a JSON object");
                level = Level.FILE;
            }
            case FILE -> {
                if (token != JsonToken.FIELD_NAME) {
                    require(dataFound, "has no \"data\"; is it a SQuAD file?");
                    level = Level.END;
                } else if (isList("data")) {
                    dataFound = true;
                    level = Level.ARTICLES;
                }
            }
            case ARTICLES -> {
                if (token == JsonToken.END_ARRAY) {
                    level = Level.FILE;
                } else {
                    require(token == JsonToken.START_OBJECT, "an article is not an object");
                    paragraphsFound = false;
                    level = Level.ARTICLE;
                }
            }
            case ARTICLE -> {
                if (token != JsonToken.FIELD_NAME) {
                    require(paragraphsFound, "an article has no \"paragraphs\"");
                    level = Level.ARTICLES;
                } else if (isList("paragraphs")) {
                    paragraphsFound = true;
                    level = Level.PARAGRAPHS;
                }
            }
            default -> {
                if (token == JsonToken.END_ARRAY) {
                    level = Level.ARTICLE;
                } else {
                    readParagraph(parser.readValueAsTree());
                }
            }
        }
    }

    /** Whether the field is the one of this name, which must be a list; another is passed over. */
    private boolean isList(String name) throws IOException {
        boolean found = parser.currentName().equals(name);
        JsonToken value = parser.nextToken();
        if (found) {
            require(value == JsonToken.START_ARRAY, "\"" + name + "\" is not a list");
        } else {
            parser.skipChildren();
        }
        return found;
    }

    private void readParagraph(JsonNode paragraph) {
        String context = text(paragraph, "context");
        require(!context.isEmpty(), "a paragraph has an empty context");
        require(paragraph.path("qas").isArray(), "a paragraph has no list \"qas\"");
        for (JsonNode question : paragraph.path("qas")) {
            List<String> answers = new ArrayList<>();
            for (JsonNode answer : question.path("answers")) {
                answers.add(text(answer, "text"));
            }
            JsonNode id = question.path("id");
            // As SQuAD's script does, what is marked impossible is told by the empty list of answers, not by the mark.
            require(id.isTextual() || id.isNumber(), "a question has no \"id\"");
            boolean mayBeImpossible = question.has("is_impossible");
            require(
                    question.path("answers").isArray() || mayBeImpossible,
                    "the question " + id.asText() + " has no list \"answers\"");
            String wording = text(question, "question");
            require(!wording.isBlank(), "the question " + id.asText() + " is empty");
            questions.add(new SquadQuestion(id.asText(), wording, context, answers, mayBeImpossible));
        }
    }

    private String text(JsonNode node, String name) {
        require(node.path(name).isTextual(), "there is no text \"" + name + "\"");
        return node.path(name).textValue();
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new FileException(file + ": " + message + " (at line "
                    + parser.currentLocation().getLineNr() + ", column "
                    + parser.currentLocation().getColumnNr() + ")");
        }
    }

    @Override
    public void close() {
        try {
            parser.close();
            in.close();
        } catch (IOException e) {
            throw TextFile.unreadable(file.toString(), e);
        }
    }
}
