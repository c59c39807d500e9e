package org.distilqa.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an editor completes the properties with. */
@Tag("any-version")
class PropertiesMetadataTest {
    private static final Pattern ROW =
            Pattern.compile("^\\| `(distilqa\\.[a-z-]+)` \\| `?([^|`]*?)`? *\\|", Pattern.MULTILINE);

    private final Map<String, JsonNode> properties = new LinkedHashMap<>();
    private final Map<String, JsonNode> hints = new LinkedHashMap<>();

    @BeforeEach
    void read() throws Exception {
        try (InputStream file =
                DistilQaProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            JsonNode metadata = new ObjectMapper().readTree(file);
            metadata.get("properties")
                    .forEach(property -> properties.put(property.get("name").asText(), property));
            metadata.get("hints").forEach(hint -> hints.put(hint.get("name").asText(), hint));
        }
    }

    @Test
    void describesEveryPropertyInASentence() {
        assertThat(properties).hasSize(DistilQaProperties.class.getRecordComponents().length);
        assertThat(properties.values())
                .allSatisfy(property ->
                        assertThat(property.get("description").asText()).matches("(?s)[A-Z].*\\."));
    }

    @Test
    void saysEveryDefaultButWhatDependsOnTheDevice() {
        Set<String> without = new TreeSet<>();
        properties.forEach((name, property) -> {
            if (property.get("defaultValue") == null) {
                without.add(name);
            }
        });
        assertThat(without).containsExactly("distilqa.batch-size", "distilqa.device-options");
    }

    @Test
    void proposesDevicesTheirOptionsAndModelsAndTakesOthersToo() {
        assertThat(hints).containsOnlyKeys("distilqa.device", "distilqa.device-options.keys", "distilqa.model");
        assertThat(hints.get("distilqa.device").findValuesAsText("value"))
                .containsExactly("auto", "cpu", "onednn", "tt");
        assertThat(hints.values())
                .allSatisfy(hint -> assertThat(hint.get("providers").findValuesAsText("name"))
                        .containsExactly("any"));
    }

    @Test
    void theDocumentationHasThePropertiesAndTheirDefaults() throws Exception {
        Map<String, String> documented = new LinkedHashMap<>();
        String text = Files.readString(Path.of("..", "docs", "service.md"));
        Matcher rows =
                ROW.matcher(text.substring(text.indexOf("\n## Spring Boot")).split("\n## ")[1]);
        while (rows.find()) {
            documented.put(rows.group(1), rows.group(2));
        }
        assertThat(documented).containsOnlyKeys(properties.keySet());
        properties.forEach((name, property) -> {
            JsonNode value = property.get("defaultValue");
            assertThat(documented.get(name)).as(name).isEqualTo(value == null ? "" : value.asText());
        });
    }
}
