import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/kernel/core/index.ts';
import { createOutgoing, createResolver } from '../../../src/platform/outgoing/index.ts';
import { HOSTILE_STREAMS, HOSTILE_WEB } from './hostile-addresses.ts';

const PUBLIC = ['93.184.216.34', '2606:2800:220:1::1'];
const GET = { method: 'GET' } as const;

/** The code that the work is refused with; `allowed` when it is not. */
const outcomeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'allowed',
    (error: unknown) => {
      expect(error).toBeInstanceOf(AppError);
      return (error as AppError).code.replace('outgoing.', '');
    },
  );

/** The guard over a resolver that gives these answers, one after the other, and the last one from then on. */
function createGuard(
  answers: (readonly string[] | Error | 'never')[],
  options: Partial<Parameters<typeof createOutgoing>[0]> = {},
) {
  const asked: string[] = [];
  const requested: string[] = [];
  const outgoing = createOutgoing({
    resolver: {
      resolve: async (name) => {
        asked.push(name);
        const answer = answers[Math.min(asked.length, answers.length) - 1]!;
        if (answer === 'never') return new Promise(() => undefined);
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
    requestTimeoutMs: 40,
    resolverTimeoutMs: 20,
    fetcher: async (url) => {
      requested.push(url);
      return new Response('hello');
    },
    ...options,
  });
  return { outgoing, asked, requested };
}

describe('an answer that is read while it comes', () => {
  it('is asked for after the address was checked, each time', async () => {
    const { outgoing, requested } = createGuard([PUBLIC, ['10.0.0.1']]);
    const response = await outgoing.open('https://models.example/v1/models', GET);
    expect(await response.text()).toBe('hello');
    expect(await outcomeOf(outgoing.open('https://models.example/v1/models', GET))).toBe('address_refused');
    expect(requested).toHaveLength(1);
  });

  it('that is a redirect is not followed', async () => {
    let redirect: unknown;
    const { outgoing } = createGuard([PUBLIC], {
      fetcher: async (_url, init) => {
        ({ redirect } = init ?? {});
        return new Response(null, { status: 302, headers: { location: 'http://10.0.0.1/' } });
      },
    });
    const { status } = await outgoing.open('https://models.example/v1/models', GET);
    expect([status, redirect]).toEqual([302, 'manual']);
  });
});

describe('the address of a customer', () => {
  it.each(HOSTILE_WEB)('%s is refused before its name is looked up', async (address) => {
    const { outgoing, asked } = createGuard([PUBLIC]);
    expect(await outcomeOf(outgoing.requireAllowed(address))).toBe('address_refused');
    expect(asked).toEqual([]);
  });

  it.each(HOSTILE_STREAMS)('%s is refused as the target of a stream', async (address) => {
    const { outgoing, asked } = createGuard([PUBLIC]);
    expect(await outcomeOf(outgoing.requireAllowed(address, 'stream'))).toBe('address_refused');
    expect(asked).toEqual([]);
  });

  it.each([
    ['https://storage.example', 'https://storage.example/'],
    ['https://Storage.Example./a/../b?c=d#e', 'https://storage.example./b?c=d'],
    ['https://bücher.example:8443/', 'https://xn--bcher-kva.example:8443/'],
    ['https://a_b.storage.example:9000/', 'https://a_b.storage.example:9000/'],
    ['https://8.8.8.8/', 'https://8.8.8.8/'],
    ['https://134744072:9443/', 'https://8.8.8.8:9443/'],
    ['https://[2606:4700:4700::1111]/', 'https://[2606:4700:4700::1111]/'],
  ])('%s is allowed, and stored as %s', async (address, stored) => {
    const { outgoing } = createGuard([PUBLIC]);
    expect((await outgoing.requireAllowed(address)).href).toBe(stored);
  });

  it.each([
    'rtmp://stream.example/live/key',
    'rtmps://a.stream.example:443/x',
    'srt://8.8.8.8:9000?mode=caller',
  ])('%s is allowed as the target of a stream', async (address) => {
    const { outgoing } = createGuard([PUBLIC]);
    expect((await outgoing.requireAllowed(address, 'stream')).href).toBe(address);
  });

  it.each([
    [['10.0.0.1']],
    [[...PUBLIC, '127.0.0.1']],
    [['2606:2800:220:1::1', 'fd00::1']],
    [['::ffff:10.0.0.1']],
    [['93.184.216.34', 'not an address']],
    [['93.184.216.034']],
    [['0x5db8d822']],
    [['']],
  ])('whose name leads to %j is refused, because not all of them are public', async (answer) => {
    const { outgoing } = createGuard([answer]);
    expect(await outcomeOf(outgoing.requireAllowed('https://storage.example'))).toBe('address_refused');
  });

  it('is refused when its name does not exist, and cannot be used while the resolver fails or is silent', async () => {
    const outcome = (answer: Parameters<typeof createGuard>[0][number]) =>
      outcomeOf(createGuard([answer]).outgoing.requireAllowed('https://storage.example'));
    expect(await outcome([])).toBe('unresolved');
    expect(await outcome(new Error('down'))).toBe('resolver_unavailable');
    expect(await outcome('never')).toBe('resolver_unavailable');
  });

  it('does not appear in the refusal, nor do the addresses of its name', async () => {
    const { outgoing } = createGuard([['10.11.12.13']]);
    const error = (await outgoing
      .requireAllowed('https://storage.example')
      .catch((e: unknown) => e)) as AppError;
    expect(JSON.stringify([error.message, error.details])).not.toMatch(/storage\.example|10\.11/);
  });

  it('that the configuration allows is used as it is, and no other port, scheme or user of its host', async () => {
    const { outgoing, asked } = createGuard([PUBLIC], { allowed: ['http://127.0.0.1:7070'] });
    expect((await outgoing.requireAllowed('http://127.0.0.1:7070/bucket')).pathname).toBe('/bucket');
    expect(asked).toEqual([]);
    for (const other of ['http://127.0.0.1:7071/', 'https://127.0.0.1:7070/', 'http://me@127.0.0.1:7070/'])
      expect(await outcomeOf(outgoing.requireAllowed(other))).toBe('address_refused');
  });
});

describe('a request to the address of a customer', () => {
  it('is not sent when the name leads elsewhere than at the check before', async () => {
    const { outgoing, requested } = createGuard([PUBLIC, PUBLIC, ['127.0.0.1']]);
    const address = 'https://storage.example/x';
    await outgoing.requireAllowed(address);
    expect((await outgoing.fetch(address, GET)).status).toBe(200);
    expect(await outcomeOf(outgoing.fetch(address, GET))).toBe('address_refused');
    expect(requested).toEqual([address]);
  });

  it.each([301, 302, 303, 307, 308])('does not follow an answer with %i', async (status) => {
    const { outgoing, requested } = createGuard([PUBLIC], {
      fetcher: async (url, init) => {
        requested.push(url);
        expect(init?.redirect).toBe('manual');
        return new Response(null, { status, headers: { location: 'http://127.0.0.1/' } });
      },
    });
    expect(await outcomeOf(outgoing.fetch('https://storage.example', GET))).toBe('redirected');
    expect(requested).toHaveLength(1);
  });

  it.each([
    ['does not connect', async () => Promise.reject(new TypeError('fetch failed'))],
    ['never answers', async () => new Promise<never>(() => undefined)],
    [
      'never ends its answer',
      async () => new Response(new ReadableStream({ pull: () => new Promise(() => undefined) })),
    ],
  ])('fails when the server %s', async (_what, fetcher) => {
    const { outgoing } = createGuard([PUBLIC], { fetcher });
    expect(await outcomeOf(outgoing.fetch('https://storage.example', GET))).toBe('unreachable');
  });

  it('stops reading an answer that is larger than asked for', async () => {
    let sent = 0;
    let isCancelled = false;
    const body = () =>
      new ReadableStream<Uint8Array>({
        pull: (controller) => {
          sent += 10_000;
          controller.enqueue(new Uint8Array(10_000));
        },
        cancel: () => void (isCancelled = true),
      });
    const { outgoing } = createGuard([PUBLIC], { fetcher: async () => new Response(body()) });
    expect(await outcomeOf(outgoing.fetch('https://storage.example', GET))).toBe('answer_too_large');
    expect(isCancelled).toBe(true);
    expect(sent).toBeLessThanOrEqual(90_000);
    const whole = createGuard([PUBLIC], { fetcher: async () => new Response(new Uint8Array(70_000)) });
    const answer = await whole.outgoing.fetch('https://storage.example', { ...GET, maxAnswerBytes: 70_000 });
    expect(answer.body).toHaveLength(70_000);
  });
});

describe('the resolver', () => {
  const record = (type: number, data: string) => ({ name: 'storage.example', type, TTL: 60, data });
  /** A resolver whose server answers with the text, or with this for A and AAAA. */
  const resolverOf = (answer: (type: string) => Response) =>
    createResolver('https://dns.example/dns-query', async (url, init) => {
      expect(new Headers(init?.headers).get('accept')).toBe('application/dns-json');
      return answer(new URL(url).searchParams.get('type')!);
    });
  const resolve = (answer: (type: string) => Response) =>
    resolverOf(answer).resolve('storage.example', AbortSignal.timeout(1_000));

  it('returns every address of both kinds, and no other records', async () => {
    const alias = record(5, 'other.example.');
    const found = await resolve((type) =>
      Response.json({
        Status: 0,
        Answer:
          type === 'A'
            ? [alias, record(1, '8.8.8.8'), record(1, '10.0.0.1')]
            : [alias, record(28, 'fd00::1')],
      }),
    );
    expect(found).toEqual(['8.8.8.8', '10.0.0.1', 'fd00::1']);
  });

  it('returns none for a name that does not exist', async () => {
    expect(await resolve(() => Response.json({ Status: 3 }))).toEqual([]);
  });

  it.each([
    ['a failure', () => new Response('no', { status: 502 })],
    ['a redirect', () => new Response(null, { status: 302, headers: { location: 'https://evil.example' } })],
    ['no JSON', () => new Response('<html>')],
    ['another shape', () => Response.json({ Status: 0, Answer: [{ type: 1 }] })],
    ['a code of failure', () => Response.json({ Status: 2 })],
    ['a cut list', () => Response.json({ Status: 0, TC: true, Answer: [record(1, '8.8.8.8')] })],
    ['too much', () => new Response(new Uint8Array(100_000))],
  ])('fails on %s, for either kind', async (_what, answer) => {
    const good = () => Response.json({ Status: 0, Answer: [record(1, '8.8.8.8')] });
    for (const failing of ['A', 'AAAA'])
      await expect(resolve((type) => (type === failing ? answer() : good()))).rejects.toThrow();
  });
});
