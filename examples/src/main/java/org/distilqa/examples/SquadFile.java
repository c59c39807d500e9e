package org.distilqa.examples;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A file in the format of SQuAD 1.1 (Rajpurkar et al., 2016) or 2.0 (Rajpurkar, Jia and Liang, 2018). It is read paragraph by
 * paragraph, so a file of any size takes the memory of one paragraph.
 */
public final class SquadFile {
    private final Path file;
    private final Predicate<SquadQuestion> consumer;
    private boolean stopped;

    private SquadFile(Path file, Predicate<SquadQuestion> consumer) {
        this.file = file;
        this.consumer = consumer;
    }

    /**
     * Gives every question of a file to a consumer, until that says to stop.
     *
     * @param file the file
     * @param consumer takes a question and returns whether it wants more
     * @throws FileException if the file cannot be read or is not in the format, with the place
     */
    public static void forEach(Path file, Predicate<SquadQuestion> consumer) {
        try (InputStream in = TextFile.open(file);
                JsonParser parser = Json.MAPPER.createParser(in)) {
            new SquadFile(file, consumer).read(parser);
        } catch (JsonProcessingException e) {
            throw new FileException(file + ": is not valid JSON" + Json.place(e) + ": " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw TextFile.unreadable(file.toString(), e);
        }
    }

    private void read(JsonParser parser) throws IOException {
        require(parser, parser.nextToken() == JsonToken.START_OBJECT, "is not a JSON object");
        boolean found = false;
        while (!stopped && parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (name.equals("data")) {
                found = true;
                require(parser, parser.currentToken() == JsonToken.START_ARRAY, "\"data\" is not a list");
                readArticles(parser);
            } else {
                parser.skipChildren();
            }
        }
        require(parser, found, "has no \"data\"; is it a SQuAD file?");
    }

    private void readArticles(JsonParser parser) throws IOException {
        while (!stopped && parser.nextToken() != JsonToken.END_ARRAY) {
            require(parser, parser.currentToken() == JsonToken.START_OBJECT, "an article is not an object");
            boolean found = false;
            while (!stopped && parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals("paragraphs")) {
                    found = true;
                    require(parser, parser.currentToken() == JsonToken.START_ARRAY, "\"paragraphs\" is not a list");
                    while (!stopped && parser.nextToken() != JsonToken.END_ARRAY) {
                        readParagraph(parser, Json.MAPPER.readTree(parser));
                    }
                } else {
                    parser.skipChildren();
                }
            }
            require(parser, stopped || found, "an article has no \"paragraphs\"");
        }
    }

    private void readParagraph(JsonParser parser, JsonNode paragraph) {
        String context = text(parser, paragraph, "context");
        require(parser, !context.isEmpty(), "a paragraph has an empty context");
        require(parser, paragraph.path("qas").isArray(), "a paragraph has no list \"qas\"");
        for (JsonNode question : paragraph.path("qas")) {
            if (stopped) {
                return;
            }
            List<String> answers = new ArrayList<>();
            for (JsonNode answer : question.path("answers")) {
                answers.add(text(parser, answer, "text"));
            }
            JsonNode id = question.path("id");
            // As SQuAD's script does, what is marked impossible is told by the empty list of answers, not by the mark.
            require(parser, id.isTextual() || id.isNumber(), "a question has no \"id\"");
            boolean mayBeImpossible = question.has("is_impossible");
            require(
                    parser,
                    question.path("answers").isArray() || mayBeImpossible,
                    "the question " + id.asText() + " has no list \"answers\"");
            String wording = text(parser, question, "question");
            require(parser, !wording.isBlank(), "the question " + id.asText() + " is empty");
            stopped = !consumer.test(new SquadQuestion(id.asText(), wording, context, answers, mayBeImpossible));
        }
    }

    private String text(JsonParser parser, JsonNode node, String name) {
        require(parser, node.path(name).isTextual(), "there is no text \"" + name + "\"");
        return node.path(name).textValue();
    }

    private void require(JsonParser parser, boolean condition, String message) {
        if (!condition) {
            throw new FileException(file + ": " + message + " (at line "
                    + parser.currentLocation().getLineNr() + ", column "
                    + parser.currentLocation().getColumnNr() + ")");
        }
    }
}
