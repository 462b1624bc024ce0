import { AiStandIn, STAND_IN_KEY } from '../support/ai/stand-in.ts';
import { liftLimits, putOnPlan, serveProduct } from './kit/product.ts';
import { type BenchRow, median } from './kit/report.ts';
import { serveWorker } from './kit/workerd.ts';

const MODEL = 'claude-haiku-4-5';
const PIECES = 40;
const WARM_UP = 20;
const REQUESTS = 60;
const CONCURRENT = 8;
const ROUNDS = 6;
const MAX_ADDED_MS = 3;
const LEAST_SHARE = 0.9;

/** Asks once. @returns milliseconds until the first text */
type Ask = () => Promise<number>;

/** Reads a stream to its end. */
async function timeToFirstText(startedAt: number, response: Response, mark: string): Promise<number> {
  if (!response.ok || !response.body)
    throw new Error(`answered ${response.status}: ${await response.text()}`);
  let text = '';
  let firstMs: number | undefined;
  const decoder = new TextDecoder();
  for await (const bytes of response.body) {
    if (firstMs !== undefined) continue;
    text += decoder.decode(bytes as Uint8Array, { stream: true });
    if (text.includes(mark)) firstMs = performance.now() - startedAt;
  }
  if (firstMs === undefined) throw new Error('the answer has no text');
  return firstMs;
}

const asking =
  (url: string, token: string, body: object, mark: string): Ask =>
  async () => {
    const startedAt = performance.now();
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return timeToFirstText(startedAt, response, mark);
  };

/** Streams a second, with several at a time. */
async function streamsPerSecond(ask: Ask): Promise<number> {
  const startedAt = performance.now();
  const askInTurn = async () => {
    for (let each = 0; each < REQUESTS / CONCURRENT; each++) await ask();
  };
  await Promise.all(Array.from({ length: CONCURRENT }, askInTurn));
  return (Math.ceil(REQUESTS / CONCURRENT) * CONCURRENT * 1000) / (performance.now() - startedAt);
}

interface Sides {
  direct: Ask;
  bare: Ask;
  gateway: Ask;
}

async function measureFirstText({ direct, bare, gateway }: Sides) {
  const added = { bare: [] as number[], gateway: [] as number[] };
  for (let each = 0; each < REQUESTS; each++) {
    const directMs = await direct();
    added.bare.push((await bare()) - directMs);
    added.gateway.push((await gateway()) - directMs);
  }
  return added;
}

/** On a busy machine the tenth that was disturbed least says more of the gateway than the median. */
const fastestTenth = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 10)]!;

const describeAdded = (values: readonly number[]) =>
  `${median(values).toFixed(2)} ms, the fastest tenth ${fastestTenth(values).toFixed(2)} ms`;

async function measureShares({ direct, bare, gateway }: Sides) {
  const shares = { bare: [] as number[], gateway: [] as number[] };
  for (let each = 0; each < ROUNDS; each++) {
    const ofProvider = await streamsPerSecond(direct);
    shares.bare.push((await streamsPerSecond(bare)) / ofProvider);
    shares.gateway.push((await streamsPerSecond(gateway)) / ofProvider);
  }
  return shares;
}

const describeShares = (shares: readonly number[]) =>
  `${median(shares).toFixed(2)} (${Math.min(...shares).toFixed(2)} to ${Math.max(...shares).toFixed(2)})`;

async function measure(sides: Sides): Promise<BenchRow[]> {
  for (let each = 0; each < WARM_UP; each++) await Promise.all(Object.values(sides).map((ask: Ask) => ask()));
  const added = await measureFirstText(sides);
  const shares = await measureShares(sides);
  const [addedMs, share] = [median(added.gateway), median(shares.gateway)];
  return [
    {
      what: 'milliseconds that the gateway adds to the first token, median',
      measured: `${describeAdded(added.gateway)}; a bare proxy: ${describeAdded(added.bare)}`,
      target: `≤ ${MAX_ADDED_MS} ms`,
      holds: addedMs <= MAX_ADDED_MS,
      figures: { addedMs, fastestTenthMs: fastestTenth(added.gateway), addedByProxyMs: median(added.bare) },
    },
    {
      what: `streams a second through the gateway, as a share of those without it, ${CONCURRENT} at a time`,
      measured: `${describeShares(shares.gateway)}; a bare proxy: ${describeShares(shares.bare)}`,
      target: `≥ ${LEAST_SHARE}`,
      holds: share >= LEAST_SHARE,
      figures: { share, shareOfProxy: median(shares.bare) },
    },
  ];
}

const MESSAGES = [{ role: 'user', content: [{ type: 'text', text: 'Say some words.' }] }];

const askingProvider = (url: string): Ask =>
  asking(
    url,
    STAND_IN_KEY,
    { model: MODEL, max_tokens: 100, messages: MESSAGES, stream: true },
    'text_delta',
  );

async function startStandIn(): Promise<AiStandIn> {
  const standIn = await new AiStandIn().start();
  standIn.firstMs = 30;
  standIn.pieceMs = 3;
  standIn.answer = {
    pieces: Array.from({ length: PIECES }, (_, at) => ` word${at}`),
    usage: { input_tokens: 12, output_tokens: PIECES },
  };
  return standIn;
}

/**
 * What the gateway costs a caller, against the stand-in of the provider asked directly, and through a Worker that only passes on: all from
 * this process, in turns.
 */
export async function benchAiGateway(): Promise<BenchRow[]> {
  const standIn = await startStandIn();
  const proxy = await serveWorker({
    entry: 'test/bench/worlds/ai-proxy.ts',
    text: { PROVIDER_URL: standIn.url },
  });
  const product = await serveProduct({
    text: { ANTHROPIC_API_KEY: STAND_IN_KEY, ANTHROPIC_API_URL: standIn.url },
  });
  try {
    const account = await product.signUp();
    await liftLimits(product, account.organizationId);
    const token = await putOnPlan(product, account, 'pro');
    return await measure({
      direct: askingProvider(`${standIn.url}/v1/messages`),
      bare: askingProvider(proxy.url),
      gateway: asking(
        `${product.url}/api/v1/ai/generations`,
        token,
        { model: MODEL, maxOutputTokens: 100, messages: MESSAGES, stream: true },
        'event: text',
      ),
    });
  } finally {
    await product.stop();
    await proxy.stop();
    await standIn.stop();
  }
}
