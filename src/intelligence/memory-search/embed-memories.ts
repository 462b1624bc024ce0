import { type Ctx, type Services, systemScope, systemScopeOf } from '../../kernel/context/index.ts';
import { runSweep } from '../../kernel/delivery/index.ts';
import { memoryTextChanged } from '../memory/index.ts';
import { ProviderFailure } from '../providers/index.ts';
import { countTokens, type EmbeddedTexts, embedTexts, hasTokensLeft } from './embed-texts.ts';
import type { MemoryEmbeddings } from './memory-search.ports.ts';
import { selectOrganizationsUnembedded, selectUnembedded, storeVectors } from './memory-search.queries.ts';
import { modelKeyOf } from './memory-search.rules.ts';

const BATCH = 32;
const BATCHES_AT_ONCE = 2;
const PROVIDER_MS = 20_000;
/** After this time another organization has its turn; the rest waits for an event of its own. */
const TURN_MS = 8_000;
const MAX_ORGANIZATIONS = 200;

interface Passage {
  id: string;
  text: string;
}

interface EmbeddedPassages {
  vectors: { id: string; embedding: string | null }[];
  used: EmbeddedTexts[];
}

/** Whether the provider refuses the text, and is not merely failing to answer. */
const isRefused = (error: unknown): boolean =>
  error instanceof ProviderFailure && error.kind === 'request_refused';

/**
 * Embeds passages together. If they are refused, each is sent alone; a passage that is refused alone stays without a
 * vector.
 */
async function embedPassages(
  ctx: Ctx,
  embeddings: MemoryEmbeddings,
  passages: readonly Passage[],
): Promise<EmbeddedPassages> {
  try {
    const texts = passages.map(({ text }) => text);
    const embedded = await embedTexts(ctx, embeddings, texts, 'document', PROVIDER_MS);
    return {
      vectors: passages.map(({ id }, at) => ({ id, embedding: embedded.vectors[at] ?? null })),
      used: [embedded],
    };
  } catch (error) {
    if (!isRefused(error)) throw error;
    const [first, ...others] = passages;
    if (others.length === 0) {
      ctx.log.warn('memory.text_refused', { chunkId: first!.id, error });
      return { vectors: [{ id: first!.id, embedding: null }], used: [] };
    }
    const each: EmbeddedPassages[] = [];
    for (const passage of passages) each.push(await embedPassages(ctx, embeddings, [passage]));
    return { vectors: each.flatMap(({ vectors }) => vectors), used: each.flatMap(({ used }) => used) };
  }
}

/**
 * Also stores vectors of people's own memories, which the tenant policy hides from others; therefore in the scope of
 * the system.
 */
async function embedBatch(
  ctx: Ctx,
  embeddings: MemoryEmbeddings,
  passages: readonly Passage[],
): Promise<void> {
  const { vectors, used } = await embedPassages(ctx, embeddings, passages);
  const { organizationId } = ctx;
  const now = new Date(ctx.clock.now());
  await ctx.commit({
    write: (q) => [
      storeVectors(q, organizationId, modelKeyOf(embeddings), vectors, now),
      ...used.map((each) => countTokens(q, organizationId, each)),
    ],
    events: used.map(({ event }) => event),
    scope: systemScopeOf(organizationId),
    result: undefined,
  });
}

/**
 * Makes the vectors that an organization lacks. Without an embedding model they are made once one is configured.
 * @throws ProviderFailure the missing vectors are made when the event is delivered again
 */
export async function embedMemories(ctx: Ctx): Promise<void> {
  const { memoryEmbeddings: embeddings } = ctx.ports;
  if (!embeddings) return;
  const { organizationId } = ctx;
  const endsAtMs = ctx.clock.now() + TURN_MS;
  const atOnce = BATCH * BATCHES_AT_ONCE;
  for (;;) {
    // The rest waits for the next month, or for a plan with more tokens; the sweep checks again.
    if (!(await hasTokensLeft(ctx))) return;
    const [passages] = await ctx.read(
      (q) => [selectUnembedded(q, organizationId, modelKeyOf(embeddings), atOnce)],
      systemScopeOf(organizationId),
    );
    const batches = [passages.slice(0, BATCH), passages.slice(BATCH)].filter(({ length }) => length > 0);
    await Promise.all(batches.map((batch) => embedBatch(ctx, embeddings, batch)));
    if (passages.length < atOnce) return;
    if (ctx.clock.now() < endsAtMs) continue;
    return ctx.commit({
      write: () => [],
      events: [memoryTextChanged.of({ organizationId })],
      result: undefined,
    });
  }
}

/**
 * Scheduled: has missing vectors made in each organization. They can be missing after another model or version was
 * configured, or after a provider had failed for longer than deliveries are repeated.
 */
export async function sweepUnembedded(services: Services) {
  const { memoryEmbeddings: embeddings } = services.ports;
  if (!embeddings) return { done: 0, failed: 0 };
  const [due] = await services.database.read(systemScope, (q) => [
    selectOrganizationsUnembedded(
      q,
      modelKeyOf(embeddings),
      new Date(services.clock.now()),
      MAX_ORGANIZATIONS,
    ),
  ]);
  return runSweep(services, 'memory.embed', due, (ctx) =>
    ctx.commit({
      write: () => [],
      events: [memoryTextChanged.of({ organizationId: ctx.organizationId })],
      result: undefined,
    }),
  );
}
