/** A small agent that speaks the Agent Client Protocol over standard input and output and does what ACP_SCRIPT says for its task. */
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { Readable, Writable } from "node:stream";
import { agent, methods, ndJsonStream, PROTOCOL_VERSION, RequestError } from "@agentclientprotocol/sdk";

const script = JSON.parse(readFileSync(process.env.ACP_SCRIPT, "utf8"));
const task = script[process.env.FORKJOIN_TASK_ID] ?? {};
const state = { cwd: "", cancelled: undefined };
const CANCELLED = "cancelled";

function record(entry) {
  if (process.env.ACP_RECORD) appendFileSync(process.env.ACP_RECORD, `${JSON.stringify(entry)}\n`);
}

const app = agent({ name: "scripted" })
  .onRequest(methods.agent.initialize, ({ params }) => {
    record({ initialize: params.clientCapabilities });
    if (script.dies) process.exit(3);
    return {
      protocolVersion: PROTOCOL_VERSION,
      agentInfo: { name: "scripted", version: "1.2.3" },
      agentCapabilities: {},
    };
  })
  .onRequest(methods.agent.session.new, ({ params }) => {
    state.cwd = params.cwd;
    const modes = ["everything", "default"].map((id) => ({ id, name: id }));
    return { sessionId: "s1", modes: { currentModeId: "everything", availableModes: modes } };
  })
  .onRequest(methods.agent.session.setMode, ({ params }) => {
    record({ mode: params.modeId });
    return {};
  })
  .onNotification(methods.agent.session.cancel, () => {
    record({ cancel: true });
    state.cancelled?.();
  })
  .onRequest(methods.agent.session.prompt, async ({ params, client }) => {
    record({ prompt: params.prompt[0].text });
    for (const [index, step] of (task.steps ?? []).entries()) {
      if ((await carryOut(step, `call_${index}`, client)) === CANCELLED) return { stopReason: CANCELLED };
    }
    const usage = { inputTokens: 70, outputTokens: 30, totalTokens: 100, cachedReadTokens: 5 };
    return { stopReason: task.stop ?? "end_turn", usage };
  });

async function carryOut(step, toolCallId, client) {
  const path = step.path === undefined ? undefined : resolve(state.cwd, step.path);
  switch (step.do) {
    case "write":
      return client
        .request(methods.client.fs.writeTextFile, { sessionId: "s1", path, content: step.text })
        .then(() => record({ wrote: step.path }))
        .catch((error) => record({ refused: step.path, why: error.message }));
    case "ask": {
      const options = ["allow_always", "allow_once", "reject_once"].map((kind) => ({
        kind,
        name: kind,
        optionId: kind,
      }));
      const locations = path === undefined ? [] : [{ path }];
      const toolCall = { toolCallId, title: `${step.kind} ${step.path ?? ""}`.trim(), kind: step.kind, locations };
      const { outcome } = await client.request(methods.client.session.requestPermission, {
        sessionId: "s1",
        toolCall,
        options,
      });
      record({ asked: toolCall.title, answer: outcome.optionId });
      if (outcome.optionId === "allow_once" && step.text !== undefined) writeFileSync(path, step.text);
      return;
    }
    case "direct":
      return writeFileSync(path, step.text);
    case "cost":
      return client.notify(methods.client.session.update, {
        sessionId: "s1",
        update: { sessionUpdate: "usage_update", used: 1, size: 2, cost: { amount: step.usd, currency: "USD" } },
      });
    case "wait":
      return new Promise((done) => {
        state.cancelled = () => done(CANCELLED);
      });
    case "fail":
      throw new RequestError(-32_603, step.message);
    case "exit":
      process.exit(step.code);
  }
}

app.connect(ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin)));
