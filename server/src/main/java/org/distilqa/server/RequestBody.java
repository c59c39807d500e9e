package org.distilqa.server;

import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;

/**
 * Reads the body of a request up to a limit. What says that it is longer is refused before a byte of it is kept.
 *
 * @param limit bytes
 * @param longest how long it may take to arrive
 */
record RequestBody(long limit, Duration longest) {
    private static final int CHUNK = 1 << 16;

    /**
     * Whoever does not wait for "100 Continue" sends all of its body before it looks for a response, and would find the connection
     * broken. So that is taken and thrown away, up to a limit.
     */
    private static final long MOST_THROWN_AWAY = 1L << 26;

    /** A UTF-16 unit is as long in JSON at most: a backslash, u and four digits. */
    private static final int MOST_BYTES_OF_A_CHARACTER = 6;

    private static final int BYTES_OF_OTHER_FIELDS = 4096;

    /** For JSON with texts of so many characters, however they are written. */
    static RequestBody ofJson(long characters, Duration longest) {
        return new RequestBody(characters * MOST_BYTES_OF_A_CHARACTER + BYTES_OF_OTHER_FIELDS, longest);
    }

    /** The body, which must be of a type. */
    byte[] read(Context context, String mediaType) {
        String given = context.contentType();
        String type = given == null ? "" : given.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!type.equals(mediaType)) {
            throw new Problem.Refusal(
                    415,
                    (given == null ? "there is no Content-Type" : "Content-Type is " + given) + "; it must be "
                            + mediaType);
        }
        return read(context);
    }

    private byte[] read(Context context) {
        long declared = context.req().getContentLengthLong();
        try {
            if (declared > limit) {
                throw tooLong(context, declared + " bytes");
            }
            return read(context, context.req().getInputStream(), (int) Math.max(declared, 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] read(Context context, InputStream in, int declared) throws IOException {
        long end = System.nanoTime() + longest.toNanos();
        // No more at first than has arrived: what is declared costs the caller nothing.
        ByteArrayOutputStream body = new ByteArrayOutputStream(Math.min(declared, CHUNK));
        byte[] chunk = new byte[CHUNK];
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            if (body.size() + n > limit) {
                throw tooLong(context, "more than " + limit + " bytes");
            }
            body.write(chunk, 0, n);
            if (System.nanoTime() - end > 0) {
                throw new Problem.Refusal(408, "the body took more than " + longest + " to arrive");
            }
        }
        return body.toByteArray();
    }

    private Problem.Refusal tooLong(Context context, String size) throws IOException {
        // To open the stream is to say "100 Continue".
        if (context.header("Expect") == null) {
            throwAway(context.req().getInputStream());
        }
        return new Problem.Refusal(413, "the body has " + size + "; it may have " + limit);
    }

    private void throwAway(InputStream in) throws IOException {
        long end = System.nanoTime() + longest.toNanos();
        byte[] chunk = new byte[CHUNK];
        long thrownAway = 0;
        for (int n = 0; n >= 0 && thrownAway < MOST_THROWN_AWAY && System.nanoTime() - end < 0; n = in.read(chunk)) {
            thrownAway += n;
        }
    }
}
