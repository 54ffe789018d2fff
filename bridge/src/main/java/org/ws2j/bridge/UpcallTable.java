package org.ws2j.bridge;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;

/** A WSPUPCALLTABLE whose fifteen functions are ours. */
final class UpcallTable {
    static final int SLOTS = UpcallFunctions.SLOTS.length;

    private final UpcallFunctions functions;
    private final MemorySegment table = Arena.global().allocate(Shapes.UPCALL_TABLE);

    UpcallTable(NativeLibrary library, Upcalls others) {
        functions = new UpcallFunctions(library, others);
        for (int i = 0; i < SLOTS; i++) {
            String name = UpcallFunctions.SLOTS[i];
            Number failure = UpcallFunctions.failure(name);
            long stub = UpcallFunctions.hasErrno(name)
                    ? Stubs.withErrno(body(library, name), failure, library::report)
                    : Stubs.withoutErrno(functions, name, failure, library::report);
            Memory.putLong(table.address() + 8L * i, stub);
        }
        NativeLibraries.known().tables().put(Memory.getLong(table.address()), this);
    }

    private MethodHandle body(NativeLibrary library, String name) {
        MethodHandle body = Stubs.body(functions, name);
        return body.type().parameterType(0) == Binding.class
                ? MethodHandles.foldArguments(body, library.bindingOfUpcalls())
                : body;
    }

    MemorySegment segment() {
        return table;
    }

    /** {@return whether fifteen pointers are exactly these functions} */
    boolean isSame(long[] pointers) {
        for (int i = 0; i < SLOTS; i++) {
            if (pointers[i] != Memory.getLong(table.address() + 8L * i)) {
                return false;
            }
        }
        return true;
    }

    Upcalls target() throws WinsockException {
        return functions.target();
    }
}
