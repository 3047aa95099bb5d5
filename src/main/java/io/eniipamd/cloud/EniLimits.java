package io.eniipamd.cloud;

/**
 * What an instance may have.
 *
 * @param enis ENIs in all, the primary one of the instance included
 * @param addressesPerEni addresses of an ENI, its primary one included
 * @param extensionEnis ENIs in the extension mode, which count apart from {@code enis}
 */
public record EniLimits(int enis, int addressesPerEni, int extensionEnis) {

  /** Of an instance that can have no ENI in the extension mode. */
  public EniLimits(int enis, int addressesPerEni) {
    this(enis, addressesPerEni, 0);
  }
}
