package org.ws2j.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.ws2j.layer.LayerFactory;
import org.ws2j.layer.LayerModule;
import org.ws2j.layer.LayeredProvider;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.TransportModule;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** Layers in jars, as somebody else would bring them. */
final class LayerJar {
    private LayerJar() {}

    /**
     * Makes a jar.
     *
     * @param file where
     * @param module the class of the module in it
     * @return the jar
     */
    static Path of(Path file, Class<? extends TransportModule> module) throws IOException {
        String name = module.getName();
        String resource = name.replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file));
                InputStream bytes = module.getClassLoader().getResourceAsStream(resource)) {
            out.putNextEntry(new JarEntry("META-INF/services/" + TransportModule.class.getName()));
            out.write(name.getBytes(UTF_8));
            out.putNextEntry(new JarEntry(resource));
            bytes.transferTo(out);
        }
        return file;
    }

    /** A layer that changes nothing. */
    public static final class Right extends LayerModule {
        /** For the loader. */
        public Right() {
            super("right");
        }

        @Override
        protected LayerFactory factory() {
            return LayeredProvider::new;
        }
    }

    /** A layer that answers a wrong error. */
    public static final class Wrong extends LayerModule {
        /** For the loader. */
        public Wrong() {
            super("wrong");
        }

        @Override
        protected LayerFactory factory() {
            return start -> new LayeredProvider(start) {
                @Override
                public void wspListen(SocketHandle s, int backlog) throws WinsockException {
                    try {
                        super.wspListen(s, backlog);
                    } catch (WinsockException e) {
                        throw new WinsockException(WsaError.WSAEACCES);
                    }
                }
            };
        }
    }

    /** A layer that does not start. */
    public static final class Broken extends LayerModule {
        /** For the loader. */
        public Broken() {
            super("broken");
        }

        @Override
        protected LayerFactory factory() {
            throw new IllegalStateException("broken on purpose");
        }
    }
}
