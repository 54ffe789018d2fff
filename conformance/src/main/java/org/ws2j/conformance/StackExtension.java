package org.ws2j.conformance;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Runs a suite once for each stack. */
final class StackExtension implements ClassTemplateInvocationContextProvider {
    /** The configuration parameter with the texts of the stacks, one a line or with commas between them. */
    static final String STACKS = "org.ws2j.conformance.stacks";

    /** How the configuration parameter with the reason of a further flag begins; the flag's name follows. */
    static final String FLAG = "org.ws2j.conformance.flag.";

    /** The configuration parameter with the names of the suites to run, with commas between them; all without it. */
    static final String SUITES = "org.ws2j.conformance.suites";

    private static final String SEPARATORS = "[,\n]";

    StackExtension() {}

    @Override
    public boolean supportsClassTemplate(ExtensionContext context) {
        return Suite.class.isAssignableFrom(context.getRequiredTestClass());
    }

    @Override
    public boolean mayReturnZeroClassTemplateInvocationContexts(ExtensionContext context) {
        return true;
    }

    @Override
    public Stream<? extends ClassTemplateInvocationContext> provideClassTemplateInvocationContexts(
            ExtensionContext context) {
        if (!isWanted(context)) {
            return Stream.empty();
        }
        boolean isPlain = PlainSuite.class.isAssignableFrom(context.getRequiredTestClass());
        return stacks(context).stream().filter(stack -> isPlain || !stack.isControlGroup()).map(Invocation::new);
    }

    private static boolean isWanted(ExtensionContext context) {
        String name = SuiteName.of(context.getRequiredTestClass());
        return context.getConfigurationParameter(SUITES)
                .map(names -> Arrays.asList(names.split(SEPARATORS)).contains(name))
                .orElse(true);
    }

    private static List<Stack> stacks(ExtensionContext context) {
        Map<Flag, String> further = new EnumMap<>(Flag.class);
        for (Flag flag : Flag.values()) {
            context.getConfigurationParameter(FLAG + flag).ifPresent(reason -> further.put(flag, reason));
        }
        return texts(context).stream().map(text -> Stack.parse(text, further)).toList();
    }

    private static List<String> texts(ExtensionContext context) {
        return context.getConfigurationParameter(STACKS)
                .map(texts -> Stream.of(texts.split(SEPARATORS)).map(String::strip).toList())
                .orElse(Stack.DEFAULTS);
    }

    /** A suite over one stack. */
    private record Invocation(Stack stack) implements ClassTemplateInvocationContext {
        @Override
        public String getDisplayName(int index) {
            return stack.text();
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(new CheckExtension(stack));
        }
    }
}
