import type { BaseAnthropic } from '@anthropic-ai/sdk/client';
import type { MessageBatch } from '@anthropic-ai/sdk/resources/messages/batches';
import { Messages } from '@anthropic-ai/sdk/resources/messages/messages';
import { type BatchProvider, type BatchSight, type ProviderKey, readLines } from '../index.ts';
import { readResult } from './batch-results.rules.ts';
import { failureOf } from './failures.rules.ts';
import { messageParams } from './requests.rules.ts';

/** More characters than a result can have: a request has at most 200,000 tokens of output. */
const MAX_LINE = 4 * 1024 * 1024;
const BATCH_ID = /^[\w-]{1,200}$/;

/** @throws TypeError for what is no batch; the answer is then malformed */
function sightOf({ id, processing_status: status }: MessageBatch): BatchSight {
  if (!BATCH_ID.test(id)) throw new TypeError('not an id of a batch');
  if (!['in_progress', 'canceling', 'ended'].includes(status)) throw new TypeError('not a state of a batch');
  return { batchId: id, hasEnded: status === 'ended' };
}

/** @throws ProviderFailure */
async function ask<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    throw failureOf(error);
  }
}

/** Message Batches. @param longClientOf a client for results, which are larger than answers */
export function createBatches(
  clientOf: (key: ProviderKey) => BaseAnthropic,
  longClientOf: (key: ProviderKey) => BaseAnthropic,
): BatchProvider {
  const batchesOf = (key: ProviderKey) => new Messages(clientOf(key)).batches;
  return {
    create: (requests, key) =>
      ask(async () => {
        const params = requests.map(({ customId, request, traits }) => {
          const { stream: _stream, ...rest } = messageParams(request, traits);
          return { custom_id: customId, params: rest };
        });
        return sightOf(await batchesOf(key).create({ requests: params }));
      }),
    read: (batchId, key) => ask(async () => sightOf(await batchesOf(key).retrieve(batchId))),
    cancel: (batchId, key) => ask(async () => sightOf(await batchesOf(key).cancel(batchId))),
    delete: (batchId, key) => ask(async () => void (await batchesOf(key).delete(batchId))),
    async *results(batchId, key) {
      try {
        // The SDK would send the key to whatever address the batch names for its results.
        const path = `/v1/messages/batches/${encodeURIComponent(batchId)}/results`;
        const { body } = await longClientOf(key).get(path).asResponse();
        if (!body) return;
        for await (const line of readLines(body, MAX_LINE)) if (line !== '') yield readResult(line);
      } catch (error) {
        throw failureOf(error);
      }
    },
  };
}
