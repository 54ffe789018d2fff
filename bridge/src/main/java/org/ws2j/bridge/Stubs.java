package org.ws2j.bridge;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/**
 * Java methods as C functions. An exception that left one would end the process; so each is wrapped by a guard that turns it into
 * the function's failure, and its code into the error number that the last parameter points to.
 *
 * <p>Stubs are never freed: a thread of a provider's own may call one at any time.
 */
final class Stubs {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final MethodHandle TELL;

    static {
        try {
            TELL = LOOKUP.findStatic(
                    Stubs.class, "tell",
                    MethodType.methodType(void.class, Reporter.class, Throwable.class, long.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Is told what no caller can be told of. */
    @FunctionalInterface
    interface Reporter {
        void report(String what, Throwable failure);
    }

    private Stubs() {}

    /**
     * Makes a C function whose last parameter points to the error number.
     *
     * @param target has the method
     * @param name its only method of that name: parameters and result are numbers
     * @param failure the function's result when it fails
     * @param reporter is told of what is no Winsock failure
     * @return the address of the function
     */
    static long withErrno(Object target, String name, Number failure, Reporter reporter) {
        return withErrno(body(target, name), failure, reporter);
    }

    /** The same for what is a handle already. */
    static long withErrno(MethodHandle body, Number failure, Reporter reporter) {
        MethodType type = body.type();
        MethodHandle told = MethodHandles.insertArguments(TELL, 0, reporter);
        MethodHandle handler = MethodHandles.filterReturnValue(told, constant(type.returnType(), failure));
        MethodHandle placed = MethodHandles.dropArguments(
                handler, 1, type.parameterList().subList(0, type.parameterCount() - 1));
        return stub(body, placed, failure);
    }

    /**
     * Makes a C function that tells no error number.
     *
     * @param target has the method
     * @param name its only method of that name: parameters and result are numbers
     * @param failure the function's result when it fails; ignored if it has none
     * @param reporter is told of what is no Winsock failure
     * @return the address of the function
     */
    static long withoutErrno(Object target, String name, Number failure, Reporter reporter) {
        MethodHandle body = body(target, name);
        MethodType type = body.type();
        MethodHandle told = MethodHandles.insertArguments(MethodHandles.insertArguments(TELL, 2, 0L), 0, reporter);
        MethodHandle handler = MethodHandles.filterReturnValue(told, constant(type.returnType(), failure));
        return stub(body, MethodHandles.dropArguments(handler, 1, type.parameterList()), failure);
    }

    private static long stub(MethodHandle body, MethodHandle handler, Number failure) {
        MethodHandle guarded = MethodHandles.catchException(body, Throwable.class, handler);
        // The handler itself may run out of stack.
        MethodHandle silent = MethodHandles.dropArguments(
                constant(body.type().returnType(), failure), 0, Throwable.class);
        MethodHandle safe = MethodHandles.catchException(guarded, Throwable.class, silent);
        MemorySegment stub =
                Linker.nativeLinker().upcallStub(safe, Shapes.descriptor(body.type()), Arena.global());
        return stub.address();
    }

    private static MethodHandle constant(Class<?> type, Number value) {
        if (type == void.class) {
            return MethodHandles.empty(MethodType.methodType(void.class));
        }
        return type == long.class
                ? MethodHandles.constant(long.class, value.longValue())
                : MethodHandles.constant(int.class, value.intValue());
    }

    /** {@return the only method of that name, which lacks its target no more} */
    static MethodHandle body(Object target, String name) {
        Method method = Arrays.stream(target.getClass().getDeclaredMethods())
                .filter(m -> m.getName().equals(name))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException(target.getClass() + " has no " + name));
        try {
            return LOOKUP.unreflect(method).bindTo(target);
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** The guard's answer; found by its name. */
    @SuppressWarnings("UnusedMethod")
    private static void tell(Reporter reporter, Throwable thrown, long lpErrno) {
        int code = WsaError.WSASYSCALLFAILURE.code();
        if (thrown instanceof WinsockException answer) {
            code = answer.code();
        } else {
            reporter.report("an upcall from C", thrown);
        }
        if (Memory.isPointer(lpErrno, Integer.BYTES)) {
            Memory.putInt(lpErrno, code);
        }
    }
}
