package org.distilqa.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.distilqa.cli.CommandRun.run;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.distilqa.cli.DocumentationPage.Block;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;

/** README.md, docs/ and what else is written, held to what they speak of. */
class DocumentationTest {
    private static final Path ROOT = DocumentationPage.ROOT;
    private static final String INDEX = "docs/README.md";

    /** What follows the name of a program that is started in the shell, to where another one begins. */
    private static final Pattern DISTILQA = Pattern.compile("\\./distilqa(?= |$|\\))([^\\n]*)");

    private static final Pattern SCRIPT =
            Pattern.compile("(?<![\\w/.-])(benchmarks/run|training/run|device-tt/check-on-ttnn|spark/run)( [^\\n]*)?");
    private static final Pattern OPTION = Pattern.compile("(?<=[ \\[(])--[a-z][a-z-]*");
    private static final Pattern MAVEN_MODULES = Pattern.compile("mvn [^\\n]*-pl ([\\w,!/-]+)");
    private static final Pattern TEST = Pattern.compile("\\w*[a-z]Test");
    private static final Pattern PATH = Pattern.compile("(\\.?[\\w.-]+)(/[\\w.@-]+)+/?");
    private static final Pattern DEPENDENCY =
            Pattern.compile("<artifactId>(distilqa-[a-z-]+)</artifactId>\\s*<version>([^<]+)</version>");
    private static final Pattern PAGE_NAMED = Pattern.compile("docs/[\\w-]+\\.(?:md|svg)");

    @TempDir
    private Path directory;

    /** All pages, from the root of the checkout. */
    private static List<DocumentationPage> pages() throws IOException {
        return files().filter(file -> file.toString().endsWith(".md"))
                .map(DocumentationPage::read)
                .toList();
    }

    /** The files of the checkout but for what is built and what is not the checkout's. */
    private static Stream<Path> files() throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                String name = folder.getFileName().toString();
                boolean others = name.equals("target") || name.equals("node_modules") || name.equals(".git");
                return others ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                found.add(ROOT.relativize(file));
                return FileVisitResult.CONTINUE;
            }
        });
        return found.stream().sorted();
    }

    private static List<Block> blocks() throws IOException {
        return pages().stream().flatMap(page -> page.blocks().stream()).toList();
    }

    private static String read(Path file) throws IOException {
        return Files.readString(ROOT.resolve(file));
    }

    // ---- Links and names

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        for (DocumentationPage page : pages()) {
            for (String link : page.links()) {
                if (!link.matches("[a-z]+:.*") && !leadsSomewhere(page, link)) {
                    broken.add(page.path() + ": " + link);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    private static boolean leadsSomewhere(DocumentationPage page, String link) {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty()
                ? page.path()
                : page.path().resolveSibling(parts[0]).normalize();
        if (!Files.exists(ROOT.resolve(target))) {
            return false;
        }
        return parts.length == 1 || DocumentationPage.read(target).anchors().contains(parts[1]);
    }

    @Test
    void everyPageIsFoundFromTheReadme() throws IOException {
        Set<Path> reached = new TreeSet<>();
        Deque<Path> next = new ArrayDeque<>(List.of(Path.of("README.md")));
        while (!next.isEmpty()) {
            Path path = next.pop();
            if (path.toString().endsWith(".md") && reached.add(path)) {
                for (String link : DocumentationPage.read(path).links()) {
                    if (!link.contains(":") && !link.startsWith("#")) {
                        next.add(path.resolveSibling(link.replaceFirst("#.*", ""))
                                .normalize());
                    }
                }
            }
        }
        List<Path> docs = pages().stream()
                .map(DocumentationPage::path)
                .filter(path -> path.startsWith("docs"))
                .toList();
        assertThat(docs).hasSizeGreaterThan(10);
        assertThat(reached).containsAll(docs);
    }

    /** The index has each page once, so that one reads it to know what there is. */
    @Test
    void theIndexHasEveryPageOnce() throws IOException {
        List<String> linked = DocumentationPage.read(Path.of(INDEX)).links().stream()
                .filter(link -> link.endsWith(".md") && !link.startsWith(".."))
                .toList();
        assertThat(linked)
                .containsExactlyInAnyOrderElementsOf(pages().stream()
                        .map(DocumentationPage::path)
                        .filter(path -> path.startsWith("docs") && !path.endsWith("README.md"))
                        .map(path -> path.getFileName().toString())
                        .toList());
    }

    @Test
    void thePagesThatTheSourcesNameAreThere() throws IOException {
        List<String> missing = new ArrayList<>();
        List<Path> sources = files().filter(file -> file.toString().matches(".*(\\.(java|py|xml|sh|h|cpp|md|txt)|run)"))
                .toList();
        for (Path source : sources) {
            for (MatchResult name : PAGE_NAMED.matcher(read(source)).results().toList()) {
                if (!Files.exists(ROOT.resolve(name.group()))) {
                    missing.add(source + ": " + name.group());
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    /** Such as device-tt/src/main/native/front, and tests by their names. What a build makes is not there yet. */
    @Test
    void theFilesAndTestsThatThePagesNameAreThere() throws IOException {
        List<Path> files = files().toList();
        Set<String> names = new TreeSet<>();
        files.forEach(file -> names.add(file.getFileName().toString()));
        List<String> missing = new ArrayList<>();
        for (DocumentationPage page : pages()) {
            for (String code : page.inlineCode()) {
                if (TEST.matcher(code).matches() && !names.contains(code + ".java")) {
                    missing.add(page.path() + ": " + code);
                }
                Matcher path = PATH.matcher(code);
                if (path.matches()
                        && Files.isDirectory(ROOT.resolve(path.group(1)))
                        && !code.contains("/target")
                        && !Files.exists(ROOT.resolve(code))
                        && !Files.exists(ROOT.resolve(page.path()).resolveSibling(code))) {
                    missing.add(page.path() + ": " + code);
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void theDependenciesInThePagesAreThisVersionsArtifacts() throws IOException {
        String version = Pattern.compile("<version>([^<]+)</version>")
                .matcher(read(Path.of("pom.xml")))
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
        Set<String> artifacts = new TreeSet<>();
        for (Path pom : files().filter(file -> file.endsWith("pom.xml")).toList()) {
            String text = read(pom).replaceFirst("(?s)<parent>.*?</parent>", "");
            Matcher artifact =
                    Pattern.compile("<artifactId>([^<]+)</artifactId>").matcher(text);
            if (artifact.find()) {
                artifacts.add(artifact.group(1));
            }
        }
        int dependencies = 0;
        for (Block block : blocks()) {
            Matcher dependency = DEPENDENCY.matcher(block.text());
            while (dependency.find()) {
                assertThat(artifacts).as(block.place()).contains(dependency.group(1));
                assertThat(dependency.group(2)).as(block.place()).isEqualTo(version);
                dependencies++;
            }
        }
        assertThat(dependencies).isPositive();
    }

    // ---- Commands

    @Test
    void theCommandLinesAreUnderstood() throws IOException {
        List<String> refused = new ArrayList<>();
        int commands = 0;
        for (DocumentationPage page : pages()) {
            for (String text : commandsOf(page)) {
                // In a line of text a command has no more than what matters there.
                boolean inLine = page.inlineCode().contains(text);
                for (MatchResult command : DISTILQA.matcher(text).results().toList()) {
                    commands++;
                    String refusal = refusal(words(command.group(1)), inLine);
                    if (!refusal.isEmpty()) {
                        refused.add(page.path() + ": " + command.group() + ": " + refusal);
                    }
                }
            }
        }
        assertThat(refused).isEmpty();
        assertThat(commands).isGreaterThan(30);
    }

    /** What may be a command, in blocks and in lines. */
    private static List<String> commandsOf(DocumentationPage page) {
        List<String> texts = new ArrayList<>(page.inlineCode());
        page.blocks().forEach(block -> texts.addAll(block.commands()));
        return texts;
    }

    /** What the command line has against these words, or nothing. */
    private static String refusal(List<String> words, boolean inLine) {
        List<String> given = new ArrayList<>(words);
        // Whatever is left out may be what is missing.
        boolean shortened = given.removeIf("..."::equals) || inLine;
        given.replaceAll(word -> word.equals("N") ? "1" : word);
        if (given.isEmpty() || given.contains("--help") || given.contains("--version")) {
            return "";
        }
        CommandLine commandLine = DistilQa.whole().setExpandAtFiles(false);
        try {
            commandLine.parseArgs(given.toArray(String[]::new));
            return "";
        } catch (MissingParameterException e) {
            return shortened ? "" : e.getMessage();
        } catch (ParameterException e) {
            return e.getMessage();
        }
    }

    /** The words of a command as the shell takes them, to where another command or a redirection begins. */
    private static List<String> words(String command) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < command.length(); i++) {
            char c = command.charAt(i);
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
                inWord = true;
            } else if ("|<>;&)#".indexOf(c) >= 0 && (c != '#' || !inWord)) {
                break;
            } else if (c == ' ') {
                if (inWord) {
                    words.add(word.toString());
                }
                word.setLength(0);
                inWord = false;
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }

    /** The options of our other programs, which stand in their sources. */
    @Test
    void theOptionsOfScriptsAreInTheirSources() throws IOException {
        List<String> unknown = new ArrayList<>();
        for (DocumentationPage page : pages()) {
            for (String text : commandsOf(page)) {
                for (MatchResult command : SCRIPT.matcher(text).results().toList()) {
                    String sources = sourcesOf(command.group(1));
                    String arguments =
                            command.group(2) == null ? "" : command.group(2).replaceFirst(" [|>&#].*", "");
                    for (MatchResult option :
                            OPTION.matcher(arguments).results().toList()) {
                        if (!sources.contains(option.group().substring(2))) {
                            unknown.add(page.path() + ": " + command.group(1) + " " + option.group());
                        }
                    }
                }
            }
        }
        assertThat(unknown).isEmpty();
    }

    private static String sourcesOf(String script) throws IOException {
        Path folder = Path.of(script).getName(0);
        StringBuilder sources = new StringBuilder(read(Path.of(script)));
        List<Path> files = files().filter(
                        file -> file.startsWith(folder) && file.toString().matches(".*\\.(java|py)"))
                .toList();
        for (Path file : files) {
            sources.append(read(file));
        }
        // argparse is given the names of variables there.
        return folder.endsWith("training") ? sources.toString().replace('_', '-') : sources.toString();
    }

    @Test
    void theModulesThatMavenIsToBuildAreThere() throws IOException {
        for (Block block : blocks()) {
            for (MatchResult modules :
                    MAVEN_MODULES.matcher(block.text()).results().toList()) {
                for (String module : modules.group(1).split(",")) {
                    assertThat(ROOT.resolve(module.replaceFirst("^!", "")).resolve("pom.xml"))
                            .as(block.place())
                            .exists();
                }
            }
        }
    }

    /** Those that need no file, with all that they print, but for figures. */
    @Test
    void whatIsShownOfAnswersIsWhatIsPrinted() throws IOException {
        int shown = 0;
        for (Block block : blocks()) {
            List<String> lines = block.commands().stream().map(String::strip).toList();
            for (int i = 0; i < lines.size(); i++) {
                Matcher command = DISTILQA.matcher(lines.get(i));
                if (lines.get(i).startsWith("$ ./distilqa answer") && command.find()) {
                    List<String> words = words(command.group(1));
                    if (words.contains("--context")) {
                        int end = i + 1;
                        while (end < lines.size() && !lines.get(end).startsWith("$ ")) {
                            end++;
                        }
                        List<String> printed =
                                run(words.toArray(String[]::new)).out().lines().toList();
                        assertThat(withoutFigures(lines.subList(i + 1, end)))
                                .as(block.place())
                                .isEqualTo(withoutFigures(printed));
                        shown++;
                    }
                }
            }
        }
        assertThat(shown).isPositive();
    }

    /** Scores and the device are the machine's. */
    private static List<String> withoutFigures(List<String> lines) {
        return lines.stream()
                .filter(line -> !line.isBlank() && !line.startsWith("distilqa: "))
                .map(line -> line.strip()
                        .replaceAll("\\d\\.\\d+(E-?\\d+)?", "#")
                        .replaceAll("\"device\":\"[^\"]+\"", "\"device\":\"\""))
                .toList();
    }

    // ---- Java

    @Test
    void theJavaInThePagesCompilesOrStandsInASourceThatDoes() throws IOException {
        DocumentationSnippets snippets = new DocumentationSnippets(directory);
        int pieces = 0;
        for (Block block : blocks()) {
            if (block.language().equals("java")) {
                pieces++;
                if (block.takenFrom().isEmpty()) {
                    snippets.add(block);
                } else {
                    assertThat(stripped(read(Path.of(block.takenFrom()))))
                            .as(block.place())
                            .contains(stripped(block.text()));
                }
            }
        }
        snippets.compile();
        assertThat(pieces).isGreaterThan(10);
    }

    private static String stripped(String source) {
        StringBuilder stripped = new StringBuilder("\n");
        source.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .forEach(line -> stripped.append(line).append('\n'));
        return stripped.toString();
    }
}
