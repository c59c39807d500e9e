package org.distilqa.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.distilqa.training.QuestionMaker.Question;

/** Examples from real paragraphs: a sentence's question, with the sentences around it as the context. */
final class ProseExamples {
    private static final int SHORTEST = 200;

    private final Tagger tagger;
    private final QuestionMaker maker;
    private final Random random;

    ProseExamples(Tagger tagger, QuestionMaker maker, Random random) {
        this.tagger = tagger;
        this.maker = maker;
        this.random = random;
    }

    /** At most {@code perParagraph} questions on a paragraph, of which each sentence gives one at most. */
    List<Example> examples(String paragraph, int perParagraph) {
        List<int[]> sentences = Sentences.of(paragraph);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < sentences.size(); i++) {
            order.add(i);
        }
        Collections.shuffle(order, random);
        List<Example> examples = new ArrayList<>();
        for (int i : order) {
            int[] sentence = sentences.get(i);
            if (sentence[1] - sentence[0] < 30 || sentence[1] - sentence[0] > 400 || examples.size() == perParagraph) {
                continue;
            }
            List<Word> before = i == 0 ? List.of() : tag(paragraph, sentences.get(i - 1));
            List<Question> questions = maker.questions(tag(paragraph, sentence), before);
            if (!questions.isEmpty()) {
                Question question = questions.get(random.nextInt(questions.size()));
                examples.add(inContext(paragraph, sentences, i, question));
            }
        }
        return examples;
    }

    private List<Word> tag(String paragraph, int[] sentence) {
        return tagger.tag(paragraph.substring(sentence[0], sentence[1]));
    }

    private Example inContext(String paragraph, List<int[]> sentences, int at, Question question) {
        // The sentence before it comes along: a pronoun may stand for something in it.
        int first = Math.max(0, at - 1);
        int last = at;
        int wanted = SHORTEST + random.nextInt(random.nextInt(3) == 0 ? 1000 : 450);
        while (length(sentences, first, last) < wanted && (first > 0 || last + 1 < sentences.size())) {
            boolean back = first > 0 && (last + 1 == sentences.size() || random.nextBoolean());
            if (back) {
                first--;
            } else {
                last++;
            }
        }
        int begin = sentences.get(first)[0];
        int shift = sentences.get(at)[0] - begin;
        return new Example(
                question.text(),
                paragraph.substring(begin, sentences.get(last)[1]),
                shift + question.start(),
                shift + question.end());
    }

    private static int length(List<int[]> sentences, int first, int last) {
        return sentences.get(last)[1] - sentences.get(first)[0];
    }

    /** Short paragraphs put together, so that a question has something to be told apart from. */
    static List<String> joined(List<String> paragraphs, Random random) {
        List<String> joined = new ArrayList<>();
        List<String> open = new ArrayList<>();
        for (String paragraph : paragraphs) {
            if (paragraph.length() >= 2 * SHORTEST) {
                joined.add(paragraph);
                continue;
            }
            open.add(paragraph);
            if (open.stream().mapToInt(String::length).sum() > SHORTEST + random.nextInt(600)) {
                joined.add(open.stream().collect(Collectors.joining(" ")));
                open.clear();
            }
        }
        return joined;
    }
}
