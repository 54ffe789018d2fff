package org.ws2j.bridge;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;

/**
 * The shapes of C functions: J a 64-bit integer, P a pointer, I a 32-bit and S a 16-bit integer, T the table of upcalls by value,
 * V nothing; the result comes first. Pointers travel as numbers.
 */
final class Shapes {
    /** WSPUPCALLTABLE: fifteen pointers. */
    static final MemoryLayout UPCALL_TABLE =
            MemoryLayout.structLayout(MemoryLayout.sequenceLayout(15, ValueLayout.JAVA_LONG));

    private Shapes() {}

    /** {@return a handle that takes the function's address first} */
    static MethodHandle down(String shape) {
        MemoryLayout[] parameters = shape.chars().skip(2).mapToObj(c -> layout((char) c)).toArray(MemoryLayout[]::new);
        return Linker.nativeLinker().downcallHandle(descriptor(shape.charAt(0), parameters));
    }

    /** {@return the descriptor of a function whose Java form has a type} */
    static FunctionDescriptor descriptor(MethodType type) {
        MemoryLayout[] parameters = type.parameterList().stream().map(Shapes::layout).toArray(MemoryLayout[]::new);
        return descriptor(letter(type.returnType()), parameters);
    }

    private static FunctionDescriptor descriptor(char result, MemoryLayout... parameters) {
        return result == 'V' ? FunctionDescriptor.ofVoid(parameters)
                : FunctionDescriptor.of(layout(result), parameters);
    }

    private static MemoryLayout layout(Class<?> type) {
        return layout(letter(type));
    }

    private static char letter(Class<?> type) {
        return type == MemorySegment.class ? 'T' : MethodType.methodType(type).toMethodDescriptorString().charAt(2);
    }

    private static MemoryLayout layout(char letter) {
        return switch (letter) {
            case 'J', 'P' -> ValueLayout.JAVA_LONG;
            case 'I' -> ValueLayout.JAVA_INT;
            case 'S' -> ValueLayout.JAVA_SHORT;
            case 'T' -> UPCALL_TABLE;
            default -> throw new IllegalArgumentException("no shape has a " + letter);
        };
    }
}
