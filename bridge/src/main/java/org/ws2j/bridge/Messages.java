package org.ws2j.bridge;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaMsg;

/** WSAMSG: C's as an object, and an object's as memory. */
final class Messages {
    static final int SIZE = 56;

    private static final int NAME_LENGTH = 8;
    private static final int BUFFERS = 16;
    private static final int COUNT = 24;
    private static final int CONTROL = 32;
    private static final int FLAGS = 48;

    private Messages() {}

    /** {@return a message of C's; its buffers are C's memory}; {@code WSAEFAULT} for what cannot be one. */
    static WsaMsg get(long address, boolean isSend) throws WinsockException {
        Pointers.range(Pointers.required(address, Long.BYTES), SIZE);
        WsaMsg message = new WsaMsg(
                BufferArray.get(Memory.getLong(address + BUFFERS), Memory.getInt(address + COUNT), isSend));
        if (isSend) {
            message.name(Sockaddrs.get(Memory.getLong(address), Memory.getInt(address + NAME_LENGTH)));
        } else if (Memory.getLong(address) != 0) {
            Sockaddrs.checkRoom(Memory.getLong(address), address + NAME_LENGTH);
        }
        if (Memory.getInt(address + CONTROL) != 0) {
            message.control(BufferArray.optional(address + CONTROL));
        }
        message.flags(Memory.getInt(address + FLAGS));
        return message;
    }

    /** Gives C what was received beside the data; {@code WSAEFAULT} if the address does not fit. */
    static void putBack(long address, WsaMsg message) throws WinsockException {
        Memory.putInt(address + FLAGS, message.flags());
        if (message.control() != null) {
            Memory.putInt(address + CONTROL, message.control().remaining());
        }
        Sockaddrs.putOut(Memory.getLong(address), address + NAME_LENGTH, message.name());
    }

    /** How much memory a message needs. */
    static long needed(WsaMsg message) {
        long control = message.control() == null ? 0 : message.control().remaining() + 16L;
        return SIZE + 16L + Sockaddrs.MOST + control + NativeBuffers.needed(message.buffers());
    }

    /** A message of Java's in memory. */
    static final class Laid {
        private final WsaMsg message;
        private final ByteBuffer[] buffers;
        private final NativeTransfers.OperationMemory memory;
        private final NativeBuffers data;
        private final long address;
        private final long name;
        private final long control;

        /** Where the control information had its limit when the call was made. */
        private final int controlLength;

        /**
         * Lays one out.
         *
         * @param message the message, which gets the results
         * @param buffers its data; the array is nobody else's
         * @param memory memory as long as the transfer
         * @param isSend whether C reads it
         */
        Laid(WsaMsg message, ByteBuffer[] buffers, NativeTransfers.OperationMemory memory, boolean isSend) {
            this.message = message;
            this.buffers = buffers;
            this.memory = memory;
            data = new NativeBuffers(buffers, memory::allocate, isSend);
            address = memory.allocate(SIZE);
            name = memory.allocate(Sockaddrs.MOST);
            int nameLength = isSend ? Sockaddrs.put(name, message.name()) : Sockaddrs.MOST;
            Memory.putLong(address, nameLength == 0 ? 0 : name);
            Memory.putInt(address + NAME_LENGTH, nameLength);
            Memory.putLong(address + BUFFERS, data.address());
            Memory.putInt(address + COUNT, data.count());
            Memory.putInt(address + FLAGS, message.flags());
            controlLength = message.control() == null ? 0 : message.control().remaining();
            control = memory.allocate(controlLength);
            if (controlLength > 0) {
                BufferArray.copyIn(message.control(), control);
                BufferArray.put(address + CONTROL, controlLength, control);
            }
        }

        long address() {
            return address;
        }

        NativeTransfers.OperationMemory memory() {
            return memory;
        }

        /** Gives the object what C has received. */
        void deliver(int bytes) throws WinsockException {
            data.deliver(Math.clamp(bytes, 0, BufferArray.total(buffers, 0, data.count())));
            message.flags(Memory.getInt(address + FLAGS));
            if (controlLength > 0) {
                int used = Math.clamp(Memory.getInt(address + CONTROL), 0, controlLength);
                BufferArray.copyOut(control, message.control(), used);
                message.control().limit(message.control().position() + used);
            }
            int length = Memory.getInt(address + NAME_LENGTH);
            if (length > 0 && length <= Sockaddrs.MOST && Memory.getShort(name) != 0) {
                message.name(Sockaddrs.get(name, length));
            }
        }
    }

    /** {@return whether there is a message with all of its buffers} */
    static boolean isWhole(WsaMsg message) {
        return message != null
                && message.buffers() != null
                && Arrays.stream(message.buffers()).allMatch(Objects::nonNull);
    }
}
