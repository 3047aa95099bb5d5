package io.eniipamd.controlplane;

/** The programs that a control plane is made of. A source of binaries has all of them or none. */
public enum Program {
  ETCD("etcd"),
  KUBE_APISERVER("kube-apiserver"),
  KUBE_CONTROLLER_MANAGER("kube-controller-manager"),
  KUBE_SCHEDULER("kube-scheduler"),
  KUBECTL("kubectl");

  private final String fileName;

  Program(String fileName) {
    this.fileName = fileName;
  }

  /** The name of the executable file, the same in every source. */
  public String fileName() {
    return fileName;
  }

  /** Whether this program is released with Kubernetes, under its version. */
  boolean ofKubernetes() {
    return this != ETCD;
  }
}
