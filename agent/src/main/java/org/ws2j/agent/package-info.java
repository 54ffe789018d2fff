/**
 * The agent: reads what the user asks for, makes a catalog of it, and puts a network over that catalog below the program.
 */
package org.ws2j.agent;
