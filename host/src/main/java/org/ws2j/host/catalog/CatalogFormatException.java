package org.ws2j.host.catalog;

import tools.jackson.core.TokenStreamLocation;

/** A text that is not a catalog; the message tells the line, the column, and what is wrong there. */
final class CatalogFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    CatalogFormatException(TokenStreamLocation place, String problem, Throwable cause) {
        super("line " + place.getLineNr() + ", column " + place.getColumnNr() + ": " + problem, cause);
    }
}
