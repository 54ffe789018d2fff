package org.ws2j.conformance;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;

/**
 * Makes a method of a {@link Suite} a check, and says what it proves. The method's name is a sentence that states the
 * behaviour expected; it takes no parameter and returns nothing.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Test
public @interface Proves {
    /** {@return the ids of {@linkplain Statements statements}; at least one} */
    String[] value();
}
