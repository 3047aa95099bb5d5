/**
 * The port to the VPC in our own words: only the calls that are made, and one exception. No SDK and
 * no Kubernetes may enter.
 */
package io.eniipamd.cloud;
