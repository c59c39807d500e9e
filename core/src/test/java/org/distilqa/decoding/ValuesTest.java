package org.distilqa.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import org.distilqa.decoding.AnswerBoundaries.Extent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValuesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "The server reads server.conf when it starts. | conf | server.conf",
                "The lowest temperature was -40 degrees. | 40 degrees | -40 degrees",
                "The lowest was \u221240 degrees. | 40 | \u221240",
                "A long press (>3 seconds) switches it off. | 3 seconds | >3 seconds",
                "Humidity  <95%, non-condensing | 95 | <95%",
                "At most (<=5) of them. | 5 | <=5",
                "Write to ada.quill@example.org for help. | @ | ada.quill@example.org",
                "Write to <ada.quill@example.org>. | ada | ada.quill@example.org",
                "Tighten with 2.2 Nm, not more. | 2 | 2.2",
                "It costs $1,299.50. | 299 | $1,299.50",
                "It opens at 10:30. | 10 | 10:30",
                "See https://example.org/a?b=c. | example | https://example.org/a?b=c",
                "See (www.example.org/a). | org | www.example.org/a",
                "Since version v1.2.3-rc.1 it works. | 2 | v1.2.3-rc.1",
                "Use 10-20 of them. | 10 | 10-20",
                "From 1.5\u20132.5% of all. | 2.5 | 1.5\u20132.5%",
                "On 2026-11-26 it ended. | 2026 | 2026-11-26",
                "It is in /etc/ssl/server.pem now. | ssl | /etc/ssl/server.pem",
                "It is in C:\\Temp\\a.txt. | Temp | C:\\Temp\\a.txt",
                "See src/main/java. | main | src/main/java",
                "Edit .profile first. | profile | .profile",
                "Set max_sequence_length to 384. | sequence | max_sequence_length",
                "Give --top-k to it. | top-k | --top-k",
                "He lived in the U.S. until then. | U.S | U.S.",
                "She has a Ph.D. in it. | D | Ph.D.",
                "Take the JPEG file PHOTO.JPG. | PHOTO | PHOTO.JPG",
                "Ask root@localhost now. | root | root@localhost",
                "It was built in 1234 or so. | 23 | 1234",
                "See https://example.org/mill[1] for it. | mill | https://example.org/mill"
            })
    void takesTheWholeOfAValue(String text, String part, String whole) {
        assertThat(widened(text, part)).isEqualTo(whole);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "It was (in 1912). | 1912",
                "It rained from 1914\u20131918 there. | 1914",
                "He was \"Ada's\" friend. | Ada",
                "The end.The beginning. | end",
                "Twenty-two of them. | two",
                "COVID-19 came. | 19",
                "He or she/he came. | she",
                "He or she/he came. | he",
                "It was built in c.1886, they say. | 1886",
                "It costs 5, or 6. | 5",
                "He said so,and left. | so",
                "Who? Ada. | Ada",
                "a 1.5-inch screw | inch",
                "It is Ada's. | Ada",
                "See https://example.org/mill_(wheel) for it. | wheel",
                "Set volume=40% of it. | volume=",
                "From 10:30+x on. | +x"
            })
    void leavesOtherWordsAsTheyAre(String text, String part) {
        assertThat(widened(text, part)).isEqualTo(part);
    }

    @Test
    @Timeout(20)
    void looksNearAnAnswerOnly() {
        for (String unit : new String[] {"a.", "1-", "a@", "/a", "_a", "1.", "-", "U.", "://"}) {
            String text = unit.repeat(500_000);
            Extent extent = Values.widen(text, new Extent(text.length() / 2, text.length() / 2 + 1));
            assertThat(extent.end() - extent.start()).isLessThan(1000);
        }
    }

    @Test
    void looksAtTwoHundredAndFiftySixCharactersOnEitherSide() {
        String text = "_a".repeat(1000);
        assertThat(Values.widen(text, new Extent(1000, 1002))).isEqualTo(new Extent(1000 - 256, 1002 + 256));
        // The last of them begins a part of which no more is seen.
        assertThat(Values.widen(text, new Extent(1000, 1001)).end()).isEqualTo(1001 + 255);
        // Where there are fewer, at all.
        assertThat(Values.widen(text, new Extent(100, 1902))).isEqualTo(new Extent(0, 2000));
    }

    private static String widened(String text, String part) {
        int start = text.lastIndexOf(part);
        Extent extent = Values.widen(text, new Extent(start, start + part.length()));
        return text.substring(extent.start(), extent.end());
    }
}
