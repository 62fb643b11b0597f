package io.vesta.examples.benchmarks.approval;

import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.impl.cfg.StandaloneProcessEngineConfiguration;
import org.camunda.bpm.engine.task.Task;

/**
 * Camunda: start, query, claim, complete.
 *
 * @param history its level of history
 * @param begun how many were started, of which the engine keeps nothing without history
 */
record CamundaSubject(ProcessEngine engine, String history, AtomicLong begun) implements Subject {

  private static final String PROCESS =
      """
      <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="vesta"
          xmlns:camunda="http://camunda.org/schema/1.0/bpmn">
        <process id="approval" isExecutable="true">
          <startEvent id="start"/>
          <sequenceFlow id="a" sourceRef="start" targetRef="review"/>
          <userTask id="review" camunda:candidateGroups="agents"/>
          <sequenceFlow id="b" sourceRef="review" targetRef="end"/>
          <endEvent id="end"/>
        </process>
      </definitions>
      """;

  /** Makes the tables; what this benchmark does not use is off. */
  static CamundaSubject over(DataSource source, String history) {
    StandaloneProcessEngineConfiguration config = new StandaloneProcessEngineConfiguration();
    config.setProcessEngineName("camunda-" + history);
    config.setDataSource(source);
    config.setDatabaseSchemaUpdate("true");
    config.setHistory(history);
    config.setJobExecutorActivate(false);
    config.setMetricsEnabled(false);
    config.setEnforceHistoryTimeToLive(false);
    ProcessEngine engine = config.buildProcessEngine();
    engine.getRepositoryService().createDeployment().addString("approval.bpmn", PROCESS).deploy();
    return new CamundaSubject(engine, history, new AtomicLong());
  }

  @Override
  public String name() {
    return "Camunda 7.24.0, history " + history;
  }

  @Override
  public void item(long number) {
    String id =
        engine.getRuntimeService().startProcessInstanceByKey("approval", "d" + number).getId();
    begun.incrementAndGet();
    Task task = engine.getTaskService().createTaskQuery().processInstanceId(id).singleResult();
    engine.getTaskService().claim(task.getId(), "ann");
    engine.getTaskService().complete(task.getId());
  }

  @Override
  public void require(long items) {
    Server.require(name(), items, begun.get());
    Server.require(name(), 0, engine.getTaskService().createTaskQuery().count());
    if (!history.equals("none")) {
      Server.require(
          name(),
          items,
          engine.getHistoryService().createHistoricProcessInstanceQuery().finished().count());
    }
  }

  @Override
  public void close() {
    engine.close();
  }
}
