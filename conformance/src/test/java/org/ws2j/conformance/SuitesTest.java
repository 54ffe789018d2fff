package org.ws2j.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.support.ReflectionSupport;
import org.ws2j.conformance.suite.Suites;

final class SuitesTest {

    @Test
    void theListHasEverySuiteInItsOrder() {
        List<Class<?>> suites = ReflectionSupport.findAllClassesInPackage("org.ws2j.conformance.suite",
                Suite.class::isAssignableFrom, name -> true);

        assertThat(Suites.all()).hasSameElementsAs(suites.stream()
                .filter(type -> !Modifier.isAbstract(type.getModifiers()))
                .map(SuitesTest::asSuite)
                .toList());
        assertThat(ConformanceRun.suiteNames()).isSorted();
    }

    @Test
    void aCheckHasNeitherParametersNorAResult() {
        assertThat(Suites.all().stream().flatMap(type -> Stream.of(type.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Proves.class))).isNotEmpty().allSatisfy(method -> {
                    assertThat(method.getParameterCount()).isZero();
                    assertThat(method.getReturnType()).isEqualTo(void.class);
                    assertThat(method.getAnnotation(Proves.class).value()).isNotEmpty();
                });
    }

    @Test
    void whatAnybodyCouldCallInASuiteIsACheck() {
        assertThat(Suites.all().stream().flatMap(type -> Stream.of(type.getDeclaredMethods()))
                .filter(SuitesTest::couldBeACheck)).allMatch(method -> method.isAnnotationPresent(Proves.class));
    }

    private static boolean couldBeACheck(Method method) {
        int modifiers = method.getModifiers();
        boolean isOwn = !Modifier.isPrivate(modifiers) && !Modifier.isStatic(modifiers)
                && !Modifier.isProtected(modifiers) && !method.isAnnotationPresent(BeforeEach.class);
        return isOwn && method.getParameterCount() == 0 && method.getReturnType() == void.class;
    }

    private static Class<? extends Suite> asSuite(Class<?> type) {
        return type.asSubclass(Suite.class);
    }
}
