/**
 * Each call to the cloud meets each fault at each moment, and at the end nothing is leaked, nothing
 * there twice, nothing lost. Rows are what is asked for, columns what goes wrong.
 */
package io.eniipamd.cloud.faults;
