package io.eniipamd.kube.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eniipamd.domain.claim.Admission;
import io.eniipamd.domain.node.ZoneLabel;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodPatchTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Admission ZONE =
      new Admission(
          Optional.of(new ZoneLabel("topology.kubernetes.io/zone", "160001")), false, false);
  private static final Admission GATE = new Admission(Optional.empty(), true, false);
  private static final Admission COUNTED = new Admission(Optional.empty(), false, true);

  @Test
  void shouldBeEmptyWhenThePodStaysAsItIs() throws Exception {
    assertThat(patch("{}", Admission.UNCHANGED)).isEqualTo(JSON.readTree("[]"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}",
        "{'nodeSelector': null}",
      })
  void shouldMakeTheSelectorWhenThereIsNone(String spec) throws Exception {
    assertThat(patch(spec, ZONE))
        .isEqualTo(
            json(
                "[{'op': 'add', 'path': '/spec/nodeSelector',"
                    + " 'value': {'topology.kubernetes.io/zone': '160001'}}]"));
  }

  @Test
  void shouldAddToTheSelectorThatIsThere() throws Exception {
    assertThat(patch("{'nodeSelector': {'disk': 'ssd'}}", ZONE))
        .isEqualTo(
            json(
                "[{'op': 'add', 'path': '/spec/nodeSelector/topology.kubernetes.io~1zone',"
                    + " 'value': '160001'}]"));
  }

  @Test
  void shouldPutTheGateBesideTheGatesOfOthers() throws Exception {
    assertThat(patch("{}", GATE))
        .isEqualTo(
            json(
                "[{'op': 'add', 'path': '/spec/schedulingGates',"
                    + " 'value': [{'name': 'tke.cloud.tencent.com/fixed-ip-zone'}]}]"));
    assertThat(patch("{'schedulingGates': [{'name': 'a/b'}]}", GATE))
        .isEqualTo(
            json(
                "[{'op': 'add', 'path': '/spec/schedulingGates/-',"
                    + " 'value': {'name': 'tke.cloud.tencent.com/fixed-ip-zone'}}]"));
  }

  @Test
  void shouldRequestAndLimitTheFirstContainer() throws Exception {
    assertThat(patch("{'containers': [{'name': 'a'}, {'name': 'b'}]}", COUNTED))
        .isEqualTo(
            json(
                """
                [{'op': 'add', 'path': '/spec/containers/0/resources', 'value': {}},
                 {'op': 'add', 'path': '/spec/containers/0/resources/requests',
                  'value': {'tke.cloud.tencent.com/eni-ip': '1'}},
                 {'op': 'add', 'path': '/spec/containers/0/resources/limits',
                  'value': {'tke.cloud.tencent.com/eni-ip': '1'}}]"""));
  }

  @Test
  void shouldKeepTheRequestsThatAreThere() throws Exception {
    assertThat(
            patch(
                "{'containers': [{'resources': {'requests': {'cpu': '1'}, 'limits': null}}]}",
                COUNTED))
        .isEqualTo(
            json(
                """
                [{'op': 'add',
                  'path': '/spec/containers/0/resources/requests/tke.cloud.tencent.com~1eni-ip',
                  'value': '1'},
                 {'op': 'add', 'path': '/spec/containers/0/resources/limits',
                  'value': {'tke.cloud.tencent.com/eni-ip': '1'}}]"""));
  }

  @Test
  void shouldLeaveAPodWithoutContainersToTheApiServer() throws Exception {
    assertThat(patch("{'containers': []}", COUNTED)).isEqualTo(JSON.readTree("[]"));
  }

  private static JsonNode patch(String spec, Admission admission) throws JsonProcessingException {
    return PodPatch.of(json("{'spec': %s}".formatted(spec)), admission);
  }

  private static JsonNode json(String text) throws JsonProcessingException {
    return JSON.readTree(text.replace('\'', '"'));
  }
}
