import { AiStandIn, STAND_IN_KEY } from '../support/ai/stand-in.ts';
import { liftLimits, serveProduct } from './kit/product.ts';
import { type BenchRow, median } from './kit/report.ts';

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

async function measure(direct: Ask, gateway: Ask): Promise<BenchRow[]> {
  for (let each = 0; each < WARM_UP; each++) await Promise.all([direct(), gateway()]);
  const added: number[] = [];
  for (let each = 0; each < REQUESTS; each++) {
    const directMs = await direct();
    added.push((await gateway()) - directMs);
  }
  const shares: number[] = [];
  for (let each = 0; each < ROUNDS; each++) {
    const ofProvider = await streamsPerSecond(direct);
    shares.push((await streamsPerSecond(gateway)) / ofProvider);
  }
  const [addedMs, share] = [median(added), median(shares)];
  return [
    {
      what: 'milliseconds that the gateway adds to the first token, median',
      measured: `${addedMs.toFixed(2)} ms`,
      target: `≤ ${MAX_ADDED_MS} ms`,
      holds: addedMs <= MAX_ADDED_MS,
      figures: { addedMs },
    },
    {
      what: `streams a second through the gateway, as a share of those without it, ${CONCURRENT} at a time`,
      measured: `${share.toFixed(2)} (${Math.min(...shares).toFixed(2)} to ${Math.max(...shares).toFixed(2)})`,
      target: `≥ ${LEAST_SHARE}`,
      holds: share >= LEAST_SHARE,
      figures: { share },
    },
  ];
}

/** What the gateway costs a caller, against the stand-in of the provider asked directly: both from this process, in turns. */
export async function benchAiGateway(): Promise<BenchRow[]> {
  const standIn = await new AiStandIn().start();
  standIn.firstMs = 30;
  standIn.pieceMs = 3;
  standIn.answer = {
    pieces: Array.from({ length: PIECES }, (_, at) => ` word${at}`),
    usage: { input_tokens: 12, output_tokens: PIECES },
  };
  const product = await serveProduct({
    text: { ANTHROPIC_API_KEY: STAND_IN_KEY, ANTHROPIC_API_URL: standIn.url },
  });
  try {
    const { token, organizationId } = await product.signUp();
    await liftLimits(product, organizationId);
    const messages = [{ role: 'user', content: [{ type: 'text', text: 'Say some words.' }] }];
    return await measure(
      asking(
        `${standIn.url}/v1/messages`,
        STAND_IN_KEY,
        { model: MODEL, max_tokens: 100, messages, stream: true },
        'text_delta',
      ),
      asking(
        `${product.url}/api/v1/ai/generations`,
        token,
        { model: MODEL, maxOutputTokens: 100, messages, stream: true },
        'event: text',
      ),
    );
  } finally {
    await product.stop();
    await standIn.stop();
  }
}
