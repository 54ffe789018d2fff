package org.ws2j.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CsvTest {
    @ParameterizedTest
    @ValueSource(strings = {"plain", "", "a,b", "say \"hello\"", "\"", ",", "× time"})
    void valueComesBackAsItWas(String value) {
        List<String> values = List.of("before", value, "after");
        assertThat(Csv.values(Csv.line(values))).isEqualTo(values);
    }

    @Test
    void plainValuesStandAsTheyAre() {
        assertThat(Csv.line(List.of("a", 1, 2.5))).isEqualTo("a,1,2.5");
    }

    @Test
    void commaAndQuotationMarkAreQuoted() {
        assertThat(Csv.line(List.of("a,b", "c\"d"))).isEqualTo("\"a,b\",\"c\"\"d\"");
    }
}
