package org.ws2j.agent.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AgentOptionsTest {
    @TempDir
    private Path directory;

    private static String layers(String arguments) throws InstallationException {
        return AgentOptions.parse(arguments).layers().toString();
    }

    private static void isRefused(String arguments, String why) {
        assertThatExceptionOfType(InstallationException.class).isThrownBy(() -> AgentOptions.parse(arguments))
                .withMessageContaining(why).matches(InstallationException::isFatal);
    }

    @Test
    void nothingIsAskedForByNothing() throws Exception {
        for (String arguments : new String[] {null, ""}) {
            AgentOptions options = AgentOptions.parse(arguments);
            assertThat(options.layers()).isEmpty();
            assertThat(options.isStrict()).isFalse();
            assertThat(options.isReporting()).isFalse();
        }
    }

    @Test
    void layersKeepTheirOrderAndTheirOptions() throws Exception {
        AgentOptions options = AgentOptions.parse("layer=trace:file=a.pcapng,key=v;strict;layer=passthrough;report");
        assertThat(options.layers()).hasToString("[trace:file=a.pcapng,key=v, passthrough]");
        assertThat(options.layers().getFirst().options()).containsExactly(entry("file", "a.pcapng"), entry("key", "v"));
        assertThat(options.isStrict()).isTrue();
        assertThat(options.isReporting()).isTrue();
    }

    @Test
    void doubledSeparatorsBelongToTheValue() throws Exception {
        AgentOptions options = AgentOptions.parse("layer=trace:file=a,,b;;c=d:e,x=");
        assertThat(options.layers().getFirst().options()).containsExactly(entry("file", "a,b;c=d:e"), entry("x", ""));
    }

    @Test
    void aColonBehindADriveBelongsToThePath() throws Exception {
        assertThat(AgentOptions.parse("layer=C:\\l.jar!one:k=v").layers().getFirst().name()).isEqualTo("C:\\l.jar!one");
        assertThat(layers("layer=/l.jar:k=v")).isEqualTo("[/l.jar:k=v]");
    }

    @Test
    void whatCannotBeMeantIsRefused() {
        isRefused("layers=trace", "'layers=trace' is none of");
        isRefused("strict=yes", "'strict=yes' is none of");
        isRefused("layer=", "has no name");
        isRefused("layer=trace:file", "option 'file' of layer trace is not key=value");
        isRefused("layer=trace:a=1,a=2", "option a of layer trace is given twice");
        isRefused("config=" + directory.resolve("none"), "cannot be read");
    }

    @Test
    void layersOfAFileComeBelowAndTakeOptionsByTheLine() throws Exception {
        Path file = Files.writeString(directory.resolve("c"), """

                # comment
                layer trace:key=v
                  file = a,b;c = d
                layer   passthrough
                strict
                """);
        AgentOptions options = AgentOptions.parse("config=" + file + ";layer=first");
        assertThat(options.layers().stream().map(LayerChoice::name)).containsExactly("first", "trace", "passthrough");
        assertThat(options.layers().get(1).options()).containsExactly(entry("key", "v"), entry("file", "a,b;c = d"));
        assertThat(options.isStrict()).isTrue();
        assertThat(options.isReporting()).isFalse();
    }

    @Test
    void aWrongLineOfAFileIsNamedByItsNumber() throws Exception {
        Path file = Files.writeString(directory.resolve("c"), "strict\nconfig other\n");
        isRefused("config=" + file, file + ", line 2: 'config other' is none of layer, strict and report");
        Files.writeString(file, "a=b");
        isRefused("config=" + file, "'a=b' stands below no layer");
    }

    @Test
    void inAFileAnyWhiteSpaceStandsBehindAWord() throws Exception {
        Path file = Files.writeString(directory.resolve("c"), "layer\ttrace:a=b\nlayer \t x.jar:k=v\n key\t=\td\n");
        AgentOptions options = AgentOptions.parse("config=" + file);
        assertThat(options.layers()).hasToString("[trace:a=b, x.jar:k=v,key=d]");
    }

    @Test
    void aWordOfTheAgentIsNoOptionOfTheLayerAboveIt() throws Exception {
        for (String line : new String[] {"layer=passthrough", "layer = passthrough", "strict=true", "report\t= true"}) {
            Path file = Files.writeString(directory.resolve("c"), "layer trace\n" + line + "\n");
            isRefused("config=" + file, file + ", line 2: '" + line + "': in a file no equals sign is behind ");
        }
    }

    @Test
    void aByteOrderMarkBeforeTheFirstLineSaysNothing() throws Exception {
        Path file = Files.writeString(directory.resolve("c"), "\ufefflayer trace\nstrict\n");
        assertThat(layers("config=" + file)).isEqualTo("[trace]");
        Files.writeString(file, "strict\n\ufeffreport\n");
        isRefused("config=" + file, "line 2");
    }
}
