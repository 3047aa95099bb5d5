/** When the certificate of the webhook is made and renewed. */
package io.eniipamd.domain.certificate;
