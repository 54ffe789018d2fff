package org.ws2j.spi;

import java.util.OptionalInt;

/**
 * The sixteen upcalls as data: where each stands in WSPUPCALLTABLE, and who has to use it.
 *
 * @see Upcalls
 */
public enum Upcall {
    /** WPUCloseEvent. */
    WPU_CLOSE_EVENT("WPUCloseEvent", "wpuCloseEvent", 0, "Optional.", "a provider that has made an event",
            "an event of the system would do as well"),
    /** WPUCloseSocketHandle. */
    WPU_CLOSE_SOCKET_HANDLE("WPUCloseSocketHandle", "wpuCloseSocketHandle", 1, "Required.",
            "a non-IFS provider, for what it has created", "only the host can take a handle out of its table"),
    /** WPUCreateEvent. */
    WPU_CREATE_EVENT("WPUCreateEvent", "wpuCreateEvent", 2, "Optional.", "a provider that needs an event of its own",
            "an event of the system would do as well"),
    /** WPUCreateSocketHandle. */
    WPU_CREATE_SOCKET_HANDLE("WPUCreateSocketHandle", "wpuCreateSocketHandle", 3, "Required for nonIFS providers.",
            "a non-IFS provider, for each new socket", "only the host can put a handle into its table"),
    /** WPUFDIsSet. */
    WPU_FD_IS_SET("WPUFDIsSet", "wpuFdIsSet", 4, "Optional.", "a provider that reads an fd_set",
            "a convenience: the set can be read without it"),
    /** WPUGetProviderPath. */
    WPU_GET_PROVIDER_PATH("WPUGetProviderPath", "wpuGetProviderPath", 5, "Required.", "a layer that loads the next one",
            "only the host knows where another vendor's layer was installed"),
    /** WPUModifyIFSHandle. */
    WPU_MODIFY_IFS_HANDLE("WPUModifyIFSHandle", "wpuModifyIfsHandle", 6, "Required for IFS providers.",
            "an IFS provider, for each new socket", "the host records which provider serves the handle"),
    /** WPUPostMessage. */
    WPU_POST_MESSAGE("WPUPostMessage", "wpuPostMessage", 7, "Required.",
            "a provider that reports network events by message", "it keeps old clients working"),
    /** WPUQueryBlockingCallback. */
    WPU_QUERY_BLOCKING_CALLBACK("WPUQueryBlockingCallback", "wpuQueryBlockingCallback", 8, "Required.",
            "a provider that is about to block its caller", "only the host knows the blocking hook of a thread"),
    /** WPUQuerySocketHandleContext. */
    WPU_QUERY_SOCKET_HANDLE_CONTEXT("WPUQuerySocketHandleContext", "wpuQuerySocketHandleContext", 9,
            "Required for nonIFS providers.", "a non-IFS provider, in every call with a socket",
            "only the host's table knows the context of a handle"),
    /** WPUQueueApc. */
    WPU_QUEUE_APC("WPUQueueApc", "wpuQueueApc", 10, "Optional.", "a provider that completes by completion routine",
            "a procedure call of the system would do as well"),
    /** WPUResetEvent. */
    WPU_RESET_EVENT("WPUResetEvent", "wpuResetEvent", 11, "Optional.", "a provider that takes back a signal",
            "an event of the system would do as well"),
    /** WPUSetEvent. */
    WPU_SET_EVENT("WPUSetEvent", "wpuSetEvent", 12, "Optional.", "a provider that signals an event",
            "an event of the system would do as well"),
    /** WPUOpenCurrentThread. */
    WPU_OPEN_CURRENT_THREAD("WPUOpenCurrentThread", "wpuOpenCurrentThread", 13, "",
            "a layer that starts overlapped operations on a thread of its own",
            "the layer below needs to know the thread"),
    /** WPUCloseThread. */
    WPU_CLOSE_THREAD("WPUCloseThread", "wpuCloseThread", 14, "", "a layer that has opened an id for its thread",
            "it ends what opening began"),
    /** WPUCompleteOverlappedRequest. */
    WPU_COMPLETE_OVERLAPPED_REQUEST("WPUCompleteOverlappedRequest", "wpuCompleteOverlappedRequest", -1, "",
            "a non-IFS provider, for each completion without a routine",
            "only the host knows whether a completion port is associated");

    private final String winsockName;
    private final String methodName;
    private final int slot;
    private final String status;
    private final String usedBy;
    private final String reason;

    Upcall(String winsockName, String methodName, int slot, String status, String usedBy, String reason) {
        this.winsockName = winsockName;
        this.methodName = methodName;
        this.slot = slot;
        this.status = status;
        this.usedBy = usedBy;
        this.reason = reason;
    }

    /** {@return the name in Winsock} */
    public String winsockName() {
        return winsockName;
    }

    /** {@return the name of the method of {@link Upcalls}} */
    public String methodName() {
        return methodName;
    }

    /** {@return the place in WSPUPCALLTABLE, from 0; empty for the one that is an export of Ws2_32 itself} */
    public OptionalInt slot() {
        return slot < 0 ? OptionalInt.empty() : OptionalInt.of(slot);
    }

    /**
     * Returns the status that the page "Upcalls Exposed by Windows Sockets 2 DLL" gives the upcall, in its own words.
     *
     * @return the status; empty for the two that the page leaves blank, and the one that it does not list
     */
    public String status() {
        return status;
    }

    /** {@return who uses it, and when} */
    public String usedBy() {
        return usedBy;
    }

    /** {@return why it is needed, or why not} */
    public String reason() {
        return reason;
    }
}
