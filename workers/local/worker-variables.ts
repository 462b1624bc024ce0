import { captionsUrl, hasCaptions } from './captions.ts';
import { compressionUrl, hasCompression } from './compression.ts';
import { databaseSettings } from './database/open-database.ts';
import type { MediaTools } from './media.ts';
import { paymentSettings } from './payments.ts';
import type { LocalPorts } from './ports.ts';
import type { Secrets } from './secrets.ts';
import { workerSettings } from './settings.ts';
import { type SpeechTools, speechUrl } from './speech.ts';

interface SettingsOptions {
  ports: LocalPorts;
  databaseUrl: string | undefined;
  secrets: Secrets;
  tools: MediaTools;
  speech: SpeechTools;
}

/** The variables and secrets of the Worker of this copy. @throws CommandError naming each one that is malformed */
export function buildSettings({ ports, databaseUrl, secrets, tools, speech }: SettingsOptions) {
  const { LIVEKIT_API_KEY, LIVEKIT_API_SECRET, ...others } = secrets;
  const own = Object.fromEntries(Object.entries(others).filter(([name]) => !/^(STRIPE|PADDLE)_/.test(name)));
  return workerSettings({
    PUBLIC_URL: `http://localhost:${ports.api}`,
    MAIL_API_URL: `http://127.0.0.1:${ports.mails}`,
    ...databaseSettings(databaseUrl, ports.database),
    ...own,
    RECORDINGS_S3_ENDPOINT: `http://127.0.0.1:${ports.api}/recorder-uploads`,
    RECORDINGS_S3_BUCKET: 'auralink-recordings',
    OUTGOING_ALLOWED: `http://127.0.0.1:${ports.storage},http://127.0.0.1:${ports.api},rtmp://127.0.0.1:${ports.streams},srt://127.0.0.1:${ports.streams},sip://127.0.0.1:5060`,
    ...paymentSettings({ ports, secrets }),
    ...(hasCompression() ? { COMPRESSION_URL: compressionUrl(ports) } : {}),
    ...(speech.python ? { SPEECH_URL: speechUrl(ports) } : {}),
    ...(hasCaptions(speech) ? { CAPTIONS_URL: captionsUrl(ports) } : {}),
    ...((tools.livekit ?? tools.go)
      ? { LIVEKIT_URL: `ws://localhost:${ports.livekit}`, LIVEKIT_API_KEY, LIVEKIT_API_SECRET }
      : {}),
  });
}
