package io.eniipamd.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.controlplane.ControlPlane;
import io.eniipamd.controlplane.Helm;
import io.eniipamd.controlplane.SharedControlPlane;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart: the plain manifests, and what each switch changes in them. */
class ChartIT {
  private static final Path BUILT = Path.of("target/kubernetes/kubernetes.yml");
  private static final String CHART = "src/main/helm/eni-ipamd";

  // A helm that is built from its module knows an old version only.
  private static final String KUBE_VERSION = "--kube-version=1.36.0";
  private static final List<String> TEMPLATE =
      List.of("template", "eni-ipamd", CHART, KUBE_VERSION);

  /** The least that a user has to say. */
  private static final List<String> REQUIRED =
      List.of("clusterId=cls-1", "vpcId=vpc-1", "region=ap-guangzhou", "subnets={subnet-1}");

  private static ControlPlane plane;
  private static Helm helm;

  @TempDir Path folder;

  @BeforeAll
  static void set() throws InterruptedException {
    plane = SharedControlPlane.get();
    helm = Helm.locate();
    Manifests.addForeignKinds(plane);
  }

  @Test
  void shouldPassTheLintOfHelm() {
    List<String> command = new ArrayList<>(List.of("lint", "--strict", KUBE_VERSION, CHART));
    REQUIRED.forEach(value -> command.addAll(List.of("--set", value)));

    var result = helm.run(command.toArray(String[]::new));

    assertThat(result.status()).as(result.output() + result.errors()).isZero();
  }

  @Test
  void shouldCarryTheVersionOfTheProgram() throws IOException {
    var built = Manifests.container(Manifests.objects(Files.readString(BUILT))).getImage();

    assertThat(Manifests.container(rendered()).getImage()).isEqualTo(built);
    assertThat(Manifests.container(Manifests.plain("kubernetes.yml")).getImage()).isEqualTo(built);
  }

  @Test
  void shouldBeThePlainManifestsWhenNothingIsSwitchedOn() throws IOException {
    var expected = Manifests.plain("kubernetes.yml");
    Manifests.container(expected)
        .getArgs()
        .replaceAll(
            argument ->
                switch (argument) {
                  case "--cluster-id=CHANGE-ME" -> "--cluster-id=cls-1";
                  case "--vpc-id=CHANGE-ME" -> "--vpc-id=vpc-1";
                  case "--cloud-region=CHANGE-ME" -> "--cloud-region=ap-guangzhou";
                  case "--eni-subnets=CHANGE-ME" -> "--eni-subnets=subnet-1";
                  default -> argument;
                });

    assertThat(Manifests.byName(rendered("crds.install=false")))
        .containsExactlyInAnyOrderEntriesOf(Manifests.byName(expected));
  }

  @Test
  void shouldBeThePlainFilesWhenAllIsSwitchedOn() throws IOException {
    var all =
        rendered(
            "guard.enabled=true",
            "zoneGate.enabled=true",
            "eniIpRequest.enabled=true",
            "webhook.enabled=true",
            "serviceMonitor.enabled=true",
            "networkPolicy.enabled=true",
            "hostNetwork=false");

    var expected = new LinkedHashMap<>(Manifests.byName(all));
    for (String file :
        List.of(
            "guard/guard.yml",
            "zone-gate/zone-gate.yml",
            "zone-gate/eni-ip-request.yml",
            "webhook/webhook.yml",
            "webhook/own-certificate.yml",
            "servicemonitor.yml",
            "network-policy/network-policy.yml")) {
      expected.putAll(Manifests.byName(Manifests.plain(file)));
    }
    assertThat(Manifests.byName(all)).containsExactlyInAnyOrderEntriesOf(expected);
  }

  @Test
  void shouldKeepTheKindsWhenItIsUninstalled() throws IOException {
    var kinds =
        rendered().stream().filter(o -> o.getKind().equals("CustomResourceDefinition")).toList();

    assertThat(kinds)
        .hasSize(3)
        .allSatisfy(
            kind ->
                assertThat(kind.getMetadata().getAnnotations())
                    .containsEntry("helm.sh/resource-policy", "keep"));
    kinds.forEach(kind -> kind.getMetadata().getAnnotations().remove("helm.sh/resource-policy"));
    assertThat(Manifests.byName(kinds))
        .containsExactlyInAnyOrderEntriesOf(Manifests.byName(Manifests.kinds()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "crds.install=false",
        "guard.enabled=true",
        "zoneGate.enabled=true",
        "eniIpRequest.enabled=true",
        "webhook.enabled=true",
        "webhook.enabled=true webhook.port=9553",
        "webhook.enabled=true webhook.certificate=cert-manager",
        "serviceMonitor.enabled=true serviceMonitor.labels.release=prometheus",
        "hostNetwork=false networkPolicy.enabled=true networkPolicy.apiPorts={443}",
        "credentials.secretName=another",
        "credentials.kind=file",
        "credentials.kind=cvm-role credentials.role=ipamd",
        "credentials.kind=oidc credentials.roleArn=qcs::cam::uin/1:roleName/ipamd",
        "replicas=2 resources.limits.memory=1Gi javaOptions=-Xmx512m nodeSelector.pool=system",
        "image.repository=mirror/ipamd image.tag=1.2.3 image.pullSecrets={mirror}",
        "args.claim-expired-duration=1h args.enable-ownerref=true args.enable-node-taint=false",
        "args.avalanche-count=1000000 args.log-json=true args.quarantine=1m"
      })
  void shouldBeAcceptedByTheApiServerAndTheOperator(String switches) throws IOException {
    String[] values = switches.split(" ");
    var text = template(values);

    Manifests.validate(plane, folder, text);

    var container = Manifests.container(Manifests.objects(text));
    assertThat(Manifests.problems(container)).isEmpty();
    assertThat(container.getArgs())
        .as("one argument for a flag with its value, as kubectl edit shows it")
        .allMatch(argument -> argument.matches("--[a-z-]+(=.+)?"));
  }

  @Test
  void shouldSayTheFlagsAsTheDocumentsDo() throws IOException {
    var container =
        Manifests.container(
            rendered(
                "args.claim-expired-duration=1h",
                "args.enable-ownerref=true",
                "args.enable-node-taint=false"));

    assertThat(container.getArgs())
        .contains("--claim-expired-duration=1h", "--enable-ownerref", "--enable-node-taint=false");
  }

  @Test
  void shouldTakeTheDocumentedFlagsWhenAUserEditsTheDeployment() throws IOException {
    var container = Manifests.container(rendered());

    container.getArgs().addAll(List.of("--claim-expired-duration=1h", "--enable-ownerref"));

    assertThat(Manifests.problems(container)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vpcId=10.0.0.0/16             | vpcId",
        "clusterId=a_b                 | clusterId",
        "region=Guangzhou              | region",
        "subnets={vpc-1}               | subnets",
        "subnets={}                    | subnets",
        "subnet=subnet-1               | subnet",
        "credentials.kind=vault        | kind",
        "credentials.kind=oidc         | roleArn",
        "credentials.role=ipamd        | role",
        "replicas=0                    | replicas",
        "args.claim-expired-duration=60 | claim-expired-duration",
        "args.claim-expire-duration=1h | claim-expire-duration",
        "args.replicas=2               | replicas",
        "args.enable-ownerref=yes      | enable-ownerref",
        "args.avalanche-percent=101    | avalanche-percent",
        "args.inventory=never          | inventory",
        "webhook.certificate=letsencrypt | certificate",
        "zoneGate.apiVersion=v2        | apiVersion",
        "networkPolicy.enabled=true    | hostNetwork",
        "guard.enable=true             | enable"
      })
  void shouldRefuseABadValueByItsName(String value, String named) {
    var result = helm.run(command(value));

    assertThat(result.status()).as(result.output()).isNotZero();
    assertThat(result.errors()).contains(named);
  }

  @ParameterizedTest
  @ValueSource(strings = {"clusterId", "vpcId", "region", "subnets"})
  void shouldNameARequiredValueThatIsMissing(String missing) {
    List<String> command = new ArrayList<>(TEMPLATE);
    REQUIRED.stream()
        .filter(value -> !value.startsWith(missing + "="))
        .forEach(value -> command.addAll(List.of("--set", value)));

    var result = helm.run(command.toArray(String[]::new));

    assertThat(result.status()).isNotZero();
    assertThat(result.errors()).contains(missing);
  }

  private static List<HasMetadata> rendered(String... values) {
    return Manifests.objects(template(values));
  }

  private static String template(String... values) {
    var result = helm.run(command(values));
    assertThat(result.status()).as(result.errors()).isZero();
    return result.output();
  }

  private static String[] command(String... values) {
    List<String> command = new ArrayList<>(TEMPLATE);
    Stream.concat(REQUIRED.stream(), Stream.of(values))
        .forEach(value -> command.addAll(List.of("--set", value)));
    return command.toArray(String[]::new);
  }
}
