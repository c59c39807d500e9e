package org.distilqa.internal;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** Closes what may fail to close, so that nothing stays open, and nothing is hidden, because of it. */
public final class Closing {
    private Closing() {}

    /**
     * Closes what nobody needs after a failure.
     *
     * @param failure what was thrown; what closing throws is suppressed in it
     * @param resource what is closed
     */
    public static void after(Throwable failure, AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception suppressed) {
            failure.addSuppressed(suppressed);
        }
    }

    /**
     * Closes all of several.
     *
     * @param resources what is closed
     * @throws IOException what the first threw that could not be closed, with the others' suppressed in it
     */
    public static void all(List<? extends Closeable> resources) throws IOException {
        IOException failure = null;
        for (Closeable resource : resources) {
            try {
                resource.close();
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
