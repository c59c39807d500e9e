package org.distilqa.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpStatus;

/**
 * What a caller is told of a failure: a problem of RFC 9457, of the type {@code about:blank}.
 *
 * @param status the status of HTTP
 * @param detail what was wrong and what to do
 */
record Problem(int status, String detail) {
    static final String CONTENT_TYPE = "application/problem+json";

    /** A request that is refused, with the problem as the answer. */
    static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Problem problem;

        Refusal(int status, String detail) {
            // A caller's mistake has no stack that would tell more.
            super(detail, null, false, false);
            problem = new Problem(status, detail);
        }

        Problem problem() {
            return problem;
        }
    }

    /** Makes this the response. */
    void writeTo(Context context) {
        context.status(status).contentType(CONTENT_TYPE).result(json(context.path()));
    }

    /** This problem of a request to a path. */
    byte[] json(String path) {
        ObjectNode node = Json.object()
                .put("type", "about:blank")
                .put("title", HttpStatus.getMessage(status))
                .put("status", status)
                .put("detail", detail)
                .put("instance", path);
        return node.toString().getBytes(StandardCharsets.UTF_8);
    }
}
