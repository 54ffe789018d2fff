package org.ws2j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

@Timeout(30)
final class UpcallsCommandTest {
    private static final String OPTIONAL = "Optional.";
    private static final String REQUIRED = "Required.";

    /** What the page says, in its words; in the order of the table's slots, the export last. */
    private static final Map<String, String> STATUS = statuses();

    @Test
    void theTableHasARowForEachUpcallWithItsSlotAndThePagesWords() {
        List<String> rows = CommandRun.of("upcalls").out().lines().filter(line -> line.startsWith("WPU")).toList();

        assertThat(rows).hasSize(16);
        int slot = 0;
        for (Map.Entry<String, String> expected : STATUS.entrySet()) {
            String place = slot < 15 ? String.valueOf(slot) : "export";
            String start = "%-28s  %-6s  %-30s  ".formatted(expected.getKey(), place, expected.getValue());
            assertThat(rows.get(slot)).startsWith(start);
            slot++;
        }
    }

    @Test
    void theTableFitsInto120Columns() {
        assertThat(CommandRun.of("upcalls").out().lines()).allSatisfy(line -> assertThat(line.length())
                .isLessThanOrEqualTo(120));
    }

    @Test
    void theTableTellsWhichUpcallThePageDoesNotList() {
        CommandRun run = CommandRun.of("upcalls");

        assertThat(run.code()).isZero();
        assertThat(run.out()).containsOnlyOnce("(not on").containsPattern("WPUOpenCurrentThread +13 ");
    }

    @Test
    void theJsonSaysTheSame() {
        CommandRun run = CommandRun.of("upcalls", "--json");

        assertThat(run.code()).isZero();
        List<Map<String, Object>> upcalls = objects(run.out());
        assertThat(upcalls).extracting(upcall -> upcall.get("name")).containsExactlyElementsOf(STATUS.keySet());
        assertThat(upcalls).extracting(upcall -> upcall.get("status")).containsExactlyElementsOf(STATUS.values());
        assertThat(upcalls.subList(0, 15)).extracting(upcall -> upcall.get("slot")).containsExactly(
                0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14);
        assertThat(upcalls.get(15)).contains(entry("slot", "export"));
        assertThat(upcalls.stream().filter(upcall -> upcall.get("onPage").equals(false)))
                .singleElement()
                .satisfies(upcall -> assertThat(upcall).contains(entry("name", "WPUOpenCurrentThread")));
        assertThat(upcalls).allSatisfy(upcall -> {
            assertThat((String) upcall.get("usedBy")).isNotBlank();
            assertThat((String) upcall.get("reason")).isNotBlank();
        });
    }

    private static Map<String, String> statuses() {
        Map<String, String> statuses = new LinkedHashMap<>();
        statuses.put("WPUCloseEvent", OPTIONAL);
        statuses.put("WPUCloseSocketHandle", REQUIRED);
        statuses.put("WPUCreateEvent", OPTIONAL);
        statuses.put("WPUCreateSocketHandle", "Required for nonIFS providers.");
        statuses.put("WPUFDIsSet", OPTIONAL);
        statuses.put("WPUGetProviderPath", REQUIRED);
        statuses.put("WPUModifyIFSHandle", "Required for IFS providers.");
        statuses.put("WPUPostMessage", REQUIRED);
        statuses.put("WPUQueryBlockingCallback", REQUIRED);
        statuses.put("WPUQuerySocketHandleContext", "Required for nonIFS providers.");
        statuses.put("WPUQueueApc", OPTIONAL);
        statuses.put("WPUResetEvent", OPTIONAL);
        statuses.put("WPUSetEvent", OPTIONAL);
        statuses.put("WPUOpenCurrentThread", "");
        statuses.put("WPUCloseThread", "");
        statuses.put("WPUCompleteOverlappedRequest", "");
        return statuses;
    }

    private static List<Map<String, Object>> objects(String json) {
        List<Map<String, Object>> objects = new ArrayList<>();
        try (JsonParser parser = JsonFactory.builder().build().createParser(ObjectReadContext.empty(), json)) {
            assertThat(parser.nextToken()).isEqualTo(JsonToken.START_ARRAY);
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                objects.add(object(parser));
            }
            assertThat(parser.currentToken()).isEqualTo(JsonToken.END_ARRAY);
        }
        return objects;
    }

    private static Map<String, Object> object(JsonParser parser) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken value = parser.nextToken();
            members.put(name, switch (value) {
                case VALUE_NUMBER_INT -> parser.getIntValue();
                case VALUE_TRUE, VALUE_FALSE -> value == JsonToken.VALUE_TRUE;
                default -> parser.getString();
            });
        }
        return members;
    }
}
