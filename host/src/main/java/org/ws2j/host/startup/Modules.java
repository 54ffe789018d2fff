package org.ws2j.host.startup;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/**
 * The modules of one host: each path is loaded once, by the thread that asks first; others wait for it, and one of them tries
 * anew if it fails. Nothing is locked while a module is loaded.
 */
final class Modules {
    /** Loads a module. */
    @FunctionalInterface
    interface Loading {
        LoadedModule load() throws WinsockException;
    }

    /** By path without references to the environment. */
    private final Map<String, LoadedModule> loaded = new ConcurrentHashMap<>();

    /** Guards what follows; nothing foreign runs under it. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition ended = lock.newCondition();

    /** Who loads a path. */
    private final Map<String, Thread> loading = new HashMap<>();

    /** Which path a thread waits for. */
    private final Map<Thread, String> waiting = new HashMap<>();

    /**
     * Returns the module at a path.
     *
     * @param path the path, without references to the environment
     * @param how loads the module, if that is to be done
     * @return the module, the same one each time
     * @throws WinsockException as {@code how}; {@code WSAEPROVIDERFAILEDINIT} for a module that needs itself to be loaded
     */
    LoadedModule at(String path, Loading how) throws WinsockException {
        LoadedModule known = loaded.get(path);
        if (known == null) {
            known = loadedOrMine(path);
        }
        return known != null ? known : load(path, how);
    }

    private LoadedModule load(String path, Loading how) throws WinsockException {
        LoadedModule fresh = null;
        try {
            fresh = how.load();
            return fresh;
        } finally {
            lock.lock();
            try {
                if (fresh != null) {
                    loaded.put(path, fresh);
                }
                loading.remove(path);
                ended.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** {@return the module, null if the calling thread has to load it} */
    private LoadedModule loadedOrMine(String path) throws WinsockException {
        Thread self = Thread.currentThread();
        lock.lock();
        try {
            LoadedModule known = loaded.get(path);
            while (known == null && loading.putIfAbsent(path, self) != null) {
                checkNotForItself(path, self);
                waiting.put(self, path);
                ended.awaitUninterruptibly();
                waiting.remove(self);
                known = loaded.get(path);
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    /** Whoever loads the path may wait for another one in turn; if that leads back to this thread, none would ever go on. */
    private void checkNotForItself(String path, Thread self) throws WinsockException {
        for (String next = path; next != null;) {
            Thread loader = loading.get(next);
            if (self.equals(loader)) {
                throw new WinsockException(
                        WsaError.WSAEPROVIDERFAILEDINIT,
                        "the module at " + path + " cannot be loaded: it needs itself");
            }
            next = loader == null ? null : waiting.get(loader);
        }
    }
}
