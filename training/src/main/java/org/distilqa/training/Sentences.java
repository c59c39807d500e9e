package org.distilqa.training;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the sentences of a paragraph. */
final class Sentences {
    private static final Pattern END = Pattern.compile(
            "(?<!\\b(?:Mr|Mrs|Dr|St|Prof|vol|Vol|pp|p|no|No|cf|ed|eds|etc|al|e\\.g|i\\.e|vs|Op|op|cit|ca|c|Jr|Gen|Col|[A-Z]))[.!?][\")']*\\s+(?=[\"'(]?[A-Z0-9])");

    private Sentences() {}

    /** Where each sentence begins and ends, blanks left out. */
    static List<int[]> of(String paragraph) {
        List<int[]> sentences = new ArrayList<>();
        Matcher matcher = END.matcher(paragraph);
        int from = 0;
        while (matcher.find()) {
            int end = matcher.end();
            while (Character.isWhitespace(paragraph.charAt(end - 1))) {
                end--;
            }
            sentences.add(new int[] {from, end});
            from = matcher.end();
        }
        if (from < paragraph.length()) {
            sentences.add(new int[] {from, paragraph.length()});
        }
        return sentences;
    }
}
