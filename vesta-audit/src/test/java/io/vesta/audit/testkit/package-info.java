/** The contract of an audit trail and a ready-made log for tests. */
package io.vesta.audit.testkit;
