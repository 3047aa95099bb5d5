package io.eniipamd.cloud.tencent;

import com.tencentcloudapi.cvm.v20170312.models.DescribeInstancesRequest;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.Instance;
import io.eniipamd.cloud.Listing;
import java.util.Collection;
import java.util.List;

/** The calls about virtual machines, which are another product with a client of its own. */
final class InstanceCalls {

  private final SdkClients clients;

  InstanceCalls(SdkClients clients) {
    this.clients = clients;
  }

  Listing<Instance> instances(Collection<String> instanceIds) {
    return CloudErrors.aboutIds(instanceIds, this::describeInstances);
  }

  private Listing<Instance> describeInstances(List<String> ids) {
    var request = new DescribeInstancesRequest();
    request.setInstanceIds(ids.toArray(String[]::new));
    request.setOffset(0L);
    request.setLimit(RequestParts.PAGE);
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
}
