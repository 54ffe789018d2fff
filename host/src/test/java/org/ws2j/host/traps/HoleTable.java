package org.ws2j.host.traps;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.AccessFlag;
import java.util.concurrent.atomic.AtomicInteger;
import org.ws2j.spi.WspProcTable;

/** A table whose class was compiled against an interface with fewer functions: all but WSPCleanup are missing. */
public final class HoleTable {
    private HoleTable() {}

    /** Counts clean-ups; what the generated class calls. */
    public static final class Cleanups implements Runnable {
        private final AtomicInteger count = new AtomicInteger();

        int count() {
            return count.get();
        }

        @Override
        public void run() {
            count.incrementAndGet();
        }
    }

    static WspProcTable withCleanupAlone(Cleanups cleanups) {
        ClassDesc self = ClassDesc.of("org.ws2j.host.traps.Generated");
        ClassDesc runnable = ClassDesc.of("java.lang.Runnable");
        byte[] bytes = ClassFile.of().build(self, type -> type
                .withFlags(AccessFlag.PUBLIC)
                .withInterfaceSymbols(ClassDesc.of(WspProcTable.class.getName()))
                .withField("cleanups", runnable, AccessFlag.PRIVATE.mask())
                .withMethodBody("<init>", MethodTypeDesc.of(ConstantDescs.CD_void, runnable), AccessFlag.PUBLIC.mask(),
                        code -> code.aload(0)
                                .invokespecial(ConstantDescs.CD_Object, "<init>", ConstantDescs.MTD_void)
                                .aload(0)
                                .aload(1)
                                .putfield(self, "cleanups", runnable)
                                .return_())
                .withMethodBody("wspCleanup", ConstantDescs.MTD_void, AccessFlag.PUBLIC.mask(),
                        code -> code.aload(0)
                                .getfield(self, "cleanups", runnable)
                                .invokeinterface(runnable, "run", ConstantDescs.MTD_void)
                                .return_()));
        try {
            return (WspProcTable) MethodHandles.lookup()
                    .defineHiddenClass(bytes, true)
                    .lookupClass()
                    .getConstructor(Runnable.class)
                    .newInstance(cleanups);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the generated table", e);
        }
    }
}
