/**
 * What happens inside a {@link org.distilqa.QuestionAnswerer}, as Micrometer's meters: see
 * {@link org.distilqa.micrometer.QuestionAnswererMetrics}.
 */
package org.distilqa.micrometer;
