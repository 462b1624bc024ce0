import { describeCaptions } from './captions.ts';
import { describeCompression } from './compression.ts';
import type { LocalDatabase } from './database/open-database.ts';
import { describeRecorder, type MediaTools } from './media.ts';
import type { LocalPorts } from './ports.ts';
import type { DemoAccount } from './seed.ts';
import { describeSpeech, type SpeechTools } from './speech.ts';

export interface StartupSummary {
  ports: LocalPorts;
  database: LocalDatabase;
  livekitUrl: string | undefined;
  /** The state of calls, recordings and speech on this machine. */
  tools: MediaTools;
  speech: SpeechTools;
  demo: Required<DemoAccount> | undefined;
}

/** Providers of AI by the variable that has the key. */
const MODEL_KEYS = { ANTHROPIC_API_KEY: 'Anthropic', OPENAI_API_KEY: 'OpenAI', GOOGLE_API_KEY: 'Google' };

function describeModels(variables: NodeJS.ProcessEnv): string {
  const found = Object.entries(MODEL_KEYS).flatMap(([key, name]) => (variables[key] ? [name] : []));
  return (
    found.join(', ') ||
    `none: neither of ${Object.keys(MODEL_KEYS).join(', ')} is set; organizations can store a key of theirs`
  );
}

/** Prints everything that a developer needs to start. */
export function formatSummary(summary: StartupSummary): string {
  const { ports, database, livekitUrl, tools, speech, demo } = summary;
  const api = `http://localhost:${ports.api}`;
  const endpoint = database.localEndpoint ? `, endpoint ${database.localEndpoint}` : '';
  const rows: [string, string][] = [
    ['API', api],
    ['Docs', `${api}/docs`],
    ['Mails', `http://localhost:${ports.mails}`],
    ['Payments', `http://localhost:${ports.payments} (a stand-in; no money moves)`],
    ['Storage', `http://localhost:${ports.storage} (a bucket of customers; its keys are in secrets.json)`],
    ['Database', `${database.description}${endpoint}`],
    ['LiveKit', livekitUrl || 'not found'],
    ['Recorder', describeRecorder(tools)],
    ['Compression', describeCompression(ports)],
    ['Speech', describeSpeech(ports, speech)],
    ['Captions', describeCaptions(ports, speech)],
    ['AI models', describeModels(process.env)],
    ['User', demo?.email ?? 'none: the database has the demo user with a password that is not stored here'],
    ['Password', demo?.password ?? 'none'],
    ['API key', demo?.apiKey ?? 'none'],
  ];
  return rows.map(([name, value]) => `  ${name.padEnd(11)} ${value}`).join('\n');
}
