import type { Ctx } from '../../kernel/context/index.ts';
import { readTranscript } from '../transcripts/index.ts';
import { formatTranscript } from './formats.rules.ts';
import { selectSpeakers } from './speakers.queries.ts';
import type { TranscriptFormat } from './transcript-exports.schemas.ts';

export interface ExportedTranscript {
  id: string;
  format: TranscriptFormat;
  content: string;
}

/** A whole transcript as a file, with the names of speakers. @throws AppError as `readTranscript` */
export async function exportTranscript(
  ctx: Ctx,
  transcriptionId: string,
  format: TranscriptFormat,
): Promise<ExportedTranscript> {
  const { transcription, segments } = await readTranscript(ctx, transcriptionId);
  const isNamed = segments.some(({ speaker }) => speaker !== null);
  const rows = isNamed ? (await ctx.read((q) => [selectSpeakers(q, transcription)]))[0].rows : [];
  const names = new Map(rows.map(({ identity, name }) => [identity, name]));
  const spoken = segments.map((each) => ({
    ...each,
    speakerName: each.speaker === null ? null : (names.get(each.speaker) ?? null),
  }));
  return { id: transcription.id, format, content: formatTranscript(format, transcription, spoken) };
}
