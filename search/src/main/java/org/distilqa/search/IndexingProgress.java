package org.distilqa.search;

/** Is told how far indexing is, by the thread that indexes. */
@FunctionalInterface
public interface IndexingProgress {
    /**
     * A document was taken.
     *
     * @param done how many were taken so far, unchanged ones among them
     * @param total how many there are; 0 where that is not known
     */
    void taken(int done, int total);
}
