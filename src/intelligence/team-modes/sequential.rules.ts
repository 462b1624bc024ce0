import { endWith, type ModeRules } from './steps.rules.ts';

/** The members take turns in order, once in each round. */
export const sequential: ModeRules = {
  next({ members, rounds }, turns) {
    const done = turns.length;
    if (done >= members.length * rounds) return endWith(turns.at(-1)!.text);
    const round = Math.floor(done / members.length) + 1;
    return { kind: 'turn', member: done % members.length, round, purpose: 'work' };
  },
  resultSoFar: (_team, turns) => turns.at(-1)?.text ?? null,
};
