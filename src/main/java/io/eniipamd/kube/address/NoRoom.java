package io.eniipamd.kube.address;

/** Hears where the cloud refuses a further address although there is room by the records. */
public interface NoRoom {
  /** On this ENI, because of its limit. */
  void onEni(String eniId);

  /** In this subnet, on whichever ENI. */
  void inSubnet(String subnetId);
}
