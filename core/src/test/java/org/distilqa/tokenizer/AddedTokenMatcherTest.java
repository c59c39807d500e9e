package org.distilqa.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.distilqa.tokenizer.definition.AddedToken;
import org.junit.jupiter.api.Test;

class AddedTokenMatcherTest {
    @Test
    void tellsAllPartsOfATextAndNoneThatIsEmpty() {
        AddedTokenMatcher matcher = matcher(token("ab", false, false, false), token("abcd", false, false, false));
        assertThat(parts(matcher, "")).isEmpty();
        assertThat(parts(matcher, "x")).containsExactly("x");
        assertThat(parts(matcher, "ab")).containsExactly("[ab]");
        assertThat(parts(matcher, "abab")).containsExactly("[ab]", "[ab]");
        assertThat(parts(matcher, "xabcdabcx")).containsExactly("x", "[abcd]", "[ab]", "cx");
    }

    @Test
    void givesATokenTheWhiteSpaceAroundItThatNoOtherHas() {
        AddedTokenMatcher matcher = matcher(token("<", true, false, false), token(">", false, true, false));
        assertThat(parts(matcher, "  <  ")).containsExactly("[  <]", "  ");
        assertThat(parts(matcher, "  >  ")).containsExactly("  ", "[>  ]");
        assertThat(parts(matcher, ">  <x")).containsExactly("[>  ]", "[<]", "x");
        assertThat(parts(matcher, "a\t\u3000<b>\n")).containsExactly("a", "[\t\u3000<]", "b", "[>\n]");
    }

    @Test
    void findsAWordOfItsOwnWhereNoCharacterOfAWordIsBesideIt() {
        AddedTokenMatcher matcher = matcher(token("ab", false, false, true));
        assertThat(parts(matcher, "ab")).containsExactly("[ab]");
        assertThat(parts(matcher, "-ab-")).containsExactly("-", "[ab]", "-");
        assertThat(parts(matcher, "xab")).containsExactly("xab");
        assertThat(parts(matcher, "abx")).containsExactly("abx");
        assertThat(parts(matcher, "x ab_")).containsExactly("x ab_");
        assertThat(parts(matcher, "\ud835\udc9cab")).containsExactly("\ud835\udc9cab");
        assertThat(parts(matcher, "ab\ud835\udc9c")).containsExactly("ab\ud835\udc9c");
        assertThat(parts(matcher, "\ud83d\ude00ab\ud83d\ude00"))
                .containsExactly("\ud83d\ude00", "[ab]", "\ud83d\ude00");
    }

    @Test
    void isEmptyWithoutATokenThatCouldBeFound() {
        assertThat(matcher().isEmpty()).isTrue();
        assertThat(matcher(token("", false, false, false)).isEmpty()).isTrue();
        assertThat(matcher(token("a", false, false, false)).isEmpty()).isFalse();
    }

    private static AddedToken token(String content, boolean leftStrip, boolean rightStrip, boolean singleWord) {
        return new AddedToken(1, content, singleWord, leftStrip, rightStrip, false, false);
    }

    private static AddedTokenMatcher matcher(AddedToken... tokens) {
        return new AddedTokenMatcher(List.of(tokens), content -> content);
    }

    /** The parts of a text, those that are tokens in brackets. */
    private static List<String> parts(AddedTokenMatcher matcher, String text) {
        List<String> parts = new ArrayList<>();
        matcher.split(text, new AddedTokenMatcher.Parts() {
            @Override
            public void text(int from, int to) {
                parts.add(text.substring(from, to));
            }

            @Override
            public void token(AddedToken token, int from, int to) {
                parts.add("[" + text.substring(from, to) + "]");
            }
        });
        return parts;
    }
}
