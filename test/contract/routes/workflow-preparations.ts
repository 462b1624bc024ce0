import { insertRun, insertRunAt } from '../../support/workflows.ts';
import type { World } from './world.ts';

/** A run in a room of its owner, which can be repeated unless its mail is in a state. */
async function prepareRun({ app }: World, mailState?: 'waiting' | 'running') {
  const owner = await app.person();
  const { body } = await app.send('POST', '/api/v1/rooms', { token: owner.token, body: { name: 'Room' } });
  const roomId: string = body.id;
  const runId = mailState
    ? await insertRunAt(app, owner, roomId, mailState)
    : await insertRun(app, owner, { roomId });
  return { token: owner.token, params: { roomId, runId } };
}

export const workflowPreparations = {
  getWorkflowRun: (world: World) => prepareRun(world),
  repeatWorkflowRun: (world: World) => prepareRun(world),
  cancelWorkflowRun: (world: World) => prepareRun(world, 'running'),
  sendWorkflowMail: async (world: World) => ({
    ...(await prepareRun(world, 'waiting')),
    body: { version: 1 },
  }),
};
