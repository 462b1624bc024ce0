import { defineModule } from '../../kernel/modules/index.ts';
import { segmentRoutes } from './segments.routes.ts';
import { transcriptEvents } from './transcripts.events.ts';
import { transcriptRoutes } from './transcripts.routes.ts';
import { transcriptSubscriptions } from './transcripts.subscriptions.ts';

export const transcriptsModule = defineModule({
  name: 'intelligence/transcripts',
  routes: [...transcriptRoutes, ...segmentRoutes],
  tools: [
    { operation: 'listTranscriptions', risk: 'read' },
    { operation: 'getTranscription', risk: 'read' },
    { operation: 'listTranscriptSegments', risk: 'read' },
  ],
  events: transcriptEvents,
  subscriptions: transcriptSubscriptions,
  retention: {
    transcriptions: {
      rule: 'cascade',
      how: 'with its file, or the file of its recording; erasing a person deletes that they asked for it',
    },
    transcript_segments: {
      rule: 'anonymise',
      how: 'with its transcription; erasing a person removes their name, and leaves the words',
    },
    transcript_corrections: { rule: 'cascade', how: 'with its segment' },
  },
});
