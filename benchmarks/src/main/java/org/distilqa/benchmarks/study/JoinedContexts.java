package org.distilqa.benchmarks.study;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.distilqa.benchmarks.contender.Question;

/** Draws questions whose context is the paragraph that answers among others, an empty line between two. */
final class JoinedContexts {
    private JoinedContexts() {}

    /** Which paragraphs stand beside the one that answers. */
    enum Others {
        /** Any of any file, in any order. */
        RANDOM,
        /** Those before and after it in its file, which are of the same article where the file's order is that of articles. */
        NEIGHBOURS
    }

    /**
     * Draws questions and paragraphs. The same generator draws the same.
     *
     * @param files the questions of each file
     * @param others which paragraphs are taken
     * @param paragraphs how many a context has; fewer where there are not so many
     * @param count how many contexts, the same number of every file
     */
    static List<Question> draw(List<List<Question>> files, Others others, int paragraphs, int count, Random random) {
        Map<List<Question>, List<String>> paragraphsOf = new LinkedHashMap<>();
        files.forEach(file -> paragraphsOf.put(file, distinctParagraphs(file)));
        List<String> all = List.copyOf(new LinkedHashSet<>(
                paragraphsOf.values().stream().flatMap(Collection::stream).toList()));
        List<Question> drawn = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<Question> file = files.get(i % files.size());
            Question question = file.get(random.nextInt(file.size()));
            List<String> context = others == Others.RANDOM
                    ? random(question.context(), all, paragraphs, random)
                    : neighbours(question.context(), paragraphsOf.get(file), paragraphs, random);
            drawn.add(new Question(question.question(), String.join("\n\n", context), question.answers()));
        }
        return drawn;
    }

    private static List<String> distinctParagraphs(List<Question> questions) {
        return List.copyOf(
                new LinkedHashSet<>(questions.stream().map(Question::context).toList()));
    }

    private static List<String> random(String paragraph, List<String> all, int paragraphs, Random random) {
        LinkedHashSet<String> chosen = new LinkedHashSet<>();
        chosen.add(paragraph);
        while (chosen.size() < Math.min(paragraphs, all.size())) {
            chosen.add(all.get(random.nextInt(all.size())));
        }
        List<String> context = new ArrayList<>(chosen);
        context.remove(paragraph);
        context.add(random.nextInt(context.size() + 1), paragraph);
        return context;
    }

    private static List<String> neighbours(String paragraph, List<String> file, int paragraphs, Random random) {
        int first = file.indexOf(paragraph) - random.nextInt(paragraphs);
        int latest = Math.max(0, file.size() - paragraphs);
        int from = Math.max(0, Math.min(first, latest));
        return file.subList(from, Math.min(file.size(), from + paragraphs));
    }
}
