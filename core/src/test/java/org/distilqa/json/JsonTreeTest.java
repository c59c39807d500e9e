package org.distilqa.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares with what Jackson's ObjectMapper makes of the same text. */
class JsonTreeTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\": [1, -2, 3000000000, 123456789012345678901234567890, 0.5, 1e-12, true, false, null, \"x\"], \"b\": {}}",
                "[]",
                " \"\u00e4 \\\" \\n \\ud83d\\ude00 \"",
                "7",
                "{\"a\": 1, \"a\": 2}",
                "{\"vocab\": {\"##ing\": 5, \"[CLS]\": 101}}"
            })
    void readsAndWritesTheTreesOfTheObjectMapper(String json) throws Exception {
        JsonNode expected = new ObjectMapper().readTree(json);
        JsonNode read = JsonTree.read(bytes(json));
        assertThat(read).isEqualTo(expected);
        assertThat(new ObjectMapper().readTree(JsonTree.write(read))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"a\": }", "[1, 2", "{\"a\" 1}", "tru", "{\"a\": 1,}", "\"a"})
    void malformedTextIsRefused(String json) {
        assertThatThrownBy(() -> JsonTree.read(bytes(json))).isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void aTextWithoutAValueIsAMissingNode() throws Exception {
        assertThat(JsonTree.read(bytes("  ")).isMissingNode()).isTrue();
    }

    @Test
    void twoFieldsOfOneNameAreRefusedWhereAsked() {
        assertThatThrownBy(() -> JsonTree.readWithoutDuplicates(bytes("{\"a\": 1, \"a\": 2}")))
                .isInstanceOf(JsonProcessingException.class)
                .hasMessageContaining("Duplicate field 'a'");
    }

    @Test
    void nestingHasABound() {
        assertThatThrownBy(() -> JsonTree.read(bytes("[".repeat(100_000)))).isInstanceOf(JsonProcessingException.class);
    }
}
