import { expect } from 'vitest';
import { createAgent } from './agents.ts';
import type { Person, TestApp } from './app.ts';

export const TEAMS = '/api/v1/ai/teams';
export const RUNS = '/api/v1/ai/team-runs';

type Caller = Pick<Person, 'token'>;

/** Creates a team of so many agents, each with a role `Role 1`, … and instructions of its own; the answer must be 201. */
export async function createTeam(
  app: TestApp,
  caller: Caller,
  { size = 2, fields = {} }: { size?: number; fields?: object } = {},
): Promise<{ teamId: string; agentIds: string[] }> {
  const agentIds: string[] = [];
  for (let index = 1; index <= size; index++)
    agentIds.push(await createAgent(app, caller, { version: { instructions: `You are agent ${index}.` } }));
  const members = agentIds.map((agentId, index) => ({ agentId, role: `Role ${index + 1}` }));
  const body = { name: 'Team', mode: 'sequential', members, ...fields };
  const answer = await app.send('POST', TEAMS, { token: caller.token, body });
  expect(answer).toMatchObject({ status: 201 });
  return { teamId: answer.body.id, agentIds };
}

/** Starts a run; the answer must be 202. @returns its id */
export async function startRun(
  app: TestApp,
  { token }: Caller,
  teamId: string,
  task = 'Write it.',
): Promise<string> {
  const answer = await app.send('POST', `${TEAMS}/${teamId}/runs`, { token, body: { task } });
  expect(answer).toMatchObject({ status: 202 });
  return answer.body.id;
}

/** Delivers until a run has ended: generations end by themselves, and their end is an event. @returns the run */
export async function finishRun(app: TestApp, { token }: Caller, runId: string) {
  const read = async () => {
    await app.drain();
    return (await app.send('GET', `${RUNS}/${runId}`, { token })).body;
  };
  await expect.poll(async () => (await read()).state, { timeout: 60_000 }).not.toBe('running');
  return read();
}

/** Stops a run; the answer must be 200. @returns its id */
export async function stopRun(app: TestApp, { token }: Caller, runId: string): Promise<string> {
  expect(await app.send('POST', `${RUNS}/${runId}/stop`, { token })).toMatchObject({ status: 200 });
  return runId;
}
