/**
 * Language models for production: routes as data, approved by two persons, and a router that sends
 * to nothing else. {@code route} says where a prompt may go, {@code approve} who said so, {@code
 * call} sends it; {@code guice} wires them.
 */
@NullMarked
package io.vesta.llm;

import org.jspecify.annotations.NullMarked;
