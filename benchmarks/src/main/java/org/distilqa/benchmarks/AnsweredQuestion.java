package org.distilqa.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.distilqa.cli.squad.SquadFile;

/**
 * A question with a paragraph that answers it.
 *
 * @param question the question
 * @param paragraph the paragraph
 * @param answers the texts that are right; at least one
 */
record AnsweredQuestion(String question, String paragraph, List<String> answers) {

    /**
     * Reads the questions of a file that have an answer, in the order of the file.
     *
     * @param file in SQuAD's format; or, if its name ends in {@code .jsonl}, an object a line with {@code context},
     *     {@code question} and {@code answers}, a list of objects with {@code text}
     */
    static List<AnsweredQuestion> read(Path file) {
        List<AnsweredQuestion> questions = new ArrayList<>();
        if (file.toString().endsWith(".jsonl")) {
            readLines(file, questions);
        } else {
            SquadFile.forEach(file, question -> {
                add(questions, new AnsweredQuestion(question.question(), question.context(), question.answers()));
                return true;
            });
        }
        if (questions.isEmpty()) {
            throw new BenchmarkException(file + ": has no question with an answer");
        }
        return questions;
    }

    private static void readLines(Path file, List<AnsweredQuestion> questions) {
        ObjectMapper mapper = new ObjectMapper();
        int number = 0;
        try {
            for (String line : Files.readAllLines(file)) {
                number++;
                JsonNode node = mapper.readTree(line);
                if (!node.path("context").isTextual() || !node.path("question").isTextual()) {
                    throw new BenchmarkException(file + ", line " + number + ": has no \"context\" or no \"question\"");
                }
                List<String> answers = new ArrayList<>();
                node.path("answers")
                        .forEach(answer -> answers.add(answer.path("text").asText()));
                add(
                        questions,
                        new AnsweredQuestion(
                                node.path("question").textValue(),
                                node.path("context").textValue(),
                                answers));
            }
        } catch (IOException e) {
            throw new BenchmarkException(file + (number == 0 ? "" : ", line " + number) + ": " + e.getMessage(), e);
        }
    }

    private static void add(List<AnsweredQuestion> questions, AnsweredQuestion question) {
        if (!question.answers().isEmpty()) {
            questions.add(question);
        }
    }
}
