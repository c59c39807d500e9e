package org.distilqa.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a sentence into words and gives each a part of speech, by closed classes, WordNet and the word before. It errs;
 * what is made from it serves a model that must bear noise anyway.
 */
final class Tagger {
    private static final Pattern WORD = Pattern.compile(
            "\\d[\\d,.]*\\d(?:st|nd|rd|th|s|%)?|\\d(?:st|nd|rd|th|s|%)?|(?:[A-Z]\\.)+|'s\\b|[\\p{L}\\p{M}]+(?:['-][\\p{L}\\p{M}\\d]*(?<!'s)[\\p{L}\\d])*|\\S");

    private final Lexicon lexicon;

    Tagger(Lexicon lexicon) {
        this.lexicon = lexicon;
    }

    List<Word> tag(String sentence) {
        List<Word> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(sentence);
        List<int[]> spans = new ArrayList<>();
        while (matcher.find()) {
            spans.add(new int[] {matcher.start(), matcher.end()});
        }
        for (int i = 0; i < spans.size(); i++) {
            String text = sentence.substring(spans.get(i)[0], spans.get(i)[1]);
            String next = i + 1 < spans.size() ? sentence.substring(spans.get(i + 1)[0], spans.get(i + 1)[1]) : "";
            words.add(new Word(text, spans.get(i)[0], tag(text, words, next)));
        }
        return words;
    }

    private Tag tag(String text, List<Word> before, String next) {
        String lower = text.toLowerCase(Locale.ROOT);
        Word previous = before.isEmpty() ? null : before.get(before.size() - 1);
        Tag last = previous == null ? Tag.PUNCTUATION : previous.tag();
        if (text.equals("'s")) {
            return Tag.POSSESSIVE;
        }
        if (!Character.isLetterOrDigit(text.charAt(0))) {
            return Tag.PUNCTUATION;
        }
        boolean name = Character.isUpperCase(text.charAt(0))
                && (previous != null && last != Tag.PUNCTUATION
                        || isUnknown(lower)
                        || !next.isEmpty() && Character.isUpperCase(next.charAt(0)) && !closed(lower)
                        || last == Tag.PUNCTUATION && previous != null && !previous.is("\""));
        if (name && !(closed(lower) && before.isEmpty())) {
            return Tag.NAME;
        }
        Tag closed = closedTag(lower);
        if (closed != null) {
            return closed;
        }
        if (Character.isDigit(text.charAt(0)) || Lexicon.isNumber(lower)) {
            return Tag.NUMBER;
        }
        return openTag(lower, before, last, next.toLowerCase(Locale.ROOT));
    }

    private boolean isUnknown(String lower) {
        return closedTag(lower) == null
                && !lexicon.wordNet().isNoun(lower)
                && !lexicon.wordNet().isAdjective(lower)
                && !lexicon.wordNet().isAdverb(lower)
                && lexicon.singular(lower).isEmpty()
                && lexicon.basePast(lower).isEmpty()
                && !lexicon.isGerund(lower);
    }

    private static boolean closed(String lower) {
        return closedTag(lower) != null;
    }

    private static Tag closedTag(String lower) {
        if (lower.equals("to")) {
            return Tag.TO;
        }
        if (Lexicon.isAuxiliary(lower)) {
            return Tag.AUXILIARY;
        }
        if (Lexicon.SUBORDINATORS.contains(lower)) {
            return Tag.SUBORDINATOR;
        }
        if (Lexicon.DETERMINERS.contains(lower)) {
            return Tag.DETERMINER;
        }
        if (Lexicon.POSSESSIVES.contains(lower)) {
            return Tag.POSSESSIVE;
        }
        if (Lexicon.PREPOSITIONS.contains(lower)) {
            return Tag.PREPOSITION;
        }
        if (Lexicon.PRONOUNS.contains(lower)) {
            return Tag.PRONOUN;
        }
        if (Lexicon.CONJUNCTIONS.contains(lower)) {
            return Tag.CONJUNCTION;
        }
        return Lexicon.ADVERBS.contains(lower) ? Tag.ADVERB : null;
    }

    private Tag openTag(String lower, List<Word> before, Tag last, String next) {
        WordNet wordNet = lexicon.wordNet();
        boolean noun = lexicon.isNoun(lower);
        boolean adjective = wordNet.isAdjective(lower);
        boolean insidePhrase = last == Tag.DETERMINER
                || last == Tag.POSSESSIVE
                || last == Tag.ADJECTIVE
                || last == Tag.NUMBER
                || last == Tag.PREPOSITION;
        if (last == Tag.TO && wordNet.isVerb(lower)) {
            return Tag.BASE_VERB;
        }
        boolean adverbBetween = last == Tag.ADVERB && before.size() > 1;
        Word governor = before.isEmpty() ? null : before.get(before.size() - (adverbBetween ? 2 : 1));
        boolean afterAuxiliary = governor != null && governor.tag() == Tag.AUXILIARY;
        String auxiliary = afterAuxiliary ? governor.text().toLowerCase(Locale.ROOT) : "";
        if (Lexicon.MODALS.contains(auxiliary) && wordNet.isVerb(lower)) {
            return Tag.BASE_VERB;
        }
        if (lower.endsWith("ing") && lexicon.isGerund(lower)) {
            return insidePhrase && noun && last != Tag.PREPOSITION ? Tag.NOUN : Tag.GERUND;
        }
        if (lexicon.basePast(lower).isPresent() || lexicon.isOnlyParticiple(lower)) {
            if (afterAuxiliary || lower.equals("been")) {
                return Tag.PARTICIPLE;
            }
            if (insidePhrase && last != Tag.NUMBER) {
                return Tag.ADJECTIVE;
            }
            if (noun && !lower.endsWith("ed") && last != Tag.NOUN && last != Tag.NAME && last != Tag.PRONOUN) {
                return Tag.NOUN;
            }
            return lexicon.isOnlyParticiple(lower) || next.equals("by") || last == Tag.PUNCTUATION
                    ? Tag.PARTICIPLE
                    : Tag.FINITE_VERB;
        }
        if (lower.endsWith("ly") && wordNet.isAdverb(lower)) {
            return Tag.ADVERB;
        }
        if (lexicon.basePresent(lower).isPresent() && !insidePhrase) {
            boolean subject = last == Tag.NAME
                    || last == Tag.PRONOUN
                    || last == Tag.SUBORDINATOR
                    || last == Tag.ADVERB
                    || last == Tag.NOUN && (!noun || Lexicon.DETERMINERS.contains(next) || closed(next));
            if (subject
                    && !(last == Tag.NOUN
                            && lexicon.isPlural(before.get(before.size() - 1).text()))) {
                return Tag.FINITE_VERB;
            }
        }
        if (adjective && (!noun || lexicon.isNoun(next) && !closed(next))) {
            return Tag.ADJECTIVE;
        }
        boolean plural = last == Tag.NOUN
                && lexicon.isPlural(before.get(before.size() - 1).text());
        boolean people =
                last == Tag.PRONOUN && before.get(before.size() - 1).text().matches("(?i)they|we|you|I");
        if (wordNet.isVerb(lower) && (people || plural && (!noun || closed(next)))) {
            return Tag.FINITE_VERB;
        }
        if (noun) {
            return Tag.NOUN;
        }
        return wordNet.isAdverb(lower) ? Tag.ADVERB : Tag.NOUN;
    }
}
