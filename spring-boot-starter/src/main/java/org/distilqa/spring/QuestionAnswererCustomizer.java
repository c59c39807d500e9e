package org.distilqa.spring;

import org.distilqa.QuestionAnswerer;

/**
 * A bean that changes how the {@link QuestionAnswerer} is built, for what no property says, such as the options of one of several
 * devices. Called after everything else was set, in the order of the beans.
 */
@FunctionalInterface
public interface QuestionAnswererCustomizer {
    /**
     * Changes some settings.
     *
     * @param builder what the bean is built with
     */
    void customize(QuestionAnswerer.Builder builder);
}
