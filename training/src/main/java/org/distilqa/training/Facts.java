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

/** Made-up texts of several facts each, with questions, from the patterns in the folder {@code facts}. */
final class Facts {
    private static final Pattern CHOICE = Pattern.compile("\\(([^()]*)\\)");
    private static final Pattern SLOT = Pattern.compile("\\{([a-zA-Z]+)(?::(\\w+))?(?:\\.(\\w+))?\\}|<(\\w+)=|>");

    private static final List<String> FILES = List.of(
            "arts.txt", "general.txt", "history.txt", "ideas.txt", "nature.txt", "places.txt", "technology.txt");

    /** Ways to tell a fact, and for what it tells the ways to ask for it. */
    private record Fact(List<String> tellings, Map<String, List<String>> questions) {}

    /** A text with what fills its slots. */
    private final class Text {
        private final Map<String, String> values = new HashMap<>();
        private final String pronoun = random.nextBoolean() ? "he" : "she";
        private final StringBuilder context = new StringBuilder();
        private final List<Example> asked = new ArrayList<>();

        /** The questions that name something that another text does not, moved on by some characters. */
        List<Example> askedBeside(Text other, int shift) {
            return asked.stream()
                    .filter(example -> values.values().stream()
                            .map(value -> value.substring(value.lastIndexOf(' ') + 1))
                            .anyMatch(word -> word.length() > 3
                                    && example.question().contains(word)
                                    && other.context.indexOf(word) < 0))
                    .map(example -> new Example(example.question(), "", example.start() + shift, example.end() + shift))
                    .toList();
        }

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
            String value = values.computeIfAbsent(key(small, label), key -> other(small));
            if ("last".equals(part)) {
                value = value.substring(value.lastIndexOf(' ') + 1);
            }
            return Character.isUpperCase(name.charAt(0)) ? capital(value) : value;
        }

        /** A value that the text does not have yet, if one is drawn within some tries. */
        private String other(String name) {
            String value = draw(name);
            for (int i = 1; i < TRIES && values.containsValue(value); i++) {
                value = draw(name);
            }
            return value;
        }
    }

    private static final int TRIES = 5;

    private final Slots slots;
    private final Random random;
    private final List<List<Fact>> sorts = new ArrayList<>();
    private final Map<String, List<String>> lists = new HashMap<>();

    Facts(Slots slots, Random random) {
        this.slots = slots;
        this.random = random;
        FILES.forEach(this::read);
    }

    private String draw(String name) {
        List<String> list = lists.get(name);
        return list == null ? slots.value(name) : list.get(random.nextInt(list.size()));
    }

    private static String key(String name, String label) {
        return label == null ? name : name + ":" + label;
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private void read(String file) {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(Facts.class.getResourceAsStream("facts/" + file), StandardCharsets.UTF_8))) {
            for (String line : reader.lines().toList()) {
                read(file, line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(String file, String line) {
        String rest = line.isEmpty() ? "" : line.substring(line.indexOf(' ') + 1);
        int colon = rest.indexOf(" : ");
        if (line.startsWith("@ ")) {
            lists.put(
                    rest.substring(0, colon), List.of(rest.substring(colon + 3).split(" \\| ")));
        } else if (line.startsWith("# ")) {
            sorts.add(new ArrayList<>());
        } else if (line.startsWith("+ ")) {
            sorts.get(sorts.size() - 1).add(new Fact(List.of(rest.split(" \\| ")), new LinkedHashMap<>()));
        } else if (line.startsWith("? ")) {
            List<Fact> facts = sorts.get(sorts.size() - 1);
            facts.get(facts.size() - 1)
                    .questions()
                    .put(
                            rest.substring(0, colon),
                            List.of(rest.substring(colon + 3).split(" \\| ")));
        } else if (!line.isBlank() && !line.startsWith("## ")) {
            throw new IllegalArgumentException(file + ": a line begins with none of ## @ # + ?: " + line);
        }
    }

    /**
     * A new text with some of the questions that it answers. A quarter of the texts tell of two things of the same sort, so that
     * a question's words must be heeded beside its type.
     */
    List<Example> examples(int questions) {
        List<Fact> sort = sorts.get(random.nextInt(sorts.size()));
        List<Example> asked = new ArrayList<>();
        String context;
        if (random.nextInt(4) > 0) {
            Text text = text(sort, 3 + random.nextInt(5));
            asked.addAll(text.asked);
            context = text.context.toString();
        } else {
            Text first = text(sort, 2 + random.nextInt(2));
            Text second = text(sort, 2 + random.nextInt(2));
            asked.addAll(first.askedBeside(second, 0));
            asked.addAll(second.askedBeside(first, first.context.length() + 1));
            context = first.context + " " + second.context;
        }
        Collections.shuffle(asked, random);
        String whole = brackets(context);
        return asked.stream()
                .limit(questions)
                .map(example -> new Example(example.question(), whole, example.start(), example.end()))
                .toList();
    }

    /** A text of so many facts of a sort. */
    private Text text(List<Fact> sort, int count) {
        List<Fact> facts = new ArrayList<>(sort);
        if (random.nextInt(4) > 0) {
            Collections.shuffle(facts.subList(1, facts.size()), random);
        }
        Text text = new Text();
        for (Fact fact : facts.subList(0, Math.min(count, facts.size()))) {
            tell(fact, text);
        }
        return text;
    }

    private static String brackets(String text) {
        return text.replace('[', '(').replace(']', ')');
    }

    private void tell(Fact fact, Text text) {
        if (!text.context.isEmpty()) {
            text.context.append(' ');
        }
        Map<String, int[]> places = new HashMap<>();
        int begin = text.context.length();
        fill(choose(fact.tellings().get(random.nextInt(fact.tellings().size()))), text, text.context, places);
        text.context.setCharAt(begin, Character.toUpperCase(text.context.charAt(begin)));
        fact.questions().forEach((slot, questions) -> {
            int[] place = places.get(slot);
            if (place == null) {
                return;
            }
            StringBuilder question = new StringBuilder();
            fill(choose(questions.get(random.nextInt(questions.size()))), text, question, new HashMap<>());
            String answer = text.context.substring(place[0], place[1]);
            if (!question.toString().toLowerCase(Locale.ROOT).contains(answer.toLowerCase(Locale.ROOT))) {
                text.asked.add(new Example(brackets(capital(question.toString())), "", place[0], place[1]));
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
