package org.distilqa.search;

import java.util.List;

/**
 * What bringing an index up to date with a folder has done.
 *
 * @param added how many files were new
 * @param changed how many files had changed
 * @param removed how many files that had been indexed are gone
 * @param unchanged how many files were as they had been
 * @param unreadable what was wrong with files that could not be read, a message for each; they have no part in answers, and are tried
 *     again when they have changed
 */
public record FolderReport(int added, int changed, int removed, int unchanged, List<String> unreadable) {
    /**
     * Copies the messages.
     *
     * @param added how many files were new
     * @param changed how many files had changed
     * @param removed how many files are gone
     * @param unchanged how many files were as they had been
     * @param unreadable what was wrong with files that could not be read
     */
    public FolderReport {
        unreadable = List.copyOf(unreadable);
    }
}
