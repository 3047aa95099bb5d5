package io.eniipamd.cloud.tencent;

import com.tencentcloudapi.vpc.v20170312.models.DescribeSubnetsRequest;
import com.tencentcloudapi.vpc.v20170312.models.DescribeVpcLimitsRequest;
import com.tencentcloudapi.vpc.v20170312.models.DescribeVpcTaskResultRequest;
import io.eniipamd.cloud.Answer;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.Listing;
import io.eniipamd.cloud.Subnet;
import io.eniipamd.cloud.Task;
import io.eniipamd.cloud.VpcLimits;
import java.util.Collection;
import java.util.List;

/** The calls about the VPC itself: its subnets, its limits, and how its tasks stand. */
final class VpcCalls {

  /** What the cloud calls the most ENIs that a VPC may have. */
  private static final String MAX_ENIS = "vpc-max-enis";

  private final SdkClients clients;
  private final String vpcId;

  VpcCalls(SdkClients clients, String vpcId) {
    this.clients = clients;
    this.vpcId = vpcId;
  }

  Listing<Subnet> subnets(Collection<String> subnetIds) {
    return CloudErrors.aboutIds(subnetIds, this::describeSubnets);
  }

  private Listing<Subnet> describeSubnets(List<String> ids) {
    var request = new DescribeSubnetsRequest();
    request.setSubnetIds(ids.toArray(String[]::new));
    // Text here, numbers everywhere else: so does the API.
    request.setOffset("0");
    request.setLimit(Long.toString(RequestParts.PAGE));
    String step = "describing subnets " + String.join(", ", ids);
    var answer =
        clients.vpc(CloudAction.DESCRIBE_SUBNETS, step, client -> client.DescribeSubnets(request));
    return Rows.of(answer.getSubnetSet(), CloudAction.DESCRIBE_SUBNETS, step, answer.getRequestId())
        .listing(
            ids, com.tencentcloudapi.vpc.v20170312.models.Subnet::getSubnetId, SdkValues::subnet);
  }

  Answer<VpcLimits> vpcLimits() {
    var request = new DescribeVpcLimitsRequest();
    request.setLimitTypes(new String[] {MAX_ENIS});
    String step = "asking for the limits of " + vpcId;
    return CloudErrors.ifInReach(
        () -> {
          var answer =
              clients.vpc(
                  CloudAction.DESCRIBE_VPC_LIMITS,
                  step,
                  client -> client.DescribeVpcLimits(request));
          return Rows.mapped(answer.getVpcLimitSet(), step, (row, _) -> row).stream()
              .filter(row -> MAX_ENIS.equals(row.getLimitType()) && row.getLimitValue() != null)
              .findFirst()
              .map(row -> new VpcLimits(row.getLimitValue().intValue()))
              .orElseThrow(() -> Rows.incomplete(step));
        });
  }

  Task task(String requestId) {
    var request = new DescribeVpcTaskResultRequest();
    request.setTaskId(requestId);
    var answer =
        clients.vpc(
            CloudAction.DESCRIBE_VPC_TASK_RESULT,
            "asking for the state of task " + requestId,
            client -> client.DescribeVpcTaskResult(request));
    return new Task(
        SdkValues.taskState(answer.getStatus()),
        answer.getOutput() == null ? "" : answer.getOutput());
  }
}
