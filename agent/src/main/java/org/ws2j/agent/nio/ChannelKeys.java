package org.ws2j.agent.nio;

import java.util.Arrays;
import org.ws2j.agent.socket.AgentSocket;
import org.ws2j.spi.WinsockException;

/**
 * The keys of one channel, and who tells them when it is ready: that is asked when the first key comes, and again when the last
 * one is gone and another one comes.
 */
final class ChannelKeys {
    private static final NioKey[] NONE = {};

    private final AgentSocket socket;

    /** Replaced by each change, under this; read without. */
    private volatile NioKey[] keys = NONE;

    /** The layer that knows when the channel is ready; null if that is the operating system. Guarded by this. */
    private ReadinessClaim claim;

    ChannelKeys(AgentSocket socket) {
        this.socket = socket;
    }

    /** Adds a key; the channel's own locks are held. */
    synchronized void add(NioKey key) {
        if (keys.length == 0 && isClaimed()) {
            claim = new ReadinessClaim(socket, this);
        }
        NioKey[] more = Arrays.copyOf(keys, keys.length + 1);
        more[keys.length] = key;
        keys = more;
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
        int index = Arrays.asList(keys).indexOf(key);
        if (index < 0) {
            return;
        }
        NioKey[] less = Arrays.copyOf(keys, keys.length - 1);
        System.arraycopy(keys, index + 1, less, index, less.length - index);
        keys = less.length == 0 ? NONE : less;
        key.unfollow();
        if (less.length == 0 && claim != null) {
            claim.stop();
            claim = null;
        }
    }

    /** Removes what was cancelled and no selection has noticed yet: the channel is about to block. */
    synchronized void removeCancelled() {
        for (NioKey key : keys) {
            if (!key.isValid()) {
                remove(key);
            }
        }
    }

    /** Connecting or listening may have put another channel below. */
    synchronized void channelMayBeAnotherOne() {
        if (claim == null) {
            for (NioKey key : keys) {
                key.followInstead(socket.channel());
            }
        }
    }

    /** Something has happened that the layer tells of; from any thread, which may hold locks of the layer's. */
    void happened() {
        for (NioKey key : keys) {
            key.happened();
        }
    }
}
