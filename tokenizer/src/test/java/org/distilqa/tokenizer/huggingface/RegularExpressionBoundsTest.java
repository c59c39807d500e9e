package org.distilqa.tokenizer.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegularExpressionBoundsTest {
    /** Of tokenizers that are published, and of their kinds. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                " {2,}",
                "\\s+",
                "\\d{1,3}",
                "[\\r\\n]",
                "(\\r\\n)+",
                "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
                "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+",
                "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lo}\\p{M}]+(?i:'s|'t|'re)?",
                " ?[^(\\s|[.,!?…。，、।۔،])]+",
                "[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++\\s++\\w++",
                "\\x{41}{2}[)*(+|{]*{",
                ""
            })
    void takesExpressionsThatDoNotGoBackFar(String expression) {
        assertThat(RegularExpressionBounds.refusal(expression)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a+)+$",
                "(a*)*",
                "(?:a{1,3})+b",
                "(a|aa)+$",
                "((ab|a)b?)*c",
                "(a?){40}b",
                "a+{2,}",
                "a{2}+",
                "(x(y(z+)))*",
                ".*.*.*=",
                "(a+)(b*)(c+)",
                "(?=a+)a+a+$",
                "a{0,1000}a{0,1000}a{0,1000}b",
                "(a)\\1+",
                "(?<n>a)\\k<n>",
                "\\g<1>",
                "(?~ab)"
            })
    void refusesExpressionsThatGoBackWithoutEnd(String expression) {
        assertThat(RegularExpressionBounds.refusal(expression)).isPresent();
    }
}
