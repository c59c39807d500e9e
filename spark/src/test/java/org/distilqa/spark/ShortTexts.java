package org.distilqa.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Any number of questions on short texts, made of those of a file in SQuAD's format: a question's text is the sentence of its paragraph
 * that the answer stands in, and the one behind it if that is short. Row {@code n} repeats question {@code n} modulo their number, with
 * a number of its own before the text, and with other years than the repetition before. Goes to the executors with the tasks.
 */
final class ShortTexts implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Characters. A text shorter than that takes in the next sentence. */
    private static final int SHORT = 120;

    /** Characters. A question on a longer sentence is left out. */
    private static final int LONGEST = 240;

    private static final Pattern YEAR = Pattern.compile("(?<!\\d)[12]\\d{3}(?!\\d)");
    private static final int YEARS = 100;

    /** A question, its text, and the answer that is expected there. */
    record Text(String question, String context, String answer) implements Serializable {}

    private final ArrayList<Text> texts = new ArrayList<>();

    /**
     * Reads a file.
     *
     * @throws IOException if it cannot be read, or holds no question with an answer in a sentence that is short enough
     */
    static ShortTexts of(Path squad) throws IOException {
        ShortTexts all = new ShortTexts();
        for (JsonNode article : new ObjectMapper().readTree(squad.toFile()).path("data")) {
            article.path("paragraphs").forEach(all::addParagraph);
        }
        if (all.texts.isEmpty()) {
            throw new IOException(squad + ": has no question of SQuAD's format that a short text answers");
        }
        return all;
    }

    private void addParagraph(JsonNode paragraph) {
        String context = paragraph.path("context").asText();
        for (JsonNode question : paragraph.path("qas")) {
            JsonNode answer = question.path("answers").path(0);
            int start = answer.path("answer_start").asInt(-1);
            int end = start + answer.path("text").asText().length();
            if (start >= 0 && end > start) {
                String around = around(context, start, end);
                if (around.length() <= LONGEST) {
                    texts.add(new Text(
                            question.path("question").asText().strip(),
                            around,
                            answer.path("text").asText()));
                }
            }
        }
    }

    /** The sentences from one place to another, and the next one if they are short. */
    private static String around(String context, int start, int end) {
        BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ENGLISH);
        sentences.setText(context);
        int from = sentences.preceding(start + 1);
        int to = sentences.following(end - 1);
        if (to - from < SHORT && to < context.length()) {
            to = sentences.following(to);
        }
        return context.substring(from, to).strip();
    }

    /** How many different questions there are. */
    int size() {
        return texts.size();
    }

    List<Text> all() {
        return List.copyOf(texts);
    }

    /** A row's question. */
    Text row(long number) {
        Text text = texts.get((int) (number % texts.size()));
        int later = (int) (number / texts.size() % YEARS);
        return new Text(
                withLaterYears(text.question(), later),
                "Text " + (number + 1) + ". " + withLaterYears(text.context(), later),
                withLaterYears(text.answer(), later));
    }

    private static String withLaterYears(String text, int later) {
        return YEAR.matcher(text).replaceAll(year -> Integer.toString(Integer.parseInt(year.group()) + later));
    }
}
