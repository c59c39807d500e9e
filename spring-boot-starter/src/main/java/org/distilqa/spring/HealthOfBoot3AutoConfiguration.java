package org.distilqa.spring;

import org.distilqa.QuestionAnswerer;
import org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/**
 * The answerer's health for Spring Boot 3, whose types of the same names are in other packages than those of
 * {@link HealthAutoConfiguration}. It is compiled against Spring Boot 3, and never loaded where that is not.
 */
@AutoConfiguration(after = DistilQaAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnSingleCandidate(QuestionAnswerer.class)
@ConditionalOnEnabledHealthIndicator("distilqa")
final class HealthOfBoot3AutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "distilqaHealthIndicator")
    HealthIndicator distilqaHealthIndicator(QuestionAnswerer answerer) {
        return () -> {
            AnswererHealth health = AnswererHealth.of(answerer);
            return Health.status(health.status()).withDetails(health.details()).build();
        };
    }
}
