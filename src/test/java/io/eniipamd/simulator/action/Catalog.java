package io.eniipamd.simulator.action;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eniipamd.simulator.model.Ticket;
import io.eniipamd.simulator.model.VpcModel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All actions that the server knows. */
public final class Catalog {
  private final VpcModel model;
  private final Map<String, Action> actions = new HashMap<>();

  /** The actions on a model. */
  public Catalog(VpcModel model) {
    this.model = model;
    ClientTokens tokens = new ClientTokens(model);
    List.of(
            new SubnetActions(model).actions(),
            new EniActions(model, tokens).actions(),
            new EniListing(model).actions(),
            new AddressActions(model, tokens).actions(),
            new ReserveActions(model, tokens).actions(),
            new QuotaActions(model).actions(),
            new InstanceActions(model).actions())
        .forEach(some -> some.forEach(a -> actions.put(a.name(), a)));
  }

  /** The action of a name. */
  public Optional<Action> find(String name) {
    return Optional.ofNullable(actions.get(name));
  }

  /** Carries out a request, alone. */
  public ObjectNode perform(Action action, ObjectNode body, Ticket ticket) {
    Parameters parameters = new Parameters(body, action.parameters());
    return model.locked(() -> action.handler().perform(parameters, ticket));
  }
}
