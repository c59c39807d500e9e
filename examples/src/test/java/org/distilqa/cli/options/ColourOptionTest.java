package org.distilqa.cli.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ColourOptionTest {
    @Test
    void colourIsForTerminalsThatCanShowItAndPeopleWhoHaveNotSaidNo() {
        assertThat(ColourOption.automatic(true, Map.of("TERM", "xterm"))).isEqualTo(Colours.ALWAYS);
        assertThat(ColourOption.automatic(true, Map.of("NO_COLOR", ""))).isEqualTo(Colours.ALWAYS);
        assertThat(ColourOption.automatic(true, Map.of("NO_COLOR", "1"))).isEqualTo(Colours.NEVER);
        assertThat(ColourOption.automatic(true, Map.of("TERM", "dumb"))).isEqualTo(Colours.NEVER);
        assertThat(ColourOption.automatic(false, Map.of())).isEqualTo(Colours.NEVER);
    }
}
