package org.distilqa.benchmarks.contender;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A question of a SQuAD file.
 *
 * @param question the question
 * @param context the paragraph
 */
public record Question(String question, String context) {

    /**
     * Reads questions of a file in SQuAD's format.
     *
     * @param limit how many at most; fewer than there are lie evenly over the file, so that all its articles have a part
     */
    public static List<Question> read(Path file, int limit) {
        List<Question> all = new ArrayList<>();
        if (!Files.isRegularFile(file)) {
            throw new BenchmarkException(file + ": there is no such file; --data names a file in SQuAD's format");
        }
        try {
            for (JsonNode article : new ObjectMapper().readTree(file.toFile()).path("data")) {
                for (JsonNode paragraph : article.path("paragraphs")) {
                    for (JsonNode question : paragraph.path("qas")) {
                        all.add(new Question(
                                question.path("question").asText(),
                                paragraph.path("context").asText()));
                    }
                }
            }
        } catch (IOException e) {
            throw new BenchmarkException(file + ": cannot be read as JSON: " + e.getMessage(), e);
        }
        if (all.isEmpty()) {
            throw new BenchmarkException(file + ": has no questions; is it in SQuAD's format?");
        }
        int count = Math.min(limit, all.size());
        List<Question> chosen = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            chosen.add(all.get((int) ((long) i * all.size() / count)));
        }
        return chosen;
    }

    /** How much text there is, by which it is sorted; who calls a peer has no tokens to count. */
    public int characters() {
        return question.length() + context.length();
    }
}
