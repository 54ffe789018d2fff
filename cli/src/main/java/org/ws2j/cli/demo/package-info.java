/**
 * The demo: real bytes over real sockets through a chain of layers, in every style that Winsock has.
 */
package org.ws2j.cli.demo;
