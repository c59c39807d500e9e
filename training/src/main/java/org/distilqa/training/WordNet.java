package org.distilqa.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The nouns, verbs, adjectives and adverbs of WordNet 3.0, from its database files (wndb(5WN)). */
final class WordNet {
    /** The lexicographer's files of nouns (lexnames(5WN)) that matter here, by their numbers. */
    enum Kind {
        ACT(4),
        ANIMAL(5),
        ARTIFACT(6),
        BODY(8),
        COMMUNICATION(10),
        EVENT(11),
        FOOD(13),
        GROUP(14),
        LOCATION(15),
        OBJECT(17),
        PERSON(18),
        PLANT(20),
        SUBSTANCE(27),
        TIME(28),
        OTHER(-1);

        private final int file;

        Kind(int file) {
            this.file = file;
        }

        private static Kind of(int file) {
            for (Kind kind : values()) {
                if (kind.file == file) {
                    return kind;
                }
            }
            return OTHER;
        }
    }

    /**
     * A set of nouns of one meaning.
     *
     * @param words its words, spaces in them
     * @param kind what sort of thing it is
     * @param instance whether it is one thing with a name
     * @param parent the place of its more general meaning, or -1
     * @param gloss the definition, without examples
     */
    record Synset(List<String> words, Kind kind, boolean instance, int parent, String gloss) {}

    private final Map<Integer, Synset> nouns = new LinkedHashMap<>();
    private final Map<String, List<Integer>> nounSenses = new HashMap<>();
    private final Map<String, List<String>> synonyms = new HashMap<>();
    private final Map<String, Integer> commonness = new HashMap<>();
    private final Map<String, Boolean> verbs = new LinkedHashMap<>();
    private final Map<String, Boolean> adjectives = new LinkedHashMap<>();
    private final Map<String, Boolean> adverbs = new LinkedHashMap<>();
    private final Map<String, String> verbExceptions = new LinkedHashMap<>();
    private final Map<String, String> nounExceptions = new LinkedHashMap<>();

    private WordNet() {}

    /** Reads the folder with {@code data.noun} and the rest. */
    static WordNet read(Path directory) {
        WordNet wordNet = new WordNet();
        for (String line : lines(directory.resolve("data.noun"))) {
            wordNet.addNoun(line);
        }
        for (String line : lines(directory.resolve("index.noun"))) {
            wordNet.addNounSenses(line);
        }
        index(directory.resolve("index.verb"), wordNet.verbs);
        index(directory.resolve("index.adj"), wordNet.adjectives);
        index(directory.resolve("index.adv"), wordNet.adverbs);
        for (String part : List.of("verb", "adj")) {
            for (String line : lines(directory.resolve("data." + part))) {
                wordNet.addSynonyms(words(line.split(" ")));
            }
        }
        exceptions(directory.resolve("verb.exc"), wordNet.verbExceptions);
        exceptions(directory.resolve("noun.exc"), wordNet.nounExceptions);
        return wordNet;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> !line.startsWith(" "))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void index(Path file, Map<String, Boolean> words) {
        for (String line : lines(file)) {
            words.put(line.substring(0, line.indexOf(' ')), true);
        }
    }

    private static void exceptions(Path file, Map<String, String> forms) {
        for (String line : lines(file)) {
            String[] words = line.split(" ");
            forms.putIfAbsent(words[0], words[1]);
        }
    }

    private static List<String> words(String[] fields) {
        int count = Integer.parseInt(fields[3], 16);
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            words.add(fields[4 + 2 * i].replaceAll("\\(.*\\)", "").replace('_', ' '));
        }
        return words;
    }

    private void addNoun(String line) {
        String[] fields = line.split(" ");
        List<String> words = words(fields);
        int at = 4 + 2 * words.size();
        int pointers = Integer.parseInt(fields[at]);
        int parent = -1;
        boolean instance = false;
        for (int i = 0; i < pointers; i++) {
            String symbol = fields[at + 1 + 4 * i];
            if (parent < 0 && symbol.startsWith("@")) {
                parent = Integer.parseInt(fields[at + 2 + 4 * i]);
                instance = symbol.equals("@i");
            }
        }
        String gloss = line.substring(line.indexOf("| ") + 2).trim().replaceAll("; \".*", "");
        nouns.put(
                Integer.parseInt(fields[0]),
                new Synset(words, Kind.of(Integer.parseInt(fields[1])), instance, parent, gloss));
        addSynonyms(words);
    }

    private void addNounSenses(String line) {
        String[] fields = line.split(" ");
        int senses = Integer.parseInt(fields[2]);
        List<Integer> places = new ArrayList<>();
        for (int i = fields.length - senses; i < fields.length; i++) {
            places.add(Integer.parseInt(fields[i]));
        }
        nounSenses.put(fields[0].replace('_', ' '), places);
        commonness.put(fields[0].replace('_', ' '), Integer.parseInt(fields[fields.length - senses - 1]));
    }

    private void addSynonyms(List<String> words) {
        List<String> single =
                words.stream().filter(word -> word.matches("[a-z]{3,}")).toList();
        if (single.size() > 1) {
            // The first set of a word is not always its commonest meaning; a wrong synonym is noise that does no harm.
            single.forEach(word -> synonyms.putIfAbsent(word, single));
        }
    }

    Iterable<Synset> nouns() {
        return nouns.values();
    }

    /** Words of about the same meaning, the word itself among them; empty if there are none. */
    List<String> synonyms(String word) {
        return synonyms.getOrDefault(word, List.of());
    }

    /** The commonest meaning of a noun. */
    Optional<Synset> noun(String word) {
        List<Integer> senses = nounSenses.get(word.toLowerCase(Locale.ROOT));
        return senses == null ? Optional.empty() : Optional.of(nouns.get(senses.get(0)));
    }

    /** All meanings of a noun, the commonest first. */
    List<Synset> senses(String word) {
        return nounSenses.getOrDefault(word, List.of()).stream().map(nouns::get).toList();
    }

    /** The more general meaning. */
    Optional<Synset> parent(Synset synset) {
        return Optional.ofNullable(nouns.get(synset.parent()));
    }

    /** The meaning of a name: the first sense that is an instance. */
    Optional<Synset> instance(String name) {
        return nounSenses.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                .map(nouns::get)
                .filter(Synset::instance)
                .findFirst();
    }

    /** The more general word for a meaning, such as "river" for the Nile. */
    Optional<String> category(Synset synset) {
        return parent(synset).map(parent -> parent.words().get(0));
    }

    boolean isNoun(String word) {
        return nounSenses.containsKey(word);
    }

    boolean isVerb(String word) {
        return verbs.containsKey(word);
    }

    boolean isAdjective(String word) {
        return adjectives.containsKey(word);
    }

    boolean isAdverb(String word) {
        return adverbs.containsKey(word);
    }

    Iterable<String> verbs() {
        return verbs.keySet();
    }

    Map<String, String> verbExceptions() {
        return verbExceptions;
    }

    Map<String, String> nounExceptions() {
        return nounExceptions;
    }

    /** Common nouns of one word and of a kind in their commonest meaning, the more often used the better. */
    List<String> commonNouns(Kind kind, int minimumUses) {
        List<String> found = new ArrayList<>();
        for (Map.Entry<String, List<Integer>> entry : nounSenses.entrySet()) {
            String word = entry.getKey();
            Synset synset = nouns.get(entry.getValue().get(0));
            if (synset.kind() == kind
                    && !synset.instance()
                    && word.matches("[a-z]{3,12}")
                    && synset.words().contains(word)
                    && commonness.get(word) >= minimumUses) {
                found.add(word);
            }
        }
        found.sort(null);
        return found;
    }

    /** Names of things of a kind, such as places. */
    List<String> names(Kind kind) {
        List<String> found = new ArrayList<>();
        for (Synset synset : nouns.values()) {
            if (synset.kind() == kind && synset.instance()) {
                synset.words().stream()
                        .filter(word -> word.matches("[A-Z][a-z]+( [A-Z][a-z]+){0,2}"))
                        .findFirst()
                        .ifPresent(found::add);
            }
        }
        return found;
    }
}
