/** What stores and channels of others can be tested with, and a small world for our own tests. */
package io.vesta.approval.testkit;
