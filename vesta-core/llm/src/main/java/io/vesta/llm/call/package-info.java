/**
 * Sends a prompt by an approved route: address checked at connect, key read last, answer bounded,
 * budget and audit around it.
 */
@NullMarked
package io.vesta.llm.call;

import org.jspecify.annotations.NullMarked;
