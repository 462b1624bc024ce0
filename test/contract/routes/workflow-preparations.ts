import {
  createHeldCall,
  insertCallTranscript,
  insertQuestion,
  insertRun,
  insertRunAt,
} from '../../support/workflows.ts';
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

/** A call with something said in it, and a question about it. */
async function prepareQuestion({ app }: World) {
  const owner = await app.person({ plan: 'pro' });
  const held = await createHeldCall(app, owner, { people: [owner] });
  await insertCallTranscript(app, owner, { callId: held.callId }, ['We ship on Thursday.']);
  const questionId = await insertQuestion(app, owner, held);
  return { token: owner.token, params: { callId: held.callId, questionId } };
}

export const workflowPreparations = {
  askCallQuestion: async (world: World) => {
    const { token, params } = await prepareQuestion(world);
    return { token, params: { callId: params.callId } };
  },
  getCallQuestion: prepareQuestion,
  getWorkflowRun: (world: World) => prepareRun(world),
  repeatWorkflowRun: (world: World) => prepareRun(world),
  cancelWorkflowRun: (world: World) => prepareRun(world, 'running'),
  sendWorkflowMail: async (world: World) => ({
    ...(await prepareRun(world, 'waiting')),
    body: { version: 1 },
  }),
};
