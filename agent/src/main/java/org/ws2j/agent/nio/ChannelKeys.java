package org.ws2j.agent.nio;

import org.ws2j.agent.socket.AgentSocket;
import org.ws2j.spi.WinsockException;

/**
 * The keys of one channel, and who tells them when it is ready: that is asked when the first key comes, and again when the last
 * one is gone and another one comes.
 */
final class ChannelKeys {
    private final AgentSocket socket;

    /** The head of the list; null for none. Changed under this, read without: who is on a removed key goes on from there. */
    private volatile NioKey first;

    /** The layer that knows when the channel is ready; null if that is the operating system. Guarded by this. */
    private ReadinessClaim claim;

    ChannelKeys(AgentSocket socket) {
        this.socket = socket;
    }

    /** Adds a key; the channel's own locks are held. */
    synchronized void add(NioKey key) {
        if (first == null && isClaimed()) {
            claim = new ReadinessClaim(socket, this);
        }
        key.next = first;
        first = key;
        if (claim == null) {
            key.follow(socket.channel());
        } else {
            key.follow(claim);
            claim.start();
        }
    }

    /** A layer that cannot tell claims nothing. */
    private boolean isClaimed() {
        try {
            return socket.isReadinessClaimed();
        } catch (WinsockException e) {
            socket.failure(e);
            return false;
        }
    }

    synchronized void remove(NioKey key) {
        if (!unlink(key)) {
            return;
        }
        key.unfollow();
        if (first == null && claim != null) {
            claim.stop();
            claim = null;
        }
    }

    private boolean unlink(NioKey key) {
        if (first == key) {
            first = key.next;
            return true;
        }
        for (NioKey before = first; before != null; before = before.next) {
            if (before.next == key) {
                before.next = key.next;
                return true;
            }
        }
        return false;
    }

    /** Removes what was cancelled and no selection has noticed yet: the channel is about to block. */
    synchronized void removeCancelled() {
        for (NioKey key = first; key != null; key = key.next) {
            if (!key.isValid()) {
                remove(key);
            }
        }
    }

    /** Connecting or listening may have put another channel below. */
    synchronized void channelMayBeAnotherOne() {
        if (claim == null) {
            for (NioKey key = first; key != null; key = key.next) {
                key.followInstead(socket.channel());
            }
        }
    }

    /** Something has happened that the layer tells of; from any thread, which may hold locks of the layer's. */
    void happened() {
        for (NioKey key = first; key != null; key = key.next) {
            key.happened();
        }
    }
}
