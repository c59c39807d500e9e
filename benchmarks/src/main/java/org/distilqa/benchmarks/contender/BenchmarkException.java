package org.distilqa.benchmarks.contender;

/** A measurement cannot be made. The message says why and what to do. */
public final class BenchmarkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BenchmarkException(String message, Throwable cause) {
        super(message, cause);
    }

    public BenchmarkException(String message) {
        super(message);
    }
}
