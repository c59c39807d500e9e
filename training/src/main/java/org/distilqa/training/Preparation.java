package org.distilqa.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.StringJoiner;
import java.util.zip.GZIPInputStream;

/** Makes the vocabulary and the training examples. The same seed makes the same files from the same packages. */
final class Preparation {
    private static final int WORDS = 11000;
    private static final int PIECES = 2400;
    private static final int HELD_OUT = 600;

    private final Path work;
    private final int examples;
    private final Path validation;
    private final Random random = new Random(20261123);

    /**
     * @param work the folder for packages and examples
     * @param examples how many examples to make
     * @param validation questions in SQuAD's format, or null
     */
    Preparation(Path work, int examples, Path validation) {
        this.work = work;
        this.examples = examples;
        this.validation = validation;
    }

    void run() throws IOException {
        Path packages = work.resolve("packages");
        WordNet wordNet =
                WordNet.read(new DebianPackage("wordnet-base").unpack(packages).resolve("usr/share/wordnet"));
        Lexicon lexicon = new Lexicon(wordNet);
        Path miscfiles = new DebianPackage("miscfiles").unpack(packages);
        List<String> firstNames = lines(miscfiles.resolve("usr/share/dict/propernames.gz")).stream()
                .filter(name -> name.matches("[A-Z][a-z]{2,}"))
                .toList();
        List<String> countries = lines(miscfiles.resolve("usr/share/misc/countries.gz")).stream()
                .filter(line -> line.matches("\\d+:.*"))
                .map(line -> line.split(":")[3])
                .filter(name -> name.matches("[A-Z][a-z]+( [A-Z][a-z]+)?"))
                .toList();
        List<String> paragraphs = new ArrayList<>(new Prose(packages).paragraphs());
        Collections.shuffle(paragraphs, random);
        log(paragraphs.size() + " paragraphs, "
                + paragraphs.stream().mapToLong(String::length).sum() / 1000 + " thousand characters");

        Facts facts = new Facts(new Slots(lexicon, firstNames, countries, random), random);
        Glosses glosses = new Glosses(wordNet, random);
        ProseExamples prose = new ProseExamples(
                new Tagger(lexicon), new QuestionMaker(lexicon, new HashSet<>(firstNames), random), random);
        List<Example> made = make(facts, glosses, prose, paragraphs);
        log(made.size() + " examples");
        writeSamples(made);

        Path checkpoint = work.resolve("checkpoint");
        writeVocabulary(checkpoint, wordNet, made, paragraphs);
        writeForms(checkpoint, lexicon);
        writeVectors(checkpoint, wordNet, lexicon, made, paragraphs);
        encode(checkpoint, made);
        if (validation != null) {
            encodeValidation(checkpoint);
        }
    }

    /** Seven tenths made up, a twentieth definitions, the rest from prose; a tenth of the questions all in small letters. */
    private List<Example> make(Facts facts, Glosses glosses, ProseExamples prose, List<String> paragraphs) {
        List<Example> made = new ArrayList<>();
        while (made.size() < examples * 7 / 10) {
            made.addAll(facts.examples(3));
        }
        while (made.size() < examples * 3 / 4) {
            made.add(glosses.example());
        }
        while (made.size() < examples) {
            int before = made.size();
            for (String paragraph : ProseExamples.joined(paragraphs, random)) {
                if (made.size() < examples) {
                    made.addAll(prose.examples(paragraph, 1 + paragraph.length() / 250));
                }
            }
            log(made.size() - before + " examples from one pass through the prose");
        }
        Collections.shuffle(made, random);
        made.replaceAll(example -> random.nextInt(10) > 0
                ? example
                : new Example(
                        example.question().toLowerCase(Locale.ROOT),
                        example.context(),
                        example.start(),
                        example.end()));
        return made;
    }

    private void writeSamples(List<Example> made) throws IOException {
        try (PrintStream out =
                new PrintStream(Files.newOutputStream(work.resolve("samples.txt")), false, StandardCharsets.UTF_8)) {
            for (Example example : made.subList(0, Math.min(made.size(), 400))) {
                out.println("Q " + example.question());
                out.println("A " + example.answer());
                out.println("C " + example.context());
                out.println();
            }
        }
    }

    /** A vocabulary that is there is kept: weights trained with it fit no other. */
    private void writeVocabulary(Path checkpoint, WordNet wordNet, List<Example> made, List<String> paragraphs)
            throws IOException {
        if (Files.exists(checkpoint.resolve("vocab.txt"))) {
            log("the vocabulary is there");
            return;
        }
        WordPieces pieces = new WordPieces();
        paragraphs.forEach(pieces::add);
        wordNet.nouns().forEach(synset -> pieces.add(synset.gloss()));
        for (Example example : made) {
            pieces.add(example.question());
            if (random.nextInt(4) == 0) {
                pieces.add(example.context());
            }
        }
        List<String> vocabulary = pieces.learn(WORDS, PIECES);
        Files.createDirectories(checkpoint);
        Files.write(checkpoint.resolve("vocab.txt"), vocabulary);
        Files.writeString(checkpoint.resolve("tokenizer_config.json"), """
                {
                  "tokenizer_class": "DistilBertTokenizer",
                  "do_lower_case": false,
                  "strip_accents": true,
                  "tokenize_chinese_chars": true,
                  "model_max_length": 512
                }
                """);
        log("a vocabulary of " + vocabulary.size() + " pieces");
    }

    /** The base forms of the vocabulary's words, for the first weights. */
    private void writeForms(Path checkpoint, Lexicon lexicon) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String word : Files.readAllLines(checkpoint.resolve("vocab.txt"))) {
            if (word.matches("[a-z]+")) {
                lexicon.base(word).ifPresent(base -> lines.add(word + "\t" + base));
            }
        }
        Files.write(work.resolve(Initialization.FORMS), lines);
    }

    /** The vectors of the vocabulary's words, from the prose, the examples' texts and WordNet's definitions. */
    private void writeVectors(
            Path checkpoint, WordNet wordNet, Lexicon lexicon, List<Example> made, List<String> paragraphs)
            throws IOException {
        // The vocabulary's whole words stand in the order of their frequency.
        List<String> words = Files.readAllLines(checkpoint.resolve("vocab.txt")).stream()
                .filter(word -> word.matches("[A-Za-z]{2,}"))
                .map(word -> word.toLowerCase(Locale.ROOT))
                .distinct()
                .toList();
        WordVectors vectors = new WordVectors(words);
        paragraphs.forEach(vectors::add);
        for (Example example : made.subList(0, Math.min(made.size(), 40000))) {
            vectors.add(example.question() + " " + example.context());
        }
        for (WordNet.Synset synset : wordNet.nouns()) {
            synset.words().forEach(word -> vectors.add(word + " " + synset.gloss()));
        }
        List<String> lines = new ArrayList<>();
        vectors.vectors(wordNet, lexicon, Initialization.wordColumns(Training.WIDTH), 3)
                .forEach((word, vector) -> {
                    StringJoiner numbers = new StringJoiner(" ");
                    for (float element : vector) {
                        numbers.add(Float.toString(element));
                    }
                    lines.add(word + "\t" + numbers);
                });
        Files.write(work.resolve(Initialization.VECTORS), lines);
        log(lines.size() + " vectors of words");
    }

    /** A set of questions in SQuAD's format, with the first answer of each, to watch the training by. */
    private void encodeValidation(Path checkpoint) throws IOException {
        int written = 0;
        try (Encoder encoder = new Encoder(checkpoint, 384, random);
                DataOutputStream out = output("validation.bin")) {
            for (JsonNode paragraph :
                    new ObjectMapper().readTree(validation.toFile()).findValues("paragraphs")) {
                for (JsonNode part : paragraph) {
                    for (JsonNode question : part.get("qas")) {
                        JsonNode answer = question.get("answers").get(0);
                        int start = answer.get("answer_start").intValue();
                        var encoded = encoder.encode(new Example(
                                question.get("question").textValue(),
                                part.get("context").textValue(),
                                start,
                                start + answer.get("text").textValue().length()));
                        if (encoded.isPresent()) {
                            encoded.get().write(out);
                            written++;
                        }
                    }
                }
            }
        }
        log(written + " questions to watch the training by");
    }

    private void encode(Path checkpoint, List<Example> made) throws IOException {
        long tokens = 0;
        int written = 0;
        try (Encoder encoder = new Encoder(checkpoint, 256, random);
                DataOutputStream training = output("training.bin");
                DataOutputStream heldOut = output("held-out.bin")) {
            for (Example example : made) {
                var encoded = encoder.encode(example);
                if (encoded.isPresent()) {
                    encoded.get().write(written < HELD_OUT ? heldOut : training);
                    written++;
                    tokens += encoded.get().length();
                }
            }
        }
        log(written + " examples of " + tokens / Math.max(1, written) + " tokens on average");
    }

    private DataOutputStream output(String name) throws IOException {
        return new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(work.resolve(name)), 1 << 16));
    }

    private static List<String> lines(Path gzip) throws IOException {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(gzip)), StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        }
    }

    private static void log(String message) {
        System.err.println("training: " + message);
    }
}
