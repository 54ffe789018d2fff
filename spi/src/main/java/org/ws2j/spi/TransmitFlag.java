package org.ws2j.spi;

/** The flags of {@link TransmitFile}, {@link TransmitPackets} and {@link DisconnectEx}. */
public final class TransmitFlag {
    /** Disconnect when everything was sent. */
    public static final int TF_DISCONNECT = 0x01;

    /** Make the socket fit for another connection; with {@link #TF_DISCONNECT} where data is sent. */
    public static final int TF_REUSE_SOCKET = 0x02;

    /** Complete without waiting for what the transport still holds; a provider may ignore it. */
    public static final int TF_WRITE_BEHIND = 0x04;

    /** Send from the system's thread; a provider may ignore it. */
    public static final int TF_USE_SYSTEM_THREAD = 0x10;

    /** Send from procedure calls of the kernel; a provider may ignore it. */
    public static final int TF_USE_KERNEL_APC = 0x20;

    private TransmitFlag() {}
}
