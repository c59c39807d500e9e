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
    void notANumberAndInfinityAreReadAsPythonWritesThem() throws Exception {
        JsonNode read =
                JsonTree.read(bytes("{\"a\": [NaN, Infinity, -Infinity]}")).path("a");
        assertThat(read.get(0).doubleValue()).isNaN();
        assertThat(read.get(1).doubleValue()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(read.get(2).doubleValue()).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":"})
    void nestingHasABound(String opening) throws Exception {
        String closing = opening.equals("[") ? "]" : "}";
        assertThat(JsonTree.read(bytes(opening.repeat(199) + "[7]" + closing.repeat(199))))
                .isNotEmpty();
        for (int depth : new int[] {201, 100_000}) {
            assertThatThrownBy(() -> JsonTree.read(bytes(opening.repeat(depth))))
                    .isInstanceOf(JsonProcessingException.class)
                    .hasMessageContaining("more than 200 lists and objects");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".0", "e5"})
    void digitsOfANumberHaveABound(String end) throws Exception {
        assertThat(JsonTree.read(bytes("7".repeat(990) + end)).isNumber()).isTrue();
        for (int digits : new int[] {1001, 1_000_000}) {
            assertThatThrownBy(() -> JsonTree.read(bytes("7".repeat(digits) + end)))
                    .isInstanceOf(JsonProcessingException.class);
        }
    }

    @Test
    void valuesHaveABound() throws Exception {
        // The list is one too.
        assertThat(JsonTree.read(bytes("[7" + ",7".repeat(999_999) + "]"))).hasSize(1_000_000);
        assertThatThrownBy(() -> JsonTree.read(bytes("[7" + ",7".repeat(7_999_999) + "]")))
                .isInstanceOf(JsonProcessingException.class)
                .hasMessageContaining("more than 8000000 values");
    }
}
