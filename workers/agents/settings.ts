/** Where everything is, and the secrets for it. */
export interface Settings {
  productUrl: string;
  secret: string;
  speechUrl: string;
  speechSecret: string;
  voice: string | undefined;
  capacity: number;
}

/** @throws Error naming a variable that is missing */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const read = (name: string): string => {
    const value = env[name];
    if (!value) throw new Error(`${name} is missing`);
    return value;
  };
  return {
    productUrl: read('PRODUCT_URL'),
    secret: read('AGENTS_SECRET'),
    speechUrl: read('SPEECH_URL'),
    speechSecret: read('SPEECH_SECRET'),
    voice: env.AGENTS_VOICE || undefined,
    capacity: Number(env.AGENTS_CAPACITY ?? 4),
  };
}

/** The speech service, as an agent of one organization asks it. */
export interface SpeechService {
  url: string;
  headers: Readonly<Record<string, string>>;
  voice: string | undefined;
}

export const speechServiceOf = (
  { speechUrl, speechSecret, voice }: Settings,
  group: string,
): SpeechService => ({
  url: speechUrl,
  headers: { authorization: `Bearer ${speechSecret}`, 'speech-group': group },
  voice,
});
