package org.distilqa.benchmarks;

/** A measurement cannot be made. The message says why and what to do. */
final class BenchmarkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BenchmarkException(String message, Throwable cause) {
        super(message, cause);
    }

    BenchmarkException(String message) {
        super(message);
    }
}
