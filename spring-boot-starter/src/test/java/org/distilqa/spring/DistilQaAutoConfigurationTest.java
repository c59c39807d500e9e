package org.distilqa.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.InvalidRequestException;
import org.distilqa.ModelDownloadException;
import org.distilqa.OverloadedException;
import org.distilqa.Prediction;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionAnswererListener;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceInfo;
import org.distilqa.device.Program;
import org.distilqa.device.conformance.FaultInjectingDevice;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Parameters;
import org.distilqa.model.Checkpoint;
import org.distilqa.model.HubOptions;
import org.distilqa.tokenizer.TokenizedText;
import org.distilqa.tokenizer.Tokenizer;
import org.distilqa.tokenizer.Tokenizers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

@Timeout(120)
class DistilQaAutoConfigurationTest {
    private final ApplicationContextRunner runner = Contexts.runner();

    @Test
    void theseTestsRunWithTheVersionOfSpringBootThatTheyAreMeantFor() {
        assertThat(SpringBootVersion.getVersion()).isEqualTo(System.getProperty("distilqa.spring-boot"));
    }

    @Test
    void answersWithTheModelAndTheDeviceThatTheApplicationNames() {
        runner.withPropertyValues("distilqa.device-options.threads=2").run(context -> {
            QuestionAnswerer answerer = context.getBean(QuestionAnswerer.class);
            assertThat(answerer.predict(Contexts.REQUEST).best().text()).isEqualTo("Ada Quill");
            assertThat(answerer.device().name()).isEqualTo("cpu");
            assertThat(answerer.device().facts()).containsEntry("threads", "2");
        });
    }

    @Test
    void closesTheAnswererWithTheApplication() {
        List<QuestionAnswerer> answerers = new ArrayList<>();
        runner.run(context -> answerers.add(context.getBean(QuestionAnswerer.class)));
        assertThat(answerers.get(0).availability().available()).isFalse();
    }

    @Test
    void hasNoBeanWhereItIsNotEnabled() {
        runner.withPropertyValues("distilqa.enabled=false", "distilqa.model=there is no such model")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(QuestionAnswerer.class));
    }

    @Test
    void leavesAnAnswererOfTheApplicationAlone() {
        try (QuestionAnswerer own = QuestionAnswerer.builder()
                .model(QuestionAnswerer.BUNDLED_MODEL)
                .device("cpu")
                .deviceOptions(Contexts.ONE_THREAD)
                .build()) {
            runner.withPropertyValues("distilqa.model=there is no such model")
                    .withBean("own", QuestionAnswerer.class, () -> own)
                    .run(context -> {
                        assertThat(context).getBean(QuestionAnswerer.class).isSameAs(own);
                        assertThat(HealthReading.of(context).status()).isEqualTo("UP");
                    });
        }
    }

    @Test
    void refusesWhatIsLongerThanThePropertiesAllow() {
        runner.withPropertyValues(
                        "distilqa.max-context-length=50", "distilqa.max-question-length=20", "distilqa.max-requests=2")
                .run(context -> {
                    QuestionAnswerer answerer = context.getBean(QuestionAnswerer.class);
                    assertThat(answerer.answerAll(List.of(Contexts.REQUEST, Contexts.REQUEST)))
                            .hasSize(2);
                    assertThatThrownBy(() -> answerer.answer("Who built it?", "a".repeat(51)))
                            .isInstanceOf(InvalidRequestException.class);
                    assertThatThrownBy(() -> answerer.answer("Who built the old mill?", "It was Ada Quill."))
                            .isInstanceOf(InvalidRequestException.class);
                    assertThatThrownBy(() ->
                                    answerer.answerAll(List.of(Contexts.REQUEST, Contexts.REQUEST, Contexts.REQUEST)))
                            .isInstanceOf(InvalidRequestException.class);
                });
    }

    @Test
    void boundsTheQueueAndTheBatchesAsThePropertiesSay() {
        List<Integer> batches = new ArrayList<>();
        runner.withUserConfiguration(OneDevice.class)
                .withBean(QuestionAnswererListener.class, () -> new QuestionAnswererListener() {
                    @Override
                    public void batchRead(Batch batch) {
                        batches.add(batch.windows());
                    }
                })
                .withPropertyValues(
                        "distilqa.batch-size=2",
                        "distilqa.max-pending-windows=2",
                        "distilqa.when-full=reject",
                        "distilqa.close-timeout=50s")
                .run(context -> {
                    QuestionAnswerer answerer = context.getBean(QuestionAnswerer.class);
                    FaultInjectingDevice device = context.getBean(FaultInjectingDevice.class);
                    device.hold();
                    List<CompletableFuture<Prediction>> asked = new ArrayList<>();
                    asked.add(answerer.predictAsync(Contexts.REQUEST));
                    device.awaitHeld();
                    asked.add(answerer.predictAsync(Contexts.REQUEST));
                    asked.add(answerer.predictAsync(Contexts.REQUEST));
                    assertThatThrownBy(() -> answerer.predict(Contexts.REQUEST))
                            .isInstanceOf(OverloadedException.class);
                    device.release();
                    CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                            .join();
                });
        assertThat(batches).containsExactly(1, 2);
    }

    @Test
    void takesAllDevicesAndListenersOfTheApplicationInTheirOrderAndClosesThemAfterTheAnswerer() {
        Events events = new Events(new ArrayList<>());
        runner.withBean(Events.class, () -> events)
                .withUserConfiguration(TwoDevices.class)
                .withPropertyValues("distilqa.device=there is no such device")
                .run(context -> {
                    QuestionAnswerer answerer = context.getBean(QuestionAnswerer.class);
                    assertThat(answerer.devices())
                            .extracting(device -> device.name())
                            .containsExactly("first", "second");
                    answerer.predict(Contexts.REQUEST);
                });
        assertThat(events.told().subList(0, 3)).containsExactly("opened", "first ran", "closed");
        assertThat(events.told().subList(3, events.told().size()))
                .containsExactlyInAnyOrder("first was closed", "second was closed");
    }

    @Test
    void takesTheCheckpointAndTheTokenizerOfTheApplicationAndClosesThem() {
        Events events = new Events(new ArrayList<>());
        runner.withBean(Events.class, () -> events)
                .withUserConfiguration(OwnModel.class)
                .withPropertyValues("distilqa.model=there is no such model")
                .run(context -> {
                    QuestionAnswerer answerer = context.getBean(QuestionAnswerer.class);
                    assertThat(answerer.predict(Contexts.REQUEST).best().text()).isEqualTo("Ada Quill");
                });
        assertThat(events.told()).containsExactly("tokenized", "tokenized", "closed");
    }

    @Test
    void usesNoneOfSeveralTokenizers() {
        Events events = new Events(new ArrayList<>());
        runner.withBean(Events.class, () -> events)
                .withUserConfiguration(OwnModel.class)
                .withBean("another", Tokenizer.class, () -> new RecordingTokenizer(new Events(new ArrayList<>())))
                .run(context -> assertThat(
                                context.getBean(QuestionAnswerer.class).predict(Contexts.REQUEST))
                        .isNotNull());
        assertThat(events.told()).containsExactly("closed");
    }

    @Test
    void asksTheHubOfTheApplicationForTheRevisionThatIsNamed(@TempDir Path cache) {
        runner.withBean(
                        HubOptions.class,
                        () -> HubOptions.fromEnvironment().withCache(cache).withOffline(true))
                .withPropertyValues("distilqa.model=mill/owner", "distilqa.revision=v2")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(ModelDownloadException.class)
                        .hasMessageContaining("mill/owner")
                        .hasMessageContaining("v2")
                        .hasMessageContaining(cache.toString()));
    }

    @Test
    void lastOfAllTheApplicationChangesWhatNoPropertySays() {
        runner.withBean(
                        QuestionAnswererCustomizer.class,
                        () -> builder -> builder.deviceOptions("cpu", Contexts.ONE_THREAD))
                .withPropertyValues("distilqa.device-options.threads=2")
                .run(context -> assertThat(
                                context.getBean(QuestionAnswerer.class).device().facts())
                        .containsEntry("threads", "1"));
    }

    @Test
    void doesNotStartWithAPropertyOutOfItsRangeAndSaysWhichAndWhatItMayBe() {
        runner.withPropertyValues("distilqa.max-batch-delay=2m").run(context -> {
            Throwable failure = context.getStartupFailure();
            assertThat(failure)
                    .rootCause()
                    .isInstanceOf(InvalidConfigurationException.class)
                    .hasMessage("maxBatchDelay is PT2M; it must be from zero to PT1M");
            assertThat(new OpeningFailureAnalyzer().analyze(failure).getDescription())
                    .isEqualTo("The QuestionAnswerer could not be opened: "
                            + "maxBatchDelay is PT2M; it must be from zero to PT1M");
        });
    }

    /** What happened, in its order. */
    record Events(List<String> told) {}

    /** The CPU, which tells when it is closed. */
    private static final class RecordingDevice implements Device {
        private final Device device;
        private final Events events;

        RecordingDevice(String name, Events events) {
            this.device = Contexts.device(name);
            this.events = events;
        }

        @Override
        public DeviceInfo info() {
            return device.info();
        }

        @Override
        public Program compile(Graph graph, Parameters parameters) {
            return device.compile(graph, parameters);
        }

        @Override
        public void close() {
            device.close();
            events.told().add(info().name() + " was closed");
        }
    }

    /** The bundled model's, which tells what it does. */
    private static final class RecordingTokenizer implements Tokenizer {
        private final Tokenizer tokenizer;
        private final Events events;

        RecordingTokenizer(Events events) {
            try (Checkpoint bundled = OwnModel.bundled()) {
                this.tokenizer = Tokenizers.open(bundled.files());
            }
            this.events = events;
        }

        @Override
        public TokenizedText tokenize(String text) {
            events.told().add("tokenized");
            return tokenizer.tokenize(text);
        }

        @Override
        public int classToken() {
            return tokenizer.classToken();
        }

        @Override
        public int separatorToken() {
            return tokenizer.separatorToken();
        }

        @Override
        public int vocabularySize() {
            return tokenizer.vocabularySize();
        }

        @Override
        public void close() {
            tokenizer.close();
            events.told().add("closed");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OneDevice {
        @Bean
        FaultInjectingDevice device() {
            return Contexts.device();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoDevices {
        @Bean
        @Order(2)
        Device second(Events events) {
            return new RecordingDevice("second", events);
        }

        @Bean
        @Order(1)
        Device first(Events events) {
            return new RecordingDevice("first", events);
        }

        @Bean
        QuestionAnswererListener listener(Events events) {
            return new QuestionAnswererListener() {
                @Override
                public void opened(QuestionAnswerer answerer) {
                    events.told().add("opened");
                }

                @Override
                public void closed(QuestionAnswerer answerer) {
                    events.told().add("closed");
                }

                @Override
                public void batchRead(Batch batch) {
                    events.told().add(batch.device() + " ran");
                }
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnModel {
        @Bean
        Checkpoint checkpoint() {
            return bundled();
        }

        static Checkpoint bundled() {
            return Checkpoint.load(QuestionAnswerer.BUNDLED_MODEL, "main", HubOptions.fromEnvironment());
        }

        @Bean
        Tokenizer tokenizer(Events events) {
            return new RecordingTokenizer(events);
        }
    }
}
