import type { CaptionPlan } from '../../src/intelligence/captions/captions.ports.ts';
import type { Person, TestApp } from './app.ts';

/** Switches captions of a call on, as their host. @returns the plan that the captioner got */
export async function startCaptions(
  app: TestApp,
  { token }: Pick<Person, 'token'>,
  roomId: string,
  body: object = {},
): Promise<CaptionPlan> {
  const { ports } = app.services;
  const { captioner } = ports;
  const plans: CaptionPlan[] = [];
  ports.captioner = { run: async (plan) => void plans.push(plan), end: async () => undefined };
  const { status, body: captions } = await app.send('PUT', `/api/v1/rooms/${roomId}/captions`, {
    token,
    body,
  });
  if (status !== 200) throw new Error(`captions were refused: ${status}`);
  await app.drain();
  ports.captioner = captioner ?? { run: async () => undefined, end: async () => undefined };
  // What is still to be delivered may be about other captions.
  return plans.findLast(({ captionId }) => captionId === captions.id)!;
}
