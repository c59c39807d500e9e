package org.distilqa.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {
    private static Table table() {
        Table table = new Table("<name", "ms");
        table.add("a", "12.5");
        table.add("longer | name", "3");
        return table;
    }

    @Test
    void alignsTextToTheLeftAndFiguresToTheRight() {
        assertThat(table().aligned()).isEqualTo("""
                name             ms
                a              12.5
                longer | name     3
                """);
    }

    @Test
    void isWrittenAsMarkdown() {
        assertThat(table().markdown()).isEqualTo("""
                | name | ms |
                |---|---:|
                | a | 12.5 |
                | longer \\| name | 3 |
                """);
    }

    @Test
    void refusesARowOfAnotherWidth() {
        assertThatThrownBy(() -> table().add("only one")).isInstanceOf(IllegalArgumentException.class);
    }
}
