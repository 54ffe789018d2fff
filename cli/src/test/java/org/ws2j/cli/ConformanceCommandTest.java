package org.ws2j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ws2j.conformance.ConformanceRun;
import picocli.CommandLine.ExitCode;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

@Timeout(60)
final class ConformanceCommandTest {
    /** A suite of few and quick checks. */
    private static final String SUITE = "Qos";

    /** What a check fails with over a stack that has a flag without need. */
    private static final String[] FAILING = {"memory", "--suite", "Ioctl", "--flag", "NO_FLUSH=it says so"};

    @TempDir
    private Path folder;

    private static CommandRun run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addFirst("conformance");
        return CommandRun.of(all.toArray(String[]::new));
    }

    // ---- tables ----------------------------------------------------------------------------------------------------

    @Test
    void eachStackHasATableWithARowForEachSuiteAndASum() {
        CommandRun run = run("memory", "trace/memory", "--suite", "Qos,AddressesSuite");

        assertThat(run.code()).as("%s", run).isEqualTo(ExitCode.OK);
        List<String> lines = run.out().lines().toList();
        for (String stack : List.of("memory", "trace/memory")) {
            int header = indexOf(lines, stack + " +passed  failed  skipped");
            List<Integer> addresses = numbers(lines.get(header + 2), "Addresses");
            List<Integer> qos = numbers(lines.get(header + 3), "Qos");
            assertThat(addresses.getFirst()).isPositive();
            assertThat(qos.getFirst()).isPositive();
            assertThat(numbers(lines.get(header + 4), "all")).containsExactly(
                    addresses.get(0) + qos.get(0), 0, addresses.get(2) + qos.get(2));
        }
    }

    @Test
    void theLastLinesCountTheChecksAndTheStatements() {
        CommandRun run = run("memory", "--suite", SUITE);

        assertThat(run.out().lines().toList().reversed().subList(0, 2)).satisfiesExactly(
                statements -> assertThat(statements).contains(
                        ConformanceRun.coverage().statements().size() + " statements of the specification",
                        "0 have none;"),
                checks -> assertThat(checks).matches("[1-9][0-9]* checks over 1 stack: none failed, 0 skipped\\."));
    }

    @Test
    void whatIsSkippedIsCountedByItsReason() {
        CommandRun run = run("tcpip", "--suite", "Connecting");

        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).containsPattern("skipped because +checks\n-+  -+\nNO_CONDITIONAL_ACCEPT: tcpip: .* 1\n");
    }

    @Test
    void theControlGroupIsAStackOfItsOwnWithTheSuitesThatItCanRun() {
        CommandRun run = run("jdk", "--suite", "ControlGroup," + SUITE);

        assertThat(run.code()).as("%s", run).isEqualTo(ExitCode.OK);
        assertThat(run.out()).containsPattern("jdk +passed  failed  skipped\n.*\nControlGroup +[1-9][0-9]+ +0 +0\nall ")
                .doesNotContain(SUITE);
    }

    @Test
    void aCheckThatFailsIsNamedWithItsReasonAndPlace() {
        CommandRun run = run(FAILING);

        assertThat(run.code()).isEqualTo(ExitCode.SOFTWARE);
        assertThat(run.out())
                .containsPattern(
                        "FAILED  Ioctl\\.\\w+ over memory\n        .*WSAENOPROTOOPT.*\n        at .*IoctlSuite\\.java")
                .containsPattern("checks over 1 stack: [1-9]\\d* failed");
    }

    // ---- JSON ------------------------------------------------------------------------------------------------------

    @Test
    void theJsonHasAnObjectForEachCheck() {
        CommandRun run = run("memory", "jdk", "--suite", "ControlGroup", "--json");

        assertThat(run.code()).isEqualTo(ExitCode.OK);
        List<Map<String, Object>> checks = objects(run.out());
        assertThat(checks).extracting(check -> check.get("stack")).contains("memory", "jdk");
        assertThat(checks).allSatisfy(check -> {
            assertThat(check).contains(entry("suite", "ControlGroup")).containsKey("check");
            assertThat(check.get("outcome")).isIn("PASSED", "SKIPPED");
            assertThat(check.containsKey("reason")).isEqualTo(check.get("outcome").equals("SKIPPED"));
            assertThat(check).doesNotContainKeys("message", "place");
        });
    }

    @Test
    void theJsonOfAFailureHasItsMessageAndPlace() {
        List<String> arguments = new ArrayList<>(List.of(FAILING));
        arguments.add("--json");
        CommandRun run = run(arguments.toArray(String[]::new));

        assertThat(run.code()).isEqualTo(ExitCode.SOFTWARE);
        assertThat(objects(run.out())).filteredOn(check -> check.get("outcome").equals("FAILED")).isNotEmpty()
                .allSatisfy(check -> {
                    assertThat((String) check.get("message")).contains("WSAENOPROTOOPT");
                    assertThat((String) check.get("place")).contains("IoctlSuite.java");
                });
    }

    // ---- statements ------------------------------------------------------------------------------------------------

    @Test
    void theStatementsAreListedWithTheirChecksAndNothingRuns() {
        CommandRun run = run("--statements");

        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).contains("says", "checked by", "Connecting.connectionsGoOverIpv6Too")
                .doesNotContain("passed", "NOTHING");
    }

    @Test
    void theJsonOfAStatementSaysWhatChecksItOrWhyNothingDoes() {
        CommandRun run = run("--statements", "--json");

        assertThat(run.code()).isEqualTo(ExitCode.OK);
        List<Map<String, Object>> statements = objects(run.out());
        assertThat(statements).hasSameSizeAs(ConformanceRun.coverage().statements()).allSatisfy(statement -> {
            assertThat(statement).containsKeys("id", "group", "source", "text", "checks");
            assertThat(!((List<?>) statement.get("checks")).isEmpty() || statement.containsKey("reason"))
                    .as("%s", statement).isTrue();
        });
        assertThat(statements).filteredOn(statement -> statement.get("id").equals("connect.ipv6"))
                .singleElement()
                .satisfies(statement -> assertThat((List<?>) statement.get("checks"))
                        .hasToString("[Connecting.connectionsGoOverIpv6Too]"));
    }

    // ---- jars ------------------------------------------------------------------------------------------------------

    @Test
    void aLayerOfOnesOwnIsCheckedByThePathOfItsJar() throws Exception {
        String stack = LayerJar.of(folder.resolve("mine.jar"), LayerJar.Right.class) + "/memory";
        CommandRun run = run(stack, "--suite", SUITE);

        assertThat(run.code()).as("%s", run).isEqualTo(ExitCode.OK);
        assertThat(run.out()).contains(stack + "  passed  failed  skipped");
    }

    @Test
    void aLayerThatIsWrongMakesTheCommandFail() throws Exception {
        String stack = LayerJar.of(folder.resolve("wrong.jar"), LayerJar.Wrong.class) + "/memory";
        CommandRun run = run(stack, "--suite", "Connecting");

        assertThat(run.code()).isEqualTo(ExitCode.SOFTWARE);
        assertThat(run.out()).contains("FAILED  Connecting.listeningWithoutAnAddressIsInvalid over " + stack,
                "WSAEACCES");
    }

    @Test
    void aProviderThatDoesNotStartFailsTheChecksWithItsReason() throws Exception {
        String stack = LayerJar.of(folder.resolve("broken.jar"), LayerJar.Broken.class) + "/memory";
        CommandRun run = run(stack, "--suite", "Connecting");

        assertThat(run.code()).isEqualTo(ExitCode.SOFTWARE);
        assertThat(run.out()).contains("WSAEPROVIDERFAILEDINIT", "broken on purpose");
        assertThat(run.err()).isEmpty();
    }

    // ---- wrong calls -----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
            "tarce/tcpip, tarce",
            "nowhere.jar/memory, nowhere.jar",
            "trace, no base provider",
            "tcpip/memory, stands at the bottom",
            "jdk/memory, jdk"})
    void whatIsNoStackIsAUsageError(String stack, String complaint) {
        CommandRun run = run(stack, "--suite", SUITE);

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains(complaint, "Usage: ws2 conformance");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void anUnknownSuiteIsAUsageErrorThatListsThemAll() {
        CommandRun run = run("memory", "--suite", "NoSuch");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("NoSuch").contains(String.join(", ", ConformanceRun.suiteNames()));
    }

    @Test
    void anUnknownFlagIsAUsageErrorThatListsThemAll() {
        CommandRun run = run("memory", "--flag", "NO_SUCH=why");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("NO_SUCH", "NO_PEEK");
    }

    // ---- reading ---------------------------------------------------------------------------------------------------

    private static int indexOf(List<String> lines, String pattern) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).matches(pattern)) {
                return i;
            }
        }
        throw new AssertionError(pattern + " in " + lines);
    }

    private static List<Integer> numbers(String row, String name) {
        List<String> cells = List.of(row.split(" +"));
        assertThat(cells).as(row).hasSize(4).first().isEqualTo(name);
        return cells.subList(1, 4).stream().map(Integer::valueOf).toList();
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
            members.put(name, parser.nextToken() == JsonToken.START_ARRAY ? texts(parser) : parser.getString());
        }
        return members;
    }

    private static List<String> texts(JsonParser parser) {
        List<String> texts = new ArrayList<>();
        while (parser.nextToken() == JsonToken.VALUE_STRING) {
            texts.add(parser.getString());
        }
        return texts;
    }
}
