package org.distilqa.training;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Paragraphs of English prose from Debian's packages; see the model card for the list and the licences. */
final class Prose {
    private static final Pattern BLOCK =
            Pattern.compile("(?is)<(p|li|dd|td)\\b[^>]*>(.*?)(?=</\\1>|<(p|li|dd|td|h\\d|ul|ol|table|pre)\\b)");
    private static final Pattern CHARACTER = Pattern.compile("&#(\\d+);");

    private final Path packages;

    /**
     * @param packages where packages are unpacked
     */
    Prose(Path packages) {
        this.packages = packages;
    }

    /** All paragraphs, each once, in a fixed order. */
    List<String> paragraphs() {
        List<String> all = new ArrayList<>();
        add(all, html("anarchism", "usr/share/doc/anarchism/html", ".*\\.html"));
        add(all, html("stellarium-data", "usr/share/stellarium/skycultures", ".*description\\.en\\.utf8"));
        add(all, html("debian-handbook", "usr/share/doc/debian-handbook/html/en-US", ".*\\.html"));
        add(all, html("debian-history", "usr/share/doc/debian-history/docs", ".*\\.en\\.html"));
        add(all, docbook("kalzium-data", "usr/share/doc/HTML/en/kalzium"));
        add(all, docbook("marble-data", "usr/share/doc/HTML/en/marble"));
        add(all, freeciv());
        add(all, foldoc());
        return List.copyOf(new LinkedHashSet<>(all));
    }

    private static void add(List<String> all, List<String> paragraphs) {
        int before = all.size();
        paragraphs.stream().map(Prose::clean).filter(Prose::isProse).forEach(all::add);
        System.err.println("training: a source of " + (all.size() - before) + " paragraphs");
    }

    private Path root(String name) {
        return new DebianPackage(name).unpack(packages);
    }

    private List<String> html(String name, String folder, String pattern) {
        return files(root(name).resolve(folder), pattern).stream()
                .flatMap(file -> blocks(read(file)).stream())
                .toList();
    }

    private List<String> docbook(String name, String folder) {
        return files(root(name).resolve(folder), ".*\\.docbook").stream()
                .flatMap(file -> blocks(read(file).replaceAll("<(/?)para\\b", "<$1p")).stream())
                .toList();
    }

    private static List<String> blocks(String html) {
        List<String> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(html);
        while (matcher.find()) {
            blocks.add(matcher.group(2));
        }
        return blocks;
    }

    private List<String> freeciv() {
        String text = read(root("freeciv-data").resolve("usr/share/games/freeciv/helpdata.txt"));
        List<String> paragraphs = new ArrayList<>();
        Matcher matcher = Pattern.compile("(?s)_\\(\"(.*?)\"\\)").matcher(text);
        while (matcher.find()) {
            paragraphs.add(matcher.group(1).replace("\\n", " ").replace("\\", ""));
        }
        return paragraphs;
    }

    /** The Free On-line Dictionary of Computing: entries at the margin, their text indented. */
    private List<String> foldoc() {
        Path file = root("dict-foldoc").resolve("usr/share/dictd/foldoc.dict.dz");
        List<String> paragraphs = new ArrayList<>();
        StringBuilder paragraph = new StringBuilder();
        for (String line : gzip(file).split("\n")) {
            if (line.isBlank() || !line.startsWith(" ")) {
                paragraphs.add(paragraph
                        .toString()
                        .replaceAll("<[^>]*>|^\\s*\\d+\\.", " ")
                        .replaceAll("[{}]", ""));
                paragraph.setLength(0);
            } else {
                paragraph.append(line).append(' ');
            }
        }
        return paragraphs;
    }

    private static List<Path> files(Path folder, String pattern) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().matches(pattern))
                    .sorted(Comparator.naturalOrder())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String gzip(Path file) {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            return reader.lines().collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String clean(String raw) {
        String text = raw.replaceAll("(?s)<[^>]*>", " ")
                .replace("&nbsp;", " ")
                .replace("&quot;", "\"")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&")
                .replaceAll("&[a-z]+;", " ");
        text = CHARACTER.matcher(text).replaceAll(match -> {
            int code = Integer.parseInt(match.group(1));
            return code < 0xffff ? Matcher.quoteReplacement(String.valueOf((char) code)) : " ";
        });
        return text.replaceAll("[“”]", "\"")
                .replaceAll("[‘’]", "'")
                .replaceAll("\\s*\\[[^\\]]{0,80}\\]", "")
                .replaceAll("\\s+", " ")
                .replaceAll(" ([.,;:?!)])", "$1")
                .trim();
    }

    private static final Set<String> TELLING = Set.of(" the ", " of ", " is ", " was ", " and ", " to ", " in ", " a ");

    private static boolean isProse(String text) {
        long letters =
                text.chars().filter(c -> Character.isLetter(c) || c == ' ').count();
        return text.length() >= 60
                && text.length() <= 4000
                && letters > 0.85 * text.length()
                && text.matches("(?s)[\"'(]?[A-Z0-9].*[.!?][\")']?")
                && TELLING.stream().filter(text::contains).count() >= 3;
    }
}
