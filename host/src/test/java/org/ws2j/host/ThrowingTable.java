package org.ws2j.host;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Supplier;
import org.ws2j.spi.WspProcTable;

/** A table whose functions throw what a test asks for. */
final class ThrowingTable {
    private ThrowingTable() {
    }

    /** A table that throws what is supplied; where that is null, it calls the other table. */
    static WspProcTable over(WspProcTable table, Supplier<Throwable> thrown) {
        return (WspProcTable) Proxy.newProxyInstance(
                WspProcTable.class.getClassLoader(), new Class<?>[] {WspProcTable.class}, (proxy, method, args) -> {
                    Throwable failure = thrown.get();
                    if (failure instanceof StackOverflowError) {
                        return overflow(0);
                    }
                    if (failure != null) {
                        throw failure;
                    }
                    try {
                        return method.invoke(table, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @SuppressWarnings("InfiniteRecursion")
    private static Object overflow(int depth) {
        return overflow(depth + 1);
    }
}
