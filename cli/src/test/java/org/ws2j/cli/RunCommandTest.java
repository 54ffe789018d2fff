package org.ws2j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunCommandTest {
    @TempDir
    private Path directory;

    private String plan(String... arguments) throws Exception {
        Path plan = directory.resolve("plan");
        String[] all = new String[arguments.length + 3];
        all[0] = "run";
        all[1] = "--plan";
        all[2] = plan.toString();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        CommandRun run = CommandRun.of(all);
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        return Files.readString(plan);
    }

    @Test
    void optionsOfTheCommandAreTheCommands() throws Exception {
        String plan = plan("--layer", "passthrough", "--report", "java", "--strict", "--layer", "x");
        assertThat(plan).startsWith("shift $(($# - 4)); java=$1; shift; exec \"$java\" '-javaagent:")
                .endsWith("ws2j-agent.jar=layer=passthrough;report' \"$@\"\n");
        assertThat(plan("--layer", "passthrough", "--report", "--", "java", "--strict", "--layer", "x"))
                .isEqualTo(plan);
    }

    @Test
    void layersKeepTheirOrderAndASemicolonIsDoubled() throws Exception {
        assertThat(plan("--strict", "--layer", "trace:file=a;b", "--layer", "passthrough", "mvn", "test"))
                .startsWith("export JAVA_TOOL_OPTIONS=\"${JAVA_TOOL_OPTIONS:+$JAVA_TOOL_OPTIONS }\"'-javaagent:")
                .endsWith(
                        "ws2j-agent.jar=layer=trace:file=a;;b;layer=passthrough;strict'; shift $(($# - 2)); exec \"$@\"\n");
    }

    @Test
    void theConfigurationIsFoundFromOtherDirectoriesToo() throws Exception {
        Path config = Files.writeString(directory.resolve("c"), "strict");
        assertThat(plan("--config", config.toString(), "java"))
                .endsWith("=config=" + config.toAbsolutePath() + "' \"$@\"\n");
        CommandRun missing = CommandRun.of("run", "--config", directory.resolve("no").toString(), "java");
        assertThat(missing.code()).isEqualTo(2);
        assertThat(missing.err()).contains("cannot be read");
    }

    @Test
    void aLayersFileIsFoundFromOtherDirectoriesToo() throws Exception {
        Path jar = Files.createFile(directory.resolve("layer.jar"));
        Path relative = Path.of("").toAbsolutePath().relativize(jar);
        assertThat(plan("--layer", relative + "!mine:a=b", "java"))
                .endsWith("=layer=" + relative.toAbsolutePath() + "!mine:a=b' \"$@\"\n");
    }

    @Test
    void anArgumentThatNamesAFileWithArgumentsIsTheCommands() throws Exception {
        Path words = Files.writeString(directory.resolve("words"), "one two three");
        assertThat(plan("java", "@" + words)).startsWith("shift $(($# - 2));");
    }

    @Test
    void withoutACommandItIsCalledWrongly() {
        assertThat(CommandRun.of("run", "--report").code()).isEqualTo(2);
    }

    @Test
    void aCommandThatIsNotThereIsNotStarted() {
        CommandRun run = CommandRun.of("run", directory.resolve("none").toString());
        assertThat(run.code()).isEqualTo(127);
        assertThat(run.err()).startsWith("ws2 run: ");
    }
}
