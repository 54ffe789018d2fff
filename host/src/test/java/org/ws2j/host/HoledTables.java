package org.ws2j.host;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.concurrent.atomic.AtomicInteger;
import org.ws2j.spi.WspProcTable;

/** Tables that lack a function, as those of a provider compiled against another version of the interface do. */
final class HoledTables {
    private HoledTables() {
    }

    /** What the tables have from their superclass. */
    public static class Cleanups {
        final AtomicInteger cleanups = new AtomicInteger();

        public void wspCleanup() {
            cleanups.incrementAndGet();
        }
    }

    /** A table with all functions but one. */
    static WspProcTable without(Method hole) {
        byte[] bytes = ClassFile.of().build(
                ClassDesc.of(HoledTables.class.getPackageName(), "Holed"), builder -> define(builder, hole));
        try {
            Class<?> type = MethodHandles.lookup().defineHiddenClass(bytes, true).lookupClass();
            return (WspProcTable) type.getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static void define(ClassBuilder builder, Method hole) {
        boolean cleansUp = !hole.getName().equals("wspCleanup");
        ClassDesc superclass =
                cleansUp ? Cleanups.class.describeConstable().orElseThrow() : ConstantDescs.CD_Object;
        builder.withFlags(ClassFile.ACC_PUBLIC)
                .withSuperclass(superclass)
                .withInterfaceSymbols(WspProcTable.class.describeConstable().orElseThrow())
                .withMethodBody(ConstantDescs.INIT_NAME, ConstantDescs.MTD_void, ClassFile.ACC_PUBLIC,
                        code -> code.aload(0)
                                .invokespecial(superclass, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                                .return_());
        for (Method function : WspProcTable.class.getMethods()) {
            if (!function.equals(hole) && !function.getName().equals("wspCleanup")) {
                MethodTypeDesc type = MethodType.methodType(function.getReturnType(), function.getParameterTypes())
                        .describeConstable().orElseThrow();
                builder.withMethodBody(function.getName(), type, ClassFile.ACC_PUBLIC,
                        code -> code.aconst_null().athrow());
            }
        }
    }
}
