package org.distilqa.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.distilqa.QuestionAnswerer;
import org.distilqa.micrometer.QuestionAnswererMetrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

@Timeout(120)
class MetricsTest {
    private final ApplicationContextRunner runner = Contexts.runner();

    @Test
    void measuresInTheRegistryThatSpringBootMakes() {
        runner.withBean(SimpleMeterRegistry.class)
                .withPropertyValues("distilqa.lazy=true")
                .run(context -> {
                    MeterRegistry registry = context.getBean(MeterRegistry.class);
                    context.getBean(QuestionAnswerer.class).predict(Contexts.REQUEST);
                    assertThat(registry.get("distilqa.requests")
                                    .tag("outcome", "answered")
                                    .timer()
                                    .count())
                            .isEqualTo(1);
                    assertThat(registry.get("distilqa.batches")
                                    .tag("device", "cpu")
                                    .timer()
                                    .count())
                            .isEqualTo(1);
                });
    }

    @Test
    void measuresNothingWhereItIsNotEnabled() {
        runner.withPropertyValues("distilqa.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(QuestionAnswererMetrics.class));
    }

    @Test
    void measuresInTheOneRegistryOfSeveralThatSpringBootMakesOfThem() {
        SimpleMeterRegistry first = new SimpleMeterRegistry();
        SimpleMeterRegistry second = new SimpleMeterRegistry();
        runner.withBean("first", SimpleMeterRegistry.class, () -> first)
                .withBean("second", SimpleMeterRegistry.class, () -> second)
                .withPropertyValues("distilqa.lazy=true")
                .run(context -> {
                    context.getBean(QuestionAnswerer.class).predict(Contexts.REQUEST);
                    for (MeterRegistry registry : List.of(first, second)) {
                        assertThat(registry.get("distilqa.batches").timer().count())
                                .isEqualTo(1);
                    }
                });
    }

    @Test
    void leavesMetersOfTheApplicationsOwnAlone() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        QuestionAnswererMetrics own = new QuestionAnswererMetrics(registry);
        runner.withBean(SimpleMeterRegistry.class, () -> registry)
                .withBean(QuestionAnswererMetrics.class, () -> own)
                .withPropertyValues("distilqa.lazy=true")
                .run(context -> assertThat(context)
                        .getBean(QuestionAnswererMetrics.class)
                        .isSameAs(own));
    }

    @Test
    void needsNoMicrometer() {
        runner.withClassLoader(new FilteredClassLoader("io.micrometer"))
                .withPropertyValues("distilqa.lazy=true")
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(QuestionAnswerer.class));
    }
}
