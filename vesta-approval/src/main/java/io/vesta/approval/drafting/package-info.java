/** How drafts come into being: written by a model for a member, or by a person. */
@NullMarked
package io.vesta.approval.drafting;

import org.jspecify.annotations.NullMarked;
