package org.distilqa.spring;

import io.micrometer.core.instrument.MeterRegistry;
import org.distilqa.micrometer.QuestionAnswererMetrics;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/** Meters of the answerer, where the application has a registry for them. */
@AutoConfiguration(
        before = DistilQaAutoConfiguration.class,
        // By name, since Spring Boot 4 has moved it.
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration"
        })
@ConditionalOnClass({MeterRegistry.class, QuestionAnswererMetrics.class})
@ConditionalOnSingleCandidate(MeterRegistry.class)
@ConditionalOnProperty(name = "distilqa.enabled", matchIfMissing = true)
final class MetricsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    QuestionAnswererMetrics questionAnswererMetrics(MeterRegistry registry) {
        return new QuestionAnswererMetrics(registry);
    }
}
