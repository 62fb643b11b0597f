/** What policies mean, compared: gained and lost permissions, shadowed rules, broken laws. */
@NullMarked
package io.vesta.rbac.analysis;

import org.jspecify.annotations.NullMarked;
