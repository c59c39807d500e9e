package org.distilqa.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/** A table for people. The first column is text, set to the left; figures are set to the right. */
public final class Table {
    private final List<String> header;
    private final List<Boolean> text;
    private final List<List<String>> rows = new ArrayList<>();

    /** A table with these columns; those whose name begins with {@code <} hold text. */
    public Table(String... columns) {
        List<String> names = new ArrayList<>();
        List<Boolean> kinds = new ArrayList<>();
        for (String column : columns) {
            kinds.add(column.startsWith("<"));
            names.add(column.startsWith("<") ? column.substring(1) : column);
        }
        this.header = List.copyOf(names);
        this.text = List.copyOf(kinds);
    }

    public void add(String... cells) {
        if (cells.length != header.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + header.size() + " columns");
        }
        rows.add(List.of(cells));
    }

    /** In columns of equal width, for a terminal. */
    String aligned() {
        int[] widths = new int[header.size()];
        List<List<String>> lines = new ArrayList<>(List.of(header));
        lines.addAll(rows);
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        StringBuilder result = new StringBuilder();
        for (List<String> line : lines) {
            StringBuilder row = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String padding = " ".repeat(widths[i] - line.get(i).length());
                row.append(i == 0 ? "" : "  ");
                row.append(text.get(i) ? line.get(i) + padding : padding + line.get(i));
            }
            result.append(row.toString().stripTrailing()).append('\n');
        }
        return result.toString();
    }

    /** In GitHub's Markdown. */
    public String markdown() {
        StringBuilder result = new StringBuilder(line(header));
        result.append('|');
        text.forEach(left -> result.append(left ? "---|" : "---:|"));
        result.append('\n');
        rows.forEach(row -> result.append(line(row)));
        return result.toString();
    }

    private static String line(List<String> cells) {
        return "| "
                + String.join(
                        " | ",
                        cells.stream().map(cell -> cell.replace("|", "\\|")).toList()) + " |\n";
    }
}
