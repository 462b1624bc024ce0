import { describe, expect, it } from 'vitest';
import { AgentsProcess, DRAIN_MS, type Session } from '../../../workers/agents/agents-process.ts';
import type { Poll, StartedAgent } from '../../../workers/agents/product.ts';

/** One agent in a call, which says what happens to it. */
class TestSession implements Session {
  isOver = false;
  isBusy = false;
  mayLook = false;
  readonly happened: string[] = [];
  readonly #failure: Error | undefined;

  constructor(failure?: Error) {
    this.#failure = failure;
  }

  async join(): Promise<void> {
    this.happened.push('joined');
    if (this.#failure) throw this.#failure;
  }

  allowScreens(mayLook: boolean): void {
    this.mayLook = mayLook;
  }

  async leave(): Promise<void> {
    this.happened.push('left');
  }
}

interface Asked {
  capacity: number;
  holding: readonly string[];
}

/** A process whose product and clock are the test's: each time that it waits, `onWait` says what happens next. */
function createProcess(answers: (Partial<Poll> | Error)[], onWait: (turn: number) => void) {
  const asked: Asked[] = [];
  const sessions: TestSession[] = [];
  const lines: string[] = [];
  let now = 0;
  let turn = 0;
  const failures: (Error | undefined)[] = [];
  const agents = new AgentsProcess({
    product: {
      async poll(capacity, holding) {
        asked.push({ capacity, holding: [...holding] });
        const answer = answers.shift() ?? {};
        if (answer instanceof Error) throw answer;
        return { start: [], stop: [], ...answer };
      },
    },
    capacity: 3,
    createSession: () => {
      const session = new TestSession(failures.shift());
      sessions.push(session);
      return session;
    },
    async wait(ms) {
      now += ms;
      onWait((turn += 1));
    },
    now: () => now,
    log: (line) => lines.push(line),
  });
  return { agents, asked, sessions, lines, failures, now: () => now };
}

const started = (...ids: string[]): Partial<Poll> => ({
  start: ids.map((callAgentId) => ({ callAgentId }) as StartedAgent),
});

describe('the process of agents', () => {
  it('takes as many as it can, and leaves calls when the product says so', async () => {
    const test = createProcess([started('a', 'b'), {}, { stop: ['a'] }], (turn) => {
      if (turn === 3) test.agents.end();
    });
    await test.agents.run();
    expect(test.asked.slice(0, 3)).toEqual([
      { capacity: 3, holding: [] },
      { capacity: 1, holding: ['a', 'b'] },
      { capacity: 1, holding: ['a', 'b'] },
    ]);
    expect(test.sessions.map(({ happened }) => happened)).toEqual([
      ['joined', 'left'],
      ['joined', 'left'],
    ]);
  });

  it('lets those see shared screens for which the last answer said so', async () => {
    const test = createProcess([{ ...started('a', 'b'), sees: ['a'] }, { sees: ['b'] }, {}], (turn) => {
      const expected = { 1: [true, false], 2: [false, true], 3: [false, false] }[turn];
      if (expected) expect(test.sessions.map(({ mayLook }) => mayLook)).toEqual(expected);
      if (turn === 3) test.agents.end();
    });
    await test.agents.run();
    expect(test.asked.length).toBeGreaterThan(3);
  });

  it('has no agent any more that did not join or whose call is over', async () => {
    const test = createProcess([started('a', 'b')], (turn) => {
      if (turn === 1) test.sessions[1]!.isOver = true;
      if (turn === 2) test.agents.end();
    });
    test.failures.push(new Error('no media server'));
    await test.agents.run();
    expect(test.asked[1]).toEqual({ capacity: 3, holding: [] });
    expect(test.sessions[0]!.happened).toEqual(['joined', 'left']);
    expect(test.lines).toEqual(['did not join: Error: no media server']);
  });

  it('asks again later when the product does not answer, and stays in its calls', async () => {
    const test = createProcess([started('a'), new Error('away')], (turn) => {
      if (turn === 2) {
        expect(test.sessions[0]!.happened).toEqual(['joined']);
        test.agents.end();
      }
    });
    await test.agents.run();
    expect(test.lines).toEqual(['Error: away']);
  });
});

describe('a process of agents that is to end', () => {
  it('gives up at once those with which nothing is spoken, and the others when they have finished', async () => {
    const test = createProcess([started('idle', 'busy')], (turn) => {
      if (turn === 1) {
        test.sessions[1]!.isBusy = true;
        test.agents.end();
      }
      if (turn === 2) {
        expect(test.sessions.map(({ happened }) => happened)).toEqual([['joined', 'left'], ['joined']]);
        test.sessions[1]!.isBusy = false;
      }
    });
    await test.agents.run();
    expect(test.asked.slice(1)).toEqual([
      { capacity: 0, holding: ['busy'] },
      { capacity: 0, holding: [] },
    ]);
    expect(test.sessions[1]!.happened).toEqual(['joined', 'left']);
  });

  it('waits ten seconds at most, also for one that always speaks', async () => {
    const test = createProcess([started('busy')], (turn) => {
      if (turn !== 1) return;
      test.sessions[0]!.isBusy = true;
      test.agents.end();
    });
    await test.agents.run();
    expect(DRAIN_MS).toBe(10_000);
    expect(test.now()).toBe(250 + DRAIN_MS);
    expect(test.asked.at(-2)).toEqual({ capacity: 0, holding: ['busy'] });
    expect(test.asked.at(-1)).toEqual({ capacity: 0, holding: [] });
    expect(test.sessions[0]!.happened).toEqual(['joined', 'left']);
  });

  it('takes no agent that was given to it in that moment, and gives it back', async () => {
    const test = createProcess([started('late')], () => undefined);
    const running = test.agents.run();
    test.agents.end();
    await running;
    expect(test.sessions).toEqual([]);
    expect(test.asked.at(-1)).toEqual({ capacity: 0, holding: [] });
  });

  it('leaves its calls although the product does not answer', async () => {
    const test = createProcess([started('a'), new Error('away')], () => test.agents.end());
    await test.agents.run();
    expect(test.sessions[0]!.happened).toEqual(['joined', 'left']);
  });
});
