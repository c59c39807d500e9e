package org.distilqa.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.distilqa.DeviceLostException;
import org.distilqa.QuestionAnswerer;
import org.distilqa.device.Device;
import org.distilqa.device.conformance.FaultInjectingDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DeferredImportSelector;
import org.springframework.context.annotation.Import;
import org.springframework.core.type.AnnotationMetadata;

@Timeout(120)
class HealthTest {
    private final ApplicationContextRunner runner = Contexts.runner();

    @Test
    void isUpWithTheFactsOfTheDevice() {
        runner.run(context -> {
            HealthReading health = HealthReading.of(context);
            assertThat(health.status()).isEqualTo("UP");
            assertThat(health.details()).containsEntry("pendingWindows", 0);
            assertThat(health.details().get("devices"))
                    .asInstanceOf(InstanceOfAssertFactories.list(Map.class))
                    .singleElement(InstanceOfAssertFactories.map(String.class, Object.class))
                    .containsEntry("name", "cpu")
                    .containsEntry("threads", "1");
        });
    }

    @Test
    void isUpWithOneDeviceOfTwoAndDownWhenTheLastIsLost() {
        FaultInjectingDevice first = Contexts.device("first");
        FaultInjectingDevice second = Contexts.device("second");
        runner.withBean("first", Device.class, () -> first)
                .withBean("second", Device.class, () -> second)
                .run(context -> {
                    QuestionAnswerer answerer = context.getBean(QuestionAnswerer.class);
                    first.failWith(() -> new DeviceLostException("the first cable was pulled"));
                    answerer.predict(Contexts.REQUEST);
                    HealthReading withOne = HealthReading.of(context);
                    assertThat(withOne.status()).isEqualTo("UP");
                    assertThat((String) withOne.details().get("explanation")).contains("(lost)");

                    second.failWith(() -> new DeviceLostException("the second cable was pulled"));
                    assertThatThrownBy(() -> answerer.predict(Contexts.REQUEST))
                            .isInstanceOf(DeviceLostException.class);
                    HealthReading withNone = HealthReading.of(context);
                    assertThat(withNone.status()).isEqualTo("DOWN");
                    assertThat(withNone.details())
                            .containsExactlyEntriesOf(
                                    Map.of("explanation", "no device is left: the second cable was pulled"));
                });
    }

    @Test
    void isDownWhenTheAnswererWasClosed() {
        runner.run(context -> {
            context.getBean(QuestionAnswerer.class).close();
            assertThat(HealthReading.of(context))
                    .isEqualTo(new HealthReading("DOWN", Map.of("explanation", "this QuestionAnswerer was closed")));
        });
    }

    @Test
    void doesNotOpenALazyAnswererAndIsUpWhenItIsOpen() {
        runner.withPropertyValues("distilqa.lazy=true").run(context -> {
            assertThat(HealthReading.of(context))
                    .isEqualTo(new HealthReading(
                            "UNKNOWN", Map.of("explanation", "not opened yet; the first question opens it")));
            assertThat(context.getBean(QuestionAnswerer.class))
                    .isInstanceOfSatisfying(
                            LazyQuestionAnswerer.class,
                            lazy -> assertThat(lazy.ifOpened()).isEmpty());
            context.getBean(QuestionAnswerer.class).predict(Contexts.REQUEST);
            HealthReading health = HealthReading.of(context);
            assertThat(health.status()).isEqualTo("UP");
            assertThat((List<?>) health.details().get("devices")).hasSize(1);
        });
    }

    @Test
    void waitsForNoDeviceThatHangs() {
        FaultInjectingDevice device = Contexts.device();
        runner.withBean(Device.class, () -> device).run(context -> {
            device.hold();
            context.getBean(QuestionAnswerer.class).predictAsync(Contexts.REQUEST);
            device.awaitHeld();
            assertThat(HealthReading.of(context).status()).isEqualTo("UP");
            device.release();
        });
    }

    @Test
    void isNotToldWhereTheApplicationDoesNotWantIt() {
        runner.withPropertyValues("distilqa.lazy=true", "management.health.distilqa.enabled=false")
                .run(context -> assertThat(HealthReading.isIn(context)).isFalse());
    }

    @Test
    void isNotToldWhereTheApplicationHasNoHealth() {
        new ApplicationContextRunner()
                .withUserConfiguration(StarterAlone.class)
                .withPropertyValues("distilqa.lazy=true")
                .withClassLoader(new FilteredClassLoader(HealthReading.packageOfIndicators()))
                .run(context -> {
                    assertThat(context).hasNotFailed().hasSingleBean(QuestionAnswerer.class);
                    assertThat(HealthReading.isIn(context)).isFalse();
                });
    }

    /** Without Spring Boot's own auto-configurations of health, which are there although their classes are hidden. */
    @Configuration(proxyBeanMethods = false)
    @Import(StarterAlone.Imports.class)
    static class StarterAlone {
        static final class Imports implements DeferredImportSelector {
            @Override
            public String[] selectImports(AnnotationMetadata importing) {
                return ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader())
                        .getCandidates()
                        .stream()
                        .filter(name -> name.startsWith("org.distilqa."))
                        .toArray(String[]::new);
            }
        }
    }
}
