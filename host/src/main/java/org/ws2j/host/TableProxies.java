package org.ws2j.host;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.ws2j.host.startup.StartedProvider;
import org.ws2j.spi.WspProcTable;

/** Tables in place of a provider's own that do something around each call of the host. */
final class TableProxies {
    /** A call on its way to the provider. */
    @FunctionalInterface
    interface Call {
        Object make() throws Throwable;
    }

    /** What is done with each call. */
    @FunctionalInterface
    interface Around {
        Object call(Call call) throws Throwable;
    }

    private TableProxies() {}

    static StartedProvider around(StartedProvider provider, Around around) {
        WspProcTable table = (WspProcTable) Proxy.newProxyInstance(
                WspProcTable.class.getClassLoader(),
                new Class<?>[] {WspProcTable.class},
                (proxy, method, args) -> around.call(() -> invoke(method, provider.procTable(), args)));
        return new StartedProvider(provider.path(), provider.info(), provider.data(), table);
    }

    static Object invoke(Method method, Object target, Object[] args) throws Throwable {
        try {
            return method.invoke(target, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
