/**
 * How the stand-in treats a request, by its header `X-Behave`: parts separated by commas.
 *
 * | part | does |
 * |---|---|
 * | `delay=2000` | answers after so many milliseconds |
 * | `status=500` | refuses with this status and does nothing |
 * | `drop` | breaks the connection and does nothing |
 * | `status-after=503`, `drop-after` | acts, and then refuses or breaks the connection |
 * | `hang` | never answers |
 * | `garbage` | acts, and answers with a body that is not JSON |
 * | `close-mid-body` | acts, and breaks the connection in the middle of the answer |
 * | `stale-list=30000` | lists the state of so many milliseconds ago |
 */
export interface Behaviour {
  delayMs: number;
  staleMs: number;
  refuse: { status: number; before: boolean } | undefined;
  drop: 'before' | 'after' | undefined;
  body: 'whole' | 'garbage' | 'cut' | 'never';
}

export const BEHAVIOUR_HEADER = 'x-behave';

function applyPart(behaviour: Behaviour, part: string): void {
  const [name, value] = part.split('=', 2);
  const number = Number(value);
  if (name === 'delay') behaviour.delayMs = number;
  else if (name === 'stale-list') behaviour.staleMs = number;
  else if (name === 'status') behaviour.refuse = { status: number, before: true };
  else if (name === 'status-after') behaviour.refuse = { status: number, before: false };
  else if (name === 'drop') behaviour.drop = 'before';
  else if (name === 'drop-after') behaviour.drop = 'after';
  else if (name === 'hang') behaviour.body = 'never';
  else if (name === 'garbage') behaviour.body = 'garbage';
  else if (name === 'close-mid-body') behaviour.body = 'cut';
  else throw new Error(`there is no behaviour ${part}`);
}

/** @throws for an unknown part, so that a test cannot ask for a behaviour that does not exist */
export function behaviourOf(header: string | null): Behaviour {
  const behaviour: Behaviour = {
    delayMs: 0,
    staleMs: 0,
    refuse: undefined,
    drop: undefined,
    body: 'whole',
  };
  for (const part of (header ?? '').split(',').map((each) => each.trim()))
    if (part !== '') applyPart(behaviour, part);
  return behaviour;
}
