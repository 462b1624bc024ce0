import { expect, it } from 'vitest';
import { asksToLeave, asksToLeaveInChat, isMentioned } from '../../../workers/agents/commands.ts';

const NAME = 'Product help (AI agent)';

it.each([
  'Product help, leave.',
  'Product help, please leave the call.',
  'product help leave now please',
  'Product help! Leave this meeting, please.',
])('"%s" asks the agent to leave', (text) => {
  expect(asksToLeave(NAME, text)).toBe(true);
  expect(asksToLeaveInChat(NAME, text)).toBe(false);
  expect(asksToLeaveInChat(NAME, `@${text}`)).toBe(true);
});

it.each([
  'Please leave the call.',
  'Other help, leave the call.',
  'Product help, when do we leave?',
  'Product help, leave the call open.',
  'I said: product help, leave the call.',
  'Product helper, leave.',
])('"%s" does not', (text) => {
  expect(asksToLeave(NAME, text)).toBe(false);
  expect(asksToLeaveInChat(NAME, `@${text}`)).toBe(false);
});

it('a request names the agent, without what its name says about it', () => {
  const name = 'Product help (AI agent, sees shared screens)';
  expect(asksToLeave(name, 'Product help, leave.')).toBe(true);
  expect(isMentioned(name, '@product help what is this?')).toBe(true);
});
