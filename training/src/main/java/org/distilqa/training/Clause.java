package org.distilqa.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The main clause of a sentence, where the tags let it be found: subject, verb, and what follows.
 *
 * @param words the sentence's words
 * @param subject the subject's first word; the words before it are an adverbial that was moved to the front
 * @param verb the finite verb or auxiliary
 * @param end one past the clause's last word
 * @param antecedent what the subject, a pronoun, stands for; empty otherwise
 */
record Clause(List<Word> words, int subject, int verb, int end, String antecedent) {
    private static final int LONGEST_SUBJECT = 14;

    static Optional<Clause> of(List<Word> words) {
        int subject = subjectBegin(words);
        int verb = subject;
        boolean head = false;
        while (verb < words.size()
                && words.get(verb).tag() != Tag.AUXILIARY
                && words.get(verb).tag() != Tag.FINITE_VERB) {
            Tag tag = words.get(verb).tag();
            boolean allowed = tag.isNominal()
                    || tag == Tag.PREPOSITION && verb > subject
                    || tag == Tag.CONJUNCTION && verb > subject
                    || tag == Tag.ADVERB
                    || tag == Tag.PRONOUN && verb == subject;
            if (!allowed || verb - subject > LONGEST_SUBJECT) {
                return Optional.empty();
            }
            head |= tag.isHead() || tag == Tag.PRONOUN;
            verb++;
        }
        if (!head || verb == words.size()) {
            return Optional.empty();
        }
        int end = verb + 1;
        while (end < words.size() && !endsClause(words, end)) {
            end++;
        }
        return end - verb < 3 ? Optional.empty() : Optional.of(new Clause(words, subject, verb, end, ""));
    }

    private static int subjectBegin(List<Word> words) {
        Tag first = words.get(0).tag();
        boolean fronted = first == Tag.PREPOSITION || first == Tag.ADVERB || first == Tag.CONJUNCTION;
        if (!fronted) {
            return 0;
        }
        for (int i = 1; i < Math.min(words.size() - 1, 14); i++) {
            if (words.get(i).is(",")) {
                return i + 1;
            }
        }
        return first == Tag.PREPOSITION ? words.size() : 1;
    }

    private static boolean endsClause(List<Word> words, int i) {
        Word word = words.get(i);
        if (word.tag() == Tag.SUBORDINATOR) {
            return true;
        }
        if (word.tag() == Tag.PUNCTUATION) {
            return !word.is(",") && !word.is("-") && !word.is("\"") && !word.is("%") && !word.is("$")
                    || i + 1 < words.size()
                            && (words.get(i + 1).tag() == Tag.SUBORDINATOR
                                    || words.get(i + 1).tag() == Tag.CONJUNCTION
                                    || words.get(i + 1).tag() == Tag.PRONOUN);
        }
        return word.tag() == Tag.AUXILIARY || word.tag() == Tag.FINITE_VERB;
    }

    /** The noun phrases between two words, "X of Y" as one where both are names or {@code joinOf}. */
    List<Phrase> phrases(int from, int to, boolean joinOf) {
        List<Phrase> phrases = new ArrayList<>();
        int i = from;
        while (i < to) {
            int begin = i;
            while (i < to && words.get(i).tag().isNominal()) {
                i++;
            }
            int last = i;
            while (last > begin && !words.get(last - 1).tag().isHead()) {
                last--;
            }
            if (last == begin) {
                i = Math.max(i, begin + 1);
                continue;
            }
            boolean continues = last + 1 < to && words.get(last).is("of") && last == i;
            if (continues) {
                Phrase next = phrases(last + 1, to, joinOf).stream()
                        .findFirst()
                        .filter(phrase -> phrase.preposition() < 0)
                        .orElse(null);
                if (next != null
                        && next.from() == last + 1
                        && (joinOf
                                || words.get(last - 1).tag() == Tag.NAME
                                        && words.get(next.to() - 1).tag() == Tag.NAME)) {
                    last = next.to();
                    i = last;
                }
            }
            boolean preposition = begin > from
                    && (words.get(begin - 1).tag() == Tag.PREPOSITION
                            || words.get(begin - 1).tag() == Tag.TO);
            phrases.add(new Phrase(preposition ? begin - 1 : -1, begin, last));
        }
        return phrases;
    }

    String text(int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append(' ').append(words.get(i).text());
        }
        return text.toString().replaceAll(" ([,.;:)%]|'s\\b)", "$1").strip();
    }

    Clause withAntecedent(String name) {
        return new Clause(words, subject, verb, end, name);
    }

    boolean hasPronoun() {
        return words.get(subject).tag() == Tag.PRONOUN;
    }

    /** The subject, its first letter small unless it begins a name; in the place of a pronoun what it stands for. */
    String subjectText() {
        if (!antecedent.isEmpty()) {
            return antecedent;
        }
        String text = text(subject, verb);
        boolean lower = subject == 0 && words.get(0).tag() != Tag.NAME;
        return lower ? text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1) : text;
    }
}
