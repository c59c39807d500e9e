package org.distilqa.server;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The page and what belongs to it: a few files in this jar, each at a path of its own, so that no path can lead to another one.
 *
 * @param contentType its media type
 * @param bytes its content
 * @param tag changes with the content
 */
record PageFile(String contentType, byte[] bytes, String tag) {
    /** Everything that the page loads comes from this server, and nothing of it is inline. */
    private static final String SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    static void addTo(RoutesConfig routes) {
        add(routes, "/", "page.html", "text/html; charset=utf-8");
        add(routes, "/page.css", "page.css", "text/css; charset=utf-8");
        add(routes, "/page.js", "page.js", "text/javascript; charset=utf-8");
        add(routes, "/icon.svg", "icon.svg", "image/svg+xml");
        add(routes, "/openapi.json", "openapi.json", "application/json");
    }

    /** What every response has. */
    static void protect(Context context) {
        context.header("Content-Security-Policy", SECURITY_POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .header("Cross-Origin-Opener-Policy", "same-origin")
                .header("Cache-Control", "no-store");
    }

    private static void add(RoutesConfig routes, String path, String resource, String contentType) {
        PageFile page = load(resource, contentType);
        routes.get(path, page::send);
    }

    private static PageFile load(String resource, String contentType) {
        try (InputStream in = PageFile.class.getResourceAsStream(resource)) {
            byte[] bytes = in.readAllBytes();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return new PageFile(contentType, bytes, '"' + HexFormat.of().formatHex(digest, 0, 8) + '"');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private void send(Context context) {
        // Kept by the browser, which asks whether it is still the same.
        context.header("Cache-Control", "no-cache").header("ETag", tag);
        if (tag.equals(context.header("If-None-Match"))) {
            context.status(304);
        } else {
            context.contentType(contentType).result(bytes);
        }
    }
}
