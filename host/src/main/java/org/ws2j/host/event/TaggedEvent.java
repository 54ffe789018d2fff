package org.ws2j.host.event;

import org.ws2j.spi.WsaEvent;

/** The handle of an event with the lowest bit set. */
final class TaggedEvent extends WsaEvent {
    private final HostEvent event;

    TaggedEvent(HostEvent event) {
        this.event = event;
    }

    @Override
    public WsaEvent tagged() {
        return this;
    }

    @Override
    public WsaEvent untagged() {
        return event;
    }

    @Override
    public boolean isTagged() {
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return event.equals(other);
    }

    @Override
    public int hashCode() {
        return event.hashCode();
    }

    @Override
    public String toString() {
        return event + " (tagged)";
    }
}
