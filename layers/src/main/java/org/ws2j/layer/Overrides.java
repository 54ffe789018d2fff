package org.ws2j.layer;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.stream.Stream;

/** Looks once, when a layer is made, which methods its class has in place of {@link LayeredProvider}'s. */
final class Overrides {
    private final Class<?> type;

    Overrides(Class<? extends LayeredProvider> type) {
        this.type = type;
    }

    /** Whether one of the methods for looking at data is overridden. */
    boolean any(String... names) {
        return Arrays.stream(names).anyMatch(this::isOverridden);
    }

    /** Whether the function for one buffer is overridden, and the one for several not there or further down. */
    boolean onlyForOneBuffer(String function) {
        Method one = function(function, false);
        Method several = function(function, true);
        return one.getDeclaringClass() != several.getDeclaringClass()
                && several.getDeclaringClass().isAssignableFrom(one.getDeclaringClass());
    }

    /**
     * Whether the class has changed one of these functions, and neither itself nor what is derived from it says anything of
     * extension functions.
     */
    boolean isPassedBy(String... functions) {
        for (Class<?> c = type; c != LayeredProvider.class; c = c.getSuperclass()) {
            if (declares(c, "extensionFunction")) {
                return false;
            }
            for (String function : functions) {
                if (declares(c, function)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether the class has one of these functions changed. */
    boolean anyFunction(String... functions) {
        return Stream.<Class<?>>iterate(type, c -> c != LayeredProvider.class, Class::getSuperclass)
                .anyMatch(c -> Arrays.stream(functions).anyMatch(f -> declares(c, f)));
    }

    private static boolean declares(Class<?> c, String function) {
        return Arrays.stream(c.getDeclaredMethods())
                .anyMatch(m -> m.getName().equals(function) && !Modifier.isPrivate(m.getModifiers()));
    }

    private Method function(String name, boolean isForSeveral) {
        return Arrays.stream(type.getMethods())
                .filter(m -> m.getName().equals(name) && !m.isBridge())
                .filter(m -> Arrays.stream(m.getParameterTypes()).anyMatch(Class::isArray) == isForSeveral)
                .findFirst()
                .orElseThrow();
    }

    private boolean isOverridden(String name) {
        for (Class<?> c = type; c != LayeredProvider.class; c = c.getSuperclass()) {
            for (Method method : c.getDeclaredMethods()) {
                if (method.getName().equals(name)
                        && method.getParameterCount() > 0
                        && method.getParameterTypes()[0] == Transfer.class) {
                    return true;
                }
            }
        }
        return false;
    }
}
