package org.ws2j.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class StackTest {

    @Test
    void itsTextNamesModulesFromTopToBottom() {
        assertThat(StackText.paths("trace/passthrough/tcpip"))
                .containsExactly("builtin:trace", "builtin:passthrough", "builtin:tcpip");
    }

    @Test
    void aJarIsNamedByItsPath() {
        assertThat(StackText.paths("target/my.jar/memory")).containsExactly("target/my.jar", "builtin:memory");
        assertThat(StackText.paths("trace//home/me/my.jar!mine/memory"))
                .containsExactly("builtin:trace", "/home/me/my.jar!mine", "builtin:memory");
        assertThat(StackText.paths("./trace/my.jar")).containsExactly("./trace/my.jar");
    }

    @Test
    void whatIsNeitherIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> StackText.paths("tarce/tcpip"))
                .withMessageContaining("\"tarce/tcpip\"").withMessageContaining("trace");
    }

    @Test
    void onlyTheLowestIsABaseProvider() {
        assertThatIllegalArgumentException().isThrownBy(() -> Stack.parse("tcpip/memory", Map.of()))
                .withMessageContaining("stands at the bottom");
        assertThatIllegalArgumentException().isThrownBy(() -> Stack.parse("trace", Map.of()))
                .withMessageContaining("no base provider");
        assertThatIllegalArgumentException().isThrownBy(() -> Stack.parse("no.jar", Map.of()))
                .withMessageContaining("no.jar");
    }

    @Test
    void theJdksOwnSocketsAreNoStackButTheControlGroup() {
        assertThat(Stack.parse("jdk", Map.of()).isControlGroup()).isTrue();
        assertThat(Stack.parse("memory", Map.of()).isControlGroup()).isFalse();
        assertThat(Stack.DEFAULTS).hasSize(9).contains(Stack.CONTROL_GROUP);
    }

    @Test
    void overTheControlGroupPlainSuitesAloneRun() {
        ConformanceReport report = ConformanceRun.over("jdk").suites("ControlGroup", "Streams").execute();

        assertThat(report.isRight()).as("failed: %s", report.with(CheckResult.Outcome.FAILED)).isTrue();
        assertThat(report.suites()).containsExactly("ControlGroup");
    }

    @Test
    void theTopmostModuleDecidesTheKindOfHandles() {
        assertThat(Stack.parse("tcpip", Map.of()).isIfs()).isTrue();
        assertThat(Stack.parse("memory", Map.of()).isIfs()).isFalse();
        assertThat(Stack.parse("passthrough/tcpip", Map.of()).isIfs()).isFalse();
        assertThat(Stack.parse("ifs-passthrough/tcpip", Map.of()).isIfs()).isTrue();
    }

    @Test
    void aStackHasTheFlagsOfItsModulesAndThoseOfTheRun() {
        Stack stack = Stack.parse("passthrough/memory", Map.of(Flag.NO_PEEK, "because"));

        assertThat(stack.reason(Flag.EVERY_ADDRESS_IS_LOCAL)).hasValueSatisfying(
                reason -> assertThat(reason).startsWith("memory: "));
        assertThat(stack.reason(Flag.NO_PEEK)).hasValue("because");
        assertThat(stack.has(Flag.NO_CONDITIONAL_ACCEPT)).isFalse();
    }
}
