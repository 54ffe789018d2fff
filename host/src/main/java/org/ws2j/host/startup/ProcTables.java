package org.ws2j.host.startup;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.ws2j.spi.WspProcTable;

/** Checks that a table has all of its functions. */
final class ProcTables {
    private ProcTables() {}

    /**
     * Finds a hole: a function that the class of a table does not implement, as that of one compiled against another version
     * of the interface.
     *
     * @param table the table
     * @return the name of a function that is missing, or null
     */
    static String hole(WspProcTable table) {
        for (Method function : WspProcTable.class.getMethods()) {
            try {
                Method found = table.getClass().getMethod(function.getName(), function.getParameterTypes());
                if (Modifier.isAbstract(found.getModifiers())) {
                    return function.getName();
                }
            } catch (NoSuchMethodException e) {
                return function.getName();
            }
        }
        return null;
    }
}
