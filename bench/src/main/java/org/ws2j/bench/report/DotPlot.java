package org.ws2j.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ws2j.bench.measure.Result;

/**
 * A plot as SVG: a line for each label, with a bar from low to high and a dot between. The scale is logarithmic. Written by
 * hand, because the format is a text that can be compared, and a plotting library would bring fonts and AWT along.
 */
final class DotPlot {
    private static final int LABELS = 460;
    private static final int WIDTH = 1000;
    private static final int TOP = 50;
    private static final int STEP = 22;
    private static final int MARGIN = 30;
    private static final String GOOD = "#2a7f3f";
    private static final String BAD = "#b3261e";
    private static final String NEUTRAL = "#33577f";

    private record Line(String label, double low, double middle, double high, String colour) {
    }

    private final String title;
    private final String axis;
    private final List<Line> lines = new ArrayList<>();
    private double mark = Double.NaN;

    DotPlot(String title, String axis) {
        this.title = title;
        this.axis = axis;
    }

    /** Draws a line at a value: what is to the right of it is too much. */
    DotPlot markAt(double value) {
        mark = value;
        return this;
    }

    DotPlot line(String label, double low, double middle, double high) {
        lines.add(new Line(label, low, middle, high, NEUTRAL));
        return this;
    }

    DotPlot judged(String label, double low, double middle, double high, boolean isGood) {
        lines.add(new Line(label, low, middle, high, isGood ? GOOD : BAD));
        return this;
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    /** {@return the lines of the SVG file} */
    List<String> svg() {
        double least = Math.log10(extreme(true));
        double most = Math.log10(extreme(false));
        double span = Math.max(most - least, 0.1);
        int bottom = TOP + lines.size() * STEP;
        List<String> svg = new ArrayList<>();
        svg.add(String.format(Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
                        + " font-size=\"12\">",
                WIDTH, bottom + MARGIN + STEP));
        svg.add("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
        svg.add(text(MARGIN / 2, STEP, "start", title));
        for (int i = 0; i <= 4; i++) {
            double value = Math.pow(10, least + span * i / 4);
            double x = x(value, least, span);
            svg.add(vertical(x, bottom, "#dddddd"));
            svg.add(text(x, bottom + STEP, "middle", Result.number(value)));
        }
        svg.add(text((LABELS + WIDTH - MARGIN) / 2.0, bottom + MARGIN + STEP / 2.0, "middle", axis));
        if (!Double.isNaN(mark)) {
            svg.add(vertical(x(mark, least, span), bottom, "#000000"));
        }
        for (int i = 0; i < lines.size(); i++) {
            draw(svg, lines.get(i), TOP + i * STEP + STEP / 2.0, least, span);
        }
        svg.add("</svg>");
        return svg;
    }

    private static void draw(List<String> svg, Line line, double y, double least, double span) {
        svg.add(text(LABELS - 10, y + 4, "end", line.label()));
        svg.add(String.format(Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"3\""
                        + " stroke-opacity=\"0.5\"/>",
                x(line.low(), least, span), y, x(line.high(), least, span), y,
                line.colour()));
        svg.add(String.format(Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>",
                x(line.middle(), least, span), y,
                line.colour()));
    }

    private double extreme(boolean isLeast) {
        double extreme = Double.isNaN(mark) ? lines.getFirst().middle() : mark;
        for (Line line : lines) {
            extreme = isLeast ? Math.min(extreme, line.low()) : Math.max(extreme, line.high());
        }
        return Math.max(extreme, 1e-6) * (isLeast ? 0.95 : 1.05);
    }

    private static double x(double value, double least, double span) {
        double place = (Math.log10(Math.max(value, 1e-6)) - least) / span;
        return LABELS + place * (WIDTH - MARGIN - LABELS);
    }

    private static String vertical(double x, int bottom, String colour) {
        return String.format(Locale.ROOT, "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"%s\"/>", x,
                TOP - 8, x, bottom + 4,
                colour);
    }

    private static String text(double x, double y, String anchor, String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
        return String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor,
                escaped);
    }
}
