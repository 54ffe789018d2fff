package org.ws2j.agent.boot;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A layer as it is named by a user: {@code NAME[:key=value[,key=value…]]}. NAME is that of a layer that comes with ws2j, or the
 * path of a jar, with {@code !NAME} behind it where that has several, or of a shared library. A comma that belongs to a value is
 * doubled.
 */
public final class LayerChoice {
    private final String name;
    private final Map<String, String> options;

    private LayerChoice(String name, Map<String, String> options) {
        this.name = name;
        this.options = Collections.unmodifiableMap(options);
    }

    /**
     * Reads a layer's name and options.
     *
     * @param text as above
     * @return the layer
     * @throws InstallationException if it cannot be read so
     */
    public static LayerChoice parse(String text) throws InstallationException {
        int colon = colon(text);
        String name = colon < 0 ? text : text.substring(0, colon);
        if (name.isEmpty()) {
            throw InstallationException.ofOptions("layer '" + text + "' has no name");
        }
        LayerChoice layer = new LayerChoice(name, new LinkedHashMap<>());
        if (colon < 0) {
            return layer;
        }
        for (String option : split(text.substring(colon + 1), ',')) {
            layer = layer.with(option);
        }
        return layer;
    }

    /** The colon behind the name; one of a path, as in C:\layer.jar, is followed by a separator. */
    private static int colon(String text) {
        int colon = text.indexOf(':');
        boolean isDrive = colon == 1 && text.length() > 2 && (text.charAt(2) == '\\' || text.charAt(2) == '/');
        return isDrive ? text.indexOf(':', 2) : colon;
    }

    /**
     * Adds an option.
     *
     * @param option {@code key=value}
     * @return this layer with it
     * @throws InstallationException if it is no such pair, or the layer has an option of that name
     */
    LayerChoice with(String option) throws InstallationException {
        int equals = option.indexOf('=');
        if (equals <= 0) {
            throw InstallationException.ofOptions("option '" + option + "' of layer " + name + " is not key=value");
        }
        String key = option.substring(0, equals).trim();
        Map<String, String> more = new LinkedHashMap<>(options);
        if (more.put(key, option.substring(equals + 1).trim()) != null) {
            throw InstallationException.ofOptions("option " + key + " of layer " + name + " is given twice");
        }
        return new LayerChoice(name, more);
    }

    /**
     * Splits a text at each separator that is not doubled.
     *
     * @param text the text
     * @param separator the separator
     * @return its parts, with one separator where there were two
     */
    static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isDoubled = c == separator && i + 1 < text.length() && text.charAt(i + 1) == separator;
            if (c != separator || isDoubled) {
                part.append(c);
                i += isDoubled ? 1 : 0;
            } else {
                parts.add(part.toString());
                part.setLength(0);
            }
        }
        parts.add(part.toString());
        return parts;
    }

    /** {@return the name of the layer, or the path of its file} */
    public String name() {
        return name;
    }

    /** {@return its options, in the order in which they were given} */
    public Map<String, String> options() {
        return options;
    }

    /** {@return the layer as {@link #parse} reads it} */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name);
        char before = ':';
        for (Map.Entry<String, String> option : options.entrySet()) {
            text.append(before).append(option.getKey()).append('=').append(option.getValue().replace(",", ",,"));
            before = ',';
        }
        return text.toString();
    }
}
