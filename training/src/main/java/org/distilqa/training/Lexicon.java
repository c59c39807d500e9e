package org.distilqa.training;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Closed classes of English words, and the forms of the verbs and nouns of WordNet. */
final class Lexicon {
    static final Set<String> BE = Set.of("is", "are", "was", "were");
    static final Set<String> HAVE = Set.of("has", "have", "had");
    static final Set<String> MODALS =
            Set.of("can", "could", "will", "would", "may", "might", "must", "shall", "should", "did", "does", "do");
    static final Set<String> DETERMINERS = Set.of(
            "the", "a", "an", "this", "that", "these", "those", "each", "every", "all", "some", "any", "no", "another",
            "both", "many", "several", "most", "few", "such", "other", "much", "more");
    static final Set<String> POSSESSIVES = Set.of("his", "her", "its", "their", "our", "my", "your");
    static final Set<String> PREPOSITIONS = Set.of(
            "of",
            "in",
            "on",
            "at",
            "by",
            "with",
            "from",
            "for",
            "into",
            "through",
            "during",
            "about",
            "against",
            "between",
            "among",
            "under",
            "over",
            "after",
            "before",
            "around",
            "near",
            "since",
            "until",
            "within",
            "without",
            "towards",
            "toward",
            "across",
            "along",
            "behind",
            "beyond",
            "beside",
            "above",
            "below",
            "as",
            "like",
            "upon",
            "onto",
            "off",
            "inside",
            "outside",
            "throughout",
            "despite",
            "via",
            "per",
            "than");
    static final Set<String> PRONOUNS = Set.of(
            "he",
            "she",
            "it",
            "they",
            "we",
            "you",
            "i",
            "him",
            "them",
            "us",
            "me",
            "himself",
            "itself",
            "themselves",
            "there",
            "one",
            "none",
            "something",
            "anything",
            "nothing",
            "everyone",
            "anyone",
            "someone",
            "others");
    static final Set<String> CONJUNCTIONS = Set.of("and", "or", "but", "nor", "yet", "&");
    static final Set<String> SUBORDINATORS = Set.of(
            "because",
            "although",
            "though",
            "while",
            "whereas",
            "if",
            "unless",
            "that",
            "which",
            "who",
            "whom",
            "whose",
            "when",
            "where",
            "why",
            "how",
            "what",
            "whether",
            "so");
    /** Adverbs that WordNet has as rare nouns too, or that stand between the parts of a verb. */
    static final Set<String> ADVERBS = Set.of(
            "not",
            "also",
            "then",
            "thus",
            "hence",
            "however",
            "therefore",
            "indeed",
            "here",
            "still",
            "even",
            "only",
            "often",
            "never",
            "always",
            "out",
            "up",
            "down",
            "away",
            "back",
            "again",
            "too",
            "just",
            "now",
            "less",
            "very",
            "rather",
            "quite",
            "already",
            "soon",
            "later",
            "once",
            "together",
            "instead",
            "moreover");

    private static final Set<String> NUMBERS = Set.of(
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
            "thirty",
            "forty",
            "fifty",
            "sixty",
            "seventy",
            "eighty",
            "ninety",
            "hundred",
            "thousand",
            "million",
            "billion",
            "dozen");
    /** Participles that are never finite. */
    private static final Set<String> PARTICIPLES = Set.of(
            "written",
            "taken",
            "given",
            "known",
            "seen",
            "done",
            "gone",
            "begun",
            "drawn",
            "grown",
            "shown",
            "thrown",
            "flown",
            "blown",
            "worn",
            "torn",
            "born",
            "borne",
            "sworn",
            "broken",
            "spoken",
            "chosen",
            "frozen",
            "stolen",
            "woven",
            "driven",
            "risen",
            "ridden",
            "hidden",
            "bitten",
            "eaten",
            "beaten",
            "fallen",
            "forgotten",
            "gotten",
            "shaken",
            "drunk",
            "sung",
            "sunk",
            "rung",
            "swum",
            "been",
            "proven",
            "mistaken",
            "overtaken",
            "undertaken",
            "forbidden",
            "withdrawn",
            "awoken",
            "forgiven",
            "laid",
            "made",
            "held",
            "built",
            "called",
            "named",
            "based",
            "used",
            "located");

    private final WordNet wordNet;
    private final Map<String, String> pasts = new HashMap<>();
    private final Map<String, String> presents = new HashMap<>();
    private final Map<String, String> gerunds = new HashMap<>();

    Lexicon(WordNet wordNet) {
        this.wordNet = wordNet;
        for (String verb : wordNet.verbs()) {
            if (!verb.matches("[a-z]{2,}")) {
                continue;
            }
            presents.putIfAbsent(withS(verb), verb);
            pasts.putIfAbsent(withSuffix(verb, "ed"), verb);
            gerunds.putIfAbsent(withSuffix(verb, "ing"), verb);
        }
        wordNet.verbExceptions().forEach((form, base) -> {
            if (form.endsWith("ing")) {
                gerunds.put(form, base);
            } else if (form.endsWith("s")) {
                presents.put(form, base);
            } else {
                pasts.put(form, base);
            }
        });
    }

    private static String withS(String verb) {
        if (verb.matches(".*(s|x|z|ch|sh|o)")) {
            return verb + "es";
        }
        return verb.matches(".*[^aeiou]y") ? verb.substring(0, verb.length() - 1) + "ies" : verb + "s";
    }

    private static String withSuffix(String verb, String suffix) {
        if (verb.endsWith("e") && !(suffix.equals("ing") && verb.matches(".*(ee|oe|ye)"))) {
            return verb.substring(0, verb.length() - 1) + suffix;
        }
        if (suffix.equals("ed") && verb.matches(".*[^aeiou]y")) {
            return verb.substring(0, verb.length() - 1) + "ied";
        }
        return verb + suffix;
    }

    WordNet wordNet() {
        return wordNet;
    }

    static boolean isAuxiliary(String word) {
        return BE.contains(word) || HAVE.contains(word) || MODALS.contains(word);
    }

    static boolean isNumber(String word) {
        return NUMBERS.contains(word) || word.matches("\\d[\\d,.]*(st|nd|rd|th|s|%)?");
    }

    /** The base form of a verb's past, such as "find" of "found". */
    Optional<String> basePast(String word) {
        return Optional.ofNullable(pasts.get(word.toLowerCase(Locale.ROOT)));
    }

    /** The base form of a verb's third person, such as "find" of "finds". */
    Optional<String> basePresent(String word) {
        return Optional.ofNullable(presents.get(word.toLowerCase(Locale.ROOT)));
    }

    boolean isGerund(String word) {
        return gerunds.containsKey(word);
    }

    boolean isOnlyParticiple(String word) {
        return PARTICIPLES.contains(word)
                && !Set.of("made", "held", "built", "used", "laid", "called", "named")
                        .contains(word);
    }

    /** The singular of a noun that may be a plural. */
    Optional<String> singular(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        String irregular = wordNet.nounExceptions().get(lower);
        if (irregular != null) {
            return Optional.of(irregular);
        }
        for (String candidate : new String[] {
            lower.replaceFirst("ies$", "y"), lower.replaceFirst("es$", ""), lower.replaceFirst("s$", "")
        }) {
            if (!candidate.equals(lower) && wordNet.isNoun(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    boolean isNoun(String word) {
        return wordNet.isNoun(word) || singular(word).isPresent();
    }

    boolean isPlural(String word) {
        return !word.endsWith("ss") && singular(word).isPresent();
    }

    /** The base form of an inflected verb or noun, such as "find" of "found" and "city" of "cities"; empty for others. */
    Optional<String> base(String word) {
        if (word.length() < 4
                || isAuxiliary(word)
                || PREPOSITIONS.contains(word)
                || ADVERBS.contains(word)
                || DETERMINERS.contains(word)
                || PRONOUNS.contains(word)
                || SUBORDINATORS.contains(word)) {
            return Optional.empty();
        }
        return basePast(word)
                .or(() -> basePresent(word))
                .or(() -> Optional.ofNullable(gerunds.get(word)))
                .or(() -> singular(word))
                .filter(base -> !base.equals(word));
    }
}
