package io.eniipamd.cloud.tencent;

import com.tencentcloudapi.cvm.v20170312.models.DescribeInstancesRequest;
import com.tencentcloudapi.vpc.v20170312.models.AssignPrivateIpAddressesRequest;
import com.tencentcloudapi.vpc.v20170312.models.AttachNetworkInterfaceRequest;
import com.tencentcloudapi.vpc.v20170312.models.CreateNetworkInterfaceRequest;
import com.tencentcloudapi.vpc.v20170312.models.CreateReserveIpAddressesRequest;
import com.tencentcloudapi.vpc.v20170312.models.DeleteNetworkInterfaceRequest;
import com.tencentcloudapi.vpc.v20170312.models.DeleteReserveIpAddressesRequest;
import com.tencentcloudapi.vpc.v20170312.models.DescribeNetworkInterfaceLimitRequest;
import com.tencentcloudapi.vpc.v20170312.models.DescribeNetworkInterfacesRequest;
import com.tencentcloudapi.vpc.v20170312.models.DescribeReserveIpAddressesRequest;
import com.tencentcloudapi.vpc.v20170312.models.DescribeSubnetsRequest;
import com.tencentcloudapi.vpc.v20170312.models.DescribeUsedIpAddressRequest;
import com.tencentcloudapi.vpc.v20170312.models.DescribeVpcLimitsRequest;
import com.tencentcloudapi.vpc.v20170312.models.DescribeVpcPrivateIpAddressesRequest;
import com.tencentcloudapi.vpc.v20170312.models.DescribeVpcTaskResultRequest;
import com.tencentcloudapi.vpc.v20170312.models.DetachNetworkInterfaceRequest;
import com.tencentcloudapi.vpc.v20170312.models.Filter;
import com.tencentcloudapi.vpc.v20170312.models.IpAddressStates;
import com.tencentcloudapi.vpc.v20170312.models.MigratePrivateIpAddressRequest;
import com.tencentcloudapi.vpc.v20170312.models.PrivateIpAddressSpecification;
import com.tencentcloudapi.vpc.v20170312.models.Tag;
import com.tencentcloudapi.vpc.v20170312.models.UnassignPrivateIpAddressesRequest;
import io.eniipamd.cloud.Answer;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.EniLimits;
import io.eniipamd.cloud.EniQuery;
import io.eniipamd.cloud.EniSpec;
import io.eniipamd.cloud.Instance;
import io.eniipamd.cloud.Listing;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.Reservation;
import io.eniipamd.cloud.ReservationQuery;
import io.eniipamd.cloud.ReservationSpec;
import io.eniipamd.cloud.Subnet;
import io.eniipamd.cloud.Task;
import io.eniipamd.cloud.UsedAddresses;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.cloud.VpcLimits;
import io.eniipamd.domain.address.Ip;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import okhttp3.Dns;

/**
 * The port on Tencent Cloud's own SDK, API version 2017-03-12. Each request is signed with the
 * credentials that are in force when it goes out, ends within {@link TencentSettings#callTimeout}
 * and is sent once. A question about ids is one request, which is refused as {@code NOT_FOUND}
 * where one of them is unknown; a row of the answer that cannot be read makes that one thing
 * unclear, not the others.
 */
public final class TencentVpcCloud implements VpcCloud {

  private static final long PAGE = MAX_IDS_PER_CALL;

  /** What the cloud calls the most ENIs that a VPC may have. */
  private static final String MAX_ENIS = "vpc-max-enis";

  private static final String NAMELESS = "a row of the answer has no id that can be read";

  private final SdkClients clients;
  private final String vpcId;

  public TencentVpcCloud(TencentSettings settings, CredentialSource credentials) {
    this(settings, credentials, Dns.SYSTEM);
  }

  /** With an own answer to which addresses a host has. */
  TencentVpcCloud(TencentSettings settings, CredentialSource credentials, Dns dns) {
    this.clients = new SdkClients(settings, credentials, dns);
    this.vpcId = settings.vpcId();
  }

  @Override
  public Listing<Subnet> subnets(Collection<String> subnetIds) {
    return ofIds(subnetIds, this::describeSubnets);
  }

  private Listing<Subnet> describeSubnets(List<String> ids) {
    var request = new DescribeSubnetsRequest();
    request.setSubnetIds(ids.toArray(String[]::new));
    // Text here, numbers everywhere else: so does the API.
    request.setOffset("0");
    request.setLimit(Long.toString(PAGE));
    String step = "describing subnets " + String.join(", ", ids);
    var answer =
        clients.vpc(CloudAction.DESCRIBE_SUBNETS, step, client -> client.DescribeSubnets(request));
    return Rows.of(answer.getSubnetSet(), CloudAction.DESCRIBE_SUBNETS, step, answer.getRequestId())
        .listing(
            ids, com.tencentcloudapi.vpc.v20170312.models.Subnet::getSubnetId, SdkValues::subnet);
  }

  @Override
  public Listing<NetworkInterface> networkInterfaces(EniQuery query) {
    return switch (query) {
      case EniQuery.ByIds(List<String> ids) -> ofIds(ids, this::describeNetworkInterfaces);
      case EniQuery.ByInstance(String instanceId) ->
          listNetworkInterfaces(
              "listing the ENIs of " + instanceId,
              filter("vpc-id", vpcId),
              filter("attachment.instance-id", instanceId));
      case EniQuery.ByTags(Map<String, String> tags) -> {
        var filters = new ArrayList<Filter>();
        filters.add(filter("vpc-id", vpcId));
        new TreeMap<>(tags).forEach((key, value) -> filters.add(filter("tag:" + key, value)));
        yield listNetworkInterfaces("listing the ENIs with " + tags, filters.toArray(Filter[]::new))
            .only(eni -> eni.tags().entrySet().containsAll(tags.entrySet()));
      }
      // Without ip-exact-match 10.0.0.1 finds 110.0.0.1 too; the answer is gone through as well.
      case EniQuery.ByAddress(Ip address) ->
          listNetworkInterfaces(
                  "looking for the ENI that has " + address,
                  filter("vpc-id", vpcId),
                  filter("address-ip", address.toString()),
                  filter("ip-exact-match", "true"))
              .only(eni -> eni.address(address).isPresent());
    };
  }

  private Listing<NetworkInterface> describeNetworkInterfaces(List<String> ids) {
    var request = new DescribeNetworkInterfacesRequest();
    request.setNetworkInterfaceIds(ids.toArray(String[]::new));
    request.setOffset(0L);
    request.setLimit(PAGE);
    return page(request, ids, "describing " + String.join(", ", ids)).enis();
  }

  private Listing<NetworkInterface> listNetworkInterfaces(String step, Filter... filters) {
    // By id: an ENI that slides to another page while they are read is there once all the same.
    Listing<NetworkInterface> all = Listing.none();
    long offset = 0;
    while (true) {
      var request = new DescribeNetworkInterfacesRequest();
      request.setFilters(filters);
      request.setOffset(offset);
      request.setLimit(PAGE);
      Page page = page(request, List.of(), step);
      all = all.and(page.enis());
      offset += page.rows();
      if (page.rows() == 0 || offset >= page.total()) {
        return all;
      }
    }
  }

  private record Page(Listing<NetworkInterface> enis, int rows, long total) {}

  private Page page(DescribeNetworkInterfacesRequest request, List<String> ids, String step) {
    var answer =
        clients.vpc(
            CloudAction.DESCRIBE_NETWORK_INTERFACES,
            step,
            client -> client.DescribeNetworkInterfaces(request));
    var rows = answer.getNetworkInterfaceSet();
    if (rows == null || answer.getTotalCount() == null) {
      throw incomplete(step);
    }
    var secondary =
        Arrays.stream(rows).filter(row -> row == null || SdkValues.isSecondary(row)).toList();
    var enis =
        new Rows<>(secondary, CloudAction.DESCRIBE_NETWORK_INTERFACES, step, answer.getRequestId())
            .listing(
                ids,
                com.tencentcloudapi.vpc.v20170312.models.NetworkInterface::getNetworkInterfaceId,
                SdkValues::networkInterface);
    return new Page(enis, rows.length, answer.getTotalCount());
  }

  @Override
  public EniLimits eniLimits(String instanceId) {
    var request = new DescribeNetworkInterfaceLimitRequest();
    request.setInstanceId(instanceId);
    String step = "asking for the ENI limits of " + instanceId;
    var answer =
        clients.vpc(
            CloudAction.DESCRIBE_NETWORK_INTERFACE_LIMIT,
            step,
            client -> client.DescribeNetworkInterfaceLimit(request));
    if (answer.getEniQuantity() == null || answer.getEniPrivateIpAddressQuantity() == null) {
      throw incomplete(step);
    }
    return new EniLimits(
        answer.getEniQuantity().intValue(), answer.getEniPrivateIpAddressQuantity().intValue());
  }

  @Override
  public Listing<Instance> instances(Collection<String> instanceIds) {
    return ofIds(instanceIds, this::describeInstances);
  }

  private Listing<Instance> describeInstances(List<String> ids) {
    var request = new DescribeInstancesRequest();
    request.setInstanceIds(ids.toArray(String[]::new));
    request.setOffset(0L);
    request.setLimit(PAGE);
    String step = "describing instances " + String.join(", ", ids);
    var answer =
        clients.cvm(
            CloudAction.DESCRIBE_INSTANCES, step, client -> client.DescribeInstances(request));
    return Rows.of(
            answer.getInstanceSet(), CloudAction.DESCRIBE_INSTANCES, step, answer.getRequestId())
        .listing(
            ids,
            com.tencentcloudapi.cvm.v20170312.models.Instance::getInstanceId,
            SdkValues::instance);
  }

  @Override
  public NetworkInterface createNetworkInterface(EniSpec spec) {
    var request = new CreateNetworkInterfaceRequest();
    request.setVpcId(vpcId);
    request.setSubnetId(spec.subnetId());
    request.setNetworkInterfaceName(spec.name());
    request.setPrivateIpAddresses(
        new PrivateIpAddressSpecification[] {specification(spec.primaryIp(), true)});
    if (!spec.securityGroups().isEmpty()) {
      request.setSecurityGroupIds(spec.securityGroups().toArray(String[]::new));
    }
    request.setTags(tags(spec.tags()));
    request.setClientToken(spec.clientToken());
    String step =
        "creating ENI " + spec.name() + " as " + spec.primaryIp() + " in " + spec.subnetId();
    var answer =
        clients.vpc(
            CloudAction.CREATE_NETWORK_INTERFACE,
            step,
            client -> client.CreateNetworkInterface(request));
    if (answer.getNetworkInterface() == null) {
      throw incomplete(step);
    }
    return SdkValues.networkInterface(answer.getNetworkInterface(), step);
  }

  @Override
  public String attachNetworkInterface(String eniId, String instanceId, String clientToken) {
    var request = new AttachNetworkInterfaceRequest();
    request.setNetworkInterfaceId(eniId);
    request.setInstanceId(instanceId);
    request.setClientToken(clientToken);
    return clients
        .vpc(
            CloudAction.ATTACH_NETWORK_INTERFACE,
            "attaching " + eniId + " to " + instanceId,
            client -> client.AttachNetworkInterface(request))
        .getRequestId();
  }

  @Override
  public String detachNetworkInterface(String eniId, String instanceId) {
    var request = new DetachNetworkInterfaceRequest();
    request.setNetworkInterfaceId(eniId);
    request.setInstanceId(instanceId);
    return clients
        .vpc(
            CloudAction.DETACH_NETWORK_INTERFACE,
            "detaching " + eniId + " from " + instanceId,
            client -> client.DetachNetworkInterface(request))
        .getRequestId();
  }

  @Override
  public String deleteNetworkInterface(String eniId) {
    var request = new DeleteNetworkInterfaceRequest();
    request.setNetworkInterfaceId(eniId);
    return clients
        .vpc(
            CloudAction.DELETE_NETWORK_INTERFACE,
            "deleting " + eniId,
            client -> client.DeleteNetworkInterface(request))
        .getRequestId();
  }

  @Override
  public String assign(String eniId, Collection<Ip> addresses) {
    var request = new AssignPrivateIpAddressesRequest();
    request.setNetworkInterfaceId(eniId);
    request.setPrivateIpAddresses(secondary(addresses));
    return clients
        .vpc(
            CloudAction.ASSIGN_PRIVATE_IP_ADDRESSES,
            "assigning " + joined(addresses) + " to " + eniId,
            client -> client.AssignPrivateIpAddresses(request))
        .getRequestId();
  }

  @Override
  public String unassign(String eniId, Collection<Ip> addresses) {
    var request = new UnassignPrivateIpAddressesRequest();
    request.setNetworkInterfaceId(eniId);
    request.setPrivateIpAddresses(secondary(addresses));
    return clients
        .vpc(
            CloudAction.UNASSIGN_PRIVATE_IP_ADDRESSES,
            "unassigning " + joined(addresses) + " from " + eniId,
            client -> client.UnassignPrivateIpAddresses(request))
        .getRequestId();
  }

  @Override
  public String migrate(String fromEniId, String toEniId, Ip address) {
    var request = new MigratePrivateIpAddressRequest();
    request.setSourceNetworkInterfaceId(fromEniId);
    request.setDestinationNetworkInterfaceId(toEniId);
    request.setPrivateIpAddress(address.toString());
    return clients
        .vpc(
            CloudAction.MIGRATE_PRIVATE_IP_ADDRESS,
            "migrating " + address + " from " + fromEniId + " to " + toEniId,
            client -> client.MigratePrivateIpAddress(request))
        .getRequestId();
  }

  @Override
  public List<Ip> usedAddresses(Collection<Ip> addresses) {
    var used = new ArrayList<Ip>();
    for (List<Ip> some : chunks(addresses, MAX_ADDRESSES_PER_CALL)) {
      var request = new DescribeVpcPrivateIpAddressesRequest();
      request.setVpcId(vpcId);
      request.setPrivateIpAddresses(some.stream().map(Ip::toString).toArray(String[]::new));
      String step = "asking whether " + joined(some) + " are in use";
      var answer =
          clients.vpc(
              CloudAction.DESCRIBE_VPC_PRIVATE_IP_ADDRESSES,
              step,
              client -> client.DescribeVpcPrivateIpAddresses(request));
      used.addAll(mapped(answer.getVpcPrivateIpAddressSet(), step, SdkValues::used));
    }
    return used;
  }

  @Override
  public Answer<UsedAddresses> usedAddressesIn(String subnetId, int offset) {
    var request = new DescribeUsedIpAddressRequest();
    request.setVpcId(vpcId);
    request.setSubnetId(subnetId);
    request.setOffset((long) offset);
    request.setLimit(PAGE);
    String step = "asking which addresses of " + subnetId + " are in use";
    return ifInReach(
        () -> {
          var answer =
              clients.vpc(
                  CloudAction.DESCRIBE_USED_IP_ADDRESS,
                  step,
                  client -> client.DescribeUsedIpAddress(request));
          var rows = answer.getIpAddressStates();
          if (rows == null || answer.getTotalCount() == null) {
            throw incomplete(step);
          }
          return new UsedAddresses(readable(rows, step), rows.length, answer.getTotalCount());
        });
  }

  /** A row that cannot be read tells of no address; a refusal will, should it ever matter. */
  private static List<Ip> readable(IpAddressStates[] rows, String step) {
    var addresses = new ArrayList<Ip>();
    for (IpAddressStates row : rows) {
      try {
        addresses.add(
            SdkValues.ip(SdkValues.required(row, "a row", step).getIpAddress(), "IpAddress", step));
      } catch (CloudException _) {
        // Skipped, as said above.
      }
    }
    return addresses;
  }

  @Override
  public Task task(String requestId) {
    var request = new DescribeVpcTaskResultRequest();
    request.setTaskId(requestId);
    var answer =
        clients.vpc(
            CloudAction.DESCRIBE_VPC_TASK_RESULT,
            "asking how the task " + requestId + " stands",
            client -> client.DescribeVpcTaskResult(request));
    return new Task(
        SdkValues.taskState(answer.getStatus()),
        answer.getOutput() == null ? "" : answer.getOutput());
  }

  @Override
  public Answer<VpcLimits> vpcLimits() {
    var request = new DescribeVpcLimitsRequest();
    request.setLimitTypes(new String[] {MAX_ENIS});
    String step = "asking for the limits of " + vpcId;
    return ifInReach(
        () -> {
          var answer =
              clients.vpc(
                  CloudAction.DESCRIBE_VPC_LIMITS,
                  step,
                  client -> client.DescribeVpcLimits(request));
          return mapped(answer.getVpcLimitSet(), step, (row, at) -> row).stream()
              .filter(row -> MAX_ENIS.equals(row.getLimitType()) && row.getLimitValue() != null)
              .findFirst()
              .map(row -> new VpcLimits(row.getLimitValue().intValue()))
              .orElseThrow(() -> incomplete(step));
        });
  }

  @Override
  public Answer<List<Reservation>> reservations(ReservationQuery query) {
    return switch (query) {
      case ReservationQuery.ByTags(Map<String, String> tags) ->
          listReservations("listing the reserved addresses with " + tags, tags, anyName -> true);
      case ReservationQuery.ByName(String name, Map<String, String> tags) ->
          listReservations(
              "looking for the reserved address " + name, tags, name::equals, filter("name", name));
    };
  }

  private Answer<List<Reservation>> listReservations(
      String step, Map<String, String> tags, Predicate<String> isNamed, Filter... more) {
    var filters = new ArrayList<>(List.of(more));
    filters.add(filter("vpc-id", vpcId));
    new TreeMap<>(tags).forEach((key, value) -> filters.add(filter("tag:" + key, value)));
    return ifInReach(
        () ->
            pagesOfReservations(step, filters.toArray(Filter[]::new)).stream()
                // How exactly the cloud compares is not documented.
                .filter(found -> isNamed.test(found.name()))
                .filter(found -> found.tags().entrySet().containsAll(tags.entrySet()))
                .toList());
  }

  private List<Reservation> pagesOfReservations(String step, Filter... filters) {
    var all = new LinkedHashMap<String, Reservation>();
    long offset = 0;
    while (true) {
      var request = new DescribeReserveIpAddressesRequest();
      request.setFilters(filters);
      request.setOffset(offset);
      request.setLimit(PAGE);
      var answer =
          clients.vpc(
              CloudAction.DESCRIBE_RESERVE_IP_ADDRESSES,
              step,
              client -> client.DescribeReserveIpAddresses(request));
      if (answer.getTotalCount() == null) {
        throw incomplete(step);
      }
      var rows = mapped(answer.getReserveIpAddressSet(), step, SdkValues::reservation);
      rows.forEach(row -> all.put(row.id(), row));
      offset += rows.size();
      if (rows.isEmpty() || offset >= answer.getTotalCount()) {
        return List.copyOf(all.values());
      }
    }
  }

  @Override
  public Answer<Reservation> createReservation(ReservationSpec spec) {
    var request = new CreateReserveIpAddressesRequest();
    request.setVpcId(vpcId);
    request.setSubnetId(spec.subnetId());
    request.setIpAddresses(new String[] {spec.address().toString()});
    request.setName(spec.name());
    request.setTags(tags(spec.tags()));
    String step = "reserving " + spec.address() + " in " + spec.subnetId();
    return ifInReach(
        () -> {
          var answer =
              clients.vpc(
                  CloudAction.CREATE_RESERVE_IP_ADDRESSES,
                  step,
                  client -> client.CreateReserveIpAddresses(request));
          return mapped(answer.getReserveIpAddressSet(), step, SdkValues::reservation).stream()
              .filter(made -> made.address().equals(spec.address()))
              .findFirst()
              .orElseThrow(() -> incomplete(step));
        });
  }

  @Override
  public Answer<String> deleteReservation(String reservationId) {
    var request = new DeleteReserveIpAddressesRequest();
    request.setVpcId(vpcId);
    request.setReserveIpIds(new String[] {reservationId});
    return ifInReach(
        () ->
            clients
                .vpc(
                    CloudAction.DELETE_RESERVE_IP_ADDRESSES,
                    "ending the reservation " + reservationId,
                    client -> client.DeleteReserveIpAddresses(request))
                .getRequestId());
  }

  private static <T> Answer<T> ifInReach(Supplier<T> call) {
    try {
      return new Answer.Known<>(call.get());
    } catch (CloudException e) {
      if (e.code().filter(CloudErrors::isOutOfReach).isPresent()) {
        return new Answer.Unknown<>(e.getMessage());
      }
      throw e;
    }
  }

  /**
   * One request about ids. The cloud refuses the whole of it over one id that it does not know; a
   * malformed id is one that no thing has.
   */
  private static <T> Listing<T> ofIds(
      Collection<String> ids, Function<List<String>, Listing<T>> describe) {
    if (ids.isEmpty()) {
      return Listing.none();
    }
    try {
      return describe.apply(List.copyOf(ids));
    } catch (CloudException e) {
      boolean malformed = e.code().filter(code -> code.endsWith(".Malformed")).isPresent();
      throw e.kind() == Kind.INVALID && malformed ? e.as(Kind.NOT_FOUND) : e;
    }
  }

  private static <T> List<List<T>> chunks(Collection<T> all, int size) {
    var list = List.copyOf(all);
    var chunks = new ArrayList<List<T>>();
    for (int from = 0; from < list.size(); from += size) {
      chunks.add(list.subList(from, Math.min(list.size(), from + size)));
    }
    return chunks;
  }

  private interface Reading<R, T> {
    T read(R row, String step);
  }

  private static <R, T> List<T> mapped(R[] rows, String step, Reading<R, T> reading) {
    if (rows == null) {
      throw incomplete(step);
    }
    var all = new ArrayList<T>();
    for (R row : rows) {
      all.add(reading.read(SdkValues.required(row, "a row", step), step));
    }
    return all;
  }

  /**
   * The rows of an answer about many things, each of which may be unreadable by itself: a value is
   * missing, is no address, or is of a type that the SDK cannot take (see {@link RowByRow}).
   *
   * @param action of which it is the answer, for messages
   * @param requestId of the answer, for messages
   */
  private record Rows<R>(List<R> all, CloudAction action, String step, String requestId) {

    static <R> Rows<R> of(R[] rows, CloudAction action, String step, String requestId) {
      if (rows == null) {
        throw incomplete(step);
      }
      return new Rows<>(Arrays.asList(rows), action, step, requestId);
    }

    private String answer() {
      return "in the cloud's answer %s to %s".formatted(requestId, action.apiName());
    }

    /**
     * @param asked the ids that were asked for; empty where the question was another one
     * @throws CloudException where a row does not say what it is about, and nobody can tell which
     *     of the things it may be
     */
    <T> Listing<T> listing(List<String> asked, Function<R, String> id, Reading<R, T> reading) {
      var found = new LinkedHashMap<String, T>();
      var unclear = new LinkedHashMap<String, CloudException>();
      boolean nameless = false;
      for (R row : all) {
        String about = row == null ? null : id.apply(row);
        if (about == null || about.isEmpty()) {
          nameless = true;
          continue;
        }
        String reads = "reading " + about + " " + answer();
        try {
          found.put(about, reading.read(row, reads));
        } catch (CloudException e) {
          unclear.put(about, e);
        }
      }
      if (nameless && asked.isEmpty()) {
        throw new CloudException(Kind.TRANSIENT, step, null, NAMELESS, requestId, null);
      }
      if (nameless) {
        for (String missing : asked) {
          if (!found.containsKey(missing)) {
            String reads = "looking for " + missing + " " + answer();
            unclear.putIfAbsent(
                missing,
                new CloudException(Kind.TRANSIENT, reads, null, NAMELESS, requestId, null));
          }
        }
      }
      return new Listing<>(found, unclear);
    }
  }

  static CloudException incomplete(String step) {
    return new CloudException(
        Kind.TRANSIENT, step, null, "the answer lacks what was asked for", null, null);
  }

  private static PrivateIpAddressSpecification[] secondary(Collection<Ip> addresses) {
    return addresses.stream()
        .map(address -> specification(address, false))
        .toArray(PrivateIpAddressSpecification[]::new);
  }

  private static PrivateIpAddressSpecification specification(Ip address, boolean primary) {
    var specification = new PrivateIpAddressSpecification();
    specification.setPrivateIpAddress(address.toString());
    specification.setPrimary(primary);
    return specification;
  }

  private static Filter filter(String name, String value) {
    var filter = new Filter();
    filter.setName(name);
    filter.setValues(new String[] {value});
    return filter;
  }

  private static Tag[] tags(Map<String, String> tags) {
    return new TreeMap<>(tags)
        .entrySet().stream().map(tag -> tag(tag.getKey(), tag.getValue())).toArray(Tag[]::new);
  }

  private static Tag tag(String key, String value) {
    var tag = new Tag();
    tag.setKey(key);
    tag.setValue(value);
    return tag;
  }

  private static String joined(Collection<Ip> addresses) {
    return addresses.stream().map(Ip::toString).collect(Collectors.joining(", "));
  }
}
