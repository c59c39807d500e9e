package org.distilqa.spring;

import org.distilqa.QuestionAnsweringException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says in DistilQA's own words, instead of with a stack trace, why an application could not start. */
final class OpeningFailureAnalyzer extends AbstractFailureAnalyzer<QuestionAnsweringException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, QuestionAnsweringException cause) {
        return new FailureAnalysis(
                "The QuestionAnswerer could not be opened: " + cause.getMessage(),
                "Correct what the description names; the model, the devices and the limits are the properties distilqa.*.",
                cause);
    }
}
