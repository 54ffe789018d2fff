package org.ws2j.agent.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ClassFileTest {
    private static byte[] bytes(String name) throws IOException {
        try (InputStream in = Object.class.getResourceAsStream("/" + name + ".class")) {
            return in.readAllBytes();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theJdkTakesAChangedClassForAGoodOne(JdkMethod method) throws Exception {
        byte[] changed = method.changed(new ClassFile(bytes(method.owner())));
        assertThat(java.lang.classfile.ClassFile.of().verify(changed)).isEmpty();
        ClassModel model = java.lang.classfile.ClassFile.of().parse(changed);
        assertThat(model.methods()).hasSameSizeAs(
                java.lang.classfile.ClassFile.of().parse(bytes(method.owner())).methods());
        assertThat(model.toDebugString()).contains("BiFunction");
    }

    @Test
    void aMethodThatIsNotThereIsAnError() throws Exception {
        ClassFile file = new ClassFile(bytes("java/net/SocketImpl"));
        assertThatIllegalArgumentException().isThrownBy(() -> file.withBody("none", "()V", new byte[0], 0))
                .withMessageContaining("there is no method none()V");
    }

    @Test
    void aMethodThatReturnsNoObjectHasNoResultToChange() throws Exception {
        ClassFile file = new ClassFile(bytes("java/net/SocketImpl"));
        assertThatIllegalArgumentException().isThrownBy(() -> file.withResult("getPort", "()I", new byte[0], 0))
                .withMessageContaining("does not end by returning an object");
    }

    @Test
    void aMethodWithoutCodeCannotBeChanged() throws Exception {
        ClassFile file = new ClassFile(bytes("java/net/SocketImpl"));
        assertThatIllegalArgumentException().isThrownBy(() -> file.withBody("close", "()V", new byte[0], 0))
                .withMessageContaining("has no code");
    }
}
