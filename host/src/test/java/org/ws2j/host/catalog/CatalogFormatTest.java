package org.ws2j.host.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.ws2j.host.catalog.Entries.letters;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ws2j.spi.ServiceFlag;
import org.ws2j.spi.WsaProtocolInfo;

/** What a catalog's text may say, and what is told about one that says something else. */
@Timeout(30)
final class CatalogFormatTest {

    /** As somebody would write it, with the members that are required alone. */
    private static final String GOOD = """
            { "format": 1, "nextId": 1004, "entries": [
              { "id": 1001, "name": "tcp", "kind": "base", "path": "base.jar",
                "provider": "e70f1aa0-ab8b-11cf-8ca3-00805f48a192",
                "addressFamily": 2, "socketType": 1, "protocol": 6 },
              { "id": 1002, "name": "layer", "kind": "layer", "path": "layer.jar",
                "provider": "11111111-2222-3333-4444-555555555555",
                "addressFamily": 2, "socketType": 0, "protocol": 6 },
              { "id": 1003, "name": "layer over tcp", "kind": "chain", "chain": [1002, 1001], "path": "layer.jar",
                "provider": "99999999-2222-3333-4444-555555555555", "options": {"a": "b"},
                "serviceFlags": ["XP1_GRACEFUL_CLOSE", "0x100000"],
                "addressFamily": 2, "socketType": 1, "protocol": 6 }
            ] }
            """;

    private static CatalogState read(String text) throws CatalogFormatException {
        return CatalogReader.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String problem(String text) {
        CatalogFormatException broken = catchThrowableOfType(CatalogFormatException.class, () -> read(text));
        assertThat(broken).as("refused").isNotNull();
        return broken.getMessage();
    }

    @Test
    void handWrittenTextWithTheRequiredMembersIsACatalog() throws CatalogFormatException {
        CatalogState state = read(GOOD);
        assertThat(Entries.ids(state.wscEnumProtocols())).containsExactly(1001, 1002, 1003);
        WsaProtocolInfo chain = state.entries().getLast().info();
        assertThat(chain.protocolChain().chainEntries()).containsExactly(1002, 1001);
        assertThat(chain.serviceFlags1()).isEqualTo(ServiceFlag.XP1_GRACEFUL_CLOSE | 0x100000);
        assertThat(state.options(1003)).containsEntry("a", "b");
        assertThat(CatalogReader.read(CatalogWriter.write(state))).isEqualTo(state);
    }

    @Test
    void emptyCatalogIsACatalog() throws CatalogFormatException {
        assertThat(CatalogReader.read(CatalogWriter.write(CatalogState.EMPTY))).isEqualTo(CatalogState.EMPTY);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "\"format\": 1 | \"format\": 2 | line 1, column 13: the format is 2, this program knows format 1 alone",
            "\"nextId\": 1004, | | the member \"nextId\" of the catalog is missing",
            "\"nextId\": 1004 | \"nextId\": 0 | the next number is below 1",
            "\"nextId\": 1004 | \"nextId\": 1003 | the entry 1003: its number is not below the catalog's nextId, 1003",
            "\"nextId\": 1004 | \"nextId\": \"1004\" | expected the next number as a whole number",
            "\"nextId\": 1004 | \"nextId\": 99999999999 | out of range",
            "\"id\": 1002 | \"id\": 1001 | line 5, column 3: there are two entries with the number 1001",
            "\"id\": 1002 | \"id\": 0 | line 5, column 11: the number of an entry is below 1",
            "\"name\": \"tcp\", | | line 2, column 3: the member \"name\" of an entry is missing",
            "\"name\": \"tcp\" | \"nmae\": \"tcp\" | line 2, column 17: an entry has no member \"nmae\"",
            "\"name\": \"tcp\" | \"name\": \"tcp\", \"name\": \"udp\" | Duplicate",
            "\"name\": \"tcp\" | \"name\": 7 | expected a name in quotes",
            "\"kind\": \"base\" | \"kind\": \"bass\" | line 2, column 40: a kind is base, layer or chain, not \"bass\"",
            "\"kind\": \"layer\" | \"kind\": \"chain\" | a chain needs \"chain\" with two entries or more",
            "\"kind\": \"chain\" | \"kind\": \"base\" | \"chain\" is for entries of the kind \"chain\" alone",
            "[1002, 1001] | [1002, 1999] | the entry 1003: its chain names an entry that never was: 1999",
            "[1002, 1001] | [1002, 1003] | the entry 1003: its chain leads back to itself",
            "[1002, 1001] | [1002, 1002] | an entry is in the chain twice",
            "[1002, 1001] | [1, 2, 3, 4, 5, 6, 7, 8] | a chain has 2 to 7 entries, not 8",
            "\"base.jar\" | \"\" | the path is empty",
            "99999999-2222-3333-4444-555555555555 | 1-2-3-4-5 | not a GUID: \"1-2-3-4-5\"",
            "99999999-2222-3333-4444-555555555555 | tcpip | not a GUID: \"tcpip\"",
            "99999999-2222-3333-4444-555555555555 | e70f1aa0-ab8b-11cf-8ca3-00805f48a192 | its path is not that of",
            "XP1_GRACEFUL_CLOSE | XP1_GRACELESS | there is no flag \"XP1_GRACELESS\"",
            "\"a\": \"b\" | \"a\": 1 | expected the value of an option in quotes",
            "\"a\": \"b\" | \"\": \"b\" | an option has no name",
            "\"options\" | \"sha256\": \"abc\", \"options\" | a SHA-256 digest has 64 hexadecimal digits",
            "\"options\" | \"protocolMaxOffset\": -1, \"options\" | the range of protocols ends before it begins",
    })
    void editToNonsenseIsRefusedWithPlaceAndReason(String from, String to, String message) {
        String edited = GOOD.replace(from, to == null ? "" : to);
        assertThat(edited).isNotEqualTo(GOOD);
        assertThat(problem(edited)).contains("line ").contains("column ").contains(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "[]", "7", "{}", "{\"format\": 1", "\0\0\0\0", "\u00ff\u00fe", "{} {}"})
    void whatIsNoCatalogIsRefused(String text) {
        assertThat(problem(text)).contains("line ").contains("column ");
    }

    @Test
    void somethingBehindTheCatalogIsRefused() {
        assertThat(problem(GOOD + "{}")).contains("line 13, column 1: something follows the end");
    }

    @Test
    void tooLongNamesAndPathsAreRefused() {
        assertThat(problem(GOOD.replace("\"tcp\"", '"' + letters(256) + '"'))).contains("the name has 256 characters");
        assertThat(problem(GOOD.replace("base.jar", letters(261)))).contains("the path has 261 characters");
    }

    @Test
    void chainOverAnEntryThatWasDeinstalledIsStillACatalog() throws CatalogFormatException {
        String without = GOOD.replace("\"id\": 1001", "\"id\": 1000");
        assertThat(read(without).entry(1003)).isPresent();
    }

    @Test
    void chainsThatLeadInACircleAreRefused() {
        String circle = GOOD.replace("\"kind\": \"base\"", "\"kind\": \"chain\", \"chain\": [1002, 1003]");
        assertThat(problem(circle)).contains("its chain leads back to itself");
    }
}
