package io.eniipamd.cloud.tencent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eniipamd.cloud.CallObserver;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.EniOperations.Done;
import io.eniipamd.cloud.EniQuery;
import io.eniipamd.cloud.QuickOperations;
import io.eniipamd.cloud.decorate.BreakerSettings;
import io.eniipamd.cloud.operate.CloudStack;
import io.eniipamd.domain.address.Ip;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Listings some of whose rows cannot be read. */
class UnreadableRowsTest {

  private static final Ip ADDRESS = Ip.parse("10.0.0.10");

  private static final String GOOD = row("eni-good0001", "10.0.0.10");
  private static final String TORN = row("eni-torn0001", "10.0.0");

  private final LocalService service;
  private final CloudStack stack;
  private final List<String> told = new CopyOnWriteArrayList<>();

  UnreadableRowsTest() throws IOException {
    service = new LocalService();
    stack =
        CloudStack.build(
            new TencentVpcCloud(
                TencentSettings.of(Optional.of(service.endpoint()), "ap-guangzhou", "vpc-aaaaaaaa"),
                () -> Credentials.permanent("id", "key")),
            new CloudStack.Settings(
                1_000, QuickOperations.attempting(1), Map.of(), BreakerSettings.DEFAULTS),
            step -> {},
            new CallObserver() {
              @Override
              public void unreadable(CloudAction action, String id, CloudException why) {
                told.add(action.apiName() + " " + id);
              }
            });
  }

  @AfterEach
  void stop() {
    stack.close();
    service.close();
  }

  @Test
  void shouldServeTheOtherWaitersWhenTheRowOfOneCannotBeRead() {
    // given
    says(GOOD, TORN);

    // when
    var good = stack.operations().assign("eni-good0001", ADDRESS, true);
    var torn = stack.operations().assign("eni-torn0001", ADDRESS, true);

    // then
    assertThat(good.toCompletableFuture().join()).isNotNull();
    assertThat(failure(torn))
        .returns(Kind.TRANSIENT, CloudException::kind)
        .hasMessageContaining("eni-torn0001")
        .hasMessageContaining("PrivateIpAddress \"10.0.0\"");
    assertThat(service.calls())
        .noneMatch(call -> call.header("X-tc-action").equals("AssignPrivateIpAddresses"));
  }

  @Test
  void shouldTakeNothingForGoneWhenARowDoesNotSayWhatItIsAbout() {
    // given
    says(GOOD, row("", "10.0.0.11"));

    // when
    var listing =
        stack
            .cloud()
            .networkInterfaces(new EniQuery.ByIds(List.of("eni-good0001", "eni-else0001")));

    // then
    assertThat(listing.find("eni-good0001")).isPresent();
    assertThatThrownBy(() -> listing.find("eni-else0001"))
        .isInstanceOf(CloudException.class)
        .hasMessageContaining("looking for eni-else0001")
        .hasMessageContaining("no id");
    assertThat(listing.unclear()).containsOnlyKeys("eni-else0001");
  }

  @Test
  void shouldTellOfTheThingWhenItsRowCannotBeRead() {
    says(GOOD, TORN, "null");

    var listing =
        stack
            .cloud()
            .networkInterfaces(new EniQuery.ByIds(List.of("eni-good0001", "eni-torn0001")));

    assertThat(listing.found()).containsOnlyKeys("eni-good0001");
    assertThat(told).containsExactly("DescribeNetworkInterfaces eni-torn0001");
  }

  @Test
  void shouldNotSayThatThereAreNoMoreWhenARowOfAMachinesEnisCannotBeRead() {
    says(GOOD, TORN);

    var listing = stack.cloud().networkInterfaces(new EniQuery.ByInstance("ins-aaaaaaaa"));

    assertThatThrownBy(listing::all).hasMessageContaining("eni-torn0001");
  }

  @Test
  void shouldNameTheFieldWhenTheRowOfASubnetOrAnInstanceLacksIt() {
    service.says(
        "/",
        200,
        """
        {"Response": {"RequestId": "r-1", "TotalCount": 2,
         "SubnetSet": [{"SubnetId": "subnet-a", "VpcId": "vpc-a", "Zone": "z", "CidrBlock": "10.0.0.0"},
          {"SubnetId": "subnet-b", "VpcId": "vpc-a", "CidrBlock": "10.0.0.0/24"}],
         "InstanceSet": [{"InstanceId": "ins-a", "InstanceType": "S5"}]}}
        """);

    var subnets = stack.cloud().subnets(List.of("subnet-a", "subnet-b", "subnet-c"));
    var instances = stack.cloud().instances(List.of("ins-a"));

    assertThat(subnets.unclear().get("subnet-a"))
        .hasMessageContaining("reading subnet-a")
        .hasMessageContaining("CidrBlock \"10.0.0.0\"");
    assertThat(subnets.unclear().get("subnet-b")).hasMessageContaining("lacks Zone");
    assertThat(subnets.find("subnet-c")).isEmpty();
    assertThat(instances.unclear().get("ins-a")).hasMessageContaining("lacks Placement");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"SubnetId\": {} | SubnetId",
        "\"State\": [] | State",
        "\"EniType\": \"secondary\" | EniType",
        "\"Primary\": \"no\" | Primary",
        "\"Attachment\": \"ins-aaaaaaaa\" | Attachment",
        "\"TagSet\": {\"Key\": \"a\"} | TagSet",
        "\"TagSet\": [{\"Key\": []}] | TagSet[0].Key",
        "\"PrivateIpAddressSet\": {} | PrivateIpAddressSet",
        "\"PrivateIpAddressSet\": [[]] | PrivateIpAddressSet[0]",
        "\"PrivateIpAddressSet\": [{\"Primary\": 5}] | PrivateIpAddressSet[0].Primary"
      })
  void shouldServeTheOtherWaitersWhenAValueInTheRowOfOneIsOfAnotherType(
      String wrong, String field) {
    // given
    says(
        GOOD,
        "{\"NetworkInterfaceId\": \"eni-torn0001\", \"SubnetId\": \"subnet-a\", %s}"
            .formatted(wrong));

    // when
    var good = stack.operations().assign("eni-good0001", ADDRESS, true);
    var torn = stack.operations().assign("eni-torn0001", ADDRESS, true);

    // then
    assertThat(good.toCompletableFuture().join()).isNotNull();
    assertThat(failure(torn))
        .returns(Kind.TRANSIENT, CloudException::kind)
        .hasMessageContaining("reading eni-torn0001 in the cloud's answer r-1")
        .hasMessageContaining("DescribeNetworkInterfaces: " + field + " cannot be read: ");
    assertThat(told).contains("DescribeNetworkInterfaces eni-torn0001");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"eni\"", "[]", "{\"NetworkInterfaceId\": {}}", "5"})
  void shouldTakeNothingForGoneWhenARowIsNoObjectOrItsIdNoText(String row) {
    says(GOOD, row);

    var listing =
        stack
            .cloud()
            .networkInterfaces(new EniQuery.ByIds(List.of("eni-good0001", "eni-else0001")));

    assertThat(listing.find("eni-good0001")).isPresent();
    assertThat(listing.unclear()).containsOnlyKeys("eni-else0001");
  }

  @Test
  void shouldReadTheOtherSubnetsAndInstancesWhenAValueInTheRowOfOneIsOfAnotherType() {
    service.says(
        "/",
        200,
        """
        {"Response": {"RequestId": "r-1", "TotalCount": 2,
         "SubnetSet": [
          {"SubnetId": "subnet-a", "VpcId": "vpc-a", "Zone": "z", "CidrBlock": "10.0.0.0/24",
           "TotalIpAddressCount": 253, "AvailableIpAddressCount": "plenty"},
          {"SubnetId": "subnet-b", "VpcId": "vpc-a", "Zone": "z", "CidrBlock": "10.0.1.0/24",
           "TotalIpAddressCount": 253, "AvailableIpAddressCount": "253"}],
         "InstanceSet": [
          {"InstanceId": "ins-a", "InstanceType": "S5", "CPU": 4, "Placement": "z"},
          {"InstanceId": "ins-b", "InstanceType": "S5", "CPU": 4, "Placement": {"Zone": "z"}}]}}
        """);

    var subnets = stack.cloud().subnets(List.of("subnet-a", "subnet-b"));
    var instances = stack.cloud().instances(List.of("ins-a", "ins-b"));

    assertThat(subnets.found()).containsOnlyKeys("subnet-b");
    assertThat(subnets.unclear().get("subnet-a"))
        .hasMessageContaining("DescribeSubnets: AvailableIpAddressCount cannot be read")
        .hasMessageContaining("plenty");
    assertThat(instances.found()).containsOnlyKeys("ins-b");
    assertThat(instances.unclear().get("ins-a"))
        .hasMessageContaining("DescribeInstances: Placement cannot be read");
  }

  @Test
  void shouldNameTheActionAndTheFieldWhenAValueOutsideTheRowsIsOfAnotherType() {
    service.says(
        "/",
        200,
        """
        {"Response": {"RequestId": "r-1", "TotalCount": "two", "NetworkInterfaceSet": [%s]}}
        """
            .formatted(GOOD));

    var cloud = stack.cloud();

    assertThatThrownBy(() -> cloud.networkInterfaces(new EniQuery.ByIds(List.of("eni-good0001"))))
        .isInstanceOfSatisfying(
            CloudException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TRANSIENT))
        .hasMessageContaining("DescribeNetworkInterfaces")
        .hasMessageContaining("Response.TotalCount cannot be read")
        .hasMessageContaining("two");
  }

  @Test
  void shouldTakeAnAddressForUsedWhenTheRestOfItsRowIsOfAnotherType() {
    service.says(
        "/",
        200,
        """
        {"Response": {"RequestId": "r-1",
         "VpcPrivateIpAddressSet": [{"PrivateIpAddress": "10.0.0.10", "CreatedTime": {}}]}}
        """);

    assertThat(stack.cloud().usedAddresses(List.of(ADDRESS))).containsExactly(ADDRESS);
  }

  @Test
  void shouldNotSayThatNoneIsUsedWhenTheAddressOfARowIsOfAnotherType() {
    service.says(
        "/",
        200,
        """
        {"Response": {"RequestId": "r-1", "VpcPrivateIpAddressSet": [{"PrivateIpAddress": {}}]}}
        """);

    assertThatThrownBy(() -> stack.cloud().usedAddresses(List.of(ADDRESS)))
        .hasMessageContaining("PrivateIpAddress cannot be read");
  }

  private void says(String... rows) {
    service.says(
        "/",
        200,
        "{\"Response\": {\"NetworkInterfaceSet\": [%s], \"TotalCount\": %d, \"RequestId\": \"r-1\"}}"
            .formatted(String.join(",", rows), rows.length));
  }

  private static String row(String id, String address) {
    return """
        {"NetworkInterfaceId": "%s", "SubnetId": "subnet-aaaaaaaa", "State": "AVAILABLE",
         "PrivateIpAddressSet": [
          {"PrivateIpAddress": "%s", "Primary": false, "State": "AVAILABLE"}]}
        """
        .formatted(id, address);
  }

  private static CloudException failure(CompletionStage<Done> stage) {
    var thrown =
        catchThrowableOfType(CompletionException.class, () -> stage.toCompletableFuture().join());
    assertThat(thrown.getCause()).isInstanceOf(CloudException.class);
    return (CloudException) thrown.getCause();
  }
}
