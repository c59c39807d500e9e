package org.distilqa.spring;

import org.distilqa.QuestionAnswerer;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** The answerer's health for Spring Boot from 4.0 on; see {@link HealthOfBoot3AutoConfiguration}. */
@AutoConfiguration(after = DistilQaAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnSingleCandidate(QuestionAnswerer.class)
@ConditionalOnEnabledHealthIndicator("distilqa")
final class HealthAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "distilqaHealthIndicator")
    HealthIndicator distilqaHealthIndicator(QuestionAnswerer answerer) {
        return () -> {
            AnswererHealth health = AnswererHealth.of(answerer);
            return Health.status(health.status()).withDetails(health.details()).build();
        };
    }
}
