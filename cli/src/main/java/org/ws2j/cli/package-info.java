/**
 * The ws2 command and its subcommands.
 */
package org.ws2j.cli;
