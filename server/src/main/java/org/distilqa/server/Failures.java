package org.distilqa.server;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.nio.ByteBuffer;
import org.distilqa.ClosedException;
import org.distilqa.DeadlineExceededException;
import org.distilqa.DeviceException;
import org.distilqa.InvalidRequestException;
import org.distilqa.OperationInterruptedException;
import org.distilqa.OverloadedException;
import org.distilqa.QuestionAnsweringException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns every failure into a {@link Problem}: which status it has, and what of it the caller is told. */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private static final String SECONDS_TO_COME_AGAIN = "1";

    private Failures() {}

    static void addTo(RoutesConfig routes) {
        routes.exception(Problem.Refusal.class, (e, context) -> send(context, e.problem()));
        routes.exception(
                InvalidRequestException.class, (e, context) -> send(context, new Problem(400, e.getMessage())));
        routes.exception(OverloadedException.class, (e, context) -> send(context, new Problem(429, e.getMessage())));
        routes.exception(
                DeadlineExceededException.class, (e, context) -> send(context, new Problem(504, e.getMessage())));
        routes.exception(DeviceException.class, Failures::unavailable);
        routes.exception(ClosedException.class, Failures::unavailable);
        routes.exception(OperationInterruptedException.class, Failures::unavailable);
        routes.exception(HttpResponseException.class, Failures::noSuchRoute);
        routes.exception(Exception.class, (e, context) -> {
            LOG.error("{} {} failed", context.method(), context.path(), e);
            send(context, new Problem(500, "the server failed to answer"));
        });
    }

    private static void send(Context context, Problem problem) {
        if (problem.status() == 429 || problem.status() == 503) {
            context.header("Retry-After", SECONDS_TO_COME_AGAIN);
        }
        problem.writeTo(context);
    }

    private static void unavailable(QuestionAnsweringException e, Context context) {
        LOG.warn("a question was not answered: {}", e.getMessage());
        send(context, new Problem(503, "the server cannot answer at the moment"));
    }

    /** Javalin's own: there is no such path, or not with that method. */
    private static void noSuchRoute(HttpResponseException e, Context context) {
        String allowed = e.getDetails().get("availableMethods");
        if (e.getStatus() == 405 && allowed != null) {
            context.header("Allow", allowed);
        }
        String detail = switch (e.getStatus()) {
            case 404 -> "there is nothing at " + context.path() + "; /openapi.json says what there is";
            case 405 ->
                context.method() + " is not for " + context.path() + (allowed == null ? "" : "; " + allowed + " is");
            default -> e.getMessage();
        };
        send(context, new Problem(e.getStatus(), detail));
    }

    /** What Jetty refuses before there is a request to route, such as a header that is too long. */
    static boolean handleBeforeRouting(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        Object message = request.getAttribute(ErrorHandler.ERROR_MESSAGE);
        String detail = message == null ? "the request cannot be read" : message.toString();
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE);
        String path = request.getHttpURI() == null ? "" : Request.getPathInContext(request);
        response.write(true, ByteBuffer.wrap(new Problem(status, detail).json(path)), callback);
        return true;
    }
}
