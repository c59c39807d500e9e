package org.distilqa.tokenizer.huggingface;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which regular expressions the native library is given. Its engine (Oniguruma) goes back and tries again where several repetitions
 * could have matched the same text; after ten million times it gives up, and with it the whole process ends. So what can be
 * repeated within a repetition is refused, whose tries double with each character, and so are more than two repetitions in a row:
 * two need a stretch of three thousand characters that both match, and no character after it that ends the match.
 */
final class RegularExpressionBounds {
    private static final int MAX_REPETITIONS = 2;

    /** As many times at most is no repetition that counts. */
    private static final int FEW = 100;

    private static final Pattern BRACES = Pattern.compile("\\{(\\d*)(,?)(\\d*)\\}");

    /** Of a group, or the whole. */
    private static final class Group {
        private boolean isAmbiguous;
        private int repetitions;
        private int mostRepetitions;

        void endAlternative() {
            mostRepetitions = Math.max(mostRepetitions, repetitions);
            repetitions = 0;
        }
    }

    private final String expression;
    private final Deque<Group> groups = new ArrayDeque<>();
    private int place;

    /** Whether what stands before the place can match the same text in several ways. */
    private boolean isAmbiguous;

    private Optional<String> reason = Optional.empty();

    private RegularExpressionBounds(String expression) {
        this.expression = expression;
    }

    /** Why an expression is refused; empty if it is not. */
    static Optional<String> refusal(String expression) {
        return new RegularExpressionBounds(expression).scan();
    }

    private Optional<String> scan() {
        groups.push(new Group());
        while (place < expression.length() && reason.isEmpty()) {
            switch (expression.charAt(place)) {
                case '\\' -> escape();
                case '[' -> skipCharacterClass();
                case '(' -> openGroup();
                case ')' -> closeGroup();
                case '|' -> {
                    groups.peek().endAlternative();
                    groups.peek().isAmbiguous = true;
                    atom(1);
                }
                case '*', '+', '?' -> repetition(expression.charAt(place) == '?' ? 1 : Integer.MAX_VALUE, 1);
                case '{' -> braces();
                default -> atom(1);
            }
        }
        groups.peek().endAlternative();
        if (reason.isEmpty() && groups.peek().mostRepetitions > MAX_REPETITIONS) {
            reason = Optional.of("has more than " + MAX_REPETITIONS + " repetitions in a row");
        }
        return reason;
    }

    private void atom(int length) {
        isAmbiguous = false;
        place += length;
    }

    private void escape() {
        char next = place + 1 < expression.length() ? expression.charAt(place + 1) : '\\';
        if (next >= '1' && next <= '9' || next == 'k' || next == 'g') {
            reason = Optional.of("refers to one of its groups");
        }
        int end = place + 2;
        if (end < expression.length() && expression.charAt(end) == '{') {
            end = Math.max(end, expression.indexOf('}', end) + 1);
        }
        atom(end - place);
    }

    private void skipCharacterClass() {
        int depth = 0;
        int i = place;
        do {
            char unit = expression.charAt(i);
            if (unit == '\\') {
                i++;
            } else if (unit == '[') {
                depth++;
            } else if (unit == ']') {
                depth--;
            }
            i++;
        } while (depth > 0 && i < expression.length());
        atom(i - place);
    }

    private void openGroup() {
        if (expression.startsWith("(?~", place)) {
            reason = Optional.of("has an absence operator");
        }
        groups.push(new Group());
        atom(expression.startsWith("(?", place) ? 2 : 1);
    }

    private void closeGroup() {
        if (groups.size() > 1) {
            Group group = groups.pop();
            group.endAlternative();
            groups.peek().repetitions += group.mostRepetitions;
            groups.peek().isAmbiguous |= group.isAmbiguous;
            isAmbiguous = group.isAmbiguous;
        }
        place++;
    }

    private void braces() {
        Matcher braces = BRACES.matcher(expression).region(place, expression.length());
        if (!braces.lookingAt() || braces.group(1).isEmpty() && braces.group(3).isEmpty()) {
            atom(1);
            return;
        }
        String most = braces.group(2).isEmpty() ? braces.group(1) : braces.group(3);
        boolean isLarge = most.isEmpty() || most.length() > 9;
        repetition(isLarge ? Integer.MAX_VALUE : Integer.parseInt(most), braces.end() - place);
    }

    private void repetition(int most, int length) {
        if (isAmbiguous && most > 1) {
            reason = Optional.of("repeats what has a repetition or alternatives in it");
        }
        char suffix = place + length < expression.length() ? expression.charAt(place + length) : ' ';
        // One that is possessive never goes back. After braces, a plus is a repetition of its own.
        boolean isPossessive = suffix == '+' && expression.charAt(place + length - 1) != '}';
        if (most > FEW && !isPossessive) {
            groups.peek().repetitions++;
        }
        groups.peek().isAmbiguous = true;
        place += length + (isPossessive || suffix == '?' ? 1 : 0);
        isAmbiguous = true;
    }
}
