package org.distilqa.spring;

import java.util.List;
import java.util.function.Consumer;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionAnswererListener;
import org.distilqa.device.Device;
import org.distilqa.model.Checkpoint;
import org.distilqa.model.HubOptions;
import org.distilqa.tokenizer.Tokenizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * A {@link QuestionAnswerer} made by the properties {@code distilqa.*}, where the application has none of its own. It is opened with
 * the application, or, with {@code distilqa.lazy=true}, when it is first asked. Spring closes it after all that handles requests has
 * stopped and all beans that use it are gone.
 *
 * <p>Beans of the application take the place of what the properties name: one of type {@link Checkpoint}, {@link Tokenizer} or
 * {@link HubOptions}, and all of type {@link Device}, in their order. All of type {@link QuestionAnswererListener} are told what
 * happens. They stay Spring's to close, which is after the answerer.
 */
@AutoConfiguration
@ConditionalOnProperty(name = "distilqa.enabled", matchIfMissing = true)
@EnableConfigurationProperties(DistilQaProperties.class)
public final class DistilQaAutoConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(DistilQaAutoConfiguration.class);

    /** For Spring. */
    public DistilQaAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    QuestionAnswerer questionAnswerer(
            DistilQaProperties properties,
            ObjectProvider<HubOptions> hub,
            ObjectProvider<Checkpoint> checkpoint,
            ObjectProvider<Tokenizer> tokenizer,
            ObjectProvider<Device> devices,
            ObjectProvider<QuestionAnswererListener> listeners,
            ObjectProvider<QuestionAnswererCustomizer> customizers) {
        QuestionAnswerer.Builder builder = properties.builder();
        ifUnique(HubOptions.class, hub, builder::hub);
        ifUnique(Checkpoint.class, checkpoint, builder::checkpoint);
        ifUnique(Tokenizer.class, tokenizer, builder::tokenizer);
        List<Device> given = devices.orderedStream().toList();
        if (!given.isEmpty()) {
            builder.device(given.get(0), given.subList(1, given.size()).toArray(Device[]::new));
        }
        listeners.orderedStream().forEach(builder::listener);
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        return properties.lazy()
                ? new LazyQuestionAnswerer(builder::build, properties.closeTimeout())
                : builder.build();
    }

    private static <T> void ifUnique(Class<T> type, ObjectProvider<T> beans, Consumer<T> use) {
        T unique = beans.getIfUnique();
        if (unique != null) {
            use.accept(unique);
        } else if (beans.stream().findAny().isPresent()) {
            LOG.warn(
                    "there are several beans of type {}, so the QuestionAnswerer uses none of them; make one @Primary",
                    type.getName());
        }
    }
}
