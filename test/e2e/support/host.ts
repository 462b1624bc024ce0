import { vi } from 'vitest';
import { type ApiClient, createApiClient } from './api-client.ts';
import { Participant } from './participant.ts';

export type JsonBody = any; // eslint-disable-line typescript/no-explicit-any -- the shape is what tests look into

/** A user with an organization of their own, in which they create rooms. */
export class Host {
  private readonly client: ApiClient;
  private readonly token: string;
  readonly userId: string;

  private constructor(client: ApiClient, token: string, userId: string) {
    this.client = client;
    this.token = token;
    this.userId = userId;
  }

  static async signUp(api: string): Promise<Host> {
    const client = createApiClient(api);
    const email = `host-${crypto.randomUUID().slice(0, 8)}@northwind.example`;
    const body = { email, password: 'violet-harbour-42-kites', name: 'A Host' };
    const made = await client.send('POST', '/api/v1/auth/signup', { body });
    if (made.status !== 201) throw new Error(`signing up was answered with ${made.status}`);
    const token = made.body.accessToken as string;
    const { body: holder } = await client.send('GET', '/api/v1/auth/whoami', { token });
    return new Host(client, token, holder.id as string);
  }

  /** What a GET, or another call with a body, answers. @throws unless it succeeds */
  async callApi(path: string, method = 'GET', body?: unknown): Promise<JsonBody> {
    const answer = await this.client.send(method, `/api/v1${path}`, { token: this.token, body });
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  createRoom(settings: Record<string, unknown> = {}): Promise<JsonBody> {
    return this.callApi('/rooms', 'POST', { name: 'Weekly', ...settings });
  }

  /** Creates an API key with which a service joins for its own people. */
  async createService(): Promise<Host> {
    const key = await this.callApi('/api-keys', 'POST', {
      name: 'A service',
      scopes: ['read', 'rooms:write'],
    });
    return new Host(this.client, key.secret as string, '');
  }

  /** A token for the room; an API key names the identity. */
  requestAdmission(roomId: string, identity?: string, role?: string): Promise<JsonBody> {
    return this.callApi(`/rooms/${roomId}/token`, 'POST', { identity, role });
  }

  /** A person's entry in the roster, once it is there: a page shows its controls before it is connected. */
  waitForParticipant(roomId: string, name: string): Promise<JsonBody> {
    const findParticipant = async () => {
      const { data } = await this.callApi(`/rooms/${roomId}/participants`);
      const found = data.find((each: JsonBody) => each.name === name);
      if (!found) throw new Error(`${name} is not among ${JSON.stringify(data)}`);
      return found;
    };
    return vi.waitFor(findParticipant, { interval: 1_000, timeout: 15_000 });
  }

  /** Connects with an admission, with real media. */
  static connect({ url, token }: JsonBody): Promise<Participant> {
    return Participant.join(url as string, token as string);
  }
}
