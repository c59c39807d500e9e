package org.distilqa.search;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.distilqa.text.Places;

/** The line and the page of each place of a passage, as they are stored with it. */
final class LinePages {
    /** Where the line or the page is another one than before, from the passage's start; the first at 0. */
    private final int[] offsets;

    private final int[] lines;
    private final int[] pages;

    private LinePages(int[] offsets, int[] lines, int[] pages) {
        this.offsets = offsets;
        this.lines = lines;
        this.pages = pages;
    }

    /** What holds at a place; kept where it is another than before. */
    private record Change(int offset, int line, int page) {}

    /**
     * Those of a part of a document.
     *
     * @param places where the document's text stands in its file; lines and pages never decrease with it, but in broken HTML, where a
     *     passage may then have a line that is near
     * @param start where the part starts
     * @param end where it ends, exclusive; more than {@code start}
     */
    static LinePages of(Places places, int start, int end) {
        List<Change> changes = new ArrayList<>();
        Change first = at(places, start, start);
        changes.add(first);
        find(places, start, first, at(places, start, end - 1), changes);
        return new LinePages(
                changes.stream().mapToInt(Change::offset).toArray(),
                changes.stream().mapToInt(Change::line).toArray(),
                changes.stream().mapToInt(Change::page).toArray());
    }

    private static Change at(Places places, int start, int offset) {
        return new Change(offset - start, places.line(offset), places.page(offset));
    }

    /** Finds the changes after one place up to another one, by halves: lines are few among characters. */
    private static void find(Places places, int start, Change from, Change to, List<Change> changes) {
        if (from.line() == to.line() && from.page() == to.page()) {
            return;
        }
        if (to.offset() - from.offset() == 1) {
            changes.add(to);
            return;
        }
        Change middle = at(places, start, start + (from.offset() + to.offset()) / 2);
        find(places, start, from, middle, changes);
        find(places, start, middle, to, changes);
    }

    byte[] encoded() {
        ByteBuffer bytes = ByteBuffer.allocate(3 * Integer.BYTES * offsets.length);
        for (int i = 0; i < offsets.length; i++) {
            bytes.putInt(offsets[i]).putInt(lines[i]).putInt(pages[i]);
        }
        return bytes.array();
    }

    static LinePages decoded(byte[] array, int from, int length) {
        ByteBuffer bytes = ByteBuffer.wrap(array, from, length);
        int changes = length / (3 * Integer.BYTES);
        LinePages decoded = new LinePages(new int[changes], new int[changes], new int[changes]);
        for (int i = 0; i < changes; i++) {
            decoded.offsets[i] = bytes.getInt();
            decoded.lines[i] = bytes.getInt();
            decoded.pages[i] = bytes.getInt();
        }
        return decoded;
    }

    /** The line at an offset from the passage's start, from 1. */
    int line(int offset) {
        return lines[change(offset)];
    }

    /** The page there, from 1; 0 if there are none. */
    int page(int offset) {
        return pages[change(offset)];
    }

    private int change(int offset) {
        int found = Arrays.binarySearch(offsets, offset);
        return found >= 0 ? found : -found - 2;
    }
}
