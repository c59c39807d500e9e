package org.distilqa.examples.spring;

import org.distilqa.ClosedException;
import org.distilqa.DeadlineExceededException;
import org.distilqa.DeviceException;
import org.distilqa.InvalidRequestException;
import org.distilqa.OperationInterruptedException;
import org.distilqa.OverloadedException;
import org.distilqa.QuestionAnsweringException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** What a caller is told of a failure, as {@code application/problem+json}. */
@RestControllerAdvice
class Problems {
    private static final String SECONDS_TO_COME_AGAIN = "1";

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    @ExceptionHandler
    ResponseEntity<ProblemDetail> invalid(InvalidRequestException e) {
        return problem(HttpStatus.BAD_REQUEST, e.getMessage());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> overloaded(OverloadedException e) {
        return ResponseEntity.status(HttpStatus.TOO_MANY_REQUESTS)
                .header(HttpHeaders.RETRY_AFTER, SECONDS_TO_COME_AGAIN)
                .body(ProblemDetail.forStatusAndDetail(HttpStatus.TOO_MANY_REQUESTS, e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> late(DeadlineExceededException e) {
        return problem(HttpStatus.GATEWAY_TIMEOUT, e.getMessage());
    }

    @ExceptionHandler({DeviceException.class, ClosedException.class, OperationInterruptedException.class})
    ResponseEntity<ProblemDetail> unavailable(QuestionAnsweringException e) {
        LOG.warn("a question was not answered: {}", e.getMessage());
        return problem(HttpStatus.SERVICE_UNAVAILABLE, "the service cannot answer at the moment");
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> failed(QuestionAnsweringException e) {
        LOG.error("a question was not answered", e);
        return problem(HttpStatus.INTERNAL_SERVER_ERROR, "the service failed to answer");
    }

    private static ResponseEntity<ProblemDetail> problem(HttpStatus status, String detail) {
        return ResponseEntity.status(status).body(ProblemDetail.forStatusAndDetail(status, detail));
    }
}
