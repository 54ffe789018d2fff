package org.ws2j.host.traps;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names the traps of docs/traps.md that a test shows to be avoided. */
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.METHOD)
public @interface Trap {
    int[] value();
}
