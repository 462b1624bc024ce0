import { ParticipantKind } from '@livekit/rtc-node';
import { expect, it } from 'vitest';
import { isListenedTo } from '../../../workers/agents/listened-to.ts';

it('an agent listens to people, and not to agents, of which two would talk without an end', () => {
  const standard = { kind: ParticipantKind.STANDARD };
  expect(isListenedTo({ attributes: { kind: 'user', role: 'host' }, info: standard })).toBe(true);
  expect(isListenedTo({ attributes: {}, info: standard })).toBe(true);
  // As the product signs the tokens of its agents.
  expect(isListenedTo({ attributes: { kind: 'agent', role: 'agent' }, info: standard })).toBe(false);
  expect(isListenedTo({ attributes: {}, info: { kind: ParticipantKind.AGENT } })).toBe(false);
});
