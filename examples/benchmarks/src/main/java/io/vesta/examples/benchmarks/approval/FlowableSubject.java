package io.vesta.examples.benchmarks.approval;

import javax.sql.DataSource;
import org.flowable.common.engine.impl.history.HistoryLevel;
import org.flowable.engine.ProcessEngine;
import org.flowable.engine.impl.cfg.StandaloneProcessEngineConfiguration;
import org.flowable.task.api.Task;

/** Flowable: start, query, claim, complete, with history at its audit level. */
record FlowableSubject(ProcessEngine engine) implements Subject {

  private static final String PROCESS =
      """
      <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="vesta"
          xmlns:flowable="http://flowable.org/bpmn">
        <process id="approval" isExecutable="true">
          <startEvent id="start"/>
          <sequenceFlow id="a" sourceRef="start" targetRef="review"/>
          <userTask id="review" flowable:candidateGroups="agents"/>
          <sequenceFlow id="b" sourceRef="review" targetRef="end"/>
          <endEvent id="end"/>
        </process>
      </definitions>
      """;

  /** Makes the tables; what this benchmark does not use is off. */
  static FlowableSubject over(DataSource source) {
    StandaloneProcessEngineConfiguration config = new StandaloneProcessEngineConfiguration();
    config.setDataSource(source);
    config.setDatabaseSchemaUpdate("true");
    config.setHistoryLevel(HistoryLevel.AUDIT);
    config.setAsyncExecutorActivate(false);
    config.setDisableIdmEngine(true);
    config.setDisableEventRegistry(true);
    ProcessEngine engine = config.buildProcessEngine();
    engine
        .getRepositoryService()
        .createDeployment()
        .addString("approval.bpmn20.xml", PROCESS)
        .deploy();
    return new FlowableSubject(engine);
  }

  @Override
  public String name() {
    return "Flowable 8.0.0, history audit";
  }

  @Override
  public void item(long number) {
    String id =
        engine.getRuntimeService().startProcessInstanceByKey("approval", "d" + number).getId();
    Task task = engine.getTaskService().createTaskQuery().processInstanceId(id).singleResult();
    engine.getTaskService().claim(task.getId(), "ann");
    engine.getTaskService().complete(task.getId());
  }

  @Override
  public void require(long items) {
    Server.require(
        name(),
        items,
        engine.getHistoryService().createHistoricProcessInstanceQuery().finished().count());
    Server.require(name(), 0, engine.getTaskService().createTaskQuery().count());
  }

  @Override
  public void close() {
    engine.close();
  }
}
