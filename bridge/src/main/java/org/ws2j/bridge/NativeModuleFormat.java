package org.ws2j.bridge;

import java.nio.file.Path;
import java.util.Locale;
import org.ws2j.spi.ModuleFormat;
import org.ws2j.spi.TransportModule;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/**
 * Shared libraries as modules of providers: a catalog path that ends with {@code .so}, {@code .dll} or {@code .dylib}.
 *
 * <p>A library exports {@code WSPStartup}; the header {@code ws2spi.h} of this module declares what goes with it. Java has to be
 * started with {@code --enable-native-access=org.ws2j.bridge} ({@code ALL-UNNAMED} on the class path).
 *
 * <p>One library works for one host at a time, and is never unloaded. A call into a provider in C that blocks holds on to the
 * carrier of a virtual thread. Null, small, misaligned and impossible pointers, stale handles and wrong lengths are answered;
 * memory that C itself overwrites, and a pointer into nowhere, end the process.
 */
public final class NativeModuleFormat implements ModuleFormat {
    /** Made by the service loader. */
    public NativeModuleFormat() {}

    @Override
    public boolean accepts(String path) {
        String name = path.toLowerCase(Locale.ROOT);
        return name.endsWith(".so") || name.endsWith(".dll") || name.endsWith(".dylib");
    }

    @Override
    public TransportModule module(Path file) throws WinsockException {
        check(file);
        return new NativeModule(NativeLibraries.known().library(file), file.getFileName().toString());
    }

    private static void check(Path file) throws WinsockException {
        String missing = null;
        if (!NativeModuleFormat.class.getModule().isNativeAccessEnabled()) {
            Module own = NativeModuleFormat.class.getModule();
            missing = "start Java with --enable-native-access=" + (own.isNamed() ? own.getName() : "ALL-UNNAMED")
                    + " to use providers written in C";
        } else if (!System.getProperty("os.arch").matches("amd64|x86_64|aarch64|arm64")) {
            missing = "providers written in C need a 64-bit system, x86-64 or aarch64";
        }
        if (missing != null) {
            throw new WinsockException(WsaError.WSAEPROVIDERFAILEDINIT, file + ": " + missing);
        }
    }
}
