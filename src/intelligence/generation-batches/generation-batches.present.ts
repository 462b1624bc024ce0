import { presentUsage } from '../generations/index.ts';
import { KEEP_MS } from './generation-batches.rules.ts';
import type { BatchResultView, BatchView } from './generation-batches.schemas.ts';
import type { Batch } from './generation-batches.tables.ts';
import type { ReadResult } from './read-batches.ts';

export const presentBatch = (row: Batch): BatchView => ({
  id: row.id,
  status: row.status,
  cancelReason: row.cancelReason,
  failure: row.failure,
  provider: row.provider,
  ownKey: row.ownKey,
  requestCount: row.requestCount,
  results: row.resultCounts as BatchView['results'],
  createdAt: row.createdAt.toISOString(),
  endedAt: row.endedAt?.toISOString() ?? null,
  deletedAt: row.endedAt && new Date(row.endedAt.getTime() + KEEP_MS).toISOString(),
});

export const presentResult = ({ request, generation, output }: ReadResult): BatchResultView => ({
  customId: request.customId,
  model: request.model,
  status: request.status,
  stopReason: request.stopReason,
  error: request.errorType === null ? null : { type: request.errorType, message: request.errorMessage ?? '' },
  generationId: request.generationId,
  usage: generation && presentUsage(generation.usageState, generation),
  output: output && ([...output] as NonNullable<BatchResultView['output']>),
});
