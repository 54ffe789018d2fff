/** Internet addresses as the base providers check, print and parse them; for the providers of this module alone. */
package org.ws2j.provider.address;
