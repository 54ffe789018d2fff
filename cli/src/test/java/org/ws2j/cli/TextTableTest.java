package org.ws2j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class TextTableTest {

    @Test
    void columnsAreAsWideAsTheirLongestCellAndNumbersStandAtTheRight() {
        TextTable table = new TextTable().column("what").number("n").column("");
        table.row("apples", 7, "x");
        table.row("pears", 1_000, "");

        assertThat(table.lines()).containsExactly(
                "what       n",
                "------  ----  -",
                "apples     7  x",
                "pears   1000");
    }

    @Test
    void longCellsAreWrappedAtWords() {
        TextTable table = new TextTable().wrapped("text", 9).column("b");
        table.row("one two three indivisible", "!");

        assertThat(table.lines()).containsExactly(
                "text         b",
                "-----------  -",
                "one two      !",
                "three",
                "indivisible");
    }

    @Test
    void aRowWithACellTooFewIsRefused() {
        TextTable table = new TextTable().column("a").column("b");

        assertThatIllegalArgumentException().isThrownBy(() -> table.row("1"));
    }
}
