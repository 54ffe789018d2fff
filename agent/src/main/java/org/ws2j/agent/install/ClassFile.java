package org.ws2j.agent.install;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * A class file in which the result of a method can be changed: by instructions before its last return, or instead of all it does.
 * Neither has a jump in it, so that the stack maps of what stays are right as they are.
 *
 * <p>{@code java.lang.classfile} can do this too, but would be most of what the start of the agent costs.
 *
 * <pre>
 *   magic and versions, 8 bytes | number of constants, 2 | constants | … | methods | …
 *   of a method with code:  … | "Code", 2 | length, 4 | stack, 2 | variables, 2 | length of code, 4 | code | handlers | attributes
 * </pre>
 */
final class ClassFile {
    private static final int CONSTANTS = 10;
    private static final int ARETURN = 0xB0;
    private static final int CODE_HEADER = 14;

    private static final int UTF8 = 1;
    private static final int CLASS = 7;
    private static final int METHOD = 10;
    private static final int INTERFACE_METHOD = 11;
    private static final int NAME_AND_TYPE = 12;

    private final ByteBuffer bytes;
    /** Where each constant begins; 0 for those that are none, as behind a long. */
    private final int[] places;
    private final int constantsEnd;
    private final ByteArrayOutputStream added = new ByteArrayOutputStream();
    private int constants;

    /** Reads a class file, which is not changed. */
    ClassFile(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes);
        this.constants = unsigned(CONSTANTS - 2);
        this.places = new int[constants];
        int at = CONSTANTS;
        for (int i = 1; i < places.length; i++) {
            places[i] = at;
            int tag = bytes[at];
            at += constantLength(at, tag);
            i += tag == 5 || tag == 6 ? 1 : 0; // Longs and doubles count twice.
        }
        constantsEnd = at;
    }

    private int constantLength(int at, int tag) {
        return switch (tag) {
            case UTF8 -> 3 + unsigned(at + 1);
            case CLASS, 8, 16, 19, 20 -> 3;
            case 15 -> 4;
            case 3, 4, 9, METHOD, INTERFACE_METHOD, NAME_AND_TYPE, 17, 18 -> 5;
            case 5, 6 -> 9;
            default -> throw new IllegalArgumentException("constant of kind " + tag);
        };
    }

    private int unsigned(int at) {
        return Short.toUnsignedInt(bytes.getShort(at));
    }

    /** Adds a class to the constants. */
    short classConstant(String name) {
        return (short) pair(CLASS, utf8(name), -1);
    }

    /** Adds a method of a class to the constants. */
    short method(String owner, String name, String type) {
        return (short) pair(METHOD, Short.toUnsignedInt(classConstant(owner)), nameAndType(name, type));
    }

    /** Adds a method of an interface to the constants. */
    short interfaceMethod(String owner, String name, String type) {
        return (short) pair(INTERFACE_METHOD, Short.toUnsignedInt(classConstant(owner)), nameAndType(name, type));
    }

    private int nameAndType(String name, String type) {
        return pair(NAME_AND_TYPE, utf8(name), utf8(type));
    }

    /** All names here are ASCII. */
    private int utf8(String text) {
        int constant = pair(UTF8, text.length(), -1);
        for (int i = 0; i < text.length(); i++) {
            added.write(text.charAt(i));
        }
        return constant;
    }

    private int pair(int tag, int first, int second) {
        added.write(tag);
        write(first);
        if (second >= 0) {
            write(second);
        }
        return constants++;
    }

    private void write(int value) {
        added.write(value >>> 8);
        added.write(value);
    }

    /**
     * Puts instructions before the last return of a method that returns an object.
     *
     * @param name the method's name
     * @param type its parameters and result, as class files write them
     * @param inserted instructions without a jump, with the result on the stack before and after them
     * @param stack how much more stack they need
     * @return the changed class file
     * @throws IllegalArgumentException if there is no such method, or it does not end with a return
     */
    byte[] withResult(String name, String type, byte[] inserted, int stack) {
        int code = code(name, type);
        int length = bytes.getInt(code + 10);
        int last = code + CODE_HEADER + length - 1;
        if (Byte.toUnsignedInt(bytes.get(last)) != ARETURN) {
            throw new IllegalArgumentException(name + type + " does not end by returning an object");
        }
        byte[] result = resultGrownBy(inserted.length);
        ByteBuffer changed = begin(result);
        copy(changed, constantsEnd, code + 2);
        changed.putInt(bytes.getInt(code + 2) + inserted.length);
        changed.putShort((short) (unsigned(code + 6) + stack));
        changed.putShort(bytes.getShort(code + 8));
        changed.putInt(length + inserted.length);
        copy(changed, code + CODE_HEADER, last);
        changed.put(inserted);
        copy(changed, last, bytes.limit());
        stretchVariables(changed, last + 1, length, inserted.length);
        return result;
    }

    /** What the debugger knows of a variable that lives to the end of the code, the verifier checks. */
    private void stretchVariables(ByteBuffer changed, int handlers, int length, int growth) {
        int shift = added.size() + growth;
        int at = handlers + 2 + 8 * unsigned(handlers);
        int attributes = unsigned(at);
        at += 2;
        for (; attributes > 0; attributes--) {
            boolean isOfVariables = isText(unsigned(at), "LocalVariableTable")
                    || isText(unsigned(at), "LocalVariableTypeTable");
            int variables = isOfVariables ? unsigned(at + 6) : 0;
            for (int variable = at + 8; variables > 0; variables--, variable += 10) {
                if (unsigned(variable) + unsigned(variable + 2) == length) {
                    changed.putShort(variable + 2 + shift, (short) (unsigned(variable + 2) + growth));
                }
            }
            at += 6 + bytes.getInt(at + 2);
        }
    }

    /**
     * Replaces what a method does.
     *
     * @param name the method's name
     * @param type its parameters and result, as class files write them
     * @param body instructions without a jump, the last of which returns
     * @param stack how much stack they need
     * @return the changed class file
     * @throws IllegalArgumentException if there is no such method
     */
    byte[] withBody(String name, String type, byte[] body, int stack) {
        int code = code(name, type);
        int end = code + 6 + bytes.getInt(code + 2);
        // No handlers and no attributes: what the old ones say is of the old code.
        int newLength = CODE_HEADER - 6 + body.length + 4;
        byte[] result = resultGrownBy(newLength - bytes.getInt(code + 2));
        ByteBuffer changed = begin(result);
        copy(changed, constantsEnd, code + 2);
        changed.putInt(newLength);
        changed.putShort((short) stack);
        changed.putShort(bytes.getShort(code + 8));
        changed.putInt(body.length);
        changed.put(body);
        changed.putInt(0);
        copy(changed, end, bytes.limit());
        return result;
    }

    private byte[] resultGrownBy(int growth) {
        return new byte[bytes.limit() + added.size() + growth];
    }

    private ByteBuffer begin(byte[] result) {
        ByteBuffer changed = ByteBuffer.wrap(result);
        copy(changed, 0, CONSTANTS - 2);
        changed.putShort((short) constants);
        copy(changed, CONSTANTS, constantsEnd);
        return changed.put(added.toByteArray());
    }

    private void copy(ByteBuffer to, int from, int end) {
        to.put(bytes.array(), from, end - from);
    }

    /** Where the attribute with the code of a method begins. */
    private int code(String name, String type) {
        int at = constantsEnd + 6;
        at += 2 + 2 * unsigned(at); // Interfaces.
        at = skipMembers(at, null, null); // Fields.
        int method = skipMembers(at, name, type);
        int attribute = method + 8;
        for (int i = unsigned(method + 6); i > 0; i--) {
            if (isText(unsigned(attribute), "Code")) {
                return attribute;
            }
            attribute += 6 + bytes.getInt(attribute + 2);
        }
        throw new IllegalArgumentException(name + type + " has no code");
    }

    /** Where the member of that name begins; without a name, where the members end. */
    private int skipMembers(int begin, String name, String type) {
        int at = begin + 2;
        for (int members = unsigned(begin); members > 0; members--) {
            if (name != null && isText(unsigned(at + 2), name) && isText(unsigned(at + 4), type)) {
                return at;
            }
            int attributes = unsigned(at + 6);
            at += 8;
            for (; attributes > 0; attributes--) {
                at += 6 + bytes.getInt(at + 2);
            }
        }
        if (name != null) {
            throw new IllegalArgumentException("there is no method " + name + type);
        }
        return at;
    }

    private boolean isText(int constant, String text) {
        int at = places[constant];
        int length = unsigned(at + 1);
        if (length != text.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes.get(at + 3 + i) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
