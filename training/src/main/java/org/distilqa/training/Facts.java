package org.distilqa.training;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Made-up texts of several facts each, with questions, from the patterns in {@code facts.txt}. */
final class Facts {
    private static final Pattern CHOICE = Pattern.compile("\\(([^()]*)\\)");
    private static final Pattern SLOT = Pattern.compile("\\{([a-zA-Z]+)(?::(\\w+))?(?:\\.(\\w+))?\\}|<(\\w+)=|>");

    /** Ways to tell a fact, and for what it tells the ways to ask for it. */
    private record Fact(List<String> tellings, Map<String, List<String>> questions) {}

    /** A text with what fills its slots. */
    private final class Text {
        private final Map<String, String> values = new HashMap<>();
        private final String pronoun = random.nextBoolean() ? "he" : "she";
        private final StringBuilder context = new StringBuilder();

        String value(String name, String label, String part) {
            String small = name.toLowerCase(Locale.ROOT);
            if (small.equals("he")) {
                return name.equals("He") ? capital(pronoun) : pronoun;
            }
            if (small.equals("his")) {
                return pronoun.equals("he") ? "his" : "her";
            }
            if (small.equals("him")) {
                return pronoun.equals("he") ? "him" : "her";
            }
            String value = values.computeIfAbsent(key(small, label), key -> slots.value(small));
            if ("last".equals(part)) {
                value = value.substring(value.lastIndexOf(' ') + 1);
            }
            return Character.isUpperCase(name.charAt(0)) ? capital(value) : value;
        }
    }

    private final Slots slots;
    private final Random random;
    private final List<List<Fact>> sorts = new ArrayList<>();

    Facts(Slots slots, Random random) {
        this.slots = slots;
        this.random = random;
        read();
    }

    private static String key(String name, String label) {
        return label == null ? name : name + ":" + label;
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private void read() {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(Facts.class.getResourceAsStream("facts.txt"), StandardCharsets.UTF_8))) {
            for (String line : reader.lines().toList()) {
                if (line.startsWith("# ") && !line.contains(".")) {
                    sorts.add(new ArrayList<>());
                } else if (line.startsWith("+ ")) {
                    sorts.get(sorts.size() - 1)
                            .add(new Fact(List.of(line.substring(2).split(" \\| ")), new LinkedHashMap<>()));
                } else if (line.startsWith("? ")) {
                    List<Fact> facts = sorts.get(sorts.size() - 1);
                    int colon = line.indexOf(" : ");
                    facts.get(facts.size() - 1)
                            .questions()
                            .put(
                                    line.substring(2, colon),
                                    List.of(line.substring(colon + 3).split(" \\| ")));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new text with some of the questions that it answers. */
    List<Example> examples(int questions) {
        List<Fact> facts = new ArrayList<>(sorts.get(random.nextInt(sorts.size())));
        if (random.nextInt(4) > 0) {
            Collections.shuffle(facts.subList(1, facts.size()), random);
        }
        int count = Math.min(facts.size(), 3 + random.nextInt(5));
        Text text = new Text();
        List<Example> asked = new ArrayList<>();
        for (Fact fact : facts.subList(0, count)) {
            tell(fact, text, asked);
        }
        Collections.shuffle(asked, random);
        String context = text.context.toString();
        return asked.stream()
                .limit(questions)
                .map(example -> new Example(example.question(), context, example.start(), example.end()))
                .toList();
    }

    private void tell(Fact fact, Text text, List<Example> asked) {
        if (!text.context.isEmpty()) {
            text.context.append(' ');
        }
        Map<String, int[]> places = new HashMap<>();
        fill(choose(fact.tellings().get(random.nextInt(fact.tellings().size()))), text, text.context, places);
        fact.questions().forEach((slot, questions) -> {
            int[] place = places.get(slot);
            if (place == null) {
                return;
            }
            StringBuilder question = new StringBuilder();
            fill(choose(questions.get(random.nextInt(questions.size()))), text, question, new HashMap<>());
            String answer = text.context.substring(place[0], place[1]);
            if (!question.toString().toLowerCase(Locale.ROOT).contains(answer.toLowerCase(Locale.ROOT))) {
                asked.add(new Example(capital(question.toString()), "", place[0], place[1]));
            }
        });
    }

    private String choose(String pattern) {
        String chosen = pattern;
        for (Optional<String> next = Optional.of(pattern); next.isPresent(); next = chooseInnermost(chosen)) {
            chosen = next.get();
        }
        return chosen;
    }

    private Optional<String> chooseInnermost(String pattern) {
        Matcher matcher = CHOICE.matcher(pattern);
        if (!matcher.find()) {
            return Optional.empty();
        }
        String[] choices = matcher.group(1).split("/");
        // A single choice in brackets may be left out.
        String choice = choices.length == 1 && random.nextBoolean() ? "" : choices[random.nextInt(choices.length)];
        return Optional.of((pattern.substring(0, matcher.start()) + choice + pattern.substring(matcher.end()))
                .replaceAll("  +", " ")
                .replaceAll(" ([?.,;])", "$1"));
    }

    private void fill(String pattern, Text text, StringBuilder filled, Map<String, int[]> places) {
        Matcher matcher = SLOT.matcher(pattern);
        int from = 0;
        String open = "";
        int openedAt = 0;
        while (matcher.find()) {
            filled.append(pattern, from, matcher.start());
            from = matcher.end();
            if (matcher.group(4) != null) {
                open = matcher.group(4);
                openedAt = filled.length();
            } else if (matcher.group(1) == null) {
                places.put(open, new int[] {openedAt, filled.length()});
                text.values.putIfAbsent(open, filled.substring(openedAt));
            } else {
                int start = filled.length();
                filled.append(text.value(matcher.group(1), matcher.group(2), matcher.group(3)));
                if (matcher.group(3) == null) {
                    places.putIfAbsent(
                            key(matcher.group(1).toLowerCase(Locale.ROOT), matcher.group(2)),
                            new int[] {start, filled.length()});
                }
            }
        }
        filled.append(pattern.substring(from));
    }
}
