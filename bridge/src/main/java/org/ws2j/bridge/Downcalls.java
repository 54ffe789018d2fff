package org.ws2j.bridge;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Calls of C functions: one constant handle for each shape, which every provider and every call-back shares. Overloads differ by
 * the types of the arguments alone; the address of the function comes first.
 */
final class Downcalls {
    private static final MethodHandle I_J = Shapes.down("I:P");
    private static final MethodHandle I_JJ = Shapes.down("I:JP");
    private static final MethodHandle I_JIJ = Shapes.down("I:JIP");
    private static final MethodHandle I_JJJ = Shapes.down("I:JPP");
    private static final MethodHandle I_JJIJ = Shapes.down("I:JJIP");
    private static final MethodHandle I_JJJJ = Shapes.down("I:JJPP");
    private static final MethodHandle I_JIJJ = Shapes.down("I:JIPP");
    private static final MethodHandle I_JJIIJ = Shapes.down("I:JJIIP");
    private static final MethodHandle I_JIIJIJ = Shapes.down("I:JIIPIP");
    private static final MethodHandle I_JIIJJJ = Shapes.down("I:JIIPPP");
    private static final MethodHandle I_JJJIJJ = Shapes.down("I:JPPIPP");
    private static final MethodHandle I_JJIJJJJJ = Shapes.down("I:JPIPPPPP");
    private static final MethodHandle I_JJIJJJJJJ = Shapes.down("I:JPIPPPPPP");
    private static final MethodHandle I_JJIJIJJJJ = Shapes.down("I:JPIPIPPPP");
    private static final MethodHandle I_JJIJJJJJJJJ = Shapes.down("I:JPIPPPPPPPP");
    private static final MethodHandle I_JJIJIJIJJJJ = Shapes.down("I:JPIPIPIPPPP");
    private static final MethodHandle I_JIJIJIJJJJJ = Shapes.down("I:JIPIPIPPPPP");
    private static final MethodHandle I_IJJJJJ = Shapes.down("I:IPPPPP");
    private static final MethodHandle I_JIJJJJ = Shapes.down("I:PIPPPP");
    private static final MethodHandle J_JJJJJJ = Shapes.down("J:JPPPJP");
    private static final MethodHandle J_JJIJJJJIJ = Shapes.down("J:JPIPPPPIP");
    private static final MethodHandle J_IIIJIIJ = Shapes.down("J:IIIPIIP");
    private static final MethodHandle V_J = Shapes.down("V:J");
    private static final MethodHandle V_IIJI = Shapes.down("V:IIPI");
    private static final MethodHandle V_JIJJJ = Shapes.down("V:JIJJJ");
    private static final MethodHandle I_JJJJJJJJ = Shapes.down("I:PPPPPPPJ");
    private static final MethodHandle I_JI = Shapes.down("I:PI");
    private static final MethodHandle I_JJJIIIJJ = Shapes.down("I:JJPIIIPP");
    private static final MethodHandle V_JIIIJJJJ = Shapes.down("V:PIIIPPPP");
    private static final MethodHandle I_JJIJIJJ = Shapes.down("I:JPIPIPP");
    private static final MethodHandle I_JJII = Shapes.down("I:JPII");
    private static final MethodHandle I_JJIIJJI = Shapes.down("I:JJIIPPI");
    private static final MethodHandle I_JJIIJI = Shapes.down("I:JPIIPI");
    private static final MethodHandle I_JJJJJ = Shapes.down("I:JPPPP");
    private static final MethodHandle I_JJIJJJ = Shapes.down("I:JPIPPP");
    private static final MethodHandle I_SJJTJ = Shapes.down("I:SPPTP");

    private Downcalls() {}

    static int call(MemorySegment function, long a) {
        try {
            return (int) I_J.invokeExact(function, a);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static int call(MemorySegment function, long a, long b) {
        try {
            return (int) I_JJ.invokeExact(function, a, b);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static int call(MemorySegment function, long a, int b, long c) {
        try {
            return (int) I_JIJ.invokeExact(function, a, b, c);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static int call(MemorySegment function, long a, long b, long c) {
        try {
            return (int) I_JJJ.invokeExact(function, a, b, c);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static int call(MemorySegment function, long a, long b, int c, long d) {
        try {
            return (int) I_JJIJ.invokeExact(function, a, b, c, d);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static int call(MemorySegment function, long a, long b, long c, long d) {
        try {
            return (int) I_JJJJ.invokeExact(function, a, b, c, d);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static int call(MemorySegment function, long a, int b, long c, long d) {
        try {
            return (int) I_JIJJ.invokeExact(function, a, b, c, d);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static int call(MemorySegment function, long a, long b, int c, int d, long e) {
        try {
            return (int) I_JJIIJ.invokeExact(function, a, b, c, d, e);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static int call(MemorySegment function, long a, int b, int c, long d, int e, long f) {
        try {
            return (int) I_JIIJIJ.invokeExact(function, a, b, c, d, e, f);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static int call(MemorySegment function, long a, int b, int c, long d, long e, long f) {
        try {
            return (int) I_JIIJJJ.invokeExact(function, a, b, c, d, e, f);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static int call(MemorySegment function, long a, long b, long c, int d, long e, long f) {
        try {
            return (int) I_JJJIJJ.invokeExact(function, a, b, c, d, e, f);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static int call(MemorySegment function, long a, long b, int c, long d, long e, long f, long g, long h) {
        try {
            return (int) I_JJIJJJJJ.invokeExact(function, a, b, c, d, e, f, g, h);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static int call(MemorySegment function, long a, long b, int c, long d, long e, long f, long g, long h, long i) {
        try {
            return (int) I_JJIJJJJJJ.invokeExact(function, a, b, c, d, e, f, g, h, i);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static int call(MemorySegment function, long a, long b, int c, long d, int e, long f, long g, long h, long i) {
        try {
            return (int) I_JJIJIJJJJ.invokeExact(function, a, b, c, d, e, f, g, h, i);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static int call(MemorySegment function, long a, long b, int c, long d, long e, long f, long g, long h, long i,
            long j, long k) {
        try {
            return (int) I_JJIJJJJJJJJ.invokeExact(function, a, b, c, d, e, f, g, h, i, j, k);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static int call(MemorySegment function, long a, long b, int c, long d, int e, long f, int g, long h, long i, long j,
            long k) {
        try {
            return (int) I_JJIJIJIJJJJ.invokeExact(function, a, b, c, d, e, f, g, h, i, j, k);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static int call(MemorySegment function, long a, int b, long c, int d, long e, int f, long g, long h, long i, long j,
            long k) {
        try {
            return (int) I_JIJIJIJJJJJ.invokeExact(function, a, b, c, d, e, f, g, h, i, j, k);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static int call(MemorySegment function, int a, long b, long c, long d, long e, long f) {
        try {
            return (int) I_IJJJJJ.invokeExact(function, a, b, c, d, e, f);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static int call(MemorySegment function, long a, int b, long c, long d, long e, long f) {
        try {
            return (int) I_JIJJJJ.invokeExact(function, a, b, c, d, e, f);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static long callLong(MemorySegment function, long a, long b, long c, long d, long e, long f) {
        try {
            return (long) J_JJJJJJ.invokeExact(function, a, b, c, d, e, f);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static long callLong(MemorySegment function, long a, long b, int c, long d, long e, long f, long g, int h, long i) {
        try {
            return (long) J_JJIJJJJIJ.invokeExact(function, a, b, c, d, e, f, g, h, i);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static long callLong(MemorySegment function, int a, int b, int c, long d, int e, int f, long g) {
        try {
            return (long) J_IIIJIIJ.invokeExact(function, a, b, c, d, e, f, g);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static void run(MemorySegment function, long a) {
        try {
            V_J.invokeExact(function, a);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static void run(MemorySegment function, int a, int b, long c, int d) {
        try {
            V_IIJI.invokeExact(function, a, b, c, d);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static void run(MemorySegment function, long a, int b, long c, long d, long e) {
        try {
            V_JIJJJ.invokeExact(function, a, b, c, d, e);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static int call(MemorySegment function, long a, long b, long c, long d, long e, long f, long g, long h) {
        try {
            return (int) I_JJJJJJJJ.invokeExact(function, a, b, c, d, e, f, g, h);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static int call(MemorySegment function, long a, int b) {
        try {
            return (int) I_JI.invokeExact(function, a, b);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static int call(MemorySegment function, short a, long b, long c, MemorySegment d, long e) {
        try {
            return (int) I_SJJTJ.invokeExact(function, a, b, c, d, e);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static int call(MemorySegment function, long a, long b, long c, int d, int e, int f, long g, long h) {
        try {
            return (int) I_JJJIIIJJ.invokeExact(function, a, b, c, d, e, f, g, h);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static void run(MemorySegment function, long a, int b, int c, int d, long e, long f, long g, long h) {
        try {
            V_JIIIJJJJ.invokeExact(function, a, b, c, d, e, f, g, h);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static int call(MemorySegment function, long a, long b, int c, long d, int e, long f, long g) {
        try {
            return (int) I_JJIJIJJ.invokeExact(function, a, b, c, d, e, f, g);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static int call(MemorySegment function, long a, long b, int c, int d) {
        try {
            return (int) I_JJII.invokeExact(function, a, b, c, d);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static int call(MemorySegment function, long a, long b, int c, int d, long e, long f, int g) {
        try {
            return (int) I_JJIIJJI.invokeExact(function, a, b, c, d, e, f, g);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static int call(MemorySegment function, long a, long b, int c, int d, long e, int f) {
        try {
            return (int) I_JJIIJI.invokeExact(function, a, b, c, d, e, f);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static int call(MemorySegment function, long a, long b, long c, long d, long e) {
        try {
            return (int) I_JJJJJ.invokeExact(function, a, b, c, d, e);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    static int call(MemorySegment function, long a, long b, int c, long d, long e, long f) {
        try {
            return (int) I_JJIJJJ.invokeExact(function, a, b, c, d, e, f);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    /** A C function throws nothing; what comes out is a fault of the linkage. */
    private static RuntimeException failed(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("the call of a C function failed", thrown);
    }
}
