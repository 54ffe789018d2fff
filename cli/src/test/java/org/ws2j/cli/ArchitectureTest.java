package org.ws2j.cli;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The arrows between the modules, and what each of them leaves alone. */
final class ArchitectureTest {

    private static final String SPI = "org.ws2j.spi..";
    private static final String HOST = "org.ws2j.host..";
    private static final String PROVIDERS = "org.ws2j.provider..";
    private static final String LAYERS = "org.ws2j.layer..";
    private static final String CONFORMANCE = "org.ws2j.conformance..";
    private static final String BRIDGE = "org.ws2j.bridge..";
    private static final String CLI = "org.ws2j.cli..";
    private static final String BENCH = "org.ws2j.bench..";

    private static final Set<String> JAVA_BASE = Object.class.getModule().getPackages();
    private static final Set<Class<?>> CHANNELS = Set.of(SocketChannel.class, ServerSocketChannel.class,
            DatagramChannel.class, Selector.class);
    private static final Set<Class<?>> SOCKETS = Set.of(Socket.class, ServerSocket.class, DatagramSocket.class);

    private static JavaClasses production;

    @BeforeAll
    static void importProduction() {
        production = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("org.ws2j");
    }

    @ParameterizedTest
    @ValueSource(strings = {SPI, HOST, PROVIDERS, LAYERS, CONFORMANCE, BRIDGE, CLI})
    void everyModuleIsSeen(String module) {
        assertThat(production.that(resideInAPackage(module))).isNotEmpty();
    }

    @Test
    void spiNeedsJavaBaseAlone() {
        DescribedPredicate<JavaClass> ownOrJavaBase = describe("are of the SPI or of java.base", type -> {
            JavaClass element = type.getBaseComponentType();
            return element.isPrimitive() || resideInAPackage(SPI).test(element)
                    || JAVA_BASE.contains(element.getPackageName());
        });
        check(classes().that().resideInAPackage(SPI).should().onlyDependOnClassesThat(ownOrJavaBase));
    }

    /** What is measured does not know of it. */
    @Test
    void nobodyKnowsTheBenchmarks() {
        check(noClasses().that().resideOutsideOfPackage(BENCH).should().dependOnClassesThat().resideInAPackage(BENCH));
    }

    @Test
    void hostKnowsNoProviderAndNoLayer() {
        check(noClasses().that().resideInAPackage(HOST).should().dependOnClassesThat()
                .resideInAnyPackage(PROVIDERS, LAYERS, CONFORMANCE, BRIDGE, CLI));
    }

    @Test
    void providersKnowNeitherHostNorLayers() {
        check(noClasses().that().resideInAPackage(PROVIDERS).should().dependOnClassesThat()
                .resideInAnyPackage(HOST, LAYERS, CONFORMANCE, BRIDGE, CLI));
    }

    @Test
    void layersKnowNeitherHostNorProviders() {
        check(noClasses().that().resideInAPackage(LAYERS).should().dependOnClassesThat()
                .resideInAnyPackage(HOST, PROVIDERS, CONFORMANCE, BRIDGE, CLI));
    }

    /** It is to judge every provider and layer, so it favours none. */
    @Test
    void theConformanceKitKnowsNeitherProvidersNorLayers() {
        check(noClasses().that().resideInAPackage(CONFORMANCE).should().dependOnClassesThat()
                .resideInAnyPackage(PROVIDERS, LAYERS, BRIDGE, CLI));
    }

    /** The host finds it as a service, and hands it what it needs. */
    @Test
    void theBridgeKnowsTheInterfaceAlone() {
        check(noClasses().that().resideInAPackage(BRIDGE).should().dependOnClassesThat()
                .resideInAnyPackage(HOST, PROVIDERS, LAYERS, CONFORMANCE, CLI));
    }

    /** Under the agent that would ask ourselves; channels come from the transport that is handed in. */
    @Test
    void providersAndLayersOpenNoSocketOfTheirOwn() {
        DescribedPredicate<JavaAccess<?>> opening = describe("opens a socket, a channel or a selector",
                access -> opensChannel(access) || makesSocket(access));
        check(noClasses().that().resideInAnyPackage(PROVIDERS, LAYERS).should().accessTargetWhere(opening));
    }

    @Test
    void nobodyHereTouchesNativeMemoryOrJdkInternals() {
        check(noClasses().that().resideInAnyPackage(SPI, HOST, PROVIDERS, LAYERS, CONFORMANCE).should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.lang.foreign..", "sun..", "jdk.internal.."));
    }

    @Test
    void hostDrawsNothing() {
        check(noClasses().that().resideInAPackage(HOST).should().dependOnClassesThat()
                .resideInAnyPackage("java.awt..", "javax.swing.."));
    }

    /** {@link #everyModuleIsSeen} tells of a module that is missing from the class path. */
    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(production);
    }

    private static boolean opensChannel(JavaAccess<?> access) {
        return access.getName().equals("open") && ownedByOneOf(CHANNELS, access);
    }

    private static boolean makesSocket(JavaAccess<?> access) {
        return access.getName().equals(JavaConstructor.CONSTRUCTOR_NAME) && ownedByOneOf(SOCKETS, access);
    }

    private static boolean ownedByOneOf(Set<Class<?>> types, JavaAccess<?> access) {
        return types.stream().anyMatch(access.getTargetOwner()::isEquivalentTo);
    }
}
