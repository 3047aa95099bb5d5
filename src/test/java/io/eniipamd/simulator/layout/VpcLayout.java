package io.eniipamd.simulator.layout;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A VPC at the start of its simulation.
 *
 * @param region like {@code ap-guangzhou}; requests for another are refused
 * @param vpcId like {@code vpc-…}
 * @param vpcName for users
 * @param cidr the range of the VPC
 * @param subnets its subnets, each in one zone
 * @param instances its virtual machines
 * @param limits limits of instance types that differ from the table by CPU cores
 * @param enisPerVpc how many secondary ENIs the VPC may have; a positive number
 * @param latencies how long asynchronous tasks take
 */
public record VpcLayout(
    String region,
    String vpcId,
    String vpcName,
    String cidr,
    List<Subnet> subnets,
    List<Instance> instances,
    List<InstanceLimit> limits,
    int enisPerVpc,
    Latencies latencies) {

  /** The cloud's own limit until a ticket raises it. */
  public static final int DEFAULT_ENIS_PER_VPC = 1_000;

  public VpcLayout {
    subnets = subnets == null ? List.of() : List.copyOf(subnets);
    instances = instances == null ? List.of() : List.copyOf(instances);
    limits = limits == null ? List.of() : List.copyOf(limits);
    enisPerVpc = enisPerVpc == 0 ? DEFAULT_ENIS_PER_VPC : enisPerVpc;
    latencies = latencies == null ? Latencies.brief() : latencies;
  }

  /**
   * A subnet.
   *
   * @param id like {@code subnet-…}
   * @param name for users
   * @param cidr within the VPC's
   * @param zone the availability zone it lies in
   */
  public record Subnet(String id, String name, String cidr, String zone) {}

  /**
   * A virtual machine with its primary ENI.
   *
   * @param id like {@code ins-…}
   * @param name for users
   * @param zone its availability zone
   * @param type like {@code S5.LARGE8}
   * @param cpu its number of cores
   * @param memoryGib its memory in GiB
   * @param subnetId the subnet of its primary address, in the same zone
   * @param primaryIp its primary address; absent (null): the subnet's next free one
   */
  public record Instance(
      String id,
      String name,
      String zone,
      String type,
      int cpu,
      int memoryGib,
      String subnetId,
      String primaryIp) {}

  /**
   * What an instance may have. Primary ENIs and primary addresses count, as in the cloud's own
   * table.
   *
   * @param type the instance type, or null in an entry of the table by cores
   * @param enis standard ENIs
   * @param addressesPerEni addresses of a standard ENI
   * @param extensionEnis ENIs of attach type 1 (for a Pod alone)
   * @param addressesPerExtensionEni addresses of such a one
   */
  public record InstanceLimit(
      String type, int enis, int addressesPerEni, int extensionEnis, int addressesPerExtensionEni) {

    /** The limit by the number of cores, as the platform documents it. */
    public static InstanceLimit ofCores(int cores) {
      int extension = Math.min(Math.max(4, cores * 2), 40);
      if (cores <= 1) {
        return new InstanceLimit(null, 2, 6, extension, 1);
      }
      if (cores <= 6) {
        return new InstanceLimit(null, 4, 10, extension, 1);
      }
      if (cores <= 10) {
        return new InstanceLimit(null, 6, 20, extension, 1);
      }
      return new InstanceLimit(null, 8, 30, extension, 1);
    }
  }

  /** How long the asynchronous tasks take, in milliseconds. */
  public record Latencies(
      long createMillis,
      long attachMillis,
      long detachMillis,
      long deleteMillis,
      long addressMillis,
      long migrateMillis) {

    /** Tens of milliseconds: states can be seen, and tests need not wait for long. */
    public static Latencies brief() {
      return new Latencies(30, 40, 40, 30, 20, 30);
    }

    /** Done before the answer is read. */
    public static Latencies none() {
      return all(0);
    }

    /** The same for every task. */
    public static Latencies all(long millis) {
      return new Latencies(millis, millis, millis, millis, millis, millis);
    }
  }

  /** Two zones, three subnets and five machines of four cores: what the demo shows. */
  public static VpcLayout standard() {
    String zone3 = "ap-guangzhou-3";
    String zone4 = "ap-guangzhou-4";
    return new VpcLayout(
        "ap-guangzhou",
        "vpc-simulat3",
        "simulated",
        "10.0.0.0/16",
        List.of(
            new Subnet("subnet-gz3pods1", "pods-3a", "10.0.0.0/24", zone3),
            new Subnet("subnet-gz3pods2", "pods-3b", "10.0.1.0/24", zone3),
            new Subnet("subnet-gz4pods1", "pods-4a", "10.0.2.0/24", zone4)),
        List.of(
            machine("ins-node0001", zone3, "subnet-gz3pods1"),
            machine("ins-node0002", zone3, "subnet-gz3pods1"),
            machine("ins-node0003", zone3, "subnet-gz3pods1"),
            machine("ins-node0004", zone4, "subnet-gz4pods1"),
            machine("ins-node0005", zone4, "subnet-gz4pods1")),
        List.of(),
        DEFAULT_ENIS_PER_VPC,
        Latencies.brief());
  }

  /** A machine of four cores and 8 GiB. */
  public static Instance machine(String id, String zone, String subnetId) {
    return new Instance(id, id.substring("ins-".length()), zone, "S5.LARGE8", 4, 8, subnetId, null);
  }

  /** Reads a layout from a JSON or (by the file's name) YAML file. Unknown keys are refused. */
  public static VpcLayout read(Path file) throws IOException {
    String name = file.getFileName().toString();
    ObjectMapper mapper =
        name.endsWith(".yaml") || name.endsWith(".yml") ? new YAMLMapper() : new ObjectMapper();
    mapper.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    return mapper.readValue(file.toFile(), VpcLayout.class);
  }

  /** The same with these subnets instead. */
  public VpcLayout withSubnets(List<Subnet> other) {
    return new VpcLayout(
        region, vpcId, vpcName, cidr, other, instances, limits, enisPerVpc, latencies);
  }

  /** The same with one of its subnets alone, and the machines in it. */
  public VpcLayout onlyIn(String subnetId) {
    return withSubnets(subnets.stream().filter(s -> s.id().equals(subnetId)).toList())
        .withInstances(instances.stream().filter(i -> i.subnetId().equals(subnetId)).toList());
  }

  /** The same with these machines instead. */
  public VpcLayout withInstances(List<Instance> other) {
    return new VpcLayout(
        region, vpcId, vpcName, cidr, subnets, other, limits, enisPerVpc, latencies);
  }

  /** The same with one machine more. */
  public VpcLayout plusInstance(Instance one) {
    List<Instance> more = new ArrayList<>(instances);
    more.add(one);
    return withInstances(more);
  }

  /** The same with one subnet more. */
  public VpcLayout plusSubnet(Subnet one) {
    List<Subnet> more = new ArrayList<>(subnets);
    more.add(one);
    return withSubnets(more);
  }

  /** The same with these limits of instance types. */
  public VpcLayout withLimits(List<InstanceLimit> other) {
    return new VpcLayout(
        region, vpcId, vpcName, cidr, subnets, instances, other, enisPerVpc, latencies);
  }

  /** The same with another limit of ENIs. */
  public VpcLayout withEnisPerVpc(int other) {
    return new VpcLayout(
        region, vpcId, vpcName, cidr, subnets, instances, limits, other, latencies);
  }

  /** The same with other latencies. */
  public VpcLayout withLatencies(Latencies other) {
    return new VpcLayout(
        region, vpcId, vpcName, cidr, subnets, instances, limits, enisPerVpc, other);
  }
}
