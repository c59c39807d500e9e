package org.distilqa.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CharactersTest {
    /** Two blocks meet at U+2B73F. */
    @ParameterizedTest
    @CsvSource({"3400,4DBF", "4E00,9FFF", "F900,FAFF", "20000,2A6DF", "2A700,2B81F", "2B920,2CEAF", "2F800,2FA1F"})
    void takesForChineseTheBlocksOfBertsListFromTheirFirstCharacterToTheirLast(String first, String last) {
        assertThat(Characters.isChinese(number(first) - 1)).isFalse();
        assertThat(Characters.isChinese(number(first))).isTrue();
        assertThat(Characters.isChinese(number(last))).isTrue();
        assertThat(Characters.isChinese(number(last) + 1)).isFalse();
    }

    @Test
    void takesNoMarkForChinese() {
        assertThat(IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                        .filter(Characters::isChinese)
                        .flatMap(character -> Characters.is(character, Characters.DECOMPOSES)
                                ? IntStream.of(Characters.decomposition(character))
                                : IntStream.of(character)))
                .hasSizeGreaterThan(70_000)
                .noneMatch(character -> Characters.is(character, Characters.COMBINES));
    }

    @ParameterizedTest
    @CsvSource({"AC00,1100,1161,", "AC01,1100,1161,11A8", "AC1C,1100,1162,", "D7A3,1112,1175,11C2"})
    void takesHangulSyllablesApartIntoTheirLetters(String syllable, String leading, String vowel, String trailing) {
        int[] letters = trailing == null
                ? new int[] {number(leading), number(vowel)}
                : new int[] {number(leading), number(vowel), number(trailing)};
        assertThat(Characters.isHangulSyllable(number(syllable))).isTrue();
        assertThat(Characters.hangulLetters(number(syllable))).containsExactly(letters);
    }

    @ParameterizedTest
    @CsvSource({"ABFF", "D7A4"})
    void takesWhatStandsBesideTheHangulSyllablesForNone(String neighbour) {
        assertThat(Characters.isHangulSyllable(number(neighbour))).isFalse();
    }

    private static int number(String hexadecimal) {
        return Integer.parseInt(hexadecimal, 16);
    }
}
