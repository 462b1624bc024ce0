import type { Ctx } from '../../kernel/context/index.ts';
import { actorId } from '../../kernel/core/index.ts';
import type { CopyConfig } from '../compression-config/index.ts';
import { settingsFor } from './file-compressions.rules.ts';
import type { CompressFile } from './file-compressions.schemas.ts';
import type { FileCompression } from './file-compressions.tables.ts';

/** The bytes that are to be compressed, and what they belong to. */
export interface CompressionSource {
  fileId: string | null;
  recordingId: string | null;
  organizationId: string;
  sizeBytes: number;
  contentType: string;
}

/** The row of a new compression, with defaults from the config. */
export function planCompression(
  ctx: Ctx,
  { fileId, recordingId, organizationId, sizeBytes, contentType }: CompressionSource,
  asked: CompressFile,
  config: CopyConfig,
): FileCompression {
  const now = new Date(ctx.clock.now());
  return {
    id: ctx.ids.create('compression'),
    organizationId,
    fileId,
    recordingId,
    state: 'requested',
    reason: null,
    detail: null,
    settings: settingsFor({ contentType }, { ...config, ...asked }),
    progress: 0,
    requestedBy: ctx.actor.kind === 'system' ? null : actorId(ctx.actor),
    sourceBytes: sizeBytes,
    sourceType: contentType,
    copyBytes: null,
    copyType: null,
    figures: null,
    attempts: 0,
    endedAt: null,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
}
