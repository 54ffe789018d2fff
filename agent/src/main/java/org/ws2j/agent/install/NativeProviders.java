package org.ws2j.agent.install;

import java.lang.instrument.Instrumentation;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ws2j.agent.boot.InstallationException;

/**
 * Lets the bridge call C, and nobody else: it becomes a module of its own, whereas the permission of the unnamed module would be
 * the program's, too. Whoever names a shared library as a layer has asked for that; {@code --illegal-native-access=deny} has the
 * last word.
 */
public final class NativeProviders {
    private static final String BRIDGE = "org.ws2j.bridge";
    private static final String FORMAT = "org.ws2j.spi.ModuleFormat";

    private NativeProviders() {}

    /**
     * Makes the module, before any class of it is loaded.
     *
     * @param instrumentation the JVM
     * @throws InstallationException if the user has forbidden calls of C, or this JDK is not as the agent knows it
     */
    public static void permit(Instrumentation instrumentation) throws InstallationException {
        Module agent = NativeProviders.class.getModule();
        instrumentation.redefineModule(
                Object.class.getModule(),
                Set.of(),
                Map.of("jdk.internal.module", Set.of(agent)),
                Map.of("java.lang", Set.of(agent)),
                Set.of(),
                Map.of());
        try {
            if (isForbidden() && !agent.isNativeAccessEnabled()) {
                throw new InstallationException("layers written in C need --enable-native-access=ALL-UNNAMED beside"
                        + " --illegal-native-access=deny");
            }
            Method permission = Module.class.getDeclaredMethod("implAddEnableNativeAccess");
            permission.setAccessible(true);
            permission.invoke(bridge());
        } catch (ReflectiveOperationException e) {
            throw new InstallationException("this JDK is not as the agent knows it (" + e + ")");
        }
    }

    private static boolean isForbidden() throws ReflectiveOperationException {
        Class<?> start = Class.forName("jdk.internal.module.ModuleBootstrap");
        return start.getMethod("illegalNativeAccess").invoke(null).toString().equals("DENY");
    }

    private static Module bridge() {
        Configuration found = ModuleLayer.boot().configuration()
                .resolve(new Finder(), ModuleFinder.of(), Set.of(BRIDGE));
        ModuleLayer layer = ModuleLayer.boot()
                .defineModules(found, name -> NativeProviders.class.getClassLoader());
        return layer.findModule(BRIDGE).orElseThrow();
    }

    /** Finds the one module, whose classes the agent's own loader has. Only an automatic one may be made for what is in none. */
    private static final class Finder implements ModuleFinder {
        private final ModuleReference bridge = new Reference(ModuleDescriptor.newAutomaticModule(BRIDGE)
                .packages(Set.of(BRIDGE))
                .provides(FORMAT, List.of(BRIDGE + ".NativeModuleFormat"))
                .build());

        @Override
        public Optional<ModuleReference> find(String name) {
            return name.equals(BRIDGE) ? Optional.of(bridge) : Optional.empty();
        }

        @Override
        public Set<ModuleReference> findAll() {
            return Set.of(bridge);
        }
    }

    private static final class Reference extends ModuleReference {
        Reference(ModuleDescriptor descriptor) {
            super(descriptor, null);
        }

        @Override
        public ModuleReader open() {
            throw new UnsupportedOperationException("its classes are the loader's");
        }
    }
}
