package org.distilqa.model;

/** Told how downloads go on. Called by the downloading thread, many times a second. */
@FunctionalInterface
public interface DownloadProgress {

    /**
     * Some bytes have come.
     *
     * @param file the file's name
     * @param bytes how many bytes of it are there, those of an earlier attempt included
     * @param total how many it has, or -1 if the server did not say
     */
    void update(String file, long bytes, long total);

    /**
     * Tells nobody.
     *
     * @return a listener that does nothing
     */
    static DownloadProgress none() {
        return (file, bytes, total) -> {};
    }
}
