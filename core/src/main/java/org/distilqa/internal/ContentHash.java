package org.distilqa.internal;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-256 of what a file or a resource has. */
public final class ContentHash {
    private static final int BUFFER_BYTES = 1 << 18;

    private ContentHash() {}

    /**
     * Reads a stream to its end.
     *
     * @param content the stream, which is not closed
     * @return the SHA-256 of what it gave, in 64 hexadecimal digits
     * @throws IOException if reading fails
     */
    public static String sha256(InputStream content) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
            digest.update(buffer, 0, read);
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
