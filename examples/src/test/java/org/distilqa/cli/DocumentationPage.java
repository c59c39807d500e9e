package org.distilqa.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of Markdown, as far as its checks need it: headings, links, code in lines, and blocks of code, fenced or indented.
 *
 * @param path where it is, from the root of the checkout
 * @param text all of it
 */
record DocumentationPage(Path path, String text) {
    /** The root of the checkout, as seen from the module that runs the tests. */
    static final Path ROOT = Path.of("..");

    private static final Pattern FENCE = Pattern.compile(" *```(\\S*).*");
    private static final Pattern HEADING = Pattern.compile("#+ (.*)");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern CODE = Pattern.compile("`((?:[^`\n]|\n(?!\n))+)`");
    private static final Pattern TAKEN_FROM = Pattern.compile("<!-- from (\\S+) -->");

    /**
     * A block of code.
     *
     * @param page where it stands
     * @param line the number of its first line, from 1
     * @param language what the fence says; empty if nothing, or if there is no fence
     * @param takenFrom the file that the line above says it stands in; empty if it says none
     * @param lines its lines
     */
    record Block(DocumentationPage page, int line, String language, String takenFrom, List<String> lines) {
        String place() {
            return page.path() + ":" + line;
        }

        String text() {
            return String.join("\n", lines) + "\n";
        }

        /** Its lines, where those that end with a backslash are one with the next. */
        List<String> commands() {
            return List.of(text().replaceAll("\\\\\n\\s*", "").split("\n"));
        }
    }

    static DocumentationPage read(Path path) {
        try {
            return new DocumentationPage(path, Files.readString(ROOT.resolve(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All blocks of code, in their order. */
    List<Block> blocks() {
        List<String> lines = text.lines().toList();
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Matcher fence = FENCE.matcher(lines.get(i));
            if (fence.matches()) {
                int end = i + 1;
                while (!lines.get(end).strip().equals("```")) {
                    end++;
                }
                Matcher from = TAKEN_FROM.matcher(i == 0 ? "" : lines.get(i - 1));
                blocks.add(new Block(
                        this, i + 2, fence.group(1), from.matches() ? from.group(1) : "", lines.subList(i + 1, end)));
                i = end;
            } else if (lines.get(i).startsWith("    ")
                    && (i == 0 || lines.get(i - 1).isBlank())) {
                int end = i;
                while (end < lines.size()
                        && (lines.get(end).startsWith("    ") || lines.get(end).isBlank())) {
                    end++;
                }
                blocks.add(new Block(this, i + 1, "", "", lines.subList(i, end)));
                i = end - 1;
            }
        }
        return blocks;
    }

    /** The page without its blocks of code. */
    private String prose() {
        Set<Integer> code = new TreeSet<>();
        for (Block block : blocks()) {
            for (int i = 0; i < block.lines().size(); i++) {
                code.add(block.line() - 1 + i);
            }
        }
        List<String> lines = text.lines().toList();
        StringBuilder prose = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            prose.append(code.contains(i) || FENCE.matcher(lines.get(i)).matches() ? "" : lines.get(i))
                    .append('\n');
        }
        return prose.toString();
    }

    /** What stands between backquotes within lines. */
    List<String> inlineCode() {
        return CODE.matcher(prose())
                .results()
                .map(found -> found.group(1).replace('\n', ' '))
                .toList();
    }

    /** What links and pictures lead to. */
    List<String> links() {
        String withoutCode = CODE.matcher(prose()).replaceAll("");
        return LINK.matcher(withoutCode).results().map(found -> found.group(1)).toList();
    }

    /** The names of its headings in links, as GitHub makes them. */
    Set<String> anchors() {
        Set<String> anchors = new TreeSet<>();
        Map<String, Integer> times = new HashMap<>();
        for (String line : prose().lines().toList()) {
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                String name = heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                        .replace(' ', '-');
                int before = times.merge(name, 1, Integer::sum) - 1;
                anchors.add(before == 0 ? name : name + "-" + before);
            }
        }
        return anchors;
    }
}
