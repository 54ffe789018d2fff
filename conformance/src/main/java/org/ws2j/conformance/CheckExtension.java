package org.ws2j.conformance;

import java.lang.reflect.Method;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Gives each check a host, and looks for what is left of it. Each part runs on a thread that can be given up: nothing ends a
 * blocking call from outside.
 */
final class CheckExtension implements BeforeEachCallback, InvocationInterceptor, AfterEachCallback {
    private final Stack stack;

    CheckExtension(Stack stack) {
        this.stack = stack;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        Watched.run("the host is made", () -> suite(context).begin(stack));
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        Watched.run(context.getDisplayName(), invocation::proceed);
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        boolean failed = context.getExecutionException().isPresent();
        Watched.run("closing what the check has left", () -> suite(context).end(failed));
    }

    private static Suite suite(ExtensionContext context) {
        return (Suite) context.getRequiredTestInstance();
    }
}
