package org.distilqa;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Which package uses which, by the names in the sources of all modules. The package {@code org.distilqa} is the words that all
 * others share (requests, answers, exceptions) and the door, {@link QuestionAnswerer}, behind which they stand: everybody may use
 * the words, nobody behind the door opens it, and among the others there is no circle.
 */
class PackagesTest {
    private static final String WORDS = "org.distilqa";
    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|//[^\n]*", Pattern.DOTALL);
    private static final Pattern PACKAGE = Pattern.compile("^package ([\\w.]+);", Pattern.MULTILINE);
    private static final Pattern NAME = Pattern.compile("\\b(org\\.distilqa(?:\\.[a-z]\\w*)*)\\.([A-Z]\\w*)");

    /** The names that a file of sources uses. */
    private record Source(String ofPackage, List<MatchResult> names) {
        static Source read(Path file) {
            try {
                String code = COMMENT.matcher(Files.readString(file)).replaceAll("");
                MatchResult ofPackage =
                        PACKAGE.matcher(code).results().findFirst().orElseThrow();
                return new Source(
                        ofPackage.group(1), NAME.matcher(code).results().toList());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The sources of all modules, which may stand in another module's folder. */
    private static List<Source> ofAllModules() throws IOException {
        List<Source> sources = new ArrayList<>();
        try (Stream<Path> folders = Files.walk(Path.of(".."), 2)) {
            for (Path folder : folders.map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                sources.addAll(sources(folder));
            }
        }
        return sources;
    }

    private static List<Source> sources(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java") && !file.endsWith("module-info.java"))
                    .map(Source::read)
                    .toList();
        }
    }

    private static Map<String, Set<String>> uses(List<Source> sources) {
        Map<String, Set<String>> uses = new TreeMap<>();
        for (Source source : sources) {
            Set<String> used = uses.computeIfAbsent(source.ofPackage(), name -> new TreeSet<>());
            source.names().forEach(name -> used.add(name.group(1)));
            used.remove(source.ofPackage());
            used.remove(WORDS);
        }
        return uses;
    }

    /** Packages of which each uses the next and the last the first. */
    private static Optional<List<String>> circle(Map<String, Set<String>> uses) {
        Set<String> clear = new TreeSet<>();
        for (String start : uses.keySet()) {
            Optional<List<String>> circle = circle(start, uses, new ArrayDeque<>(), clear);
            if (circle.isPresent()) {
                return circle;
            }
        }
        return Optional.empty();
    }

    private static Optional<List<String>> circle(
            String at, Map<String, Set<String>> uses, Deque<String> way, Set<String> clear) {
        if (way.contains(at)) {
            List<String> circle = new ArrayList<>(way);
            return Optional.of(circle.subList(circle.indexOf(at), circle.size()));
        }
        way.addLast(at);
        for (String used : uses.getOrDefault(at, Set.of())) {
            Optional<List<String>> circle = clear.contains(used) ? Optional.empty() : circle(used, uses, way, clear);
            if (circle.isPresent()) {
                return circle;
            }
        }
        way.removeLast();
        clear.add(at);
        return Optional.empty();
    }

    @Test
    void noPackageOfAnyModuleUsesOneThatUsesIt() throws IOException {
        Map<String, Set<String>> uses = uses(ofAllModules());
        assertThat(uses)
                .containsKeys("org.distilqa.execution", "org.distilqa.device.cpu", "org.distilqa.examples.spring");
        assertThat(circle(uses)).isEmpty();
    }

    @Test
    void aCircleOfThreeIsFound() {
        assertThat(circle(Map.of("a", Set.of("b"), "b", Set.of("c"), "c", Set.of("d"), "d", Set.of("b")))
                        .orElseThrow())
                .containsExactlyInAnyOrder("b", "c", "d");
        assertThat(circle(Map.of("a", Set.of("b", "c"), "b", Set.of("c")))).isEmpty();
    }

    @Test
    void nothingBehindTheDoorUsesTheDoor() throws IOException {
        Set<String> users = sources(Path.of("src/main/java")).stream()
                .filter(source -> !source.ofPackage().equals(WORDS))
                .filter(source -> source.names().stream()
                        .anyMatch(name ->
                                name.group(1).equals(WORDS) && name.group(2).equals("QuestionAnswerer")))
                .map(Source::ofPackage)
                .collect(Collectors.toSet());
        assertThat(users).isEmpty();
    }
}
