package org.distilqa.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.distilqa.training.WordNet.Kind;

/**
 * Turns sentences into questions by rules: an answer is chosen, a question word takes its place and moves to the front, the
 * auxiliary before the subject; then words are left out or replaced by synonyms, so that a question does not only repeat its
 * sentence.
 */
final class QuestionMaker {
    private static final Pattern YEAR = Pattern.compile("1\\d{3}s?|20\\d\\ds?");
    private static final Set<String> MONTHS = Set.copyOf(Slots.MONTHS);

    /** What sort of answer a phrase is, which decides the question word. */
    private enum Type {
        PERSON,
        PLACE,
        DATE,
        COUNT,
        THING
    }

    /** A question and its answer in the sentence. */
    record Question(String text, int start, int end) {}

    private final Lexicon lexicon;
    private final Set<String> firstNames;
    private final Random random;

    QuestionMaker(Lexicon lexicon, Set<String> firstNames, Random random) {
        this.lexicon = lexicon;
        this.firstNames = firstNames;
        this.random = random;
    }

    /**
     * All questions that the rules find for a sentence.
     *
     * @param before the sentence before it, whose subject a pronoun is taken for if it is a name; may be empty
     */
    List<Question> questions(List<Word> words, List<Word> before) {
        List<Question> questions = new ArrayList<>();
        Optional<Clause> found = Clause.of(words);
        if (found.isPresent()) {
            Clause clause = resolved(found.get(), before);
            boolean pronoun = clause.hasPronoun() && clause.antecedent().isEmpty()
                    || words.get(clause.subject())
                            .text()
                            .matches("(?i)this|these|that|those|such|his|her|its|their|another");
            if (!pronoun) {
                askAfterVerb(clause, questions);
                askForReason(clause, questions);
                askForFronted(clause, questions);
            }
            askForSubject(clause, questions);
        }
        return questions;
    }

    private static Clause resolved(Clause clause, List<Word> before) {
        if (before.isEmpty() || !clause.words().get(clause.subject()).text().matches("(?i)he|she|it|they")) {
            return clause;
        }
        return Clause.of(before)
                .filter(previous -> before.get(previous.verb() - 1).tag() == Tag.NAME)
                .map(previous -> clause.withAntecedent(previous.subjectText()))
                .orElse(clause);
    }

    // The subject: "Who founded the town in 1802?"

    private void askForSubject(Clause clause, List<Question> questions) {
        List<Word> words = clause.words();
        Tag first = words.get(clause.subject()).tag();
        if (first == Tag.PRONOUN
                || first == Tag.POSSESSIVE
                || words.get(clause.subject()).text().matches("(?i)this|these|that|those|such|another")) {
            return;
        }
        List<Phrase> phrases = clause.phrases(clause.subject(), clause.verb(), true);
        if (phrases.size() != 1
                || phrases.get(0).to() != clause.verb()
                || phrases.get(0).from() != clause.subject()) {
            return;
        }
        Phrase phrase = phrases.get(0);
        String rest = clause.text(clause.verb(), cut(clause, clause.verb() + 1, -1, -1));
        Type type = type(clause, phrase);
        String wh = switch (type) {
            case PERSON -> one("Who", "Who", "Who", "Which person");
            case PLACE -> one("What", "Which place", "What place", categoryQuestion(clause, phrase));
            case COUNT -> "How many " + clause.text(phrase.from() + 1, phrase.to());
            case DATE -> "When";
            case THING -> one("What", "What", categoryQuestion(clause, phrase));
        };
        add(questions, clause, phrase.from(), type == Type.COUNT ? phrase.from() + 1 : phrase.to(), wh + " " + rest);
    }

    // What stands after the verb: "When was the town founded?"

    private void askAfterVerb(Clause clause, List<Question> questions) {
        for (Phrase phrase : clause.phrases(clause.verb() + 1, clause.end(), random.nextInt(3) > 0)) {
            if (isUsable(clause, phrase)) {
                Type type = type(clause, phrase);
                String preposition = phrase.preposition() < 0
                        ? ""
                        : clause.words().get(phrase.preposition()).text().toLowerCase(Locale.ROOT);
                // "How many ships" is answered by the number alone.
                int to = type == Type.COUNT ? phrase.from() + 1 : phrase.to();
                add(questions, clause, phrase.from(), to, asked(clause, phrase, type, preposition));
            }
        }
    }

    private String asked(Clause clause, Phrase phrase, Type type, String preposition) {
        boolean none = preposition.isEmpty();
        String noun = clause.text(phrase.to() - 1, phrase.to());
        String wh;
        String stranded = "";
        switch (type) {
            case DATE -> {
                boolean year = YEAR.matcher(noun).matches();
                wh = none || preposition.matches("in|on|at|during")
                        ? one(
                                "When",
                                "When",
                                year ? "In what year" : "When",
                                year ? "In which year" : "On what date",
                                "What year")
                        : preposition + " " + one("when", "what year");
            }
            case COUNT ->
                wh = (none ? "" : preposition + " ") + "how many " + clause.text(phrase.from() + 1, phrase.to());
            case PLACE -> {
                String category = categoryQuestion(clause, phrase);
                boolean location = preposition.matches("in|at|near|on|to|into|around|from|across");
                wh = location
                        ? one("Where", "Where", preposition + " " + category, "In " + category)
                        : one(category, "What place");
                stranded = location || none ? "" : preposition;
                if (wh.equals("Where") && preposition.equals("from")) {
                    stranded = "from";
                }
            }
            case PERSON -> {
                wh = one("Who", "Who", "Whom", "Which person");
                stranded = preposition;
            }
            default -> {
                String category = categoryQuestion(clause, phrase);
                wh = one("What", "What", "What", category);
                if (!none && random.nextInt(3) == 0) {
                    wh = preposition + " " + wh.toLowerCase(Locale.ROOT);
                } else {
                    stranded = preposition;
                }
            }
        }
        int stop = cut(clause, clause.verb() + 1, phrase.begin(), phrase.to());
        if (random.nextInt(12) == 0) {
            // The question word stays where the answer was.
            String before = clause.text(clause.verb(), Math.min(stop, phrase.begin()));
            return clause.subjectText() + " " + before + " " + (stranded.isEmpty() ? "" : stranded + " ")
                    + lowerFirst(wh);
        }
        String rest = without(clause, phrase, stop);
        return wh + " " + fronted(clause, rest) + " " + stranded;
    }

    /** The clause as a question has it: auxiliary, subject, the rest. */
    private String fronted(Clause clause, String rest) {
        Word verb = clause.words().get(clause.verb());
        String subject = clause.subjectText();
        if (verb.tag() == Tag.AUXILIARY) {
            return verb.text() + " " + subject + " " + rest;
        }
        Optional<String> past = lexicon.basePast(verb.text());
        if (past.isPresent()) {
            return "did " + subject + " " + past.get() + " " + rest;
        }
        Optional<String> present = lexicon.basePresent(verb.text());
        return present.isPresent()
                ? "does " + subject + " " + present.get() + " " + rest
                : "do " + subject + " " + verb.text() + " " + rest;
    }

    private static String without(Clause clause, Phrase phrase, int stop) {
        String before = clause.text(clause.verb() + 1, Math.min(stop, phrase.begin()));
        String after = stop > phrase.to() ? clause.text(phrase.to(), stop) : "";
        return (before + " " + after).strip();
    }

    /** Where to stop: often before the clause's end, at the end of a phrase. */
    private int cut(Clause clause, int from, int answerBegin, int answerEnd) {
        List<Integer> stops = new ArrayList<>();
        for (Phrase phrase : clause.phrases(from, clause.end(), true)) {
            if (phrase.to() <= answerBegin || phrase.from() >= answerEnd) {
                stops.add(phrase.to());
            }
        }
        if (stops.isEmpty() || answerBegin >= 0 && random.nextInt(5) == 0) {
            return answerBegin >= 0 ? answerBegin : clause.end();
        }
        return random.nextInt(3) == 0 ? clause.end() : stops.get(random.nextInt(stops.size()));
    }

    // Reasons and ways: "Why was the ship abandoned?"

    private void askForReason(Clause clause, List<Question> questions) {
        List<Word> words = clause.words();
        for (int i = clause.verb() + 2; i < words.size() - 2; i++) {
            Word word = words.get(i);
            boolean because =
                    word.is("because") || word.is("since") && words.get(i + 1).tag() == Tag.PRONOUN;
            boolean soThat = word.is("so") && words.get(i + 1).is("that");
            boolean purpose = word.tag() == Tag.TO
                    && words.get(i + 1).tag() == Tag.BASE_VERB
                    && i < clause.end()
                    && i > clause.verb() + 2;
            boolean way = word.is("by") && words.get(i + 1).tag() == Tag.GERUND;
            if (!because && !soThat && !purpose && !way || i > clause.end()) {
                continue;
            }
            int end = i + 1;
            while (end < words.size()
                    && !(words.get(end).tag() == Tag.PUNCTUATION
                            && !words.get(end).is("-"))) {
                end++;
            }
            if (end - i < 3 || end - i > 16) {
                return;
            }
            int from = because && random.nextBoolean()
                    ? i + 1
                    : soThat && random.nextInt(3) == 0 ? i + 2 : way ? i + 1 : i;
            String rest = clause.text(clause.verb() + 1, i).replaceAll(",$", "");
            String wh = way ? "How" : one("Why", "Why", "For what reason");
            add(questions, clause, from, end, wh + " " + fronted(clause, rest));
            return;
        }
    }

    private void askForFronted(Clause clause, List<Question> questions) {
        if (clause.subject() < 2) {
            return;
        }
        for (Phrase phrase : clause.phrases(0, clause.subject(), true)) {
            Type type = type(clause, phrase);
            if (!isUsable(clause, phrase) || type != Type.DATE && type != Type.PLACE) {
                continue;
            }
            String rest = clause.text(clause.verb() + 1, cut(clause, clause.verb() + 1, -1, -1));
            String wh = type == Type.DATE
                    ? one("When", "In what year", "What year")
                    : one("Where", "In " + categoryQuestion(clause, phrase));
            add(questions, clause, phrase.from(), phrase.to(), wh + " " + fronted(clause, rest));
        }
    }

    // Types of answers

    private boolean isUsable(Clause clause, Phrase phrase) {
        if (phrase.to() - phrase.from() > 9) {
            return false;
        }
        String head = clause.words().get(phrase.to() - 1).text().toLowerCase(Locale.ROOT);
        return head.length() > 1
                && !Set.of(
                                "example",
                                "addition",
                                "fact",
                                "order",
                                "way",
                                "thing",
                                "things",
                                "part",
                                "terms",
                                "course",
                                "case",
                                "kind")
                        .contains(head);
    }

    private Type type(Clause clause, Phrase phrase) {
        List<Word> words = clause.words().subList(phrase.from(), phrase.to());
        Word first = words.get(0);
        Word head = words.get(words.size() - 1);
        for (Word word : words) {
            if (YEAR.matcher(word.text()).matches()
                    || MONTHS.contains(word.text())
                    || word.text().matches("centur(y|ies)")) {
                return Type.DATE;
            }
        }
        if (first.tag() == Tag.NUMBER
                && words.size() > 1
                && head.tag() == Tag.NOUN
                && !first.text().matches(".*(st|nd|rd|th)")) {
            return Type.COUNT;
        }
        String preposition = phrase.preposition() < 0
                ? ""
                : clause.words().get(phrase.preposition()).text().toLowerCase(Locale.ROOT);
        if (head.tag() == Tag.NAME) {
            return nameType(clause.text(phrase.from(), phrase.to()).replaceFirst("^[Tt]he ", ""), first, preposition);
        }
        Kind kind = lexicon.wordNet()
                .noun(head.text())
                .or(() -> lexicon.singular(head.text()).flatMap(lexicon.wordNet()::noun))
                .map(WordNet.Synset::kind)
                .orElse(Kind.OTHER);
        if (kind == Kind.PERSON) {
            return Type.PERSON;
        }
        return kind == Kind.LOCATION && preposition.matches("in|at|near|on|to|from") ? Type.PLACE : Type.THING;
    }

    private Type nameType(String name, Word first, String preposition) {
        Optional<WordNet.Synset> instance = lexicon.wordNet().instance(name);
        if (instance.isPresent()) {
            return switch (instance.get().kind()) {
                case PERSON -> Type.PERSON;
                case LOCATION, OBJECT -> Type.PLACE;
                default -> Type.THING;
            };
        }
        if (firstNames.contains(first.text())
                || name.matches("[A-Z][a-z]+ [A-Z][a-z]+")
                        && random.nextInt(3) > 0
                        && preposition.matches("|by|with|to|from|of")) {
            return Type.PERSON;
        }
        return preposition.matches("in|at|near|to|from|around") ? Type.PLACE : Type.THING;
    }

    /** "which city", by WordNet; "what" and the phrase's own head for a common noun with something before it. */
    private String categoryQuestion(Clause clause, Phrase phrase) {
        String name = clause.text(phrase.from(), phrase.to()).replaceFirst("^[Tt]he ", "");
        Word head = clause.words().get(phrase.to() - 1);
        Optional<String> category = head.tag() == Tag.NAME
                ? lexicon.wordNet().instance(name).flatMap(lexicon.wordNet()::category)
                : Optional.empty();
        if (category.isPresent()) {
            return one("which ", "what ") + category.get();
        }
        if (head.tag() == Tag.NOUN
                && phrase.to() - phrase.from() > 1
                && clause.words().get(phrase.to() - 2).tag() != Tag.DETERMINER) {
            return one("what ", "which ", "what kind of ", "what type of ") + head.text();
        }
        return "what";
    }

    // Putting together

    private void add(List<Question> questions, Clause clause, int from, int to, String text) {
        int start = clause.words().get(from).start();
        int end = clause.words().get(to - 1).end();
        String question = noisy(text.replaceAll("\\s+", " ")
                .replaceAll(" ?[,;:]+(?= |$)", " ")
                .replaceAll("\"", "")
                .replaceAll("\\s+", " ")
                .strip());
        String[] asked = question.split(" ");
        long content =
                Arrays.stream(asked).skip(1).filter(QuestionMaker::isContent).count();
        if (content >= 2 && asked.length >= 4 && asked.length <= 24) {
            questions.add(new Question(upperFirst(question) + (random.nextInt(25) == 0 ? "" : "?"), start, end));
        }
    }

    /** Whether a word tells which sentence is meant. */
    private static boolean isContent(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        return word.length() > 3
                && !Lexicon.isAuxiliary(lower)
                && !Lexicon.PRONOUNS.contains(lower)
                && !Lexicon.PREPOSITIONS.contains(lower)
                && !Lexicon.SUBORDINATORS.contains(lower)
                && !Lexicon.DETERMINERS.contains(lower)
                && !Lexicon.ADVERBS.contains(lower);
    }

    private String noisy(String question) {
        StringBuilder text = new StringBuilder();
        String[] words = question.split(" ");
        boolean rough = random.nextInt(3) == 0;
        for (int i = 0; i < words.length; i++) {
            String word = words[i];
            boolean plain = i > 1 && word.matches("[a-z]{4,}");
            if (plain && rough && random.nextInt(7) == 0) {
                continue;
            }
            if (plain && random.nextInt(8) == 0) {
                List<String> synonyms = lexicon.wordNet().synonyms(word);
                if (!synonyms.isEmpty()) {
                    word = synonyms.get(random.nextInt(synonyms.size()));
                }
            }
            text.append(text.isEmpty() ? "" : " ").append(word);
        }
        return text.toString();
    }

    private String one(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static String upperFirst(String text) {
        return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private static String lowerFirst(String text) {
        return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }
}
