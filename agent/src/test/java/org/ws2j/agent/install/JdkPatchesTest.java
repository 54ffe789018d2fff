package org.ws2j.agent.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ws2j.agent.boot.InstallationException;

/** What stays changed in a JVM; the test is the JVM. */
final class JdkPatchesTest {
    private final List<ClassFileTransformer> transformers = new ArrayList<>();
    private final Set<String> changed = new HashSet<>();

    private static byte[] bytes(Class<?> type) throws Exception {
        try (InputStream in = Object.class.getResourceAsStream("/" + type.getName().replace('.', '/') + ".class")) {
            return in.readAllBytes();
        }
    }

    /** A JVM that has all these classes already, and fails when one of them is to be made anew. */
    private Instrumentation jvm(String failing, Throwable failure) {
        return (Instrumentation) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {Instrumentation.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "addTransformer" -> transformers.add((ClassFileTransformer) arguments[0]);
                        case "removeTransformer" -> {
                            return transformers.remove(arguments[0]);
                        }
                        case "retransformClasses" -> {
                            for (Class<?> each : (Class<?>[]) arguments[0]) {
                                retransform(each, failing, failure);
                            }
                        }
                        default -> throw new UnsupportedOperationException(method.toString());
                    }
                    return null;
                });
    }

    private void retransform(Class<?> type, String failing, Throwable failure) throws Throwable {
        changed.remove(type.getName());
        String name = type.getName().replace('.', '/');
        for (ClassFileTransformer each : transformers) {
            if (each.transform(null, name, type, null, bytes(type)) != null) {
                if (type.getName().equals(failing)) {
                    throw failure;
                }
                changed.add(type.getName());
            }
        }
    }

    private JdkPatches patches() {
        return new JdkPatches(new NativeTransports(line -> {}));
    }

    @Test
    void allMethodsAreChanged() throws Exception {
        patches().install(jvm(null, null));
        assertThat(changed).containsExactlyInAnyOrder("java.net.SocketImpl", "sun.nio.ch.SelectorProviderImpl",
                "sun.nio.ch.Streams", "java.net.InetAddress");
    }

    @Test
    void whenTheJvmRefusesOneNoneStaysChanged() {
        for (Throwable failure : new Throwable[] {new VerifyError("x"), new UnsupportedOperationException("x")}) {
            Instrumentation jvm = jvm("java.net.InetAddress", failure);
            assertThatExceptionOfType(InstallationException.class).isThrownBy(() -> patches().install(jvm))
                    .withMessageContaining("not as the agent knows it").matches(e -> !e.isFatal());
            assertThat(changed).isEmpty();
            assertThat(transformers).isEmpty();
        }
    }

    @Test
    void whenTheJvmIsBrokenNoneStaysChangedEither() {
        Error failure = new InternalError("x");
        assertThatThrownBy(() -> patches().install(jvm("sun.nio.ch.Streams", failure))).isSameAs(failure);
        assertThat(changed).isEmpty();
    }
}
