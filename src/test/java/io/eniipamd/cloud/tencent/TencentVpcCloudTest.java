package io.eniipamd.cloud.tencent;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.eniipamd.cloud.Answer;
import io.eniipamd.cloud.AttachMode;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.EniLimits;
import io.eniipamd.cloud.EniQuery;
import io.eniipamd.cloud.EniSpec;
import io.eniipamd.cloud.Instance;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.NetworkInterface.AddressState;
import io.eniipamd.cloud.NetworkInterface.State;
import io.eniipamd.cloud.Reservation;
import io.eniipamd.cloud.ReservationQuery;
import io.eniipamd.cloud.ReservationSpec;
import io.eniipamd.cloud.Subnet;
import io.eniipamd.cloud.Task;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.cloud.VpcLimits;
import io.eniipamd.cloud.decorate.KnownIdsVpcCloud;
import io.eniipamd.domain.address.Cidr;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.simulator.SimulatedVpc;
import io.eniipamd.simulator.fault.Fault;
import io.eniipamd.simulator.layout.VpcLayout;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The adapter through the real SDK against the simulated cloud. */
class TencentVpcCloudTest {

  private static final String SUBNET = "subnet-gz3pods1";
  private static final String INSTANCE = "ins-node0001";

  private static SimulatedVpc vpc;
  private static VpcCloud cloud;
  private static int next = 100;

  @BeforeAll
  static void start() {
    vpc = SimulatedVpc.start(VpcLayout.standard().withLatencies(VpcLayout.Latencies.none()));
    cloud = cloudWith(CredentialSource.environment(keys()));
  }

  @AfterAll
  static void stop() {
    vpc.close();
  }

  @AfterEach
  void healAll() {
    vpc.faults().clear();
  }

  @Test
  void shouldDescribeTheSubnetsThatExistWhenSomeDoNot() {
    List<Subnet> subnets =
        cloud.subnets(List.of("subnet-none0000", SUBNET, "no subnet at all")).all();

    assertThat(subnets).hasSize(1);
    Subnet subnet = subnets.getFirst();
    assertThat(subnet.id()).isEqualTo(SUBNET);
    assertThat(subnet.vpcId()).isEqualTo(vpc.vpcId());
    assertThat(subnet.zone()).isEqualTo("ap-guangzhou-3");
    assertThat(subnet.cidr()).isEqualTo(Cidr.parse("10.0.0.0/24"));
    assertThat(subnet.totalAddresses()).isEqualTo(253);
    assertThat(subnet.availableAddresses()).isBetween(1L, 253L);
  }

  @Test
  void shouldTellLimitsAndInstancesWhenAsked() {
    EniLimits limits = cloud.eniLimits(INSTANCE);
    List<Instance> instances =
        cloud.instances(List.of(INSTANCE, "ins-none0000", "no instance at all")).all();

    assertThat(limits).isEqualTo(new EniLimits(4, 10, 8));
    assertThat(instances).containsExactly(new Instance(INSTANCE, "S5.LARGE8", "ap-guangzhou-3", 4));
  }

  @Test
  void shouldAttachInTheExtensionModeWhenAskedTo() {
    NetworkInterface made = cloud.createNetworkInterface(spec(free(), "own"));
    assertThat(look(made.id()).extension()).isFalse();

    cloud.attachNetworkInterface(made.id(), INSTANCE, AttachMode.EXTENSION, "attach-own");

    assertThat(look(made.id()).attachedTo(INSTANCE)).isTrue();
    assertThat(look(made.id()).extension()).isTrue();
    cloud.detachNetworkInterface(made.id(), INSTANCE);
    assertThat(look(made.id()).extension()).isFalse();
    cloud.deleteNetworkInterface(made.id());
  }

  @Test
  void shouldLiveTheLifeOfAnEniWhenAllGoesWell() {
    Ip primary = free();
    Ip first = free();
    Ip second = free();
    NetworkInterface made = cloud.createNetworkInterface(spec(primary, "life"));
    NetworkInterface other = cloud.createNetworkInterface(spec(free(), "life-too"));
    cloud.attachNetworkInterface(made.id(), INSTANCE, AttachMode.STANDARD, "attach-1");
    cloud.assign(made.id(), List.of(first, second));
    cloud.migrate(made.id(), other.id(), second);

    NetworkInterface seen = look(made.id());
    assertThat(seen.attachedTo(INSTANCE)).isTrue();
    assertThat(seen.primaryIp()).contains(primary);
    assertThat(seen.subnetId()).isEqualTo(SUBNET);
    assertThat(seen.mac()).isNotEmpty();
    assertThat(seen.tags()).containsEntry("cluster", "life");
    assertThat(seen.address(first).orElseThrow().state()).isEqualTo(AddressState.AVAILABLE);
    assertThat(seen.address(second)).isEmpty();
    assertThat(look(other.id()).address(second)).isPresent();
    assertThat(cloud.networkInterfaces(new EniQuery.ByInstance(INSTANCE)).all())
        .extracting(NetworkInterface::id)
        .containsExactly(made.id());
    assertThat(cloud.networkInterfaces(new EniQuery.ByTags(Map.of("cluster", "life"))).all())
        .extracting(NetworkInterface::id)
        .containsExactly(made.id());

    cloud.unassign(made.id(), List.of(first));
    cloud.detachNetworkInterface(made.id(), INSTANCE);
    cloud.deleteNetworkInterface(made.id());
    assertThat(cloud.networkInterfaces(new EniQuery.ByIds(List.of(made.id()))).all()).isEmpty();
  }

  @Test
  void shouldFindOneEniOnlyWhenAnAddressEndsLikeAnother() {
    NetworkInterface made = cloud.createNetworkInterface(spec(Ip.parse("10.0.0.5"), "suffix-1"));
    NetworkInterface longer = cloud.createNetworkInterface(spec(Ip.parse("10.0.0.55"), "suffix-2"));

    assertThat(cloud.networkInterfaces(new EniQuery.ByAddress(Ip.parse("10.0.0.5"))).all())
        .extracting(NetworkInterface::id)
        .containsExactly(made.id());
    assertThat(cloud.networkInterfaces(new EniQuery.ByAddress(Ip.parse("10.0.0.55"))).all())
        .extracting(NetworkInterface::id)
        .containsExactly(longer.id());
    assertThat(cloud.networkInterfaces(new EniQuery.ByAddress(Ip.parse("10.0.0.254"))).all())
        .isEmpty();
  }

  @Test
  void shouldReadAllPagesWhenMoreEnisMatchThanAPageHolds() {
    IntStream.range(0, 130)
        .forEach(
            i ->
                cloud.createNetworkInterface(
                    spec(SUBNET_TWO, Ip.parse("10.0.1." + (20 + i)), "pages", "pages-" + i)));

    List<NetworkInterface> all =
        cloud.networkInterfaces(new EniQuery.ByTags(Map.of("cluster", "pages"))).all();

    assertThat(all).extracting(NetworkInterface::id).doesNotHaveDuplicates().hasSize(130);
    assertThat(
            cloud
                .networkInterfaces(
                    new EniQuery.ByIds(all.stream().limit(100).map(NetworkInterface::id).toList()))
                .all())
        .hasSize(100);
  }

  private static final String SUBNET_TWO = "subnet-gz3pods2";

  @Test
  void shouldNameTheUsedOnesWhenMoreThanTenAddressesAreAskedFor() {
    vpc.addStranger("10.0.2.200");
    vpc.addStranger("10.0.2.211");
    List<Ip> asked = IntStream.range(200, 215).mapToObj(i -> Ip.parse("10.0.2." + i)).toList();

    assertThat(cloud.usedAddresses(asked))
        .containsExactlyInAnyOrder(Ip.parse("10.0.2.200"), Ip.parse("10.0.2.211"));
  }

  @Test
  void shouldListWhatIsUsedPageByPageWhenMoreIsUsedThanAPageHolds() {
    vpc.addSubnet(
        new VpcLayout.Subnet("subnet-crowded1", "crowded", "10.0.9.0/24", "ap-guangzhou-3"));
    IntStream.range(20, 140).forEach(i -> vpc.addStranger("10.0.9." + i));

    var first = cloud.usedAddressesIn("subnet-crowded1", 0).known().orElseThrow();
    var second = cloud.usedAddressesIn("subnet-crowded1", first.rows()).known().orElseThrow();

    assertThat(first.total()).isEqualTo(first.rows() + (long) second.rows());
    assertThat(Stream.of(first, second).flatMap(page -> page.addresses().stream()))
        .doesNotHaveDuplicates()
        .contains(Ip.parse("10.0.9.20"), Ip.parse("10.0.9.139"))
        .hasSize(120);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UnauthorizedOperation", "InvalidAction"})
  void shouldAnswerUnknownWhenTheListOfUsedAddressesIsNotForUs(String code) {
    vpc.faults().once("DescribeUsedIpAddress", Fault.error(code));

    assertThat(cloud.usedAddressesIn(SUBNET, 0))
        .isInstanceOfSatisfying(
            Answer.Unknown.class, answer -> assertThat(answer.reason()).contains(SUBNET, code));
  }

  @Test
  void shouldSayStepCodeAndTextWhenTheCloudRefuses() {
    NetworkInterface made = cloud.createNetworkInterface(spec(free(), "refuse"));
    vpc.addStranger("10.0.0.240");

    CloudException e = failure(() -> cloud.assign(made.id(), List.of(Ip.parse("10.0.0.240"))));

    assertThat(e.kind()).isEqualTo(Kind.ADDRESS_TAKEN);
    assertThat(e.code()).contains("ResourceInUse");
    assertThat(e.requestId()).isPresent();
    assertThat(e)
        .hasMessageStartingWith("assigning 10.0.0.240 to " + made.id() + ": ResourceInUse: ");
  }

  @Test
  void shouldFailAsTransientWhenThereIsNoAnswerThatCanBeRead() {
    for (Fault fault : List.of(Fault.cutBefore(), Fault.cutAfter(), Fault.http(503))) {
      vpc.faults().once("DescribeSubnets", fault);
      assertThat(failure(() -> cloud.subnets(List.of(SUBNET))).kind()).isEqualTo(Kind.TRANSIENT);
    }
    assertThat(cloud.subnets(List.of(SUBNET)).all()).hasSize(1);
  }

  @Test
  void shouldSendAChangingRequestOnceWhenItsAnswerIsLost() {
    NetworkInterface made = cloud.createNetworkInterface(spec(free(), "once"));
    Ip address = free();
    vpc.record().reset();
    vpc.faults().once("AssignPrivateIpAddresses", Fault.cutAfter());

    CloudException e = failure(() -> cloud.assign(made.id(), List.of(address)));

    assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(e.code()).isEmpty();
    assertThat(e).hasMessageContaining("no answer");
    assertThat(vpc.record().countOf("AssignPrivateIpAddresses")).isEqualTo(1);
    assertThat(look(made.id()).address(address)).isPresent();
  }

  @Test
  void shouldGiveUpWhenTheAnswerTakesLongerThanTheTimeOut() {
    var impatient =
        new TencentVpcCloud(
            new TencentSettings(
                Optional.of(URI.create(vpc.endpoint())),
                vpc.region(),
                vpc.vpcId(),
                Duration.ofSeconds(1),
                Duration.ofMillis(200),
                Optional.empty()),
            CredentialSource.environment(keys()));
    vpc.faults().once("DescribeSubnets", Fault.latency(Duration.ofSeconds(3)));

    CloudException e = failure(() -> impatient.subnets(List.of(SUBNET)));

    assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(e).hasMessageContaining("no answer");
  }

  @Test
  void shouldFailAsTransientWhenNobodyListens() {
    var nowhere =
        new TencentVpcCloud(
            TencentSettings.of(
                Optional.of(URI.create("http://127.0.0.1:1")), vpc.region(), vpc.vpcId()),
            CredentialSource.environment(keys()));

    assertThat(failure(() -> nowhere.subnets(List.of(SUBNET))).kind()).isEqualTo(Kind.TRANSIENT);
  }

  @Test
  void shouldGoThroughTheProxyWhenThereIsOne() throws IOException {
    try (var proxy = new LocalService()) {
      proxy.says(
          "/", 200, "{\"Response\": {\"SubnetSet\": [], \"TotalCount\": 0, \"RequestId\": \"r\"}}");
      var proxied = cloudThrough(proxy.endpoint(), URI.create("http://vpc.example.invalid"));

      assertThat(proxied.subnets(List.of(SUBNET)).all()).isEmpty();

      assertThat(proxy.calls())
          .singleElement()
          .satisfies(
              call -> {
                assertThat(call.header("Host")).isEqualTo("vpc.example.invalid");
                assertThat(call.header("X-tc-action")).isEqualTo("DescribeSubnets");
              });
    }
  }

  @Test
  void shouldAskTheProxyForATunnelWhenTheEndpointIsEncrypted() throws Exception {
    try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> asked = threads.submit(() -> refusedTunnel(listener));
      var proxied =
          cloudThrough(
              URI.create("http://127.0.0.1:" + listener.getLocalPort()),
              URI.create("https://vpc.example.invalid"));

      CloudException e = failure(() -> proxied.subnets(List.of(SUBNET)));

      assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
      assertThat(asked.get()).isEqualTo("CONNECT vpc.example.invalid:443 HTTP/1.1");
    }
  }

  private static String refusedTunnel(ServerSocket listener) throws IOException {
    try (var socket = listener.accept()) {
      var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
      String first = in.readLine();
      for (String line = in.readLine(); !line.isEmpty(); ) {
        line = in.readLine();
      }
      socket
          .getOutputStream()
          .write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n".getBytes(ISO_8859_1));
      return first;
    }
  }

  private static VpcCloud cloudThrough(URI proxy, URI endpoint) {
    return new TencentVpcCloud(
        new TencentSettings(
            Optional.of(endpoint),
            vpc.region(),
            vpc.vpcId(),
            TencentSettings.DEFAULT_CONNECT_TIMEOUT,
            TencentSettings.DEFAULT_READ_TIMEOUT,
            Optional.of(proxy)),
        CredentialSource.environment(keys()));
  }

  @Test
  void shouldNotSendAChangeWhenTheCredentialsComeLate() {
    CredentialSource late =
        () -> {
          await().pollDelay(Duration.ofMillis(1_100)).until(() -> true);
          return CredentialSource.environment(keys()).current();
        };
    VpcCloud slow = cloudWith(late);
    vpc.record().reset();

    CloudException e = failure(() -> slow.deleteNetworkInterface("eni-00000000"));

    assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(e).hasMessageContaining("not sent");
    assertThat(slow.subnets(List.of(SUBNET)).all()).hasSize(1);
    assertThat(vpc.record().countOf("DeleteNetworkInterface")).isZero();
  }

  @Test
  void shouldUseOneConnectionWhenCallsFollowEachOther() throws IOException {
    try (var service = new LocalService()) {
      service.says(
          "/", 200, "{\"Response\": {\"SubnetSet\": [], \"TotalCount\": 0, \"RequestId\": \"r\"}}");
      var cloud =
          new TencentVpcCloud(
              TencentSettings.of(Optional.of(service.endpoint()), vpc.region(), vpc.vpcId()),
              CredentialSource.environment(keys()));
      assertThat(cloud.subnets(List.of(SUBNET)).all()).isEmpty();
      service.says("/", 500, "a body that the SDK does not read");
      assertThat(failure(() -> cloud.subnets(List.of(SUBNET))).kind()).isEqualTo(Kind.TRANSIENT);
      service.says("/", 200, "{\"Response\": {\"SubnetSet\": [], \"RequestId\": \"r\"}}");
      assertThat(cloud.subnets(List.of(SUBNET)).all()).isEmpty();

      assertThat(service.calls()).hasSize(3);
      assertThat(service.calls())
          .extracting(LocalService.Call::fromPort)
          .containsOnly(service.calls().getFirst().fromPort());
    }
  }

  @Test
  void shouldBeDeniedWithoutTellingSecretsWhenTheKeyIsWrong() {
    String secret = "such-a-secret-key";
    CredentialSource wrong = () -> Credentials.permanent(vpc.secretId(), secret);

    CloudException e = failure(() -> cloudWith(wrong).subnets(List.of(SUBNET)));

    assertThat(e.kind()).isEqualTo(Kind.DENIED);
    assertThat(e.toString()).doesNotContain(secret, vpc.secretId());
    assertThat(e.getCause()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tok\nen-of-a-role", "tok\u00e9n-of-a-role"})
  void shouldTellNoSecretWhenTheSdkStumblesOverIt(String token) {
    CredentialSource broken = () -> new Credentials(vpc.secretId(), vpc.secretKey(), token);

    CloudException e = failure(() -> cloudWith(broken).subnets(List.of(SUBNET)));

    assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(e.toString()).doesNotContain(token, "en-of-a-role", vpc.secretKey());
    assertThat(e.getCause()).isNull();
  }

  @Test
  void shouldUseAFreshKeyWhenTheCloudRefusesThatOfTheRole() {
    var issued = new AtomicInteger();
    var source =
        new RefreshedCredentials(
            () ->
                new RefreshedCredentials.Temporary(
                    issued.incrementAndGet() == 1
                        ? new Credentials("AKIDgone", "gone-key", "")
                        : Credentials.permanent(vpc.secretId(), vpc.secretKey()),
                    Instant.now().plus(Duration.ofHours(2))),
            Clock.systemUTC());
    VpcCloud ofRole = cloudWith(source);
    assertThat(failure(() -> ofRole.subnets(List.of(SUBNET))).kind()).isEqualTo(Kind.DENIED);

    assertThat(ofRole.subnets(List.of(SUBNET)).all()).hasSize(1);
    assertThat(issued).hasValue(2);
  }

  @Test
  void shouldKeepTheKeyWhenOnlyOneActionIsRefused() {
    var issued = new AtomicInteger();
    var source =
        new RefreshedCredentials(
            () -> {
              issued.incrementAndGet();
              return new RefreshedCredentials.Temporary(
                  Credentials.permanent(vpc.secretId(), vpc.secretKey()),
                  Instant.now().plus(Duration.ofHours(2)));
            },
            Clock.systemUTC());
    VpcCloud ofRole = cloudWith(source);
    vpc.faults().once("DescribeSubnets", Fault.error("AuthFailure.UnauthorizedOperation"));
    assertThat(failure(() -> ofRole.subnets(List.of(SUBNET))).kind()).isEqualTo(Kind.DENIED);

    assertThat(ofRole.subnets(List.of(SUBNET)).all()).hasSize(1);
    assertThat(issued).hasValue(1);
  }

  @ParameterizedTest
  @CsvSource({
    "AuthFailure.SignatureExpire, set the clock of the machine",
    "AuthFailure.SecretIdNotFound, a key that is valid",
    "UnauthorizedOperation, the permission for this call",
  })
  void shouldSayWhatToDoWhenTheCloudRefuses(String code, String advice) {
    vpc.faults().once("DescribeSubnets", Fault.error(code));

    CloudException refusal = failure(() -> cloud.subnets(List.of(SUBNET)));

    assertThat(refusal).hasMessageContaining(code).hasMessageContaining(advice);
    assertThat(refusal.getMessage().contains("permission"))
        .isEqualTo(advice.contains("permission"));
  }

  @Test
  void shouldTakeTheOtherRouteWhenTheFirstAddressOfTheHostIsDead() {
    VpcCloud named = cloudNamed("127.0.0.2", "127.0.0.1");

    assertThat(named.subnets(List.of(SUBNET)).all()).hasSize(1);
  }

  @Test
  void shouldSendAChangeOnceWhenItsAnswerIsLostAndThereIsAnotherRoute() {
    NetworkInterface made = cloud.createNetworkInterface(spec(free(), "routes"));
    Ip address = free();
    VpcCloud named = cloudNamed("127.0.0.1", "127.0.0.1", "127.0.0.1");
    vpc.record().reset();
    vpc.faults().once("AssignPrivateIpAddresses", Fault.cutAfter());

    CloudException e = failure(() -> named.assign(made.id(), List.of(address)));

    assertThat(e).hasMessageContaining("no answer");
    assertThat(vpc.record().countOf("AssignPrivateIpAddresses")).isEqualTo(1);
  }

  @Test
  void shouldSendAChangeOnceWhenAKeptConnectionIsCut() {
    NetworkInterface made = cloud.createNetworkInterface(spec(free(), "kept"));
    VpcCloud named = cloudNamed("127.0.0.2", "127.0.0.1", "127.0.0.1");
    assertThat(named.subnets(List.of(SUBNET)).all()).hasSize(1);
    vpc.record().reset();
    vpc.faults().once("AssignPrivateIpAddresses", Fault.cutBefore());

    CloudException e = failure(() -> named.assign(made.id(), List.of(free())));

    assertThat(e).hasMessageContaining("no answer");
    assertThat(vpc.record().countOf("AssignPrivateIpAddresses")).isLessThanOrEqualTo(1);
    assertThat(look(made.id()).addresses()).hasSize(1);
  }

  /** A cloud whose host has these addresses, in this order. */
  private static VpcCloud cloudNamed(String... addresses) {
    return NamedCloud.of(
        TencentSettings.of(Optional.of(URI.create(vpc.endpoint())), vpc.region(), vpc.vpcId()),
        CredentialSource.environment(keys()),
        addresses);
  }

  @Test
  void shouldSignWithTheNewKeyWhenItIsRotated() {
    var current = new AtomicReference<>(Credentials.permanent(vpc.secretId(), vpc.secretKey()));
    VpcCloud rotating = cloudWith(current::get);
    assertThat(rotating.subnets(List.of(SUBNET)).all()).hasSize(1);
    vpc.credentials().add("AKIDrotated", "rotated-key");

    current.set(Credentials.permanent("AKIDrotated", "rotated-key"));
    vpc.record().reset();

    assertThat(rotating.subnets(List.of(SUBNET)).all()).hasSize(1);
    await().until(() -> !vpc.record().calls().isEmpty());
    assertThat(vpc.record().calls().getFirst().secretId()).isEqualTo("AKIDrotated");
  }

  @Test
  void shouldTellTheLimitsOfTheVpcWhenTheAccountMayAsk() {
    int limit = vpc.settings().enisPerVpc();

    assertThat(cloud.vpcLimits()).isEqualTo(new Answer.Known<>(new VpcLimits(limit)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UnauthorizedOperation", "AuthFailure.UnauthorizedOperation"})
  void shouldNotKnowWhenAnOptionalCallIsNotAllowed(String code) {
    var optional =
        Map.<String, Supplier<Answer<?>>>of(
            "DescribeVpcLimits", cloud::vpcLimits,
            "CreateReserveIpAddresses", () -> cloud.createReservation(reservation(free(), "no")),
            "DescribeReserveIpAddresses",
                () -> cloud.reservations(new ReservationQuery.ByTags(Map.of("cluster", "no"))),
            "DeleteReserveIpAddresses", () -> cloud.deleteReservation("rsvip-00000000"));
    optional.forEach(
        (action, call) -> {
          vpc.faults().once(action, Fault.error(code));

          assertThat(call.get())
              .as(action)
              .isInstanceOfSatisfying(
                  Answer.Unknown.class, unknown -> assertThat(unknown.reason()).contains(code));
        });
  }

  @Test
  void shouldFailWhenTheKeysOfAnOptionalCallAreUnknown() {
    vpc.faults().once("DescribeVpcLimits", Fault.error("AuthFailure.SecretIdNotFound"));

    assertThat(failure(cloud::vpcLimits).kind()).isEqualTo(Kind.DENIED);
  }

  @Test
  void shouldHoldAnAddressWhenItIsReserved() {
    Ip address = free();

    Reservation made = cloud.createReservation(reservation(address, "hold")).known().orElseThrow();

    assertThat(made.id()).startsWith("rsvip-");
    assertThat(made)
        .isEqualTo(
            new Reservation(
                made.id(),
                SUBNET,
                address,
                "reserved-" + address,
                Optional.empty(),
                Map.of("cluster", "hold")));
    assertThat(named("reserved-" + address, "hold")).containsExactly(made);
    assertThat(named("reserved-" + address, "other")).isEmpty();
    assertThat(named("reserved", "hold")).isEmpty();
    assertThat(failure(() -> cloud.createReservation(reservation(address, "hold-too"))).kind())
        .isEqualTo(Kind.ADDRESS_TAKEN);

    assertThat(cloud.deleteReservation(made.id()).known()).isPresent();

    assertThat(named("reserved-" + address, "hold")).isEmpty();
    assertThat(failure(() -> cloud.deleteReservation(made.id())).kind()).isEqualTo(Kind.NOT_FOUND);
  }

  @Test
  void shouldTellWhoHasAReservedAddressWhenItIsOnAnEni() {
    Ip address = free();
    NetworkInterface eni = cloud.createNetworkInterface(spec(free(), "bound"));
    Reservation made = cloud.createReservation(reservation(address, "bound")).known().orElseThrow();

    cloud.assign(eni.id(), List.of(address));

    assertThat(named(made.name(), "bound"))
        .singleElement()
        .satisfies(found -> assertThat(found.boundTo()).contains(eni.id()));
    CloudException e = failure(() -> cloud.deleteReservation(made.id()));
    assertThat(e.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(e)
        .hasMessageStartingWith("ending the reservation " + made.id() + ": ResourceInUse: ");
  }

  @Test
  void shouldSayThatTheQuotaIsUsedUpWhenNoMoreMayBeReserved() {
    int before = vpc.settings().reservedAddressQuota();
    vpc.settings().setReservedAddressQuota(0);

    CloudException e = failure(() -> cloud.createReservation(reservation(free(), "quota")));

    vpc.settings().setReservedAddressQuota(before);
    assertThat(e.kind()).isEqualTo(Kind.QUOTA);
  }

  @Test
  void shouldReadAllPagesWhenMoreReservationsMatchThanAPageHolds() {
    for (int i = 0; i < 105; i++) {
      Ip address = Ip.parse("10.0.2." + (20 + i));
      assertThat(cloud.createReservation(reservation("subnet-gz4pods1", address, "many")).known())
          .isPresent();
    }

    assertThat(cloud.reservations(new ReservationQuery.ByTags(Map.of("cluster", "many"))).known())
        .hasValueSatisfying(
            all ->
                assertThat(all).extracting(Reservation::id).doesNotHaveDuplicates().hasSize(105));
  }

  @Test
  void shouldTellHowATaskStandsWhenItIsAskedFor() {
    NetworkInterface eni = cloud.createNetworkInterface(spec(free(), "task"));
    vpc.faults().once("AssignPrivateIpAddresses", Fault.taskHangs());
    String hangs = cloud.assign(eni.id(), List.of(free()));
    assertThat(cloud.task(hangs).state()).isEqualTo(Task.State.RUNNING);
    vpc.releaseHangingTasks();
    assertThat(cloud.task(hangs).state()).isEqualTo(Task.State.SUCCEEDED);

    vpc.faults().once("AssignPrivateIpAddresses", Fault.taskFails());
    String fails = cloud.assign(eni.id(), List.of(free()));

    assertThat(cloud.task(fails).state()).isEqualTo(Task.State.FAILED);
    assertThat(failure(() -> cloud.task("no-such-task")).kind()).isEqualTo(Kind.NOT_FOUND);
  }

  @Test
  void shouldLeaveAnEniInAStateItIsInWhenTheTaskStillRuns() {
    vpc.faults().once("CreateNetworkInterface", Fault.taskHangs());

    NetworkInterface made = cloud.createNetworkInterface(spec(free(), "hangs"));

    assertThat(look(made.id()).state()).isEqualTo(State.PENDING);
    vpc.releaseHangingTasks();
    assertThat(look(made.id()).state()).isEqualTo(State.AVAILABLE);
  }

  private static NetworkInterface look(String eniId) {
    return cloud.networkInterfaces(new EniQuery.ByIds(List.of(eniId))).find(eniId).orElseThrow();
  }

  private static synchronized Ip free() {
    return Ip.parse("10.0.0." + next++);
  }

  private static List<Reservation> named(String name, String cluster) {
    var query = new ReservationQuery.ByName(name, Map.of("cluster", cluster));
    return cloud.reservations(query).known().orElseThrow();
  }

  private static ReservationSpec reservation(Ip address, String cluster) {
    return reservation(SUBNET, address, cluster);
  }

  private static ReservationSpec reservation(String subnet, Ip address, String cluster) {
    return new ReservationSpec("reserved-" + address, subnet, address, Map.of("cluster", cluster));
  }

  private static EniSpec spec(Ip primary, String cluster) {
    return spec(SUBNET, primary, cluster, cluster);
  }

  private static EniSpec spec(String subnet, Ip primary, String cluster, String token) {
    return new EniSpec(
        "eni-of-test", subnet, primary, List.of(), Map.of("cluster", cluster), token);
  }

  private static Map<String, String> keys() {
    return Map.of(
        CredentialSource.SECRET_ID, vpc.secretId(), CredentialSource.SECRET_KEY, vpc.secretKey());
  }

  private static VpcCloud cloudWith(CredentialSource credentials) {
    return new KnownIdsVpcCloud(
        new TencentVpcCloud(
            TencentSettings.of(Optional.of(URI.create(vpc.endpoint())), vpc.region(), vpc.vpcId()),
            credentials));
  }

  private static CloudException failure(Callable<?> call) {
    CloudException e = catchThrowableOfType(CloudException.class, call::call);
    assertThat(e).isNotNull();
    return e;
  }
}
